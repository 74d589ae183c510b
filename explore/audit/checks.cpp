// SPDX-License-Identifier: MIT
// The table of checks. Sizes are unbalanced and no multiples of tiles unless a check says so.
#include "explore/audit/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gapwright {
namespace {

/// The input of a check, or of its causal twin.
using Make = std::function<AuditInput(Random&, bool causal)>;

/// Any key; under a mask one that the row sees.
Needles own_keys(std::uint64_t seed, bool causal) {
  return {[seed, causal](std::size_t row, std::size_t u) {
    const std::size_t drawn = (row * 2654435761U + seed * 97 + u * 40503U) >> 3;
    return causal ? drawn % (row + 1) : drawn;
  }};
}

/// Collects the checks of one shape.
class Table {
 public:
  Table(const AuditShape& shape, bool causal) : shape_(shape), causal_(causal) {}

  std::vector<Check> all() {
    plain();
    rotated();
    shifted();
    scaled();
    own_rows();
    tied();
    ordered();
    columns();
    if (causal_) under_the_mask();
    ragged();
    ways();
    many_keys();
    spread();
    denormals();
    again();
    return std::move(checks_);
  }

 private:
  double usual_scale() const { return 1 / std::sqrt(static_cast<double>(shape_.dimension)); }
  bool narrow() const { return shape_.dtype == Dtype::f16 || shape_.dtype == Dtype::bf16; }
  std::size_t n() const { return audit_rows(shape_); }

  /// Different sizes of q and of every key matrix, near the usual one.
  AuditSizes unbalanced() const {
    AuditSizes sizes{std::max<std::size_t>(n() / 4, 3)};
    for (std::size_t u = 1; u < shape_.order; ++u) sizes.push_back(std::max(n(), 3 * u + 2) - 3 * (u - 1) - 1);
    return sizes;
  }

  void add(CheckKind kind, const std::string& name, bool quick, bool causal, Make make) {
    checks_.push_back({std::string(word_of(kind)) + (name.empty() ? "" : " " + name), kind, quick,
                       [make = std::move(make), dtype = shape_.dtype, causal](Random& random) {
                         AuditInput input = make(random, causal);
                         input.causal = causal;
                         round_entries(input, dtype);
                         return input;
                       }});
  }

  /// Without a mask, and as a causal check of its own.
  void add(CheckKind kind, const std::string& name, bool quick, const Make& make) {
    add(kind, name, quick, false, make);
    if (causal_) add(CheckKind::causal, std::string(word_of(kind)) + (name.empty() ? "" : " " + name), quick, true, make);
  }

  void plain() {
    add(CheckKind::plain, "", true,
        [s = shape_, scale = usual_scale()](Random& r, bool) { return normal_input(s, square_sizes(s), scale, r); });
  }

  void rotated() {
    const std::size_t rows = shape_.order == 2 ? std::min<std::size_t>(n(), 250) : n();
    for (const bool yes : {true, false})
      add(CheckKind::rotate, yes ? "a hard yes" : "a hard no", yes,
          [s = shape_, rows, yes](Random& r, bool) { return dense_hard_input(s, rows, yes, r); });
  }

  /// From what overflows exponentials to beyond the placeholders in use; entries and sums of the type hold them exactly or nearly so.
  std::vector<double> shifts() const {
    switch (shape_.dtype) {
      case Dtype::f64:
        return {300, 328864, 1.5e6, 0x3p30 + 9000, 0x5p41};
      case Dtype::f16:
        return {96, 20576, 74016, 328864, 1.5e6};
      case Dtype::bf16:
        return {96, 20576, 74016, 328864, 1.5e6, 0x9p27};
      default:
        return {300, 20576, 74016, 328864, 1.5e6, 0x9p27 + 4096, 0x9p32};
    }
  }

  /// What a score of a needle is a multiple of, so that f32 holds shifted ones exactly.
  static double unit_beside(double shift) { return std::max(1.0, std::exp2(std::ceil(std::log2(std::abs(shift))) - 20)); }

