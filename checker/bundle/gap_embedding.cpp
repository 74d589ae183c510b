// SPDX-License-Identifier: MIT
// Gap-k-MaxIP over bits to attention (docs/reductions.md, section 6), set up again from sizes, thresholds and dimension alone.
//
// Vectors of d coordinates, n_u of them in set u, k sets; inner products at least t (yes) or at most s (no). N = n_1 ... n_(k-1).
// sharp: d' = d + t, one pad in each key matrix. paper: d' = 2 d, n_u pads. Query rows B (x, 1..1), data keys B (y, 0..0), pads
// B (0..0, 1..1); values 1 on data, 0 on pads. gamma = B^k / d', for centred keys (order 2: B where these have B, -B where they
// have 0) twice that; B is the least double with gamma (t - s) >= ln(N / delta), delta = 1/16 unless the step names another.
// With X the tuples that are neither all data nor all pads, the pads of a query weighing e^(gamma p) together P times
// (sharp: p = t, P = 1; paper: p = d, P = N):
//   a yes row gives at least  Y / (Y + P + X e^(-gamma p)),  Y = e^(gamma (t - p)) (paper: + (N - 1) e^(-gamma p)),
//   a no row at most          Z / (Z + P + X e^(-gamma p)),  Z = N e^(gamma (s - p)).
// For sharp, Y counts one tuple, as the other data tuples only help.
#include "checker/bundle/parts.hpp"
#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr mpfr_prec_t kPrecision = 320;

struct Shape {
  bool paper = false, centred = false;
  std::uint64_t vectors = 0, columns = 0;       ///< d and d'
  std::vector<std::uint64_t> sizes, pads;       ///< pads[0] = 0
  mpz_class main = 1, all = 1, pad_tuples = 1;  ///< of one row
};

Shape shape_of(const BundleFiles& files, const CodeGap& gap, std::uint64_t dimension) {
  const std::string& embedding = metadata_at(files.target, "embedding");
  Shape s;
  s.centred = embedding.ends_with("-centred");
  s.paper = embedding == "paper" || embedding == "paper-centred";
  require(s.paper || embedding == "sharp" || embedding == "sharp-centred", "target: embedding is sharp or paper");
  require(!s.centred || files.order == 2, "target: centred keys are for order 2");
  s.vectors = dimension;
  s.columns = s.paper ? 2 * dimension : dimension + gap.yes_at_least;
  s.sizes = files.sizes;
  for (std::size_t u = 0; u < s.sizes.size(); ++u) {
    require(s.sizes[u] > 0, "source: a set of vectors is empty: there is no attention input");
    s.pads.push_back(u == 0 ? 0 : s.paper ? s.sizes[u] : 1);
    if (u == 0) continue;
    s.main *= mpz_class(s.sizes[u]);
    s.pad_tuples *= mpz_class(s.pads[u]);
    s.all *= mpz_class(s.sizes[u] + s.pads[u]);
  }
  return s;
}

/// factor e^exponent.
Interval weight(const mpz_class& factor, const mpq_class& exponent) {
  Interval x(kPrecision);
  mpfi_set_q(x.raw(), exponent.get_mpq_t());
  mpfi_exp(x.raw(), x.raw());
  mpfi_mul_z(x.raw(), x.raw(), factor.get_mpz_t());
  return x;
}

/// x / (x + rest), which rises with x: from the ends of x.
Interval share(const Interval& x, const Interval& rest) {
  Interval below(kPrecision);
  mpfi_div(below.raw(), rest.raw(), x.raw());
  mpfi_add_ui(below.raw(), below.raw(), 1);
  mpfi_ui_div(below.raw(), 1, below.raw());
  return below;
}

void check_numbers(const BundleFiles& files, const Shape& s, const CodeGap& gap) {
  const double scale = 1.0 / static_cast<double>(s.columns);
  const mpq_class doubled = mpq_class(scale) * (s.centred ? 2 : 1), span(mpz_class(gap.yes_at_least - gap.no_at_most));
  const double bound = least_bound(mpq_class(s.main) / delta_of(files.manifest.path.back()), doubled * span, files.order, 53);
  check_double(metadata_at(files.target, "softmax_scale"), scale, "target: softmax_scale");
  check_double(metadata_at(files.target, "entry_bound"), bound, "target: entry_bound");
  mpq_class gamma = doubled;
  for (std::size_t u = 0; u < files.order; ++u) gamma *= mpq_class(bound);
  const mpq_class p(mpz_class(s.paper ? s.vectors : gap.yes_at_least)), t(mpz_class(gap.yes_at_least)),
      low(mpz_class(gap.no_at_most));
  Interval yes = weight(1, gamma * (t - p)), rest = weight(s.all - s.main - s.pad_tuples, -gamma * p);
  if (s.paper) mpfi_add(yes.raw(), yes.raw(), weight(s.main - 1, -gamma * p).raw());
  mpfi_add_z(rest.raw(), rest.raw(), s.pad_tuples.get_mpz_t());
  check_thresholds(files.target, share(yes, rest), share(weight(s.main, gamma * (low - p)), rest));
}

/// The rows of matrix u; the vectors' own coordinates from `vectors`, or as the target has them.
Bits rows_of(const Shape& s, std::size_t u, const Tensor& tensor, double one, const std::vector<Bits>& vectors) {
  Bits bits(s.sizes[u] + s.pads[u], s.columns);
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < s.columns; ++c) {
      const bool data = r < s.sizes[u], own = c < s.vectors;
      const bool bit =
          !own ? u == 0 || !data : data && (vectors.empty() ? tensor.at(r * s.columns + c) == one : vectors[u].get(r, c));
      if (bit) bits.set(r, c);
    }
  return bits;
}

}  // namespace

void check_gap_embedding(const BundleFiles& files, const CodeGap& gap, std::uint64_t dimension,
                         const std::vector<Bits>& vectors) {
  const Shape s = shape_of(files, gap, dimension);
  const Safetensors& target = files.target;
  require(target.tensors.size() == 2 * files.order - 1, "target: there are other tensors than q, k1, ..., v1, ...");
  for (std::size_t u = 0; u < files.order; ++u) {  // before anything of that size is computed
    const std::string name = u == 0 ? "q" : "k" + std::to_string(u);
    require(target.tensor(name, 2).shape == std::vector<std::uint64_t>{s.sizes[u] + s.pads[u], s.columns},
            "target: " + name + " has another shape than the embedding gives it");
  }
  check_numbers(files, s, gap);
  const double one = nearest_double(metadata_at(target, "entry_bound"));
  for (std::size_t u = 0; u < files.order; ++u) {
    const std::string name = u == 0 ? "q" : "k" + std::to_string(u);
    const Tensor& tensor = target.tensor(name, 2);
    check_matrix(tensor, rows_of(s, u, tensor, one, vectors), u > 0 && s.centred ? -one : 0, one, name);
    if (u == 0) continue;
    Bits values(tensor.shape[0], 1);
    for (std::size_t j = 0; j < s.sizes[u]; ++j) values.set(j, 0);
    check_matrix(target.tensor("v" + std::to_string(u), 2), values, 0, 1, "v" + std::to_string(u));
  }
}

}  // namespace checker
