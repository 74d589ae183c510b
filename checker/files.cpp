// SPDX-License-Identifier: MIT
#include "checker/files.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "checker/errors.hpp"
#include "checker/room.hpp"

namespace checker {
namespace {

/// A file open for reading, closed in the end; "-" is standard input.
struct Opened {
  explicit Opened(const std::string& path) : number(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (number < 0) throw BadInput(path + ": cannot be opened: " + std::strerror(errno));
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (number != STDIN_FILENO) ::close(number);
  }
  int number;
};

}  // namespace

std::string read_file(const std::string& path) {
  const Opened file(path);
  struct stat status {};
  if (::fstat(file.number, &status) != 0) throw BadInput(path + ": cannot be read: " + std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw BadInput(path + ": is a folder; give a file");
  if (S_ISBLK(status.st_mode) || (S_ISCHR(status.st_mode) && ::isatty(file.number) == 0))
    throw BadInput(path + ": is a device; give a file");
  const std::uint64_t size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  check_room(mpz_class(size), path);
  std::string bytes, piece(1 << 16, '\0');
  bytes.reserve(size);
  for (ssize_t got = 1; got != 0;) {
    got = ::read(file.number, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw BadInput(path + ": cannot be read: " + std::strerror(errno));
    bytes.append(piece, 0, static_cast<std::size_t>(got));
    if (bytes.size() > size && bytes.size() + piece.size() > bytes.capacity())
      check_room(3 * mpz_class(bytes.size()), path);  // it moves to twice as much
  }
  if (bytes.size() < size) throw BadInput(path + ": was cut while it was read");
  return bytes;
}

std::string sha256(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &length, EVP_sha256(), nullptr) != 1)
    throw Limit("OpenSSL gives no SHA-256: out of memory");
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

}  // namespace checker
