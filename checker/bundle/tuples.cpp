// SPDX-License-Identifier: MIT
// Tuples of the target, all or a sample, against what the lift table makes of them.
#include <cmath>

#include "checker/bundle/parts.hpp"
#include "checker/bundle/products.hpp"
#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr std::uint64_t kMostWork = std::uint64_t{1} << 29;  // coordinates looked at; beyond, a sample
constexpr std::uint64_t kSample = 4096;

using Tuple = std::vector<std::uint64_t>;

struct Targets {
  std::vector<std::uint64_t> first, rows;  ///< per matrix: which rows stand for vectors
  Product product;
};

Targets targets_of(const BundleFiles& files, const LiftTable& table, const std::optional<DirectTarget>& layout) {
  Targets t;
  const LiftStep& last = table.steps.front();  // applied first
  if (last.kind == "rows") {
    t.first = last.first;
    t.rows = last.rows;
  } else {
    t.first.assign(files.order, 0);
    t.rows = files.sizes;
  }
  const Safetensors& target = files.target;
  const bool attention = files.manifest.target.problem == "attention";
  for (std::size_t u = 0; u < files.order; ++u) {
    const std::string name = !attention ? "x" + std::to_string(u) : u == 0 ? "q" : "k" + std::to_string(u);
    const auto tensor = target.tensors.find(name);
    require(tensor != target.tensors.end() && !tensor->second.shape.empty() && tensor->second.shape[0] >= t.first[u] + t.rows[u],
            "lift table: " + name + " has fewer rows");
    if (!attention || u == 0) continue;
    const Tensor& values = target.tensor("v" + std::to_string(u), 2);  // what is lifted has value 1, and nothing else
    for (std::uint64_t j = 0; j < values.shape[0]; ++j)
      require((values.at(j * values.shape[1]) == 1) == (j >= t.first[u] && j < t.first[u] + t.rows[u]),
              "lift table: the rows of v" + std::to_string(u) + " with value 1 are others");
  }
  t.product = layout      ? product_of_attention(layout->bits)
              : attention ? product_of_attention(target, nearest_double(files.manifest.witness->unit))
                          : product_of_gap(target);
  return t;
}

/// Down to vectors of the k sets.
Tuple vectors_of(const BundleFiles& files, const LiftTable& table, Tuple tuple) {
  for (std::size_t i = 0; i + files.unknown_steps < table.steps.size(); ++i)
    if (const LiftStep& step = table.steps[i]; step.kind == "rows")
      for (std::size_t u = 0; u < tuple.size(); ++u) tuple[u] = (tuple[u] + step.shift[u]) % step.sizes[u];
  return tuple;
}

/// Whether the source (no Gap-k-MaxIP) accepts the vectors: their product is 0, or their assignment is a model.
bool accepted(const BundleFiles& files, const LiftTable& table, const Tuple& vectors) {
  if (!files.formula) {
    for (std::size_t w = 0; w < files.vectors[0].words; ++w) {
      std::uint64_t common = ~std::uint64_t{0};
      for (std::size_t u = 0; u < vectors.size(); ++u) common &= files.vectors[u].row(vectors[u])[w];
      if (common != 0) return false;
    }
    return true;
  }
  std::vector<std::int64_t> literals(files.formula->variables);
  const LiftStep& bits = table.steps.back();
  for (std::size_t u = 0; u < vectors.size(); ++u)
    for (std::size_t b = 0; b < bits.variables[u].size(); ++b) {
      const auto v = static_cast<std::int64_t>(bits.variables[u][b]);
      literals[static_cast<std::size_t>(v) - 1] = ((vectors[u] >> b) & 1) != 0 ? v : -v;
    }
  return files.formula->satisfied_by(literals);
}

/// SplitMix64: which tuples are looked at is the same each time.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

