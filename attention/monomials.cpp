#include "attention/monomials.hpp"

#include <cstdint>

#include "attention/kernels.hpp"

namespace gapwright {

std::size_t binomial_or_max(std::size_t n, std::size_t m) {
  std::size_t result = 1;
  for (std::size_t i = 1; i <= m; ++i) {
    std::size_t next = 0;
    if (__builtin_mul_overflow(result, n + i, &next)) return SIZE_MAX;
    result = next / i;  // exact: a product of i consecutive numbers
  }
  return result;
}

Monomials::Monomials(std::size_t variable_count, std::size_t highest)
    : variables(variable_count), degree(highest), count(binomial_or_max(variable_count, highest)) {
  const std::size_t vector = kernels::attention_kernels<double>().vector;
  width = (count + vector - 1) / vector * vector;
  degrees.assign(count, 0);
  arrangements.assign(count, 1);
  std::vector<std::size_t> repeats(count, 0);  // exponent of the smallest variable
  std::vector<std::size_t> starts(variables, 0),
      next = starts;  // of each variable's run in the degree below; for degree 0 the 1 itself
  std::size_t at = 1, end_below = 1;
  for (std::size_t m = 1; m <= degree; ++m) {
    for (std::size_t l = 0; l < variables; ++l) {
      next[l] = at;
      const Run run{starts[l], at, end_below - starts[l], l};
      const std::size_t same =
          m == 1 ? 0 : (l + 1 < variables ? starts[l + 1] : end_below) - starts[l];  // monomials below that begin with x_l
      for (std::size_t i = 0; i < run.count; ++i) {
        repeats[at] = i < same ? repeats[run.from + i] + 1 : 1;
        degrees[at] = m;
        arrangements[at] = arrangements[run.from + i] * static_cast<double>(m) / static_cast<double>(repeats[at]);
        ++at;
      }
      runs.push_back(run);
    }
    starts = next;
    end_below = at;
  }
}

}  // namespace gapwright
