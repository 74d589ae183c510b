// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "cli/gen.hpp"
#include "cli/number_list.hpp"
#include "cli/paths.hpp"
#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/generators/binomial.hpp"
#include "instances/generators/random_vectors.hpp"
#include "instances/lift.hpp"
#include "support/decimal.hpp"
#include "support/message.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright::cli {
namespace {

struct VectorOptions {
  std::size_t vectors = 0;
  std::size_t dimension = 0;
  std::string density = "1/2";
  std::string plant;  ///< camouflaged or plain; empty: nothing planted
  std::string witness;
  bool expect = false;
  BlindOptions blind;
  std::int64_t yes_at_least = -1, no_at_most = -1;  ///< -1: chosen
};

RandomSets request_of(const Context& context, const VectorOptions& options) {
  refuse_binary_on_terminal(context);
  declare_paths(context, {}, {{"--witness", options.witness}, {"--answers", options.blind.answers}, output_file(context)});
  if (!options.witness.empty() && options.plant.empty()) throw std::invalid_argument("--witness goes with --plant");
  const mpz_class vector_bytes = sets_bytes(context.order, options.vectors, options.dimension);
  check_memory(context.limits, "the vectors, and the distribution of their weights",
               vector_bytes + 2 * tail_bytes(options.dimension));
  RandomSets request{context.order,  options.vectors, options.dimension, fraction("--density", options.density),
                     Planting::none, context.seed};
  if (options.expect &&
      options.plant.empty()) {  // before anything is drawn: all tuples will be looked at, over the index of all vectors
    const std::string what = fmt::format("--expect: an instance of {} a set", counted(options.vectors, "vector"));
    mpz_class tuples;
    mpz_ui_pow_ui(tuples.get_mpz_t(), options.vectors, context.order);
    check_tuples(context.limits, what, tuples, options.dimension);
    check_memory(context.limits, what, 6 * vector_bytes);
  }
  if (!options.plant.empty()) request.planting = named<Planting>(options.plant);
  return request;
}

/// "1.2e-07", an upper bound.
std::string bound_text(const mpf_class& bound) { return decimal_up(mpq_class(bound), 3); }

void say_weights(const Context& context, const WeightTest& test) {
  say(context,
      fmt::format("weight test: x{}[{}] has weight {}, p <= {}", test.set, test.row, test.weight, bound_text(test.p_value)));
}

/// A camouflaged tuple leaves no trace in fewer than k vectors; this is what all k together show.
void say_hashing(const Context& context, const RandomSets& request, bool orthogonal) {
  if (request.planting != Planting::camouflaged) return;
  const HashingTrace trace = hashing_trace(request, orthogonal);
  if (trace.exponent && !orthogonal && request.order == 2)
    warn(
        "the two planted vectors are equal, as in every camouflaged pair of Gap-2-MaxIP, so sorting finds them; take -k 3 or "
        "more");
  else if (trace.exponent)
    warn(fmt::format(
        "at --density 1/2 the coordinates of the planted vectors add up to {} mod 2, so hashing finds them in about n^{}; {}",
        (orthogonal ? request.order - 1 : request.order) % 2, *trace.exponent,
        !orthogonal           ? "take a lower density"
        : trace.sparser < 0.5 ? fmt::format("at --density {:.3f} one other orthogonal tuple is expected", trace.sparser)
                              : "in a dimension as small as this other orthogonal tuples are expected anyway"));
  else if (orthogonal && request.order == 2)
    say(context, fmt::format("hashing: bit sampling finds the planted pair in about n^{:.2f}, filters in n^{:.2f}; --density "
                             "{:.3f} leaves one other "
                             "orthogonal pair expected",
                             trace.bit_sampling, trace.filters, trace.sparser));
}

KnownAnswer known_answer(std::optional<bool> expected, const std::optional<std::vector<std::size_t>>& planted,
                         const Provenance& made_by) {
  KnownAnswer known{expected, planted ? "planted" : expected ? "every tuple" : "", {}, made_by};
  if (planted) known.witness = std::vector<std::int64_t>(planted->begin(), planted->end());
  return known;
}

int run_orthogonal_vectors(const Context& context, const VectorOptions& options) {
  const RandomSets request = request_of(context, options);
  RandomOrthogonalVectors made = random_orthogonal_vectors(request, run_control(context, "drawing"));
  made.vectors.made_by.command = vectors_command(request);
  std::optional<bool> expected;
  if (made.planted) expected = true;
  if (options.expect && !expected) {
    made.vectors.made_by.command += " --expect";
    expected = first_orthogonal_tuple(made.vectors, run_control(context, "expected answer")).has_value();
  }
  const KnownAnswer known = known_answer(expected, made.planted, made.vectors.made_by);
  made.vectors.made_by = shown_provenance(options.blind, known.made_by, "gen orthogonal-vectors");
  const RunControl control = run_control(context, "");  // what is said of the file is found before it is written
  const WeightTest weights = weight_test(made.vectors.sets, request.density, control);
  const mpf_class others = expected_orthogonal_tuples(request, control);
  write_orthogonal_vectors(context.output, made.vectors, shown_answer(options.blind, expected), run_control(context, "writing"));
  if (made.planted) write_witness(options.witness, *known.witness);
  write_answers(context, options.blind, known);
  say(context, fmt::format("wrote {}: k-OV, k = {}, {} a set in dimension {}; orthogonal tuples {} expected: at most {}",
                           context.output, request.order, counted(request.rows, "vector"), request.dimension,
                           made.planted ? "besides the planted one" : "", bound_text(others)));
  say_hashing(context, request, true);
  say_weights(context, weights);
  return kDone;
}

int run_gap_max_ip(const Context& context, const VectorOptions& options) {
  const RandomSets request = request_of(context, options);
  if ((options.yes_at_least < 0) != (options.no_at_most < 0))
    throw std::invalid_argument("give --yes-at-least and --no-at-most together, or neither");
  const RunControl control = run_control(context, "");
  const auto given = options.yes_at_least < 0 ? std::nullopt : std::optional(Gap{options.yes_at_least, options.no_at_most});
  const Gap gap = given ? *given : random_gap(request, control);
  RandomGapMaxIp made = random_gap_max_ip(request, gap, run_control(context, "drawing"));
  made.instance.made_by.command = gap_command(request, given);
  std::optional<bool> expected;
  if (made.planted) expected = true;
  if (options.expect && !expected) {
    made.instance.made_by.command += " --expect";
    const GapSide side = decide_gap(made.instance, run_control(context, "expected answer")).side;
    if (side != GapSide::outside_promise) expected = side == GapSide::yes;
    if (!expected) warn("the instance is outside the promise: its largest inner product lies between the thresholds");
  }
  const KnownAnswer known = known_answer(expected, made.planted, made.instance.made_by);
  made.instance.made_by = shown_provenance(options.blind, known.made_by, "gen gap-max-ip");
  const GapRisks risks = gap_risks(request, gap, control);  // what is said of the file is found before it is written
  const WeightTest weights = weight_test(made.instance.sets, request.density, control);
  write_gap_max_ip(context.output, made.instance, Form::full, shown_answer(options.blind, expected),
                   run_control(context, "writing"));
  if (made.planted) write_witness(options.witness, *known.witness);
  write_answers(context, options.blind, known);
  say(context, fmt::format("wrote {}: Gap-k-MaxIP, k = {}, {} a set in dimension {}; yes: t = {}, no: s_no = {}", context.output,
                           request.order, counted(request.rows, "vector"), request.dimension, gap.yes_at_least, gap.no_at_most));
  say(context, fmt::format("a null instance breaks the promise with probability at most {}{}", bound_text(risks.null_above),
                           request.planting == Planting::camouflaged ? "; any k - 1 planted vectors are within " +
                                                                           bound_text(risks.planted_missed) + " of the null model"
                                                                     : ""));
  say_hashing(context, request, false);
  say_weights(context, weights);
  return kDone;
}

void add_vector_options(CLI::App& family, VectorOptions& options) {
  family.add_option("--vectors", options.vectors, "vectors in each set")->check(whole_number())->required();
  family.add_option("--dimension", options.dimension, "coordinates of each vector")->check(whole_number())->required();
  family.add_option("--density", options.density, "probability of a 1, as 1/2 or 0.3")->capture_default_str();
  family
      .add_flag("--plant{camouflaged}", options.plant,
                "plant a tuple; camouflaged: any k - 1 of its vectors look like all others; --plant=plain: their weights show it")
      ->check(CLI::IsMember(names<Planting>()));
  family.add_option("--witness", options.witness, "file for the planted tuple");
  family.add_flag("--expect", options.expect, "without --plant: find the answer and record it in the file");
  add_blind_options(family, options.blind);
}

}  // namespace

