// SPDX-License-Identifier: MIT
// In: an instance and a request. Out: its answer with witness and, where that is asked for, a certificate. The faces call it: the program prints
// the result as text or JSON, the Python module hands it out.
#include "atlas/decide.hpp"

#include <algorithm>
#include <stdexcept>

#include "atlas/bindings.hpp"
#include "atlas/decision_work.hpp"
#include "atlas/problems/instance_data.hpp"
#include "atlas/recorded_command.hpp"
#include "atlas/with_name.hpp"
#include "atlas/witness_numbers.hpp"
#include "attention/exact.hpp"
#include "support/errors.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/decision_bytes.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

constexpr long kLeastPrecision = 16, kMostPrecision = 1'048'576;  // bits

std::string named_or(const DecideRequest& request, const std::string& what) { return request.name.empty() ? what : request.name; }

void check_no_attention(const DecideRequest& request) {
  check_record(request.record);
  if (request.method || request.precision)
    throw std::invalid_argument("`method` and `precision` go with an attention input; leave them out");
}

void check_of_attention(const DecideRequest& request) {
  check_record(request.record);
  if (request.method == DecideMethod::gradient && request.precision)
    throw std::invalid_argument("`method=gradient` computes in float64; leave out `precision`");
  if (request.last_precision() < kLeastPrecision || request.last_precision() > kMostPrecision)
    throw std::invalid_argument("`precision=" + std::to_string(request.last_precision()) + "`: give " +
                                std::to_string(kLeastPrecision) + " to " + std::to_string(kMostPrecision) + " bits");
}

/// Sizes of an instance, the memory first: more of it helps, more time may not.
void check_size(const DecideRequest& request, const Limits& limits, const DecisionWork& size, const std::string& what) {
  check_memory(limits, named_or(request, what), size.bytes);
  check_tuples(limits, named_or(request, what), size.tuples, size.dimension);
}

/// plain(), or where a record is asked for what certify says of the instance.
template <class Plain, class Instance, class... How>
auto recorded(const DecideRequest& request, const Work& work, const RunControl& control, const Provenance& made_by, Plain plain,
              const Instance& instance, const How&... how) {
  if (!request.record.recording()) return plain();
  Recorder recorder(request.record, work, recorded_command(request, made_by), listed_rows(instance));
  const auto found = certify(instance, how..., recorder.context(), recorder.lift(), control, recorder.recording());
  recorder.finish(found.certificate);
  return found.answer;
}

template <class Tuple>
std::optional<WitnessNumbers> numbers_of_found(const std::optional<Tuple>& tuple) {
  return tuple ? std::optional(numbers_of(*tuple)) : std::nullopt;
}

/// Of a formula an assignment alone is certified.
void record_assignment(const DecideRequest& request, const Work& work, const Cnf& cnf, Answer answer, const SatAnswer& oracle) {
  Recorder recorder(request.record, work, recorded_command(request, cnf.made_by), {});
  if (answer == Answer::no && !request.record.certificate.empty())
    throw std::invalid_argument(
        "`certificate`: CryptoMiniSat's no has none; take solve `certificate` (complete counts) or solve `proof` (DRAT)");
  if (answer != Answer::yes) return recorder.finish({});
  recorder.finish([&] { return assignment_certificate(recorder.context("cryptominisat"), cnf, oracle.model); });
}

DecideResult result_of(const GapVerdict& verdict, const std::string& method, const DecisionWork& size,
                       std::optional<bool> expected) {
  const Answer answer = verdict.side == GapSide::yes ? Answer::yes : Answer::no;
  return {answer, verdict.side == GapSide::outside_promise, numbers_of_found(verdict.witness), method, size, expected, verdict};
}

template <class Gap>
DecideResult decide_integers(const Gap& instance, std::optional<bool> expected, const DecideRequest& request, const Work& work) {
  check_no_attention(request);
  const DecisionWork size = decision_work(instance);
  check_size(request, work.limits, size, "the instance");
  const RunControl control = work.control("Gap-k-MaxIP");
  return result_of(recorded(
                       request, work, control, instance.made_by, [&] { return decide_gap(instance, control); }, instance),
                   "integers", size, expected);
}

