// SPDX-License-Identifier: MIT
#include "support/rounding.hpp"

#include <doctest/doctest.h>
#include <gmpxx.h>

#include "support/philox.hpp"

using namespace gapwright;

TEST_CASE(
    "upward: sums that lose every term, products that lose at every step, and random ones are lifted above the exact result") {
  for (const int n : {1, 2, 9, 1000, 9000, 20000, 100000}) {
    CAPTURE(n);
    const double lost = 0x0.ffp-53;  // 1 + lost rounds to 1
    double sum = 1, product = 1;
    for (int i = 0; i < n; ++i) {
      sum += lost;
      product *= 1 + 0x1p-52;
      product *= 1 - 0x1p-53;  // rounded to what it was, or below
    }
    CHECK(mpq_class(sum * upward(n)) >= 1 + n * mpq_class(lost));
    const mpq_class gained = (1 + mpq_class(0x1p-52)) * (1 - mpq_class(0x1p-53));
    CHECK(mpq_class(product * upward(2 * n)) >= 1 + n * mpq_class(gained - 1));   // at most the power, by Bernoulli
    if (n > 9000) CHECK(mpq_class(sum * (1 + 1e-12)) < 1 + n * mpq_class(lost));  // a fixed slack is not enough
  }
  Random random(3, 0);
  for (int trial = 0; trial < 40; ++trial) {
    double sum = 0;
    mpq_class exact = 0;
    const int n = 200;
    for (int i = 0; i < n; ++i) {
      const double x = random.unit(), y = random.unit();
      sum += x * y;
      exact += mpq_class(x) * mpq_class(y);
    }
    CHECK(mpq_class(sum * upward(n + 1)) >= exact);
    CHECK(mpq_class(sum * upward(n + 1)) <= exact * (1 + mpq_class(3 * (n + 3) * 0x1p-53)));
  }
}
