// SPDX-License-Identifier: MIT
#include "explore/challenge/exec_adapter.hpp"

#include <fmt/format.h>

#include <chrono>

namespace gapwright {
namespace {

/// The answer in the file; what takes longer to read than a run may take is none.
AlgorithmAnswer answer_read(const std::string& out, const ChallengeInput& input, double most_seconds) {
  const auto start = std::chrono::steady_clock::now();
  AlgorithmAnswer answer = read_challenge_output(out, input);
  if (const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      seconds > most_seconds) {
    answer = {};
    answer.reason = fmt::format("its output took {:.1f} s to read, the limit is {:g} s", seconds, most_seconds);
  }
  return answer;
}

}  // namespace

Algorithm exec_algorithm(std::vector<std::string> words, const ChildLimits& limits, const ChallengeLayout& layout,
                         const RunControl& control) {
  words = with_absolute_files(std::move(words));
  check_runnable(words[0]);
  return [words = std::move(words), limits, layout, &control](const ChallengeInput& input) {
    const WorkFolder folder;
    const std::string in = (folder.path() / "in.safetensors").string(), out = (folder.path() / "out.safetensors").string();
    write_challenge_input(in, input, layout);
    const ChildEnd end = run_command(words, {{"{in}", in}, {"{out}", out}}, folder, limits, control);
    AlgorithmAnswer answer;
    if (end.how == ChildEnd::exited && end.code == 0) {
      answer = answer_read(out, input, limits.seconds);
    } else {
      answer.reason = describe(end, limits);
      if (end.how == ChildEnd::timed_out) answer.status = RunStatus::timed_out;
      if (end.how == ChildEnd::exited && end.code == kRefusal) answer.status = RunStatus::refused;
    }
    answer.seconds = end.seconds;
    return answer;
  };
}

}  // namespace gapwright
