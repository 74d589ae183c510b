// SPDX-License-Identifier: MIT
// Counts, for one prefix of parties 0 .. k-2 and a block of vectors of the last party, the coins that accept.
//
// Multiplication by the prefix's symbol is a row of a table of multiples; addition in F_{p^e} is addition of the e digits mod p, one 16-bit
// lane a vector: s + v, then min(s, s - p) in unsigned arithmetic is the reduction (p < 2^15). A coin accepts where all digits of the sum equal
// those of the message.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "verify/accepting_kernel.cpp"
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1
#endif
#include "verify/accepting_kernel.hpp"

#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gapwright::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void CountAcceptingLanes(const AcceptingTask& task, const std::uint16_t* HWY_RESTRICT products,
                         std::uint16_t* HWY_RESTRICT accepted) {
  const hn::CappedTag<std::uint16_t, 32> d;
  const auto p = hn::Set(d, task.characteristic);
  const std::size_t element = task.digits * task.lanes;
  for (std::size_t lane = 0; lane < task.lanes; lane += hn::Lanes(d)) {
    auto count = hn::Zero(d);
    for (std::size_t x = 0; x < task.coins; ++x) {
      auto equal = hn::Set(d, std::uint16_t{0xFFFF});
      for (std::size_t digit = 0; digit < task.digits; ++digit) {
        auto sum = hn::Zero(d);
        for (std::size_t tau = 0; tau < task.blocks; ++tau) {
          const std::size_t place = x * task.blocks + tau;
          if (products[place] == 0) continue;
          const std::uint16_t* multiple =
              task.multiples + (place * task.field_size + products[place]) * element + digit * task.lanes + lane;
          sum = hn::Add(sum, hn::LoadU(d, multiple));
          sum = hn::Min(sum, hn::Sub(sum, p));
        }
        const auto wanted = hn::Set(d, task.message[x * task.digits + digit]);
        equal = hn::And(equal, hn::VecFromMask(d, hn::Eq(sum, wanted)));
      }
      count = hn::Sub(count, equal);  // all ones is -1
    }
    hn::StoreU(count, d, accepted + lane);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gapwright::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gapwright::kernels {
HWY_EXPORT(CountAcceptingLanes);
CountAccepting count_accepting() { return HWY_DYNAMIC_DISPATCH(CountAcceptingLanes); }
}  // namespace gapwright::kernels
#endif