std::string text_of(const Tuple& tuple) {
  std::string text;
  for (const std::uint64_t j : tuple) text += (text.empty() ? "" : ", ") + std::to_string(j);
  return "(" + text + ")";
}

/// Looks at tuples of the target, each beside the source's tuple that it is lifted to.
class TuplePairs {
 public:
  TuplePairs(const BundleFiles& files, const LiftTable& table, const Targets& targets, const std::optional<CodeGap>& gap,
             const Clock& clock)
      : files_(files), table_(table), targets_(targets), gap_(gap), clock_(clock) {
    if (files.gap) source_ = product_of_gap(*files.gap);
    result_.all = 1;
    for (const std::uint64_t rows : targets.rows) result_.all *= mpz_class(rows);
  }

  TuplesChecked looked_at_all_or_some() {
    if (result_.all * mpz_class(work()) <= mpz_class(kMostWork))
      look_at_all();
    else
      look_at_sample();
    return result_;
  }

 private:
  /// Of one tuple.
  std::uint64_t work() const {
    std::uint64_t work = targets_.product.work + (source_ ? source_->work : 0);
    if (files_.formula)
      for (const auto& clause : files_.formula->clauses) work += clause.size() + 1;
    return work;
  }

  void look_at_all() {
    Tuple tuple = targets_.first;
    for (bool more = result_.all > 0; more;) {
      look_at(tuple);
      std::size_t u = tuple.size();
      while (u > 0 && ++tuple[u - 1] == targets_.first[u - 1] + targets_.rows[u - 1]) {
        tuple[u - 1] = targets_.first[u - 1];
        --u;
      }
      more = u > 0;
    }
  }

  void look_at_sample() {
    for (std::uint64_t i = 0; i < kSample; ++i) {
      Tuple tuple;
      for (std::size_t u = 0; u < targets_.rows.size(); ++u)
        tuple.push_back(targets_.first[u] + mixed(i * 64 + u) % targets_.rows[u]);
      look_at(tuple);
    }
  }

  void look_at(const Tuple& tuple) {
    const double product = targets_.product.of(tuple);
    const Tuple vectors = vectors_of(files_, table_, tuple);
    const bool witness = gap_ ? product >= static_cast<double>(gap_->yes_at_least) - 0.5 : product == 0;
    const double own = source_ ? source_->of(vectors) : 0;
    const bool seen = files_.holds_vectors();
    const bool good = !seen     ? witness
                      : source_ ? own >= static_cast<double>(gap_->yes_at_least) - 0.5
                                : accepted(files_, table_, vectors);
    result_.some_witness |= witness;
    result_.some_in_source |= seen && good;
    const auto refuse = [&](const std::string& why) { throw Rejected("tuple " + text_of(tuple) + ": " + why); };
    const bool above = gap_ && !witness && product > static_cast<double>(gap_->no_at_most) + 0.5;
    if (source_ && std::abs(product - own) >= 0.5) refuse("its product is not that of the source's tuple");
    if (witness && !good) refuse("is a witness of the target, and is lifted to none of the source");
    if (!gap_ && !witness && good) refuse("is lifted to a witness of the source, and is none of the target");
    if (above && !source_) refuse("its product lies between the thresholds");
    result_.between |= above;
    if ((++result_.looked_at, mpz_class(result_.looked_at % 1024) == 0)) clock_.check();
  }

  const BundleFiles& files_;
  const LiftTable& table_;
  const Targets& targets_;
  const std::optional<CodeGap>& gap_;
  const Clock& clock_;
  std::optional<Product> source_;
  TuplesChecked result_;
};

}  // namespace

TuplesChecked check_tuples(const BundleFiles& files, const LiftTable& table, const std::optional<DirectTarget>& layout,
                           const std::optional<CodeGap>& gap, const Clock& clock) {
  const Targets targets = targets_of(files, table, layout);
  return TuplePairs(files, table, targets, gap, clock).looked_at_all_or_some();
}

}  // namespace checker