  void shifted() {
    for (const double size : shifts())
      for (const double sign : {-1.0, 1.0}) {
        const double shift = sign * size;
        const bool small = size < 1000;
        add(CheckKind::shift, fmt::format("by {:g}", shift), size == 328864 || size == 1.5e6 || small,
            [s = shape_, scale = usual_scale(), sizes = unbalanced(), shift, small](Random& r, bool causal) {
              Needles own = own_keys(s.seed, causal);
              own.unit = unit_beside(shift);
              AuditInput input = small ? normal_input(s, sizes, scale, r) : needle_input(s, sizes, scale, own, r);
              shift_scores(input, s, {shift});
              return input;
            });
      }
    add(CheckKind::shift, "of each row by its own", true,
        [s = shape_, scale = usual_scale(), sizes = unbalanced()](Random& r, bool) {
          AuditInput input = normal_input(s, sizes, scale, r);
          std::vector<double> shifts(sizes[0]);
          for (std::size_t i = 0; i < shifts.size(); ++i)
            shifts[i] = 512.0 * static_cast<double>(i) / static_cast<double>(shifts.size()) - 256;
          shift_scores(input, s, shifts);
          return input;
        });
    if (shape_.order > 2) return;
    // One key beyond a multiple of every tile: what pads the last tile lies far above or below the scores.
    for (const double shift : {-512.0, 20576.0, -20576.0})
      add(CheckKind::shift, fmt::format("by {:g}, 129 keys", shift), shift == -20576,
          [s = shape_, scale = usual_scale(), shift](Random& r, bool causal) {
            AuditInput input = needle_input(s, {65, 129}, scale, own_keys(s.seed, causal), r);
            shift_scores(input, s, {shift});
            return input;
          });
  }

  void scaled() {
    if (!shape_.own_scale) return;
    for (const double scale : {1 / static_cast<double>(shape_.dimension), 3.0, 1.0, 0.3, 0.1})
      add(CheckKind::scale, fmt::format("{:g}", scale), scale == 0.3,
          [s = shape_, sizes = unbalanced(), scale](Random& r, bool) { return normal_input(s, sizes, scale, r); });
  }

  void own_rows() {
    const std::vector<std::pair<std::string, Needles>> cases{
        {"each to a key at random", own_keys(shape_.seed, false)},
        {"each to its own key", {[](std::size_t row, std::size_t) { return row; }}},
        {"each to the next key", {[](std::size_t row, std::size_t) { return row + 1; }}}};
    for (const auto& [name, own] : cases)
      add(CheckKind::rows, name, &own == &cases.front().second,
          [s = shape_, scale = usual_scale(), needles = own](Random& r, bool) {
            return needle_input(s, square_sizes(s), scale, needles, r);
          });
    add(CheckKind::rows, "values moved by 3", false,
        [s = shape_, scale = usual_scale(), own = own_keys(shape_.seed, false)](Random& r, bool) {
          AuditInput input = needle_input(s, square_sizes(s), scale, own, r);
          for (double& v : input.attention.values[0].entries) v += 3;
          return input;
        });
  }

  void tied() {
    for (const std::size_t shared : {2, 3})
      for (const bool neighbours : {true, false})
        add(CheckKind::ties, fmt::format("of {} keys, {}", shared, neighbours ? "neighbours" : "far apart"), shared == 2,
            [s = shape_, scale = usual_scale(), own = own_keys(shape_.seed, false), shared, neighbours](Random& r, bool) {
              Needles needles = own;
              needles.shared = shared;
              needles.neighbours = neighbours;
              return needle_input(s, square_sizes(s), scale, needles, r);
            });
    add(CheckKind::ties, "of all keys", true, [s = shape_, scale = usual_scale()](Random& r, bool) {
      AuditInput input = normal_input(s, square_sizes(s), scale, r);
      for (Matrix& keys : input.attention.keys)
        for (std::size_t j = 1; j < keys.rows; ++j)
          std::copy_n(keys.entries.begin(), keys.columns, keys.entries.begin() + static_cast<std::ptrdiff_t>(j * keys.columns));
      return input;
    });
    add(CheckKind::ties, "of four kinds of keys", false, [s = shape_, scale = usual_scale()](Random& r, bool) {
      AuditInput input = normal_input(s, square_sizes(s), scale, r);
      for (Matrix& keys : input.attention.keys)
        for (std::size_t j = 4; j < keys.rows; ++j)
          std::copy_n(keys.entries.begin() + static_cast<std::ptrdiff_t>(j % 4 * keys.columns), keys.columns,
                      keys.entries.begin() + static_cast<std::ptrdiff_t>(j * keys.columns));
      return input;
    });
  }

