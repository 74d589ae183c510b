// SPDX-License-Identifier: MIT
// suite-2026: pairs of instances with equal parameters, one with answer yes and one with answer no, for every problem of the
// chain; orders 2, 3, 4. Yes formulas are planted quietly; no formulas are drawn from the null model of quiet planting, at seeds
// where a complete search found no model. Structured formulas have the answer that a theorem gives. The tests decide every
// instance again. A suite never changes: another one would have another name.
#include "explore/challenge/suite.hpp"

#include <cstring>

#include "instances/answer_note.hpp"
#include "instances/files/dimacs.hpp"
#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/generators/quiet_ksat.hpp"
#include "instances/generators/random_vectors.hpp"
#include "instances/generators/structured_cnf.hpp"
#include "reductions/pipeline.hpp"
#include "support/errors.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"
#include "support/write_file.hpp"

namespace gapwright {
namespace {

struct Made {
  std::string file;
  bool expected;
};

Provenance suite_provenance(const Made& made) { return {"gen suite-2026 " + made.file, {}, {}}; }

void write_formula(const std::string& path, Cnf cnf, const Made& made) {
  cnf.made_by = suite_provenance(made);
  write_file(path, dimacs_text(cnf, {answer_note(made.expected)}));
}

/// 3-SAT on which groups touch: planted for a yes.
Cnf formula(std::size_t variables, std::size_t clauses, std::size_t order, bool yes) {
  return quiet_ksat(variables, clauses, 3, order, yes, yes ? 2026 : 2027).cnf;
}

SuiteInstance random_formula(std::size_t variables, std::size_t clauses, bool yes, const char* content) {
  const Made made{std::string("ksat-") + std::to_string(variables) + (yes ? "-yes.cnf" : "-no.cnf"), yes};
  return {made.file, "cnf", 0, yes, yes ? "planted" : "searched", content, [=](const std::string& path) {
            write_formula(path, formula(variables, clauses, 3, yes), made);
          }};
}

SuiteInstance structured(const std::string& file, bool yes, const char* content, StructuredCnf (*make)()) {
  return {file, "cnf", 0, yes, "proved", content, [=](const std::string& path) { write_formula(path, make().cnf, {file, yes}); }};
}

RandomSets vectors_request(std::size_t order, std::size_t rows, std::size_t dimension, bool yes) {
  return {order, rows, dimension, mpq_class(1, 2), yes ? Planting::camouflaged : Planting::none, 2026};
}

SuiteInstance vectors(std::size_t order, std::size_t rows, std::size_t dimension, bool yes, const char* content) {
  const Made made{"ov-k" + std::to_string(order) + (yes ? "-yes" : "-no") + ".safetensors", yes};
  return {made.file, "orthogonal-vectors", order, yes, yes ? "planted" : "searched", content, [=](const std::string& path) {
            OrthogonalVectors ov = random_orthogonal_vectors(vectors_request(order, rows, dimension, yes)).vectors;
            ov.made_by = suite_provenance(made);
            write_orthogonal_vectors(path, ov, yes);
          }};
}

SuiteInstance gap(std::size_t order, std::size_t rows, std::size_t dimension, bool yes, const char* content) {
  const Made made{"gap-k" + std::to_string(order) + (yes ? "-yes" : "-no") + ".safetensors", yes};
  return {made.file, "gap-max-ip", order, yes, yes ? "planted" : "searched", content, [=](const std::string& path) {
            const RandomSets request = vectors_request(order, rows, dimension, yes);
            GapMaxIp instance = random_gap_max_ip(request, random_gap(request)).instance;
            instance.made_by = suite_provenance(made);
            write_gap_max_ip(path, instance, Form::full, yes);
          }};
}

/// A formula's attention input by the direct embedding, B in 53 bits.
SuiteInstance attention(std::size_t order, std::size_t variables, std::size_t clauses, bool yes, const char* content) {
  const Made made{"attention-k" + std::to_string(order) + (yes ? "-yes" : "-no") + ".safetensors", yes};
  return {made.file, "attention", order, yes, yes ? "planted" : "searched", content, [=](const std::string& path) {
            const Cnf cnf = formula(variables, clauses, order, yes);
            BitAttention a = SatToAttention(cnf, order).target(0);
            a.terms.made_by = suite_provenance(made);
            a.terms.expected = yes;
            write_attention(path, a);
          }};
}

}  // namespace

const std::vector<SuiteInstance>& suite_2026() {
  static const std::vector<SuiteInstance> all{
      random_formula(24, 144, true, "c5f9a5c0a23d2cf3b84fbbaf25c75bab34a88ccc6e5dfbc784756790ca8b4a29"),
      random_formula(24, 144, false, "25c97090d413497dca09c8e495a58132cfcaa6dd7676976720f7df5f7c4889f8"),
      structured("pigeonhole-5-4-no.cnf", false, "c8a59526385b925866951e9ea410a123c4d8715d7144f038539eebbff2b2c222",
                 [] { return pigeonhole(5, 4); }),
      structured("parity-7-no.cnf", false, "793d77c8a44eeebbc1015722ea346e0c2301a67976304fdcb10862b6f1ca8396",
                 [] { return parity(7); }),
      structured("ramsey-3-3-5-yes.cnf", true, "91f21ed561e2db3e6a91beb5fcde96da04acabec928451abcda722be16c34db8",
                 [] { return ramsey(3, 3, 5); }),
      structured("van-der-waerden-17-3-4-yes.cnf", true, "4ded9a3e9e40a8a1424b9ca4fec8f1914bbc74b5024c1b1efde94efb061a05c7",
                 [] { return van_der_waerden(17, 3, 4); }),
      structured("van-der-waerden-18-3-4-no.cnf", false, "1ab3d60f0f5fe6dd852b332d09e1d8cec0508f4f3014b9b186956e3324bb6368",
                 [] { return van_der_waerden(18, 3, 4); }),
      vectors(2, 1024, 96, true, "f3132d2fee07499280d005de49a9793b8197f8fe285a0a477df066446c5ee275"),
      vectors(2, 1024, 96, false, "506f197566988d454e6f05ac380e8ad10bfe2c91bace31775c527e68f9be5b88"),
      vectors(3, 256, 160, true, "20a13319fd12c1897db85d22a66164fa6fc91e5cbd3fb7a6e1dd60a475a80b1c"),
      vectors(3, 256, 160, false, "3b9f279d2dfc3b1c5476c093eaad03ba79a3a2361c2c46a6517b76553188e26a"),
      gap(2, 128, 600, true, "2076b3de4cfda9fe7388d4a22a6b9a85ca5ad9fc72db5d767d2973db95650ef0"),
      gap(2, 128, 600, false, "9b70a906f349ad616aa2b59355aa90fae38546346a9f1a269c5c659fc54dc0f8"),
      gap(3, 48, 1500, true, "b02252a2adda9bdff3281ad3724bc63ac46450465e0be4a80d76dc039d107e84"),
      gap(3, 48, 1500, false, "3ebc7bc15a571bc91386e0b123c81692ee746a0194660902171debcd0e33ff29"),
      attention(2, 16, 100, true, "1699a8088f82710ad248878a01cf5edae5d6e19e78fa03a3db0fd99c14791472"),
      attention(2, 16, 100, false, "d1a39daf50ab537ca54524c8ff0f69ee3326ab9898e0d1800105ccdd45ac0efd"),
      attention(3, 18, 112, true, "c2dd35f07324d3c72dbdfe3edf9f9a9cad889764b8000c5131b4599e17581188"),
      attention(3, 18, 112, false, "792eb8972ccb9f56cd6a27a34591e7eb9b5d033442af1da8ccdf0dda93bcff80"),
      attention(4, 16, 100, true, "7d94fd45785c57cca261f2d5019a422f9935bd12d3f0317ee041ca7611b4c5bc"),
      attention(4, 16, 100, false, "cf523f806951caaabf266a1c8e49287cdcca3e821dcbbff4fa5166e83e3874ce"),
  };
  return all;
}

std::string content_sha256(const std::string& path) {
  const InputBytes input = InputBytes::open(path);
  if (kind_of(InputFile(input)) != FileKind::cnf) {
    std::uint64_t header = 0;
    std::memcpy(&header, input.bytes().data(), sizeof header);  // little-endian, as the file; kind_of has looked at it
    if (input.bytes().size() < 8 + header) throw BadInstance(path + ": the file ends within its header");
    return sha256_hex(input.text().substr(8 + header));
  }
  Sha256 hash;
  std::string_view rest = input.text();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.starts_with('c')) hash.add(line);
    rest.remove_prefix(line.size());
  }
  return hash.hex();
}

}  // namespace gapwright
