// SPDX-License-Identifier: MIT
// fuzz, fuzz_command, replay: requests of campaigns in, the objects of `gapwright fuzz --json` out.
#include <chrono>

#include "atlas/reduce.hpp"
#include "explore/fuzz/fuzz_request.hpp"
#include "explore/fuzz/outside_request.hpp"
#include "python/instances.hpp"
#include "python/objects.hpp"
#include "python/watched.hpp"
#include "python/word.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;
using Path = FilePath;
using Json = nlohmann::ordered_json;

/// The answer with the seconds that it took.
template <class Answer>
Json timed(const Answer& answer) {
  const auto start = std::chrono::steady_clock::now();
  Json json = answer();
  json["timing"] = {{"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()}};
  return json;
}

py::object fuzz(const std::string& rule, std::size_t cases, std::uint64_t seed, bool mutants,
                std::optional<std::size_t> exhaustive, const std::optional<Path>& output, double max_tuples,
                const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit, max_tuples);
  const FuzzRequest request{rule, seed, cases, mutants, exhaustive, output.value_or(Path()).string(), limits};
  return object_of(watched({threads, timeout, limits}, [&](const RunControl& control) {
    return timed([&] { return fuzz_json(fuzz_rules(request, [&](const std::string&) { return control; })); });
  }));
}

py::object fuzz_command(const std::string& command, const std::string& to, std::size_t order, std::size_t cases,
                        std::uint64_t seed, double run_timeout, const std::optional<Path>& output, double max_tuples,
                        const py::object& memory_limit, std::optional<double> timeout) {
  check_order(order);
  if (!(run_timeout > 0)) throw std::invalid_argument("run_timeout is a number of seconds above 0");
  const Limits limits = limits_of(memory_limit, max_tuples);
  const FileKind kind = value_of<FileKind>("to", to, outside_targets());
  const OutsideRequest request{command, kind, order, cases, seed, run_timeout, output.value_or(Path()).string(), limits};
  return object_of(watched({0, timeout, limits}, [&](const RunControl& control) {
    return timed([&] { return outside_json(fuzz_outside(request, control)); });
  }));
}

py::object replay_paths(const std::vector<Path>& paths, const py::object& memory_limit, std::optional<double> timeout) {
  const Limits limits = limits_of(memory_limit);
  return object_of(watched({0, timeout, limits}, [&](const RunControl& control) {
    std::vector<Replayed> files;
    for (const Path& path : paths) files.push_back(replay_file(InputBytes::open(path.string(), [&] { control.check(); })));
    return replay_json(files);
  }));
}

}  // namespace

void bind_fuzz(py::module_& module) {
  module.def(
      "fuzz", &fuzz, "rule"_a = "all", py::kw_only(), "cases"_a = 200, "seed"_a = 1, "mutants"_a = false,
      "exhaustive"_a = py::none(), "output"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0,
      "timeout"_a = py::none(),
      "Tries to break a rule, or 'all': sources and parameters at random, judged by independent oracles (docs/trust.md).\n\n"
      "cases: of each rule; mutants: also run each rule with one thing corrupted, which an oracle has to notice; exhaustive: "
      "instead\n"
      "of random sources every formula of at most so many (0 to 3) variables and clauses; output: a folder for a regression "
      "file\n"
      "of each failure, and with mutants of each mutant. max_tuples: of a case. The same seed gives the same answer, whatever "
      "threads is.\n\n"
      "Returns the object that `gapwright fuzz` gives as JSON: 'clean', 'seed', 'rules' (each with 'rule', 'cases', 'yes', 'no', "
      "'skipped',\n"
      "'broken_cases', 'broken': cases per oracle, 'failures': shrunk), with mutants 'mutants' (each with 'kills': cases per "
      "oracle), 'timing'.\n"
      "ValueError for an unknown rule, LimitReached for exhaustive above 3 and for a case above max_tuples.");
  module.def(
      "fuzz_command", &fuzz_command, "command"_a, py::kw_only(), "to"_a, "order"_a = 3, "cases"_a = 200, "seed"_a = 1,
      "run_timeout"_a = 10.0, "output"_a = py::none(), "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
      "timeout"_a = py::none(),
      "Is somebody else's reduction from CNF correct? command is '... {in} ... {out}', run without a shell on small formulas: "
      "it\n"
      "reads DIMACS and writes safetensors, with {lift} also a lift table (docs/formats.md).\n\n"
      "to: 'orthogonal-vectors', 'gap-max-ip' or 'attention', of this order; run_timeout: seconds for one formula; output: a "
      "folder for\n"
      "the formulas that fail, shrunk, with what the program made of them. memory_limit holds for the program too. Exit status "
      "5\n"
      "declines a formula.\n\n"
      "Returns the object that `gapwright fuzz` gives as JSON of a command: 'result' ('correct on all cases', 'wrong', "
      "'inconclusive'), "
      "'outcomes' (cases of\n"
      "each), 'failures' (each with 'outcome', 'reason', 'variables', 'clauses', 'satisfiable', 'target'), 'lifted', 'timing'.\n"
      "ValueError for a command without {in} and {out} or one that cannot be run.");
  module.def("replay", &replay_paths, "paths"_a, py::kw_only(), "memory_limit"_a = py::none(), "timeout"_a = py::none(),
             "Runs regression files of fuzz again: {'passed': bool, 'files': [{'file', 'passed', 'reason'}]}, the object that\n"
             "`gapwright fuzz` gives as JSON. BadInstance for a file that is none.");
}

}  // namespace gapwright::python
