// SPDX-License-Identifier: MIT
#include "explore/challenge/challenge_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "instances/files/narrow.hpp"
#include "support/command.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "support/sha256.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kSpareBytes = 1 << 20;  // for the header
constexpr double kLongestClaim = 1e9;           // seconds an output may say it took, 30 years

TensorPlan plan_of(std::string name, const Matrix& m, Dtype dtype, const ChallengeLayout& layout) {
  std::vector<std::uint64_t> shape{m.rows, m.columns};
  if (layout.four_axes) shape.insert(shape.begin(), {1, 1});
  return {std::move(name), dtype, std::move(shape), [&m, dtype](const auto& sink) {
            std::vector<std::byte> bytes;
            for (std::size_t r = 0; r < m.rows; ++r) {
              bytes.clear();
              for (std::size_t c = 0; c < m.columns; ++c) append_bytes(dtype, m.at(r, c), bytes);
              sink(bytes);
            }
          }};
}

/// What is wrong with the file as a file, or empty.
std::string flaw_of_file(const std::string& path, std::uint64_t expected_bytes) {
  if (std::string flaw = flaw_of_output(path); !flaw.empty()) return flaw;
  std::error_code ignored;
  const std::uint64_t size = std::filesystem::file_size(path, ignored);
  if (size > expected_bytes + kSpareBytes)
    return fmt::format("the output file has {} bytes; {} are the most that the tensor needs", size, expected_bytes + kSpareBytes);
  return "";
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (const std::uint64_t axis : shape) text += (text.empty() ? "" : ", ") + std::to_string(axis);
  return "(" + text + ")";
}

}  // namespace

void write_challenge_input(const std::string& path, const ChallengeInput& input, const ChallengeLayout& layout,
                           std::map<std::string, std::string> more) {
  const Attention& a = input.attention;
  std::vector<TensorPlan> tensors{plan_of("q", a.q, input.entry_dtype, layout)};
  for (std::size_t u = 0; u < a.keys.size(); ++u)
    tensors.push_back(plan_of("k" + std::to_string(u + 1), a.keys[u], input.entry_dtype, layout));
  for (std::size_t u = 0; u < a.values.size(); ++u)
    tensors.push_back(plan_of("v" + std::to_string(u + 1), a.values[u], input.entry_dtype, layout));
  more["problem"] = "attention";
  more["order"] = std::to_string(a.keys.size() + 1);
  more["softmax_scale"] = fmt::format("{:.17g}", a.terms.softmax_scale);
  more["entry_bound"] = fmt::format("{:.17g}", a.terms.entry_bound);
  more["causal"] = input.causal ? "true" : "false";
  write_safetensors(path, std::move(more), tensors);
}

std::string content_name(const ChallengeInput& input) {
  Sha256 sum;
  std::vector<std::byte> bytes;
  const auto add = [&](const Matrix& m) {
    bytes.clear();
    for (const double x : m.entries) append_bytes(input.entry_dtype, x, bytes);
    sum.add(bytes);
  };
  add(input.attention.q);
  std::ranges::for_each(input.attention.keys, add);
  std::ranges::for_each(input.attention.values, add);
  return sum.hex().substr(0, 16);
}

Algorithm recorded_outputs(std::string folder) {
  return [folder = std::move(folder)](const ChallengeInput& input) {
    const std::string name = content_name(input) + ".out.safetensors";
    AlgorithmAnswer answer = read_challenge_output(folder + "/" + name, input);
    if (answer.status != RunStatus::answered) {
      std::error_code ignored;
      const bool missing = !std::filesystem::exists(folder + "/" + name, ignored);
      answer.reason =
          name + ": " +
          (missing ? "no such file; inputs must have been written with the same options, `blind` included" : answer.reason);
    }
    answer.seconds = answer.own_seconds.value_or(0);
    return answer;
  };
}

AlgorithmAnswer read_challenge_output(const std::string& path, const ChallengeInput& input) {
  const std::size_t rows = input.attention.q.rows, columns = input.attention.values[0].columns;
  AlgorithmAnswer answer;
  answer.reason = flaw_of_file(path, rows * columns * sizeof(double));
  if (!answer.reason.empty()) return answer;
  try {
    const Safetensors file = read_safetensors(InputBytes::open(path));
    const auto found = file.tensors.find("out");
    if (found == file.tensors.end()) {
      answer.reason = "the output file holds no tensor 'out'";
      return answer;
    }
    const Tensor& tensor = found->second;
    if (tensor.shape != std::vector<std::uint64_t>{rows, columns} &&
        tensor.shape != std::vector<std::uint64_t>{1, 1, rows, columns}) {
      answer.reason = fmt::format("'out' has shape {}, expected {} or {}", shape_text(tensor.shape), shape_text({rows, columns}),
                                  shape_text({1, 1, rows, columns}));
      return answer;
    }
    if (tensor.dtype != Dtype::f64 && tensor.dtype != Dtype::f32 && tensor.dtype != Dtype::f16 && tensor.dtype != Dtype::bf16) {
      answer.reason = fmt::format("'out' has dtype {}, expected F64, F32, F16 or BF16", name_of(tensor.dtype));
      return answer;
    }
    answer.out = Matrix(rows, columns);
    answer.dtype = tensor.dtype;
    for (std::size_t i = 0; i < answer.out.entries.size(); ++i) answer.out.entries[i] = element(tensor, i);
    if (const auto said = file.metadata.find("seconds"); said != file.metadata.end()) {
      double seconds = 0;
      const auto [end, error] = std::from_chars(said->second.data(), said->second.data() + said->second.size(), seconds);
      if (error == std::errc{} && end == said->second.data() + said->second.size() && seconds > 0 && seconds < kLongestClaim)
        answer.own_seconds = seconds;
    }
    answer.status = RunStatus::answered;
  } catch (const std::exception& e) {
    const std::string what = e.what();
    answer.reason = shown_message("the output is no safetensors file: " +
                                  (what.starts_with(path + ": ") ? what.substr(path.size() + 2) : what));
  }
  return answer;
}

}  // namespace gapwright
