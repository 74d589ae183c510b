// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "support/sudden_end.hpp"

namespace gapwright {

inline constexpr std::size_t kBetweenChecks = std::size_t{1} << 16;  ///< entries of an input

/// The bytes of an input file ("-" is standard input), read once: what happens to the file later changes nothing.
class InputBytes {
 public:
  /// Throws BadInstance when the file is missing or cannot be read, or changes its length meanwhile, LimitReached when it is larger than the
  /// memory, or a pipe holds more than a quarter of it. `interrupted` is called between pieces, and when a signal ends the wait for a pipe or
  /// standard input; it throws to give up. It is kept for check(), so it must live as long as the bytes.
  static InputBytes open(
      const std::string& path, const std::function<void()>& interrupted = [] {});
  static InputBytes from(std::string text, std::string name);

  std::span<const std::byte> bytes() const { return bytes_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }
  const std::string& name() const { return name_; }  ///< the path as given, for messages
  std::string base_name() const;                     ///< without its folder, for provenance
  /// SHA-256 of all bytes in lower-case hexadecimal, computed once for all copies, when it is first asked for. One thread at a time may ask.
  const std::string& sha256() const;

  /// What who reads the bytes calls now and then, every kBetweenChecks entries: it throws to give up.
  void check() const {
    if (interrupted_) interrupted_();
  }
  /// use(piece) for one piece of `part` after another, with a check before each.
  void in_pieces(std::span<const std::byte> part, const std::function<void(std::span<const std::byte>)>& use) const;

 private:
  std::function<void()> interrupted_;
  std::string name_;
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> bytes_;
  std::shared_ptr<std::string> sha256_ = std::make_shared<std::string>();  ///< empty: not asked for yet
};

/// A file that appears whole or not at all: written under a temporary name in the same folder, flushed to disk and renamed by
/// commit(). "-" is standard output. Throws std::invalid_argument when it cannot be created, std::runtime_error when a write
/// fails (disk full, closed pipe). The temporary file is locked while it is written: one that is not was left behind by a process that was killed.
class OutputFile {
 public:
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  std::FILE* stream() { return stream_; }  ///< for a library that writes by itself; its failures come out of commit()
  void commit();

 private:
  std::string shown_path() const;
  std::string path_;
  std::string temporary_;
  std::optional<SuddenEnd> sudden_;  ///< of the temporary file
  std::FILE* stream_ = nullptr;
};

/// Where an OutputFile of this path comes to stand: renaming would replace a link, so links are followed, also those that lead nowhere yet.
std::string written_place(const std::string& path);

/// Has `file` the name of a temporary file of the output `name`? Both without folders.
bool is_temporary_of(const std::string& name, const std::string& file);

/// Removes temporary files of an output that no living process writes; `path` is its written_place.
void remove_leftovers(const std::string& path);

}  // namespace gapwright
