// SPDX-License-Identifier: MIT
#include "support/files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;
using test::message_of;

namespace {

void write_file(const std::string& path, const std::string& text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

std::string open_error(const std::string& path) {
  return message_of<BadInstance>([&] { InputBytes::open(path); });
}

}  // namespace

TEST_CASE("files: an output file appears whole at commit, with ordinary permissions") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("a");
  const mode_t mask = ::umask(027);
  {
    OutputFile file(path);
    file.write(std::string_view("one "));
    CHECK_FALSE(std::filesystem::exists(path));
    file.write(std::string_view("two"));
    file.commit();
  }
  ::umask(mask);
  CHECK(test::read_text(path) == "one two");
  CHECK(folder.entries() == 1);
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms{0640});
}

TEST_CASE("files: without commit nothing is left, and what was there stays") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("a", "old");
  {
    OutputFile file(path);
    file.write(std::string_view("new"));
  }
  CHECK(test::read_text(path) == "old");
  CHECK(folder.entries() == 1);
  write_file(path, "newer");
  CHECK(test::read_text(path) == "newer");
  CHECK(folder.entries() == 1);
}

TEST_CASE("files: names with blanks, line ends, leading dashes") {
  const test::TemporaryFolder folder;
  for (const char* name : {"a b", "a\nb", "-o", "\xff\xfe", "{}", "%s", "x;y"}) {
    write_file(folder.file(name), name);
    CHECK(InputBytes::open(folder.file(name)).text() == name);
    CHECK(InputBytes::open(folder.file(name)).base_name() == name);
  }
}

TEST_CASE("files: outputs that cannot be are usage errors") {
  const test::TemporaryFolder folder;
  const auto error = [](const std::string& path) { return message_of<std::invalid_argument>([&] { OutputFile file(path); }); };
  CHECK(error(folder.path().string()) == folder.path().string() + ": is a folder; name a file to write");
  CHECK(error(folder.file("none/a")) == folder.file("none/a") + ": cannot be written: No such file or directory");
  CHECK(error(folder.file("a", "text") + "/b") == folder.file("a/b") + ": cannot be written: Not a directory");
  CHECK(error("") == "the name of the output file is empty");
  CHECK(folder.entries() == 1);
}

TEST_CASE("files: a full device is an error of the write") {
  const auto error = message_of<std::runtime_error>([] { write_file("/dev/full", "text"); });
  CHECK(error == "/dev/full: writing failed: No space left on device");
  CHECK_NOTHROW(write_file("/dev/null", "text"));
  CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("files: a symbolic link is written through, not replaced") {
  const test::TemporaryFolder folder;
  write_file(folder.file("target"), "old");
  std::filesystem::create_symlink(folder.file("target"), folder.file("link"));
  write_file(folder.file("link"), "new");
  CHECK(std::filesystem::is_symlink(folder.file("link")));
  CHECK(test::read_text(folder.file("target")) == "new");
  CHECK(folder.entries() == 2);
}

TEST_CASE("files: inputs that cannot be read") {
  const test::TemporaryFolder folder;
  CHECK(open_error(folder.file("none")) == folder.file("none") + ": cannot be opened: No such file or directory");
  CHECK(open_error(folder.path().string()) == folder.path().string() + ": is a folder; give a file");
  CHECK(open_error("") == ": cannot be opened: No such file or directory");
  CHECK(InputBytes::open("/dev/null").bytes().empty());
  CHECK(InputBytes::open(folder.file("empty", "")).text().empty());
  CHECK_FALSE(InputBytes::open("/proc/self/stat").text().empty());  // a file whose stated size is 0
}

TEST_CASE("files: a pipe is read to its end") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("pipe"), text(200000, 'x');
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&] { test::write_text(path, text); });
  const InputBytes input = InputBytes::open(path);
  writer.join();
  CHECK(input.text() == text);
  CHECK(input.name() == path);
  CHECK(input.base_name() == "pipe");
}