void add_gen_vectors(CLI::App& verb, Context& context) {
  auto* ov = verb.add_subcommand("orthogonal-vectors", "Random k-OV instance, optionally with a planted orthogonal tuple");
  const auto ov_options = std::make_shared<VectorOptions>();
  add_vector_options(*ov, *ov_options);
  ov->footer(examples(
      {"gapwright gen orthogonal-vectors --vectors 256 --dimension 64 -k 2 --density 0.4 --plant --witness tuple.json -o "
       "ov.safetensors",
       "gapwright gen orthogonal-vectors --vectors 1024 --dimension 40 -k 2 --density 0.4 --expect -o pairs.safetensors",
       "gapwright gen orthogonal-vectors --vectors 64 --dimension 100 --density 0.48 --plant --blind --answers answer.json -o "
       "blind.safetensors"}));
  ov->callback([&context, ov_options] {
    context.command = [&context, ov_options] { return run_orthogonal_vectors(context, *ov_options); };
  });

  auto* gap =
      verb.add_subcommand("gap-max-ip", "Random Gap-k-MaxIP instance, optionally with a planted tuple of large inner product");
  const auto gap_options = std::make_shared<VectorOptions>();
  add_vector_options(*gap, *gap_options);
  gap->add_option("--yes-at-least", gap_options->yes_at_least, "t [chosen so that null and planted instances keep the promise]")
      ->check(CLI::Range(std::int64_t{1}, INT64_MAX / 2));
  gap->add_option("--no-at-most", gap_options->no_at_most, "s_no [chosen]")->check(CLI::Range(std::int64_t{0}, INT64_MAX / 2));
  gap->footer(examples({"gapwright gen gap-max-ip --vectors 64 --dimension 1500 --plant -o gap.safetensors",
                        "gapwright gen gap-max-ip --vectors 256 --dimension 600 -k 2 --plant=plain -o plain.safetensors",
                        "gapwright gen gap-max-ip --vectors 32 --dimension 40 -k 2 --yes-at-least 30 --no-at-most 25 --expect -o "
                        "small.safetensors"}));
  gap->callback(
      [&context, gap_options] { context.command = [&context, gap_options] { return run_gap_max_ip(context, *gap_options); }; });
}

}  // namespace gapwright::cli