  /// Values of the first matrix: column 0 tells late keys from early ones, column 1 is 1.
  static void tell_halves(AuditInput& input) {
    Matrix& values = input.attention.values[0];
    for (std::size_t j = 0; j < values.rows; ++j) {
      values.at(j, 0) = 2 * j >= values.rows ? 1 : 0;
      if (values.columns > 1) values.at(j, 1) = 1;
    }
  }

  void ordered() {
    const std::vector<double> heights = narrow() ? std::vector<double>{6, 20, 200} : std::vector<double>{6, 20, 200, 3e4};
    for (const double height : heights)
      for (const double sign : {1.0, -1.0})
        add(CheckKind::order, fmt::format("scores {} by {:g}", sign > 0 ? "rising" : "falling", height), height == 200,
            [s = shape_, scale = usual_scale(), sizes = unbalanced(), total = sign * height](Random& r, bool) {
              AuditInput input = normal_input(s, sizes, scale, r);
              add_along_keys(input,
                             [&](std::size_t j) { return total * static_cast<double>(j) / static_cast<double>(sizes[1]); });
              tell_halves(input);
              return input;
            });
    for (const double depth : {4.9, 10.5, 30.0})
      add(CheckKind::order, fmt::format("a few keys {:g} above the others", depth), depth == 10.5,
          [s = shape_, scale = usual_scale(), depth](Random& r, bool) {
            AuditInput input = normal_input(s, square_sizes(s), scale, r, 0x1p-4);
            add_along_keys(input, [&](std::size_t j) { return j < 16 && 2 * j < audit_rows(s) ? 0 : -depth; });
            tell_halves(input);
            return input;
          });
    for (const std::size_t at : {std::size_t{0}, n() / 2, n() - 1})
      add(CheckKind::order, fmt::format("the best key is number {}", at), false,
          [s = shape_, scale = usual_scale(), at](Random& r, bool) {
            AuditInput input = normal_input(s, square_sizes(s), scale, r);
            add_along_keys(input, [&](std::size_t j) { return j == at ? 12 : 0; });
            return input;
          });
  }

  void columns() {
    for (const auto& [of_q, of_values] : {std::pair<std::size_t, std::size_t>{37, 41},
                                          {64, 1},
                                          {shape_.dimension + 9, 2 * shape_.columns + 3},
                                          {8, 64},
                                          {130, 5}})
      add(CheckKind::columns, fmt::format("{} of q and keys, {} of values", of_q, of_values), of_q == 37,
          [s = shape_, d = of_q, dv = of_values](Random& r, bool) {
            AuditShape other = s;
            other.dimension = d, other.columns = dv;
            return normal_input(other, square_sizes(other), 1 / std::sqrt(static_cast<double>(d)), r);
          });
  }

  void under_the_mask() {
    const std::vector<std::size_t> rows =
        shape_.order == 2 ? std::vector<std::size_t>{n() - 3, 62, 5} : std::vector<std::size_t>{n() - 3, 4};
    for (const std::size_t m : rows)
      add(CheckKind::causal, fmt::format("{} rows that it decides", m), m == n() - 3, true,
          [s = shape_, m](Random& r, bool) { return causal_input(s, m, r); });
  }

