// SPDX-License-Identifier: MIT
// No command writes over what it reads: every verb with every option that names an output, pointed at every input. Inputs are refused by their
// names before they are opened, so their contents are nothing in particular.
#include <map>

#include "tests/cli/program.hpp"

using namespace gapwright::test;
namespace fs = std::filesystem;

namespace {

struct Verb {
  std::vector<std::string> words, inputs, options;
};

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      {{"solve", "in"}, {"in"}, {"-o", "--certificate", "--proof"}},
      {{"reduce", "in", "--to", "attention"}, {"in"}, {"-o", "--answers"}},
      {{"reduce", "in", "in2", "--to", "attention"}, {"in2"}, {"-o", "--answers"}},
      {{"reduce", "in", "--to", "attention", "-o", "new/"}, {"in"}, {"--answers"}},
      {{"decide", "in", "in2"}, {"in", "in2"}, {"-o", "--certificate", "--checkpoint"}},
      {{"decide", "in", "--formula", "in2", "--certificate", "new"}, {"in", "in2"}, {"-o", "--checkpoint"}},
      {{"decide", "in", "--formula", "in2"}, {"in2"}, {"--certificate"}},
      {{"attend", "in", "--gradient", "in2", "--reference", "in3"}, {"in", "in2", "in3"}, {"-o"}},
      {{"extract", "folder", "--result", "in"}, {"in", "folder/source.cnf", "folder/manifest.json"}, {"-o"}},
      {{"extract", "in", "--result", "in2", "--source", "in3", "--target", "in4"}, {"in", "in2", "in3", "in4"}, {"-o"}},
      {{"gen", "formula", "in"}, {"in"}, {"-o", "--answers"}},
      {{"gen", "formula", "in", "-T", "flip", "-o", "new"}, {"in"}, {"--map"}},
      {{"trace", "in"}, {"in"}, {"-o"}},
      {{"estimate", "in"}, {"in"}, {"-o"}},
      {{"plan", "in"}, {"in"}, {"-o"}},
      {{"path", "cnf", "attention", "in"}, {"in"}, {"-o"}},
      {{"implied", "cnf", "attention", "in"}, {"in"}, {"-o"}},
      {{"code", "encode", "reed-solomon", "-q", "5", "--degree", "2", "in"}, {"in"}, {"-o"}},
      {{"explore", "report", "in"}, {"in"}, {"-o"}},
      {{"fuzz", "--replay", "in", "in2"}, {"in", "in2"}, {"-o"}},
      {{"challenge", "--exec", "./in in2 {in} {out}"}, {"in", "in2"}, {"-o"}},
      {{"challenge", "--library", "./in"}, {"in"}, {"-o"}},
      {{"challenge", "--outputs", "folder"}, {"folder/a.out.safetensors"}, {"-o"}},
  };
  return all;
}

struct Files {
  TemporaryFolder folder;
  std::map<std::string, std::string> before;

  Files() {
    for (const char* sub : {"folder", "pictures", "plots", "found"}) fs::create_directory(path(sub));
    for (const char* name : {"in", "in2", "in3", "in4", "folder/source.cnf", "folder/manifest.json", "folder/a.out.safetensors",
                             "x.lift.json", "pre.dat", "results.dat", "c.checkpoint", "c.checkpoint.gapwright-partial-123456",
                             "plots/challenge.gp", "found/script.json", "log"})
      write_text(path(name), std::string("what ") + name + " holds\n");
    fs::create_directory_symlink(".", path("here"));
    fs::create_hard_link(path("in"), path("pre.svg"));
    fs::create_symlink("../in", path("pictures/time.svg"));
    fs::create_symlink("log", path("log.cut"));
    fs::create_symlink("unmade", path("dangling"));
    before = contents();
  }
  fs::path path(const std::string& name) const { return folder.path() / name; }
  std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      if (fs::is_symlink(entry) || entry.is_regular_file())
        all[entry.path().string()] =
            fs::is_symlink(entry) ? "link to " + fs::read_symlink(entry).string() : read_text(entry.path());
    return all;
  }
  void refused(const std::vector<std::string>& words, const std::string& text) const {
    std::string line;
    for (const std::string& word : words) line += word + " ";
    CAPTURE(line);
    check_fails(run_in(folder.path(), words), 2, text);
    CHECK(contents() == before);
  }
};