mpz_class bytes_of(DecideMethod method, const Attention& attention, long precision, unsigned threads) {
  switch (method) {
    case DecideMethod::verdict:
    case DecideMethod::histogram:
      return decision_bytes_by_counts(attention);
    case DecideMethod::balls:
      return ball_bytes(attention, precision, threads);
    case DecideMethod::gradient:
      return exact_bytes(attention, true);
  }
  throw std::logic_error("a method without a size");
}

bool has_certificate(DecideMethod method) { return method == DecideMethod::verdict || method == DecideMethod::histogram; }

Verdict decide_plainly(const Attention& attention, DecideMethod method, CountMethod counting, const Precision& precision,
                       const Work& work, const RunControl& control) {
  std::string explanation;
  if (method != DecideMethod::balls) {
    const RecoveredBits recovered = recover_bits(attention);
    if (recovered.bits) return decide_by_counts(*recovered.bits, counting, control, precision);
    explanation = recovered.reason + ": plain softmax in balls instead";
    work.say(explanation);
  }
  Verdict verdict = decide_by_balls(attention, control, precision);
  if (verdict.reason.empty()) verdict.reason = explanation;
  return verdict;
}

DecideResult decide_outputs(const Attention& attention, const DecideRequest& request, const Work& work, const DecisionWork& size,
                            const RunControl& control) {
  const long last = request.last_precision();
  const Precision precision{std::min(Precision{}.first, last), last};
  const DecideMethod method = request.taken_method();
  const CountMethod counting = method == DecideMethod::verdict ? CountMethod::verdict : CountMethod::histogram;
  Verdict verdict = recorded(
      request, work, control, attention.terms.made_by,
      [&] { return decide_plainly(attention, method, counting, precision, work, control); }, attention, counting, precision);
  return {verdict.answer, false, numbers_of_found(verdict.witness), verdict.method, size, attention.terms.expected, verdict};
}

DecideResult decide_through_gradients(const Attention& attention, const DecisionWork& size, const RunControl& control) {
  const GradientDecision found = decide_by_gradients(attention, exact_gradient_oracle(control));
  const Answer answer = !found.answer ? Answer::undecided : *found.answer ? Answer::yes : Answer::no;
  return {answer, false, {}, std::string(word_of(DecideMethod::gradient)), size, attention.terms.expected, found};
}

/// A problem that is known by its row alone.
DecideResult decide_by_row(const AnyInstance& instance, const DecideRequest& request, const Work& work) {
  const Problem& problem = instance.problem();
  check_request(request, problem);
  const DecisionWork size = problem.work(instance);
  check_size(request, work.limits, size, "the instance");
  Decided found = problem.decide(instance, work.control(problem.name));
  return {found.yes ? Answer::yes : Answer::no,
          false,
          std::move(found.witness),
          std::move(found.method),
          size,
          problem.expected ? problem.expected(instance) : std::nullopt};
}

struct GapDecision {
  const GapMaxIpFile& file;
  const DecideRequest& request;
  const Work& work;
  DecideResult operator()(const RealGapMaxIp& g) const { return decide(g, file.rounding, file.expected, request, work); }
  DecideResult operator()(const auto& g) const { return decide(g, file.expected, request, work); }
};

struct AttentionDecision {
  const DecideRequest& request;
  const Work& work;
  DecideResult operator()(const Attention& a) const { return decide(a, request, work); }
  DecideResult operator()(const BitAttention& a) const { return decide(written_out(a, work.control("")), request, work); }
};

}  // namespace

std::string DecideResult::verdict() const { return outside_promise ? "outside-promise" : std::string(word_of(answer)); }

void check_request(const DecideRequest& request, const Problem& problem) {
  const auto kind = find_named<FileKind>(problem.name);
  if (kind == FileKind::attention) return check_of_attention(request);
  check_no_attention(request);
  if (kind) return;
  if (!problem.decide) throw std::invalid_argument("instances of " + problem.name + " cannot be decided here");
  if (request.record.recording())
    throw std::invalid_argument("`certificate` and `checkpoint`: decisions of " + problem.name + " have none; leave them out");
}