  void ragged() {
    // Around tiles, and whole numbers of them.
    std::vector<AuditSizes> sizes;
    if (shape_.order == 2)
      sizes = {{1, 1},     {1, 250},   {250, 1},  {4, 250},   {16, 16},    {15, 17},   {48, 48},
               {63, 65},   {65, 63},   {96, 96},  {127, 129}, {129, 127},  {128, 128}, {384, 384},
               {256, 256}, {512, 512}, {33, 250}, {250, 33},  {300, 1031}, {1031, 300}};
    else if (shape_.order == 3)
      sizes = {{1, 1, 1}, {1, 7, 1}, {7, 1, 5}, {16, 16, 16}, {17, 15, 33}, {33, 20, 3}, {32, 32, 32}, {5, 70, 45}, {5, 45, 70}};
    else
      sizes = {AuditSizes(shape_.order, 1), AuditSizes(shape_.order, 4)};
    for (std::size_t u = 0; shape_.order > 3 && u < shape_.order; ++u) {
      sizes.emplace_back(shape_.order, 2);
      sizes.back()[u] = 45;
    }
    if (shape_.order > 3) sizes.push_back({7, 3, 4, 5, 2, 2}), sizes.back().resize(shape_.order);
    const std::vector<AuditSizes> in_quick{{63, 65}, {384, 384}, {512, 512}, {17, 15, 33}, {32, 32, 32}};
    for (const AuditSizes& size : sizes) {
      std::string name;
      for (const std::size_t m : size) name += (name.empty() ? "" : " x ") + std::to_string(m);
      const bool quick = std::ranges::find(in_quick, size) != in_quick.end() || (shape_.order > 3 && size == sizes.back());
      add(CheckKind::ragged, name, quick,
          [s = shape_, scale = usual_scale(), size](Random& r, bool) { return normal_input(s, size, scale, r); });
    }
  }

  void spread() {
    for (const double factor : {4.0, 12.0, 40.0})
      add(CheckKind::spread, fmt::format("scores {:g} times as far apart", factor), factor == 40,
          [s = shape_, scale = usual_scale(), sizes = unbalanced(), factor](Random& r, bool) {
            return normal_input(s, sizes, scale, r, factor);
          });
    add(CheckKind::spread, "keys of lengths far apart", true,
        [s = shape_, scale = usual_scale(), sizes = unbalanced()](Random& r, bool) {
          AuditInput input = normal_input(s, sizes, scale, r, 8);
          Matrix& keys = input.attention.keys[0];
          for (std::size_t j = 0; j < keys.rows; ++j) {
            const double factor = std::pow(10, -2 * r.unit());
            for (std::size_t c = 0; c < keys.columns; ++c) keys.at(j, c) *= factor;
          }
          return input;
        });
  }

  void denormals() {
    const double small = shape_.dtype == Dtype::f16    ? 0x1p-18
                         : shape_.dtype == Dtype::f32  ? 0x1p-130
                         : shape_.dtype == Dtype::bf16 ? 0x1p-120
                                                       : 0x1p-1030;
    add(CheckKind::denormals, "in values", true,
        [s = shape_, scale = usual_scale(), sizes = unbalanced(), small](Random& r, bool) {
          AuditInput input = normal_input(s, sizes, scale, r);
          for (double& v : input.attention.values[0].entries) v *= small;
          return input;
        });
    if (narrow()) return;
    const double tiny = shape_.dtype == Dtype::f64 ? 0x1p-1024 : 0x1p-128;
    add(CheckKind::denormals, "in keys", false, [s = shape_, scale = usual_scale(), sizes = unbalanced(), tiny](Random& r, bool) {
      AuditInput input = normal_input(s, sizes, scale, r, 0x1p-3);
      for (double& x : input.attention.q.entries) x *= 0x1p-4 / tiny;
      for (double& x : input.attention.keys[0].entries) x *= tiny;
      return input;
    });
  }

  /// Kernels choose their way by sizes: each way meets scores that lie far from 0, and another scale.
  void ways() {
    if (shape_.order > 2) return;
    for (const AuditSizes& size : {AuditSizes{1, 250}, {4, 250}, {7, 33}, {33, 31}, {65, 100}, {250, 20}}) {
      for (const double shift : {-74016.0, 74016.0})
        add(CheckKind::ragged, fmt::format("{} x {}, scores moved by {:g}", size[0], size[1], shift), false,
            [s = shape_, scale = usual_scale(), size, shift](Random& r, bool causal) {
              AuditInput input = needle_input(s, size, scale, own_keys(s.seed, causal), r);
              shift_scores(input, s, {shift});
              return input;
            });
      if (shape_.own_scale)
        add(CheckKind::ragged, fmt::format("{} x {}, scale 0.3", size[0], size[1]), false,
            [s = shape_, size](Random& r, bool) { return normal_input(s, size, 0.3, r); });
    }
  }

