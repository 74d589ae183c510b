// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "instances/files/safetensors.hpp"
#include "support/files.hpp"

namespace gapwright {

/// An input file that may hold an instance. Readers take it instead of bytes, so that it is parsed as safetensors once, when somebody first asks for
/// its tensors, whoever reads it: all copies share what was found. One thread at a time may ask.
class InputFile {
 public:
  explicit InputFile(InputBytes bytes) : contents_(std::make_shared<Contents>(Contents{std::move(bytes), {}})) {}

  const InputBytes& bytes() const { return contents_->bytes; }
  const std::string& name() const { return bytes().name(); }  ///< the path as given, for messages
  /// As read_safetensors, whose exceptions it throws.
  const Safetensors& tensors() const;

 private:
  struct Contents {
    InputBytes bytes;
    std::optional<Safetensors> tensors;
  };
  std::shared_ptr<Contents> contents_;
};

}  // namespace gapwright