DecideResult decide(const AnyInstance& instance, const DecideRequest& request, const Work& work) {
  const auto kind = find_named<FileKind>(instance.problem().name);
  if (!kind) return decide_by_row(instance, request, work);
  switch (*kind) {
    case FileKind::cnf:
      return decide(instance.as<Dimacs>().cnf, std::nullopt, request, work);
    case FileKind::orthogonal_vectors: {
      const auto& file = instance.as<OrthogonalVectorsFile>();
      return decide(file.vectors, file.expected, request, work);
    }
    case FileKind::gap_max_ip: {
      const auto& file = instance.as<GapMaxIpFile>();
      return std::visit(GapDecision{file, request, work}, file.instance);
    }
    case FileKind::attention:
      return std::visit(AttentionDecision{request, work}, instance.as<AttentionData>());
  }
  throw std::logic_error("a problem that is not decided");
}

DecideResult decide(const Cnf& cnf, std::optional<bool> expected, const DecideRequest& request, const Work& work) {
  check_no_attention(request);
  const DecisionWork size = decision_work(cnf);
  check_memory(work.limits, named_or(request, "the formula") + ", given to CryptoMiniSat,", size.bytes);
  const SatAnswer oracle = ask_cryptominisat(cnf, work.control(""));
  const Answer answer = !oracle.satisfiable ? Answer::undecided : *oracle.satisfiable ? Answer::yes : Answer::no;
  if (answer == Answer::yes && !accepts(cnf, oracle.model))
    throw std::runtime_error("CryptoMiniSat's model does not satisfy the formula");
  if (request.record.recording()) record_assignment(request, work, cnf, answer, oracle);
  DecideResult result{answer, false, {}, "cryptominisat", size, expected};
  if (answer == Answer::yes) result.witness = numbers_of(oracle.model);
  return result;
}

DecideResult decide(const OrthogonalVectors& ov, std::optional<bool> expected, const DecideRequest& request, const Work& work) {
  check_no_attention(request);
  const DecisionWork size = decision_work(ov);
  check_size(request, work.limits, size, "the instance");
  const RunControl control = work.control("k-OV");
  const auto tuple = recorded(
      request, work, control, ov.made_by, [&] { return first_orthogonal_tuple(ov, control); }, ov);
  if (tuple && !accepts(ov, *tuple)) throw std::logic_error("the tuple found is not orthogonal");
  return {tuple ? Answer::yes : Answer::no, false, numbers_of_found(tuple), "integers", size, expected};
}

DecideResult decide(const GapMaxIp& gap, std::optional<bool> expected, const DecideRequest& request, const Work& work) {
  return decide_integers(gap, expected, request, work);
}

DecideResult decide(const FactoredGapMaxIp& gap, std::optional<bool> expected, const DecideRequest& request, const Work& work) {
  return decide_integers(gap, expected, request, work);
}

DecideResult decide(const RealGapMaxIp& gap, const mpq_class& rounding, std::optional<bool> expected,
                    const DecideRequest& request, const Work& work) {
  check_no_attention(request);
  const DecisionWork size = decision_work(gap);
  check_size(request, work.limits, size, "the instance");
  const RunControl control = work.control("Gap-k-MaxIP");
  const GapVerdict verdict = with_name(request.name, [&] {
    return recorded(
        request, work, control, gap.made_by, [&] { return decide_gap(gap, rounding, control); }, gap, rounding);
  });
  return result_of(verdict, "float64 with error bound", size, expected);
}

DecideResult decide(const Attention& attention, const DecideRequest& request, const Work& work) {
  check_of_attention(request);
  const DecideMethod method = request.taken_method();
  const bool by_gradients = method == DecideMethod::gradient;
  const RunControl control = work.control(by_gradients ? "gradients" : "exact attention");
  const DecisionWork size{tuples_of(attention), attention.q.columns,
                          bytes_of(method, attention, request.last_precision(), control.threads)};
  check_size(request, work.limits, size, "the input");
  if (request.record.recording() && !has_certificate(method))
    throw std::invalid_argument("`method=" + std::string(word_of(method)) +
                                "` has no certificate and no checkpoint; leave it out");
  return with_name(request.name, [&] {
    return by_gradients ? decide_through_gradients(attention, size, control)
                        : decide_outputs(attention, request, work, size, control);
  });
}

}  // namespace gapwright