  /// So many keys of like weight that sums in few bits stop growing.
  void many_keys() {
    if (shape_.order > 2) return;
    add(CheckKind::order, "65536 keys of like weight", false, [s = shape_, scale = usual_scale()](Random& r, bool) {
      AuditInput input = normal_input(s, {2, 65536}, scale, r, 0.5);
      for (double& v : input.attention.values[0].entries) v = v > 0 ? 1 : 0;
      return input;
    });
  }

  void again() {
    using Change = std::function<void(AuditInput&, Random&)>;
    const std::vector<std::pair<std::string, Change>> changes{
        {"scores moved by -96", [s = shape_](AuditInput& input, Random&) { shift_scores(input, s, {-96}); }},
        {"scores moved by 96", [s = shape_](AuditInput& input, Random&) { shift_scores(input, s, {96}); }},
        {"other values", [](AuditInput& input, Random&) { std::ranges::reverse(input.attention.values[0].entries); }},
        {"another scale", [](AuditInput& input, Random&) { input.attention.terms.softmax_scale *= 3; }},
        {"the other mask", [causal = causal_](AuditInput& input, Random&) { input.causal = causal && !input.causal; }}};
    for (const auto& [name, changed] : changes) {
      if (name == "another scale" && !shape_.own_scale) continue;
      const std::size_t first = checks_.size();
      add(CheckKind::again, "after " + name, name == "scores moved by 96" || name == "other values",
          [s = shape_, scale = usual_scale(), sizes = unbalanced()](Random& r, bool) {
            return normal_input(s, sizes, scale, r);
          });
      for (std::size_t i = first; i < checks_.size(); ++i)
        checks_[i].between = [change = changed, dtype = shape_.dtype](AuditInput input, Random& r) {
          change(input, r);
          round_entries(input, dtype);
          return input;
        };
    }
  }

  AuditShape shape_;
  bool causal_;
  std::vector<Check> checks_;
};

}  // namespace

const std::vector<CheckKind>& undeclared_kinds() {
  using enum CheckKind;
  static const std::vector<CheckKind> kinds{plain, rotate, shift, scale, rows, ties, order, columns, ragged};
  return kinds;
}

std::vector<Check> audit_checks(const AuditShape& shape, bool causal) { return Table(shape, causal).all(); }

std::string suspicion(CheckKind kind) {
  using enum CheckKind;
  switch (kind) {
    case plain:
      return "entries of many sizes: are they rounded or quantised on the way, or some keys or coordinates left out?";
    case rotate:
      return "a dense hard input: are small weights dropped, or large scores rounded?";
    case shift:
      return "all scores of a row moved alike: is the running maximum started at a finite number or rounded, a constant "
             "subtracted in its place, or a "
             "finite placeholder written for what is padded?";
    case scale:
      return "another softmax_scale: is one built in, applied twice, or left out?";
    case rows:
      return "every row has an answer of its own: are rows exchanged, moved or stale?";
    case ties:
      return "several keys share the maximum: does each of them count?";
    case order:
      return "the maximum moves along the keys: are sums rescaled when it grows, and wide enough for many small weights?";
    case columns:
      return "other numbers of columns: are some unread, exchanged, or padded with what is not zero?";
    case causal:
      return "a causal mask: is it off by one, ignored, of the other corner, are hidden keys in the maximum or in the sum, or is "
             "a finite number written as their score?";
    case ragged:
      return "sizes that are no multiples of tiles: is the last tile dropped, or padded and not masked?";
    case spread:
      return "scores far apart: are they capped or clipped, or keys pruned?";
    case denormals:
      return "numbers below the smallest normal one: are they flushed to 0?";
    case again:
      return "the same input once more: is something kept between calls?";
  }
  throw std::logic_error("a kind of check without words");
}

}  // namespace gapwright
