// SPDX-License-Identifier: MIT
#include "support/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include "support/closed_pipe.hpp"
#include "support/errors.hpp"
#include "support/limits.hpp"
#include "support/sha256.hpp"

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
  const mpz_class most = machine_memory() / 4;
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      interrupted();
      continue;
    }
    if (got < 0) throw BadInstance(name + ": cannot be read: " + std::strerror(errno));
    if (got == 0) return text;
    interrupted();  // a source without an end never waits
    if (text.size() > most)
      throw LimitReached(name + ": more than " + mpz_class(most >> 20).get_str() + " MB without an end; give a file");
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

/// A regular file of `size` bytes.
std::shared_ptr<const char[]> read_file(int descriptor, std::size_t size, const std::string& name,
                                        const std::function<void()>& interrupted) {
  constexpr std::size_t kPiece = std::size_t{1} << 24;
  if (size >= machine_memory())
    throw LimitReached(name + ": " + std::to_string(size >> 20) +
                       " MB, more than the memory of this machine or its control group");
  auto bytes = std::make_shared_for_overwrite<char[]>(size);
  for (std::size_t read = 0; read < size;) {
    const ssize_t got = ::read(descriptor, bytes.get() + read, std::min(kPiece, size - read));
    if (got < 0 && errno != EINTR) throw BadInstance(name + ": cannot be read: " + std::strerror(errno));
    if (got == 0) throw BadInstance(name + ": became shorter while it was read; read it again when it is complete");
    interrupted();
    read += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  return bytes;
}

/// What a temporary file has behind the name of its output, before six letters or digits of mkostemp: nobody names a file like this, as the
/// program deletes what it finds.
constexpr const char* kTemporary = ".gapwright-partial-";

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
  const auto whole = [&](int descriptor, const std::string& name) {
    InputBytes input = from(read_all(descriptor, name, interrupted), path);
    input.interrupted_ = interrupted;
    return input;
  };
  if (path == "-") return whole(STDIN_FILENO, "standard input");
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  for (; descriptor < 0 && errno == EINTR; descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) interrupted();
  const Descriptor file{descriptor};
  if (file.number < 0) throw BadInstance(path + ": cannot be opened: " + std::strerror(errno));
  struct stat status {};
  if (::fstat(file.number, &status) != 0) throw BadInstance(path + ": cannot be read: " + std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw BadInstance(path + ": is a folder; give a file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size == 0) return whole(file.number, path);
  const auto bytes = read_file(file.number, size, path, interrupted);
  InputBytes input;
  input.name_ = path;
  input.interrupted_ = interrupted;
  input.owner_ = bytes;
  input.bytes_ = std::as_bytes(std::span(bytes.get(), size));
  return input;
}

namespace {

/// Says why, from errno.
[[noreturn]] void fail_to_write(const std::FILE* stream, const std::string& path) {
  if (stream == stdout && errno == EPIPE) throw ClosedPipe();
  throw std::runtime_error(path + ": writing failed: " + std::strerror(errno));
}

/// A temporary file of the output that is locked and has its name; another process may have removed it before it was locked, then one more is
/// made. Returns the descriptor, or -1 and errno.
int make_locked(const std::string& path, std::string& temporary) {
  for (;;) {
    temporary = path + kTemporary + "XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) return descriptor;
    const bool removing = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    struct stat named {
    }, made{};
    if (!removing && ::stat(temporary.c_str(), &named) == 0 && ::fstat(descriptor, &made) == 0 && named.st_ino == made.st_ino)
      return descriptor;
    ::close(descriptor);
  }
}

}  // namespace

std::string InputBytes::base_name() const { return std::filesystem::path(name_).filename().string(); }

const std::string& InputBytes::sha256() const {
  if (!sha256_->empty()) return *sha256_;
  Sha256 sum;
  in_pieces(bytes_, [&](std::span<const std::byte> piece) { sum.add(piece); });
  *sha256_ = sum.hex();
  return *sha256_;
}

void InputBytes::in_pieces(std::span<const std::byte> part, const std::function<void(std::span<const std::byte>)>& use) const {
  constexpr std::size_t kPiece = std::size_t{1} << 24;
  for (std::size_t at = 0; at < part.size(); at += kPiece) {
    check();
    use(part.subspan(at, std::min(kPiece, part.size() - at)));
  }
}

std::string written_place(const std::string& path) {
  std::error_code error;
  std::filesystem::path place(path);
  for (int links = 0; links < 40 && std::filesystem::is_symlink(place, error) && !std::filesystem::exists(place, error);
       ++links) {
    const std::filesystem::path target = std::filesystem::read_symlink(place, error);
    if (error) break;
    place = place.parent_path() / target;
  }
  if (!std::filesystem::is_symlink(place, error)) return place.string();
  const std::filesystem::path named = std::filesystem::weakly_canonical(place, error);
  return error ? place.string() : named.string();
}

namespace {

/// The number N of a path that leads to an open file of this process: /dev/stdout, /dev/fd/N, /proc/self/fd/N, or links to these.
std::optional<int> descriptor_of(const std::string& path) {
  std::error_code error;
  std::filesystem::path place(path);
  for (int links = 0; links < 40; ++links) {
    const std::string folder = place.parent_path().string(), name = place.filename().string();
    if ((folder == "/dev/fd" || folder == "/proc/self/fd" || folder == "/proc/" + std::to_string(::getpid()) + "/fd") &&
        !name.empty() && name.size() < 9 && name.find_first_not_of("0123456789") == std::string::npos)
      return std::stoi(name);
    if (!std::filesystem::is_symlink(place, error)) break;
    const std::filesystem::path target = std::filesystem::read_symlink(place, error);
    if (error) break;
    place = (place.parent_path() / target).lexically_normal();
  }
  return std::nullopt;
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  if (path_ == "-") {
    stream_ = stdout;
    return;
  }
  if (path_.empty()) throw std::invalid_argument("the name of the output file is empty");
  std::error_code ignored;
  if (std::filesystem::is_directory(path_, ignored)) throw std::invalid_argument(path_ + ": is a folder; name a file to write");
  if (const auto number = descriptor_of(path_)) {
    const int copy =
        ::fcntl(*number, F_DUPFD_CLOEXEC, 0);  // it goes on where the file stands: nothing is renamed, nothing cut off
    if (copy >= 0) stream_ = ::fdopen(copy, "wb");
  } else if (std::filesystem::exists(path_, ignored) && !std::filesystem::is_regular_file(path_, ignored)) {
    stream_ = std::fopen(path_.c_str(), "wb");  // a device or a pipe: nothing to rename
  } else {
    path_ = written_place(path_);
    if (std::filesystem::is_symlink(path_, ignored))
      throw std::invalid_argument(path_ + ": cannot be written: " + std::strerror(ELOOP));
    const int descriptor = make_locked(path_, temporary_);
    if (descriptor >= 0) {
      sudden_.emplace(temporary_);
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
  const bool flushed =
      std::fflush(stream_) == 0 && std::ferror(stream_) == 0 && (temporary_.empty() || ::fsync(::fileno(stream_)) == 0);
  if (!flushed) fail_to_write(stream_, shown_path());
  if (stream_ == stdout) return;
  if (!temporary_.empty() && std::rename(temporary_.c_str(), path_.c_str()) != 0) fail_to_write(stream_, path_);  // still locked
  std::FILE* const stream = stream_;
  stream_ = nullptr;
  if (std::fclose(stream) != 0) fail_to_write(nullptr, path_);
}

bool is_temporary_of(const std::string& name, const std::string& file) {
  const std::string start = name + kTemporary;
  const auto plain = [](unsigned char c) { return std::isalnum(c) != 0; };
  return file.size() == start.size() + 6 && file.starts_with(start) &&
         std::all_of(file.begin() + static_cast<std::ptrdiff_t>(start.size()), file.end(), plain);
}

namespace {

/// A regular file that nobody has locked: its writer is gone, or has not begun (make_locked then makes another).
bool is_abandoned(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

void remove_leftovers(const std::string& path) {
  const std::filesystem::path place(path);
  const std::string name = place.filename().string();
  std::error_code error;
  std::filesystem::directory_iterator entry(place.has_parent_path() ? place.parent_path() : ".", error);
  for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (!is_temporary_of(name, entry->path().filename().string())) continue;
    const Descriptor file{::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)};
    if (file.number >= 0 && is_abandoned(file.number)) ::unlink(entry->path().c_str());
  }
}

}  // namespace gapwright
