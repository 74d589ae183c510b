// gapwright-check CERTIFICATE INSTANCE... [FORMULA.cnf], or --proof PROOF.drat FORMULA.cnf, or --bundle FOLDER
//
// Accepts a certificate when everything it claims about the files has been found true by computing it again, from the files
// alone. Shares no source with the program that wrote it. Exit codes: 0 accepted, 3 rejected, 4 only a sample was looked at, 5
// out of time or memory, 6 bad input, 2 usage.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <new>

#include "checker/bundle.hpp"
#include "checker/check.hpp"
#include "checker/drat.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"

#include <mpfr.h>

namespace {

constexpr const char* kUsage =
    "usage: gapwright-check [options] CERTIFICATE INSTANCE... [FORMULA.cnf]\n"
    "       gapwright-check [options] --proof PROOF.drat FORMULA.cnf\n"
    "       gapwright-check [options] --bundle FOLDER\n"
    "\n"
    "Recomputes what a gapwright certificate claims about an instance, checks a DRAT proof that a formula is unsatisfiable, or checks\n"
    "a reduction that gapwright reduce -o FOLDER/ wrote: hashes, sizes, the target built again, the lift table.\n"
    "  --sample N       recount only N rows of a no certificate (exit code 4)\n"
    "  --time-limit S   give up after S seconds [3600]\n"
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
  bool help = false;
};

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
             !(word == "--threads" && number(arguments.options.threads, 1024U)))
      return false;
  }
  if (!arguments.bundle.empty()) return arguments.help || (arguments.proof.empty() && arguments.files.empty());
  return arguments.help || (arguments.proof.empty() ? arguments.files.size() >= 2 : arguments.files.size() == 1);
}

/// One line, whatever the bytes in it.
void say(const std::string& what, std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; }, '?');
  std::printf("%s%s\n", what.c_str(), text.c_str());
}

int run_bundle(const Arguments& arguments) {
  const checker::BundleAccepted accepted = checker::check_bundle(
      [&](const std::string& name) { return checker::read_file(arguments.bundle + "/" + name); }, arguments.options);
  say(accepted.unchecked.empty() ? "accepted: " : "partly: ", accepted.text);
  for (const std::string& unchecked : accepted.unchecked) say("not checked: ", unchecked);
  return accepted.unchecked.empty() ? 0 : 4;
}

int run(const Arguments& arguments) {
  if (!arguments.bundle.empty()) return run_bundle(arguments);
  if (!arguments.proof.empty()) {
    const checker::Clock clock(arguments.options.seconds);
    const std::string formula = checker::read_file(arguments.files[0]), proof = checker::read_file(arguments.proof);
    const checker::ProofSize size = checker::check_drat(checker::read_dimacs(formula), proof, clock);
    say("accepted: ", "the formula is unsatisfiable: " + std::to_string(size.added) + " clauses added, " +
                          std::to_string(size.deleted) + " deleted");
    if (size.unread > 0)
      say("not read: ", size.added + size.deleted == 0
                            ? "the proof, which is not needed: the formula's clauses propagate to a conflict"
                            : "the last " + std::to_string(size.unread) + " bytes of the proof, which are not needed");
    return 0;
  }
  std::vector<checker::File> files;
  for (const std::string& name : arguments.files) files.push_back({name, checker::read_file(name)});
  const checker::File certificate = std::move(files.front());
  files.erase(files.begin());
  const checker::Accepted accepted = checker::check(certificate, files, arguments.options);
  if (accepted.complete) {
    say("accepted: ", accepted.text);
    return 0;
  }
  say("sampled: ",
      accepted.text + ", of which " + std::to_string(arguments.options.sample) + " were recounted: this is not a proof");
  return 4;
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
  int code = 1;
  std::string what = "internal failure: ", why;
  try {
    code = run(arguments);
    if (std::fflush(stdout) != 0) return 1;
    mpfr_free_cache();
    return code;
  } catch (const checker::Rejected& e) {
    code = 3, what = "rejected: ", why = e.what();
  } catch (const checker::BadInput& e) {
    code = 6, what = "bad input: ", why = e.what();
  } catch (const checker::Limit& e) {
    code = 5, what = "limit: ", why = e.what();
  } catch (const std::bad_alloc&) {
    code = 5, what = "limit: ", why = "out of memory";
  } catch (const std::length_error&) {
    code = 5, what = "limit: ", why = "out of memory";
  } catch (const std::exception& e) {
    why = e.what();
  }
  say(what, why);
  mpfr_free_cache();
  return code;
}
