// SPDX-License-Identifier: MIT
// gapwright-check CERTIFICATE INSTANCE... [FORMULA.cnf], or --proof PROOF.drat FORMULA.cnf, or --bundle FOLDER
//
// Accepts a certificate when everything it claims about the files has been found true by computing it again, from the files
// alone. Shares no source with the program that wrote it. Exit codes: 0 accepted, 3 rejected, 4 only a sample was looked at, 5
// out of time or memory, 6 bad input, 2 usage.
#include <mpfr.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <thread>

#include "checker/bundle.hpp"
#include "checker/check.hpp"
#include "checker/drat.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "checker/guard.hpp"
#include "checker/message.hpp"
#include "checker/room.hpp"

namespace {

constexpr const char* kUsage =
    "usage: gapwright-check [options] CERTIFICATE INSTANCE... [FORMULA.cnf]\n"
    "       gapwright-check [options] --proof PROOF.drat FORMULA.cnf\n"
    "       gapwright-check [options] --bundle FOLDER\n"
    "\n"
    "Recomputes what a gapwright certificate claims about an instance, checks a DRAT proof that a formula is unsatisfiable, or "
    "checks\n"
    "a reduction that gapwright reduce -o FOLDER/ wrote: hashes, sizes, the target built again, the lift table.\n"
    "  --sample N       recount only N rows of a no certificate (exit code 4)\n"
    "  --time-limit S   give up after S seconds [3600]\n"
    "  --memory-limit M give up beyond M of memory, 512M or 8G [80 % of what there is]\n"
    "  --threads N      threads, 0 is all cores [0]\n"
    "Exit codes: 0 accepted, 3 rejected, 4 accepted as far as was looked, 5 a limit was reached, 6 bad input, 2 usage.\n"
    "\n"
    "Examples:\n"
    "  gapwright-check certificate.json hard.safetensors\n"
    "  gapwright-check certificate.json hard.safetensors formula.cnf\n"
    "  gapwright-check --proof proof.drat formula.cnf\n"
    "  gapwright-check --bundle bundle/\n";

struct Arguments {
  checker::Options options;
  std::string proof, bundle;
  std::vector<std::string> files;
  std::uint64_t memory = 0;  ///< bytes; 0: the usual
  bool help = false;
};

/// A number of bytes, or of KiB, MiB, GiB, TiB: 512M.
bool parse_size(const char* text, std::uint64_t& bytes) {
  const char* const end = text + std::strlen(text);
  const auto [unit, error] = std::from_chars(text, end, bytes);
  if (error != std::errc{} || bytes == 0) return false;
  const std::size_t power = unit == end ? 0 : std::string_view("KMGT").find(*unit) + 1;  // 0 for any other letter too
  if (unit != end && (power == 0 || unit + 1 != end)) return false;
  return !__builtin_mul_overflow(bytes, std::uint64_t{1} << (10 * power), &bytes);
}

/// False for what cannot be understood.
bool parse(int argc, char** argv, Arguments& arguments) {
  bool only_files = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto number = [&](auto& place, auto largest) {
      if (++i == argc) return false;
      const auto [end, error] = std::from_chars(argv[i], argv[i] + std::strlen(argv[i]), place);
      return error == std::errc{} && *end == '\0' && place >= 0 && place <= largest;
    };
    if (only_files || word == "-" || !word.starts_with("-"))
      arguments.files.push_back(word);
    else if (word == "--")
      only_files = true;
    else if (word == "--help" || word == "-h")
      arguments.help = true;
    else if (word == "--proof" && i + 1 < argc)
      arguments.proof = argv[++i];
    else if (word == "--bundle" && i + 1 < argc)
      arguments.bundle = argv[++i];
    else if (!(word == "--sample" && number(arguments.options.sample, std::size_t{1} << 40)) &&
             !(word == "--time-limit" && number(arguments.options.seconds, 1e12)) &&
             !(word == "--memory-limit" && i + 1 < argc && parse_size(argv[++i], arguments.memory)) &&
             !(word == "--threads" && number(arguments.options.threads, 1024U)))
      return false;
  }
  if (!arguments.bundle.empty()) return arguments.help || (arguments.proof.empty() && arguments.files.empty());
  return arguments.help || (arguments.proof.empty() ? arguments.files.size() >= 2 : arguments.files.size() == 1);
}

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
                {"accepted: the formula is unsatisfiable: " + std::to_string(size.added) + " clauses added, " +
                 std::to_string(size.deleted) + " deleted"}};
  if (size.unread > 0)
    answer.lines.push_back(size.added + size.deleted == 0
                               ? "not read: the proof, which is not needed: the formula's clauses propagate to a conflict"
                               : "not read: the last " + std::to_string(size.unread) +
                                     " bytes of the proof, which are not needed");
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
  if (!parse(argc, argv, arguments)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  if (arguments.help) {
    std::fputs(kUsage, stdout);
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
