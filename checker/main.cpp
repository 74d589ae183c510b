// SPDX-License-Identifier: MIT
// gapwright-check CERTIFICATE INSTANCE... [FORMULA.cnf], or --proof PROOF.drat FORMULA.cnf, or --bundle FOLDER
//
// Accepts a certificate when everything it claims about the files has been found true by computing it again, from the files
// alone. Shares no source with the program that wrote it. Exit codes: 0 accepted, 3 rejected, 4 only a sample was looked at, 5
// out of time or memory, 6 bad input, 2 usage.
#include <mpfr.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <thread>

#include "checker/arguments.hpp"
#include "checker/bundle/bundle.hpp"
#include "checker/check.hpp"
#include "checker/drat.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "checker/guard.hpp"
#include "checker/message.hpp"
#include "checker/room.hpp"

namespace {

using checker::Arguments;

/// The answer, for standard output: printed whole, once it is found.
struct Answer {
  int code = 0;
  std::vector<std::string> lines;
};

Answer answer_for_bundle(const Arguments& arguments) {
  const checker::BundleAccepted accepted = checker::check_bundle(
      [&](const std::string& name) { return checker::read_file(arguments.bundle + "/" + name); }, arguments.options);
  Answer answer{accepted.unchecked.empty() ? 0 : 4, {(accepted.unchecked.empty() ? "accepted: " : "partly: ") + accepted.text}};
  for (const std::string& unchecked : accepted.unchecked) answer.lines.push_back("not checked: " + unchecked);
  return answer;
}

Answer answer_for_proof(const Arguments& arguments) {
  const checker::Clock clock(arguments.options.seconds);
  const std::string formula = checker::read_file(arguments.files[0]), proof = checker::read_file(arguments.proof);
  const checker::ProofSize size = checker::check_drat(checker::read_dimacs(formula), proof, clock);
  Answer answer{0,
                {"accepted: the formula is unsatisfiable: " + checker::counted(std::to_string(size.added), "clause") +
                 " added, " + std::to_string(size.deleted) + " deleted"}};
  if (size.unread > 0)
    answer.lines.push_back(size.added + size.deleted == 0
                               ? "not read: the proof, which is not needed: the formula's clauses propagate to a conflict"
                               : "not read: the last " + checker::counted(std::to_string(size.unread), "byte") +
                                     " of the proof, not needed");
  return answer;
}

Answer answer_for(const Arguments& arguments) {
  if (!arguments.bundle.empty()) return answer_for_bundle(arguments);
  if (!arguments.proof.empty()) return answer_for_proof(arguments);
  std::vector<checker::File> files;
  for (const std::string& name : arguments.files) files.push_back({name, checker::read_file(name)});
  const checker::File certificate = std::move(files.front());
  files.erase(files.begin());
  const checker::Accepted accepted = checker::check(certificate, files, arguments.options);
  if (accepted.complete) return {0, {"accepted: " + accepted.text}};
  return {4,
          {"sampled: " + accepted.text + ", of which " + std::to_string(arguments.options.sample) +
           " were recounted: this is not a proof"}};
}

int complain(int code, const std::string& text) {
  checker::open_end();
  std::fprintf(stderr, "%s\n", checker::printable(text).c_str());
  return code;
}

/// What the check found, or why it found nothing: a rejection is an answer, all else goes to standard error.
Answer answer_or_complaint(const Arguments& arguments) {
  try {
    return answer_for(arguments);
  } catch (const checker::Rejected& e) {
    return {3, {std::string("rejected: ") + e.what()}};
  } catch (const checker::BadInput& e) {
    return {complain(6, std::string("bad input: ") + e.what()), {}};
  } catch (const checker::Limit& e) {
    return {complain(5, std::string("limit: ") + e.what()), {}};
  } catch (const std::length_error&) {
    return {complain(5, "limit: out of memory"), {}};
  } catch (const std::bad_alloc&) {
    return {complain(5, "limit: out of memory"), {}};
  } catch (const std::exception& e) {
    return {complain(1, std::string("internal failure: ") + e.what()), {}};
  }
}

/// A reader that went away wants no more, and that is nothing to speak of.
int print(const Answer& answer) {
  constexpr int kClosedPipe = 141;  // as the shell says of a program that SIGPIPE ended
  for (const std::string& line : answer.lines) std::printf("%s\n", checker::printable(line).c_str());
  if (std::fflush(stdout) == 0) return answer.code;
  return errno == EPIPE ? kClosedPipe : complain(1, std::string("the answer cannot be written: ") + std::strerror(errno));
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!checker::parse(argc, argv, arguments)) {
    std::fputs(checker::usage().c_str(), stderr);
    return 2;
  }
  if (arguments.help) {
    std::fputs(checker::usage().c_str(), stdout);
    return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  checker::set_room(arguments.memory != 0 ? arguments.memory : checker::usual_room());
  checker::guard_memory(checker::room(), std::max(1U, std::thread::hardware_concurrency()));
  checker::guard_time(arguments.options.seconds);
  const Answer answer = answer_or_complaint(arguments);
  checker::open_end();
  mpfr_free_cache();
  return print(answer);
}
