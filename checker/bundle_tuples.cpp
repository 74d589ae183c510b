// Tuples of the target, all or a sample, against what the lift table makes of them.
#include <bit>
#include <cmath>
#include <functional>

#include "checker/bundle_parts.hpp"
#include "checker/errors.hpp"

namespace checker {
namespace {

constexpr std::uint64_t kMostWork = std::uint64_t{1} << 29;  // coordinates looked at; beyond, a sample
constexpr std::uint64_t kSample = 4096;

using Tuple = std::vector<std::uint64_t>;
using Product = std::function<double(const Tuple&)>;  ///< an integer, or for real vectors near one

struct Targets {
  std::vector<std::uint64_t> first, rows;  ///< per matrix: which rows stand for vectors
  std::uint64_t work = 1;                  ///< of one product
  Product product;
};

Product product_of_bits(std::vector<Bits> sets) {
  return [sets = std::move(sets)](const Tuple& tuple) {
    std::uint64_t count = 0;
    for (std::size_t w = 0; w < sets[0].words; ++w) {
      std::uint64_t common = ~std::uint64_t{0};
      for (std::size_t u = 0; u < sets.size(); ++u) common &= sets[u].row(tuple[u])[w];
      count += static_cast<std::uint64_t>(std::popcount(common));
    }
    return static_cast<double>(count);
  };
}

/// Real vectors, times `unit`.
Product product_of_reals(const std::vector<const Tensor*>& tensors, double divisor, double unit) {
  return [tensors, divisor, unit](const Tuple& tuple) {
    const std::uint64_t columns = tensors[0]->shape[1];
    double sum = 0;
    for (std::uint64_t c = 0; c < columns; ++c) {
      double product = 1;
      for (std::size_t u = 0; u < tensors.size(); ++u) product *= tensors[u]->at(tuple[u] * columns + c) / divisor;
      sum += product;
    }
    return sum * unit;
  };
}

Product product_of_symbols(SymbolGap gap) {
  return [gap = std::move(gap)](const Tuple& tuple) {
    std::uint64_t accepting = 0;
    for (std::size_t x = 0; x < gap.coins; ++x) {
      std::size_t sum = 0;
      for (std::size_t tau = 0; tau < gap.blocks; ++tau) {
        std::size_t product = gap.sets[0][(tuple[0] * gap.coins + x) * gap.blocks + tau];
        for (std::size_t u = 1; u < tuple.size(); ++u)
          product = gap.product[product * gap.field + gap.sets[u][(tuple[u] * gap.coins + x) * gap.blocks + tau]];
        sum = gap.sum[sum * gap.field + product];
      }
      accepting += sum == gap.message[x];
    }
    return static_cast<double>(accepting);
  };
}

Targets targets_of(const BundleFiles& files, const LiftTable& table, const std::optional<DirectTarget>& layout) {
  Targets t;
  const LiftStep& last = table.steps.front();  // applied first
  if (last.kind == "rows") {
    t.first = last.first;
    t.rows = last.rows;
  } else {
    t.first.assign(files.order, 0);
    for (const Bits& set : files.vectors) t.rows.push_back(set.rows);
  }
  const Safetensors& target = files.target;
  const bool attention = files.manifest.target.problem == "attention";
  std::vector<const Tensor*> tensors;
  for (std::size_t u = 0; u < files.order; ++u) {
    const std::string name = !attention ? "x" + std::to_string(u) : u == 0 ? "q" : "k" + std::to_string(u);
    tensors.push_back(&target.tensor(name, target.text("form") == "factored" ? 3 : 2));
    require(tensors[u]->shape[0] >= t.first[u] + t.rows[u], "lift table: " + name + " has fewer rows");
    require(target.text("form") == "factored" || tensors[u]->shape[1] == tensors[0]->shape[1], "target: the matrices do not fit");
  }
  t.work = tensors[0]->elements() / std::max<std::uint64_t>(tensors[0]->shape[0], 1) + 1;
  if (attention) {
    const AttentionFile file = attention_file(target);
    if (layout || file.bits) {
      const BitAttention& bits = layout ? layout->bits : *file.bits;
      std::vector<Bits> sets = bits.keys;
      sets.insert(sets.begin(), bits.queries);
      t.product = product_of_bits(std::move(sets));
      t.work = t.work / 64 + 1;
    } else {
      t.product = product_of_reals(tensors, file.terms.entry_bound.get_d(), nearest_double(files.manifest.witness->unit));
    }
    for (std::size_t u = 1; u < files.order; ++u) {  // what is lifted has value 1, and nothing else
      const Tensor& values = target.tensor("v" + std::to_string(u), 2);
      for (std::uint64_t j = 0; j < values.shape[0]; ++j)
        require((values.at(j * values.shape[1]) == 1) == (j >= t.first[u] && j < t.first[u] + t.rows[u]),
                "lift table: the rows of v" + std::to_string(u) + " with value 1 are others");
    }
  } else if (target.text("form") == "factored") {
    t.product = product_of_symbols(symbol_gap(target));
  } else if (tensors[0]->dtype == "F64") {
    t.product = product_of_reals(tensors, 1, 1);
  } else {
    t.product = product_of_bits(bit_sets(target));
    t.work = t.work / 64 + 1;
  }
  return t;
}

/// Down to vectors of the k sets.
Tuple vectors_of(const LiftTable& table, Tuple tuple) {
  for (const LiftStep& step : table.steps)
    if (step.kind == "rows")
      for (std::size_t u = 0; u < tuple.size(); ++u) tuple[u] = (tuple[u] + step.shift[u]) % step.sizes[u];
  return tuple;
}

/// Whether the source accepts the vectors: their product is 0, or their assignment is a model.
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

}  // namespace

TuplesChecked check_tuples(const BundleFiles& files, const LiftTable& table, const std::optional<DirectTarget>& layout,
                           const std::optional<CodeGap>& gap, const Clock& clock) {
  const Targets targets = targets_of(files, table, layout);
  TuplesChecked result;
  result.all = 1;
  for (const std::uint64_t rows : targets.rows) result.all *= mpz_class(rows);
  std::uint64_t work = targets.work;
  if (files.formula)
    for (const auto& clause : files.formula->clauses) work += clause.size() + 1;
  const auto look_at = [&](const Tuple& tuple) {
    const double product = targets.product(tuple);
    const bool good = accepted(files, table, vectors_of(table, tuple));
    const bool witness = gap ? product >= static_cast<double>(gap->yes_at_least) - 0.5 : product == 0;
    result.some_witness |= witness;
    require(!witness || good, "tuple " + text_of(tuple) + ": is a witness of the target, and is lifted to none of the source");
    require(gap || witness || !good,
            "tuple " + text_of(tuple) + ": is lifted to a witness of the source, and is none of the target");
    require(!gap || witness || product <= static_cast<double>(gap->no_at_most) + 0.5,
            "tuple " + text_of(tuple) + ": its product lies between the thresholds");
    if ((++result.looked_at, mpz_class(result.looked_at % 1024) == 0)) clock.check();
  };
  if (result.all * mpz_class(work) <= mpz_class(kMostWork)) {
    Tuple tuple = targets.first;
    for (bool more = result.all > 0; more;) {
      look_at(tuple);
      std::size_t u = tuple.size();
      while (u > 0 && ++tuple[u - 1] == targets.first[u - 1] + targets.rows[u - 1]) {
        tuple[u - 1] = targets.first[u - 1];
        --u;
      }
      more = u > 0;
    }
    return result;
  }
  for (std::uint64_t i = 0; i < kSample; ++i) {
    Tuple tuple;
    for (std::size_t u = 0; u < targets.rows.size(); ++u) tuple.push_back(targets.first[u] + mixed(i * 64 + u) % targets.rows[u]);
    look_at(tuple);
  }
  return result;
}

}  // namespace checker
