#include "instances/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "instances/closed_pipe.hpp"
#include "instances/errors.hpp"

namespace gapwright {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::string read_all(int descriptor, const std::string& name, const std::function<void()>& interrupted) {
  std::string text;
  std::vector<char> buffer(1 << 16);
  const std::size_t most = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 4;
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      interrupted();
      continue;
    }
    if (got < 0) throw BadInstance(name + ": cannot be read: " + std::strerror(errno));
    if (got == 0) return text;
    interrupted();  // a source without an end never waits
    if (text.size() > most) throw LimitReached(name + ": more than " + std::to_string(most >> 20) + " MB without an end; give a file");
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

InputBytes InputBytes::from(std::string text, std::string name) {
  InputBytes input;
  input.name_ = std::move(name);
  const auto owner = std::make_shared<const std::string>(std::move(text));
  input.bytes_ = std::as_bytes(std::span(owner->data(), owner->size()));
  input.owner_ = owner;
  return input;
}

InputBytes InputBytes::open(const std::string& path, const std::function<void()>& interrupted) {
  if (path == "-") return from(read_all(STDIN_FILENO, "standard input", interrupted), "-");
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  for (; descriptor < 0 && errno == EINTR; descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) interrupted();
  const Descriptor file{descriptor};
  if (file.number < 0) throw BadInstance(path + ": cannot be opened: " + std::strerror(errno));
  struct stat status {};
  if (::fstat(file.number, &status) != 0) throw BadInstance(path + ": cannot be read: " + std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw BadInstance(path + ": is a folder; give a file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size == 0) return from(read_all(file.number, path, interrupted), path);
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (mapped == MAP_FAILED) return from(read_all(file.number, path, interrupted), path);
  InputBytes input;
  input.name_ = path;
  input.owner_ = std::shared_ptr<const void>(mapped, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
  input.bytes_ = {static_cast<const std::byte*>(mapped), size};
  return input;
}

namespace {

/// Says why, from errno.
[[noreturn]] void fail_to_write(const std::FILE* stream, const std::string& path) {
  if (stream == stdout && errno == EPIPE) throw ClosedPipe();
  throw std::runtime_error(path + ": writing failed: " + std::strerror(errno));
}

}  // namespace

std::string InputBytes::base_name() const { return std::filesystem::path(name_).filename().string(); }

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  if (path_ == "-") {
    stream_ = stdout;
    return;
  }
  if (path_.empty()) throw std::invalid_argument("the name of the output file is empty");
  std::error_code ignored;
  if (std::filesystem::is_directory(path_, ignored))
    throw std::invalid_argument(path_ + ": is a folder; name a file to write");
  if (std::filesystem::exists(path_, ignored) && !std::filesystem::is_regular_file(path_, ignored)) {
    stream_ = std::fopen(path_.c_str(), "wb");  // a device or a pipe: nothing to rename
  } else {
    if (std::filesystem::is_symlink(path_, ignored)) {  // write what the link names (/dev/stdout!): renaming would replace the link
      const auto named = std::filesystem::weakly_canonical(path_, ignored);
      if (!ignored) path_ = named.string();
    }
    temporary_ = path_ + ".partial-XXXXXX";
    const int descriptor = ::mkostemp(temporary_.data(), O_CLOEXEC);
    if (descriptor >= 0) {
      const mode_t mask = ::umask(0);
      ::umask(mask);
      ::fchmod(descriptor, 0666 & ~mask);
      stream_ = ::fdopen(descriptor, "wb");
    }
  }
  if (!stream_) throw std::invalid_argument(path_ + ": cannot be written: " + std::strerror(errno));
}

OutputFile::~OutputFile() {
  if (!stream_ || stream_ == stdout) return;
  std::fclose(stream_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::write(std::span<const std::byte> bytes) {
  if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) fail_to_write(stream_, shown_path());
}

void OutputFile::write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }

std::string OutputFile::shown_path() const { return path_ == "-" ? "standard output" : path_; }

void OutputFile::commit() {
  const bool flushed = std::fflush(stream_) == 0 && std::ferror(stream_) == 0 && (temporary_.empty() || ::fsync(::fileno(stream_)) == 0);
  if (!flushed) fail_to_write(stream_, shown_path());
  if (stream_ == stdout) return;
  std::FILE* const stream = stream_;
  stream_ = nullptr;
  const bool closed = std::fclose(stream) == 0;
  const bool renamed = closed && (temporary_.empty() || std::rename(temporary_.c_str(), path_.c_str()) == 0);
  if (!renamed) {
    const std::string reason = std::strerror(errno);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    throw std::runtime_error(path_ + ": writing failed: " + reason);
  }
}

}  // namespace gapwright
