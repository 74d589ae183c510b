// SPDX-License-Identifier: MIT
// The output lies in memory shared with the child, against a page that may not be touched: writing beyond it ends the child, not
// us.
#include "explore/challenge/library_adapter.hpp"

#include <dlfcn.h>
#include <gapwright/challenge.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <limits>
#include <stdexcept>

#include "instances/files/narrow.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

constexpr const char* kFunction = "gapwright_challenge_attention";
constexpr int kNotLoaded = 126;

using Function = int (*)(const gapwright_attention*, void*);

/// The function, or nothing after a message on standard error; for the child.
Function load(const std::string& path) {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const symbol = library ? ::dlsym(library, kFunction) : nullptr;
  if (!symbol) {
    const char* const reason = ::dlerror();
    const std::string message = std::string(reason ? reason : "no function") + "\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, message.data(), message.size());
  }
  return reinterpret_cast<Function>(symbol);
}

/// `bytes` shared bytes that end where a forbidden page begins, and a number of seconds.
class SharedOutput {
 public:
  explicit SharedOutput(std::size_t bytes) : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    const std::size_t pages = (bytes + page_ - 1) / page_;
    size_ = (pages + 2) * page_;
    void* const mapped = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::runtime_error("no shared memory for the output");
    begin_ = static_cast<std::byte*>(mapped);
    ::mprotect(begin_ + size_ - page_, page_, PROT_NONE);
    out_ = begin_ + size_ - page_ - bytes;
  }
  ~SharedOutput() { ::munmap(begin_, size_); }
  SharedOutput(const SharedOutput&) = delete;
  SharedOutput& operator=(const SharedOutput&) = delete;
  std::byte* out() const { return out_; }
  double& seconds() const { return *reinterpret_cast<double*>(begin_); }

 private:
  std::size_t page_, size_ = 0;
  std::byte* begin_ = nullptr;
  std::byte* out_ = nullptr;
};

std::uint32_t code_of(Dtype dtype) {
  return dtype == Dtype::f64   ? GAPWRIGHT_F64
         : dtype == Dtype::f32 ? GAPWRIGHT_F32
         : dtype == Dtype::f16 ? GAPWRIGHT_F16
                               : GAPWRIGHT_BF16;
}

std::vector<std::byte> bytes_of(const Matrix& m, Dtype dtype) {
  std::vector<std::byte> bytes;
  for (const double x : m.entries) append_bytes(dtype, x, bytes);
  return bytes;
}

AlgorithmAnswer run(const std::string& path, const ChallengeInput& input, const ChildLimits& limits, const RunControl& control) {
  const Attention& a = input.attention;
  const std::vector<std::byte> q = bytes_of(a.q, input.entry_dtype);
  std::vector<std::vector<std::byte>> buffers;
  std::vector<const void*> keys, values;
  std::vector<std::uint64_t> key_rows;
  for (const Matrix& m : a.keys) {
    keys.push_back(buffers.emplace_back(bytes_of(m, input.entry_dtype)).data());
    key_rows.push_back(m.rows);
  }
  for (const Matrix& m : a.values) values.push_back(buffers.emplace_back(bytes_of(m, input.entry_dtype)).data());
  const std::size_t rows = a.q.rows, columns = a.values[0].columns;
  const gapwright_attention request{GAPWRIGHT_CHALLENGE_VERSION,
                                    static_cast<std::uint32_t>(a.keys.size() + 1),
                                    code_of(input.entry_dtype),
                                    input.causal ? 1U : 0U,
                                    rows,
                                    a.q.columns,
                                    columns,
                                    key_rows.data(),
                                    q.data(),
                                    keys.data(),
                                    values.data(),
                                    a.terms.softmax_scale};
  const SharedOutput shared(rows * columns * size_of(input.entry_dtype));
  std::memset(shared.out(), 0xff,
              rows * columns * size_of(input.entry_dtype));  // NaN in every type: what is not written is no answer
  const ChildEnd end = run_in_child(
      [&] {
        const Function function = load(path);
        if (!function) return kNotLoaded;
        const auto start = std::chrono::steady_clock::now();
        const int code = function(&request, shared.out());
        shared.seconds() = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return code >= 0 && code < 125 ? code : 124;
      },
      limits, control);
  AlgorithmAnswer answer;
  answer.seconds = end.seconds;
  answer.dtype = input.entry_dtype;
  if (end.how != ChildEnd::exited || end.code != GAPWRIGHT_DONE) {
    answer.reason = describe(end, limits);
    if (end.how == ChildEnd::timed_out) answer.status = RunStatus::timed_out;
    if (end.how == ChildEnd::exited && end.code == GAPWRIGHT_REFUSED) answer.status = RunStatus::refused;
    return answer;
  }
  answer.status = RunStatus::answered;
  answer.own_seconds = shared.seconds();
  answer.out = Matrix(rows, columns);
  const std::span<const std::byte> bytes(shared.out(), rows * columns * size_of(input.entry_dtype));
  const Tensor tensor{"out", input.entry_dtype, {rows, columns}, bytes};
  for (std::size_t i = 0; i < answer.out.entries.size(); ++i) answer.out.entries[i] = element(tensor, i);
  return answer;
}

}  // namespace

Algorithm library_algorithm(const std::string& path, const ChildLimits& limits, const RunControl& control) {
  const std::string absolute = std::filesystem::absolute(path).string();
  if (const ChildEnd end = run_in_child([&] { return load(absolute) ? 0 : kNotLoaded; }, limits, control);
      end.how != ChildEnd::exited || end.code != 0)
    throw BadInstance(path + ": cannot be used as a library of " + kFunction +
                      " (include/gapwright/challenge.h): " + describe(end, limits));
  return [absolute, limits, &control](const ChallengeInput& input) { return run(absolute, input, limits, control); };
}

}  // namespace gapwright