/// The verbs from `begin` on, every third: all options, all inputs, by these names.
void refuse_all(std::size_t begin) {
  Files files;
  std::size_t turn = 0;
  for (std::size_t v = begin; v < verbs().size(); v += 3)
    for (const std::string& option : verbs()[v].options)
      for (const std::string& input : verbs()[v].inputs) {
        fs::create_hard_link(files.path(input), files.path("hard"));
        fs::create_symlink(input, files.path("soft"));
        const auto before = std::exchange(files.before, files.contents());
        const std::vector<std::string> names{input, "./" + input, "here/" + input, files.path(input).string(), "soft", "hard"};
        for (const std::string& name : {names[turn++ % 5], names[5]}) {
          std::vector<std::string> words = verbs()[v].words;
          words.insert(words.end(), {option, name});
          files.refused(words, option + " " + name + " would overwrite the input ");
        }
        files.before = before;
        fs::remove(files.path("hard"));
        fs::remove(files.path("soft"));
      }
}

}  // namespace

TEST_CASE("paths: no output over an input, first third of the verbs") { refuse_all(0); }
TEST_CASE("paths: no output over an input, second third of the verbs") { refuse_all(1); }
TEST_CASE("paths: no output over an input, last third of the verbs") { refuse_all(2); }

TEST_CASE("paths: what is written beside a file, with a beginning or into a folder does not meet an input either") {
  const Files files;
  files.refused({"gen", "formula", "x.lift.json", "-T", "flip", "-o", "x"},
                "-o x would overwrite the input x.lift.json; name another file");
  files.refused({"gen", "formula", "here/x.lift.json", "-T", "flip", "-o", "./x"}, "would overwrite the input");
  files.refused({"plan", "pre.dat", "--plot", "pre"}, "--plot pre would overwrite the input pre.dat");
  files.refused({"plan", "in", "--plot", "here/pre"}, "--plot here/pre would overwrite the input in");
  files.refused({"decide", "c.checkpoint", "--certificate", "c"}, "--certificate c would overwrite the input c.checkpoint");
  files.refused({"decide", "c.checkpoint.gapwright-partial-123456", "--certificate", "c"}, "--certificate c would overwrite");
  files.refused({"explore", "plot", "results.dat", "-o", "."}, "-o . would overwrite the input results.dat");
  files.refused({"explore", "plot", "in", "-o", "pictures"}, "-o pictures would overwrite the input in");
  files.refused({"explore", "plot", "here/pictures/time.svg", "-o", "pictures/"}, "-o pictures/ would overwrite");
  files.refused({"challenge", "--exec", "plots/challenge.gp {in} {out}", "--plot", "plots"},
                "--plot plots would overwrite the input plots/challenge.gp");
  files.refused({"fuzz", "--exec", "found/script.json {in} {out}", "--to", "attention", "-o", "found"},
                "-o found would overwrite");
  files.refused({"gen", "formula", "-", "-o", "/dev/stdin"}, "would overwrite the input standard input");
}

