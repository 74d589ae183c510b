// SPDX-License-Identifier: MIT
#include "cli/attend_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "attention/exact.hpp"
#include "attention/gradient.hpp"
#include "cli/paths.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

/// Throws BadInstance for integers: beyond 2^53 they would be rounded.
Matrix matrix_of(const Safetensors& file, const Tensor& tensor) {
  if (!is_float(tensor.dtype))
    throw BadInstance(fmt::format("{}: '{}' has dtype {}; F64, F32, F16 and BF16 are read", file.file.name(), tensor.name,
                                  name_of(tensor.dtype)));
  return numbers_of(tensor, file.file);
}

}  // namespace

Matrix read_upstream(const InputBytes& input, const Attention& a) {
  const std::string& path = input.name();
  const Safetensors file = read_safetensors(input);
  if (file.tensors.size() != 1 || file.tensors.begin()->second.shape.size() != 2)
    throw BadInstance(path + ": an upstream gradient is one tensor with two axes (rows of q, columns of the values)");
  Matrix upstream = matrix_of(file, file.tensors.begin()->second);
  try {
    check_upstream(a, upstream);
  } catch (const std::invalid_argument& e) {
    throw BadInstance(path + ": " + e.what());
  }
  return upstream;
}

Reference read_reference(const Context& context, const std::string& path, const Attention& a) {
  const Safetensors file = read_safetensors(open_input(context, path));
  const auto out = file.tensors.find("out");
  const auto bound = file.metadata.find("error_bound");
  if (out == file.tensors.end() || bound == file.metadata.end())
    throw BadInstance(path + ": a reference is an output of attend: a tensor out, and error_bound in the metadata");
  const std::vector<std::size_t> shape{a.q.rows, a.values[0].columns};
  if (!std::ranges::equal(out->second.shape, shape))
    throw BadInstance(fmt::format("{}: out is not {} x {}: it belongs to another input", path, shape[0], shape[1]));
  const auto provenance = file.metadata.find("provenance");
  const Provenance made_by = provenance == file.metadata.end() ? Provenance{} : parse_provenance(provenance->second);
  if (!made_by.sources.empty() && made_by.sources[0].sha256 != a.terms.made_by.sources.at(0).sha256)
    throw BadInstance(fmt::format("{}: its provenance names the input {} with another SHA-256: it belongs to another input", path,
                                  shown_message(made_by.sources[0].name)));
  char* end = nullptr;
  const double radius = std::strtod(bound->second.c_str(), &end);
  if (bound->second.empty() || *end != '\0' || !(radius >= 0) || !std::isfinite(radius))
    throw BadInstance(path + ": error_bound is not a finite number of at least 0");
  Reference reference{path, matrix_of(file, out->second), radius};
  const auto bad = std::ranges::find_if_not(reference.out.entries, [](double x) { return std::isfinite(x); });
  if (bad != reference.out.entries.end()) {
    const auto at = static_cast<std::size_t>(bad - reference.out.entries.begin());
    throw BadInstance(fmt::format("{}: out[{}, {}] is not a finite number: nothing can be compared with it", path, at / shape[1],
                                  at % shape[1]));
  }
  return reference;
}

Measured measure(const Attention& a, const Matrix& out, const Reference& reference) {
  Measured measured;
  double difference = 0, norm = 0;
  for (std::size_t x = 0; x < out.entries.size(); ++x) {
    const double e = std::abs(out.entries[x] - reference.out.entries[x]);
    measured.absolute = std::max(measured.absolute, e);
    difference = std::hypot(difference, e);
    norm = std::hypot(norm, reference.out.entries[x]);
  }
  measured.relative = norm > 0 ? difference / norm : (difference > 0 ? std::numeric_limits<double>::infinity() : 0);
  if (a.terms.yes_at_least && a.terms.no_at_most)
    measured.gap_decided =
        measured.absolute + reference.radius < mpq_class(*a.terms.yes_at_least - *a.terms.no_at_most).get_d() / 2;
  return measured;
}

std::string measured_text(const Measured& measured, const Reference& reference) {
  return fmt::format("against {}: largest difference {:.6g}, norm-wise relative {:.6g}; the reference is within {:.6g}{}",
                     std::filesystem::path(reference.file).filename().string(), measured.absolute, measured.relative,
                     reference.radius,
                     measured.gap_decided ? (*measured.gap_decided ? "; the gap stays decided" : "; the gap is lost") : "");
}

}  // namespace gapwright::cli
