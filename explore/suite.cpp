// suite-2026: pairs of instances with equal parameters, one with answer yes and one with answer no, for every problem of the
// chain; orders 2, 3, 4. Yes formulas are planted quietly; no formulas are drawn from the null model of quiet planting, at seeds
// where a complete search found no model. Structured formulas have the answer that a theorem gives. The tests decide every
// instance again. A suite never changes: another one would have another name.
#include "explore/suite.hpp"

#include <cstring>

#include "instances/dimacs.hpp"
#include "instances/errors.hpp"
#include "instances/files.hpp"
#include "instances/instance_files.hpp"
#include "instances/quiet_ksat.hpp"
#include "instances/random_vectors.hpp"
#include "instances/sha256.hpp"
#include "instances/structured_cnf.hpp"
#include "reductions/pipeline.hpp"

namespace gapwright {
namespace {

struct Made {
  std::string file;
  bool expected;
};

Provenance suite_provenance(const Made& made) { return {"gen suite-2026 " + made.file, {}, {}}; }

void write_formula(const std::string& path, Cnf cnf, const Made& made) {
  cnf.made_by = suite_provenance(made);
  OutputFile file(path);
  file.write(dimacs_text(cnf, {std::string("expected: ") + (made.expected ? "satisfiable" : "unsatisfiable")}));
  file.commit();
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
            write_gap_max_ip(path, instance, "explicit", yes);
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
      random_formula(24, 144, true, "@ksat-24-yes.cnf"),
      random_formula(24, 144, false, "@ksat-24-no.cnf"),
      structured("pigeonhole-5-4-no.cnf", false, "@pigeonhole-5-4-no.cnf", [] { return pigeonhole(5, 4); }),
      structured("parity-7-no.cnf", false, "@parity-7-no.cnf", [] { return parity(7); }),
      structured("ramsey-3-3-5-yes.cnf", true, "@ramsey-3-3-5-yes.cnf", [] { return ramsey(3, 3, 5); }),
      structured("van-der-waerden-17-3-4-yes.cnf", true, "@van-der-waerden-17-3-4-yes.cnf",
                 [] { return van_der_waerden(17, 3, 4); }),
      structured("van-der-waerden-18-3-4-no.cnf", false, "@van-der-waerden-18-3-4-no.cnf",
                 [] { return van_der_waerden(18, 3, 4); }),
      vectors(2, 1024, 96, true, "@ov-k2-yes.safetensors"),
      vectors(2, 1024, 96, false, "@ov-k2-no.safetensors"),
      vectors(3, 256, 160, true, "@ov-k3-yes.safetensors"),
      vectors(3, 256, 160, false, "@ov-k3-no.safetensors"),
      gap(2, 128, 400, true, "@gap-k2-yes.safetensors"),
      gap(2, 128, 400, false, "@gap-k2-no.safetensors"),
      gap(3, 48, 1500, true, "@gap-k3-yes.safetensors"),
      gap(3, 48, 1500, false, "@gap-k3-no.safetensors"),
      attention(2, 16, 100, true, "@attention-k2-yes.safetensors"),
      attention(2, 16, 100, false, "@attention-k2-no.safetensors"),
      attention(3, 18, 112, true, "@attention-k3-yes.safetensors"),
      attention(3, 18, 112, false, "@attention-k3-no.safetensors"),
      attention(4, 16, 100, true, "@attention-k4-yes.safetensors"),
      attention(4, 16, 100, false, "@attention-k4-no.safetensors"),
  };
  return all;
}

std::string content_sha256(const std::string& path) {
  const InputBytes input = InputBytes::open(path);
  if (kind_of(input) != FileKind::cnf) {
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