TEST_CASE("paths: two outputs are not one file, side files and folders included") {
  const Files files;
  files.refused({"gen", "formula", "in", "-T", "flip", "-o", "x", "--answers", "x.lift.json"},
                "--answers and -o name the same file");
  files.refused({"gen", "formula", "in", "-T", "flip", "-o", "dangling", "--map", "unmade"}, "--map and -o name the same file");
  files.refused({"plan", "in2", "--plot", "new", "-o", "here/new.svg"}, "--plot and -o name the same file");
  files.refused({"challenge", "--exec", "./in {in} {out}", "--plot", "plots", "-o", "plots/challenge.svg"},
                "--plot and -o name the same file");
  files.refused({"challenge", "--exec", "./in {in} {out}", "--plot", "fresh", "-o", "fresh/challenge.svg"},
                "--plot and -o name the same file");
  files.refused({"reduce", "in", "--to", "attention", "-o", "new/", "--answers", "new/lift.json"},
                "--answers and -o name the same file");
  files.refused({"decide", "in", "--certificate", "new", "--checkpoint", "new"},
                "--certificate and --checkpoint name the same file");
  files.refused({"decide", "in", "--certificate", "new", "-o", "new.checkpoint"}, "--certificate and -o name the same file");
  files.refused({"explore", "regime", "--orders", "2", "--rows", "16", "-o", "log"},
                "-o log and a file beside it name the same file");
}

TEST_CASE("paths: what a killed run left beside its output goes away, also behind a link, and nothing of the user's") {
  const TemporaryFolder folder;
  const auto path = [&](const char* name) { return folder.path() / name; };
  fs::create_directory(path("sub"));
  fs::create_symlink("sub/unmade", path("dangling"));
  for (const char* name : {"sub/unmade.gapwright-partial-123456", "sub/unmade.partial-backup", "dangling.partial-backup"})
    write_text(path(name), "text");
  CHECK(run_in(folder.path(), {"gen", "pigeonhole", "3", "2", "-o", "dangling"}).code == 0);
  CHECK_FALSE(fs::exists(path("sub/unmade.gapwright-partial-123456")));
  CHECK(read_text(path("sub/unmade.partial-backup")) == "text");
  CHECK(read_text(path("dangling.partial-backup")) == "text");
  CHECK(fs::is_symlink(path("dangling")));
  CHECK(read_text(path("sub/unmade")).starts_with("c "));
}

TEST_CASE("paths: standard input is not deleted as a left-over of the output") {
  const TemporaryFolder folder;
  const std::string input = folder.file("out.gapwright-partial-abc123", "p cnf 1 1\n1 0\n");
  const std::string program = tested_program();
  const int code = std::system(
      ("cd '" + folder.path().string() + "' && '" + program + "' gen formula - -o out < '" + input + "' 2> err").c_str());
  CHECK(WEXITSTATUS(code) == 2);
  CHECK(read_text(folder.file("err")).find("would overwrite the input standard input") != std::string::npos);
  CHECK(read_text(input) == "p cnf 1 1\n1 0\n");
  CHECK_FALSE(fs::exists(folder.file("out")));
}

TEST_CASE("paths: a picture's name with control characters is refused, and no other file is touched") {
  const TemporaryFolder folder;
  const std::string input = folder.file("a b.svg", "p cnf 3 2\n1 2 0\n-1 3 0\n");
  for (const char* name : {"a\tb",
                           "a\x7f"
                           "b",
                           "a\nb"}) {
    const Finished refused = run_in(folder.path(), {"plan", "a b.svg", "--plot", name, "--up-to", "5", "--quiet"});
    CHECK(refused.code == 2);
    CHECK(refused.err.find("control characters") != std::string::npos);
    CHECK(read_text(input) == "p cnf 3 2\n1 2 0\n-1 3 0\n");
    CHECK(folder.entries() == 1);
  }
}

TEST_CASE("paths: a name between brackets is one file") {
  const TemporaryFolder folder;
  write_text(folder.file("[x]"), "p cnf 1 1\n1 0\n");
  write_text(folder.file("x"), "p cnf 1 2\n1 0\n-1 0\n");
  CHECK(run_in(folder.path(), {"decide", "[x]", "--json"}).json().at("verdict") == "yes");
  CHECK(run_in(folder.path(), {"reduce", "[x]", "--to", "orthogonal-vectors", "-o", "[y]", "--quiet"}).code == 0);
  CHECK(std::filesystem::exists(folder.file("[y]")));
  check_fails(run_in(folder.path(), {"decide", "[x,x]"}), 6, "[x,x]: cannot be opened");
}