TEST_CASE("files: copies of an input share its bytes, which outlive the file's name") {
  const test::TemporaryFolder folder;
  InputBytes copy;
  {
    const InputBytes input = InputBytes::open(folder.file("a", "kept"));
    copy = input;
  }
  std::filesystem::remove(folder.file("a"));
  CHECK(copy.text() == "kept");
}

TEST_CASE("files: while leftovers are removed again and again, no file in the making is lost") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("a"), old = folder.file("a.gapwright-partial-123456", "left by a process that was killed");
  std::atomic<bool> done{false};
  std::thread remover([&] {
    while (!done) remove_leftovers(path);
  });
  std::string failure;
  for (int i = 0; i < 60 && failure.empty(); ++i) {
    try {
      write_file(path, std::to_string(i));
    } catch (const std::exception& e) {
      failure = e.what();
    }
  }
  done = true;
  remover.join();
  CHECK(failure == "");
  CHECK(test::read_text(path) == "59");
  CHECK(!std::filesystem::exists(old));
  CHECK(folder.entries() == 1);
}

TEST_CASE("files: a link that leads nowhere yet is written through, left-overs are looked for beside what it leads to") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("sub"));
  std::filesystem::create_symlink("sub/unmade", folder.file("link"));
  std::filesystem::create_symlink("link", folder.file("link-to-link"));
  const std::string place = folder.file("sub/unmade");
  CHECK(written_place(folder.file("link-to-link")) == place);
  {
    OutputFile output(folder.file("link-to-link"));
    bool beside = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder.file("sub")))
      beside = beside || is_temporary_of("unmade", entry.path().filename().string());
    CHECK(beside);
    output.write("text");
    output.commit();
  }
  CHECK(std::filesystem::is_symlink(folder.file("link")));
  CHECK(test::read_text(place) == "text");
  CHECK(written_place(folder.file("link-to-link")) == place);  // now that the file is there
  CHECK(written_place(folder.file("plain")) == folder.file("plain"));
}

TEST_CASE("files: what leads to an open file is written where that file stands, and no link is replaced") {
  const test::TemporaryFolder folder;
  const std::string log = folder.file("log", "");
  const int descriptor = ::open(log.c_str(), O_RDWR | O_APPEND);
  REQUIRE(descriptor >= 0);
  std::filesystem::remove(log);  // open, and without a name
  REQUIRE(::write(descriptor, "before ", 7) == 7);
  const std::string own = "/proc/self/fd/" + std::to_string(descriptor), link = folder.file("link");
  std::filesystem::create_symlink(own, link);
  for (const std::string& path : {link, own, "/dev/fd/" + std::to_string(descriptor)}) {
    OutputFile output(path);
    output.write("text ");
    output.commit();
  }
  CHECK(std::filesystem::is_symlink(link));
  CHECK(folder.entries() == 1);
  char text[64] = {};
  CHECK(::pread(descriptor, text, sizeof text, 0) == 22);
  CHECK(std::string(text) == "before text text text ");
  ::close(descriptor);
}

TEST_CASE("files: a ring of links is refused, not replaced") {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink("b", folder.file("a"));
  std::filesystem::create_symlink("a", folder.file("b"));
  CHECK_THROWS_AS(OutputFile(folder.file("a")), std::invalid_argument);
  CHECK(std::filesystem::is_symlink(folder.file("a")));
  CHECK(folder.entries() == 2);
}

TEST_CASE("files: only what the program itself has left behind is removed") {
  CHECK(is_temporary_of("out", "out.gapwright-partial-a1B2c3"));
  for (const char* name :
       {"out.partial-backup", "out.partial-123456", "out.gapwright-partial-a1B2c", "out.gapwright-partial-a1B2c3d",
        "out.gapwright-partial-a1B2-3", "xout.gapwright-partial-a1B2c3", "out.gapwright-partial-"})
    CHECK_FALSE(is_temporary_of("out", name));
  const test::TemporaryFolder folder;
  folder.file("out.partial-backup", "of the user");
  folder.file("out.gapwright-partial-a1B2c3", "left behind");
  remove_leftovers(folder.file("out"));
  CHECK(test::read_text(folder.file("out.partial-backup")) == "of the user");
  CHECK(folder.entries() == 1);
}
