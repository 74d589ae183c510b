// Scoring kernels on bit-sliced blocks of 512 vectors (Highway, one compilation per instruction set).
//
// block_histogram adds the masked columns with carry-save adders (Harley-Seal): 8 columns become one carry of weight 8 with 7 full adders,
// two three-input logic operations each, so plane p of the sum costs little beyond the loads. The histogram of the 2^P possible sums
// is taken without ever leaving bit-sliced form: the numbers N_X of lanes in which all planes of a subset X are one (one AND, one
// population count, one addition per subset) are accumulated over all masks, and h[v] follows from them once, at the end, by inclusion and
// exclusion over supersets. The cost per column is bounded because 2^P is at most twice the number of columns.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "verify/scoring_kernels.cpp"
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1
#endif
#include "verify/scoring_kernels.hpp"

#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace gapwright::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<std::uint64_t, kBlockWords>;
using V = hn::Vec<D>;
constexpr std::size_t kLanes = hn::MaxLanes(D());  // exact: scalable vectors are not among our targets

#if HWY_TARGET <= HWY_AVX3
template <int table>
HWY_INLINE V Ternary(V a, V b, V c) {
  return V{_mm512_ternarylogic_epi64(a.raw, b.raw, c.raw, table)};
}
HWY_INLINE V Majority(V a, V b, V c) { return Ternary<0xE8>(a, b, c); }
HWY_INLINE V Parity(V a, V b, V c) { return Ternary<0x96>(a, b, c); }
#else
HWY_INLINE V Majority(V a, V b, V c) { return hn::Or(hn::And(a, b), hn::And(c, hn::Xor(a, b))); }
HWY_INLINE V Parity(V a, V b, V c) { return hn::Xor(hn::Xor(a, b), c); }
#endif

bool SieveBlock(const std::uint64_t* HWY_RESTRICT slices, const std::uint64_t* HWY_RESTRICT mask, std::size_t mask_words,
                std::uint64_t* HWY_RESTRICT alive) {
  const D d;
  constexpr std::size_t kVectors = kBlockWords / kLanes;
  V state[kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) state[v] = hn::LoadU(d, alive + v * kLanes);
  const auto none = [&] {
    V any = state[0];
    for (std::size_t v = 1; v < kVectors; ++v) any = hn::Or(any, state[v]);
    return hn::AllTrue(d, hn::Eq(any, hn::Zero(d)));
  };
  bool dead = none();
  for (std::size_t w = 0; w < mask_words && !dead; ++w) {
    std::uint64_t bits = mask[w];
    const std::uint64_t* base = slices + w * 64 * kBlockWords;
    while (bits != 0) {
      for (int step = 0; step < 4 && bits != 0; ++step) {
        const std::uint64_t* column = base + static_cast<std::size_t>(std::countr_zero(bits)) * kBlockWords;
        bits &= bits - 1;
        for (std::size_t v = 0; v < kVectors; ++v) state[v] = hn::AndNot(hn::Load(d, column + v * kLanes), state[v]);
      }
      if (none()) {
        dead = true;
        break;
      }
    }
  }
  for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(state[v], d, alive + v * kLanes);
  return !dead;
}

bool ThresholdBlock(const std::uint64_t* HWY_RESTRICT slices, const std::uint64_t* HWY_RESTRICT mask, std::size_t mask_words,
                    std::size_t cut, std::uint64_t* HWY_RESTRICT at_least) {
  const D d;
  const V ones = hn::Set(d, ~std::uint64_t{0});
  std::fill_n(at_least, kBlockWords, ~std::uint64_t{0});
  std::fill_n(at_least + kBlockWords, (cut - 1) * kBlockWords, std::uint64_t{0});
  std::uint64_t* top = at_least + cut * kBlockWords;
  const auto any_below = [&] {
    V all = ones;
    for (std::size_t v = 0; v < kBlockWords; v += kLanes) all = hn::And(all, hn::LoadU(d, top + v));
    return !hn::AllTrue(d, hn::Eq(all, ones));
  };
  for (std::size_t w = 0; w < mask_words; ++w)
    for (std::uint64_t bits = mask[w]; bits != 0; bits &= bits - 1) {
      const std::uint64_t* column = slices + (w * 64 + static_cast<std::size_t>(std::countr_zero(bits))) * kBlockWords;
      for (std::size_t v = 0; v < kBlockWords; v += kLanes) {
        const V bit = hn::Load(d, column + v);
        for (std::size_t t = cut; t >= 1; --t) {  // downwards: plane t - 1 must still be the old one
          std::uint64_t* plane = at_least + t * kBlockWords + v;
          const V below = hn::LoadU(d, at_least + (t - 1) * kBlockWords + v);
          hn::StoreU(hn::Or(hn::LoadU(d, plane), hn::And(below, bit)), d, plane);
        }
      }
      if (!any_below()) return false;
    }
  return any_below();
}

/// Adds the columns of one mask into bit planes; returns how many planes may be non-zero.
HWY_INLINE std::size_t AddColumns(const std::uint64_t* HWY_RESTRICT slices, const std::uint64_t* HWY_RESTRICT mask,
                                  std::size_t mask_words, std::size_t at, const std::uint64_t* HWY_RESTRICT zeros,
                                  const std::uint64_t** HWY_RESTRICT columns, V* HWY_RESTRICT planes) {
  const D d;
  std::size_t count = 0;
  for (std::size_t w = 0; w < mask_words; ++w)
    for (std::uint64_t bits = mask[w]; bits != 0; bits &= bits - 1)
      columns[count++] = slices + (w * 64 + static_cast<std::size_t>(std::countr_zero(bits))) * kBlockWords + at;
  const auto plane_count = static_cast<std::size_t>(std::bit_width(count));
  for (std::size_t i = count; i % 8 != 0; ++i) columns[i] = zeros;
  V ones = hn::Zero(d), twos = ones, fours = ones;
  for (std::size_t p = 3; p < plane_count; ++p) planes[p] = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += 8) {
    const auto column = [&](std::size_t c) { return hn::Load(d, columns[i + c]); };
    V carry[2], pair[2];
    for (std::size_t half = 0; half < 2; ++half) {
      for (std::size_t quarter = 0; quarter < 2; ++quarter) {
        const V a = column(4 * half + 2 * quarter), b = column(4 * half + 2 * quarter + 1);
        pair[quarter] = Majority(ones, a, b);
        ones = Parity(ones, a, b);
      }
      carry[half] = Majority(twos, pair[0], pair[1]);
      twos = Parity(twos, pair[0], pair[1]);
    }
    V eights = Majority(fours, carry[0], carry[1]);
    fours = Parity(fours, carry[0], carry[1]);
    for (std::size_t p = 3; p < plane_count; ++p) {
      const V next = hn::And(planes[p], eights);
      planes[p] = hn::Xor(planes[p], eights);
      eights = next;
    }
  }
  planes[0] = ones;
  planes[1] = twos;
  planes[2] = fours;
  return plane_count;
}

/// sums[X] += lanes in which all planes of X are one, for every non-empty X among the first P planes; recursion over planes from the top.
template <std::size_t P>
HWY_INLINE void CountSubsets(const V* HWY_RESTRICT planes, V within, std::uint64_t* HWY_RESTRICT sums) {
  const D d;
  if constexpr (P > 0) {
    const V both = hn::And(within, planes[P - 1]);
    std::uint64_t* sum = sums + (std::size_t{1} << (P - 1)) * kLanes;
    hn::Store(hn::Add(hn::Load(d, sum), hn::PopulationCount(both)), d, sum);
    CountSubsets<P - 1>(planes, within, sums);
    CountSubsets<P - 1>(planes, both, sum);
  }
}

HWY_NOINLINE void CountSubsetsOf(std::size_t plane_count, const V* HWY_RESTRICT planes, V within, std::uint64_t* HWY_RESTRICT sums) {
  const D d;
  switch (plane_count) {
    case 0: return;
    case 1: return CountSubsets<1>(planes, within, sums);
    case 2: return CountSubsets<2>(planes, within, sums);
    case 3: return CountSubsets<3>(planes, within, sums);
    case 4: return CountSubsets<4>(planes, within, sums);
    case 5: return CountSubsets<5>(planes, within, sums);
    default: break;
  }
  const V both = hn::And(within, planes[plane_count - 1]);
  CountSubsetsOf(plane_count - 1, planes, within, sums);
  if (hn::AllTrue(d, hn::Eq(both, hn::Zero(d)))) return;  // the top planes are mostly empty
  std::uint64_t* sum = sums + (std::size_t{1} << (plane_count - 1)) * kLanes;
  hn::Store(hn::Add(hn::Load(d, sum), hn::PopulationCount(both)), d, sum);
  CountSubsetsOf(plane_count - 1, planes, both, sum);
}

void HistogramBlock(const std::uint64_t* HWY_RESTRICT slices, const std::uint64_t* HWY_RESTRICT masks, std::size_t mask_count,
                    std::size_t mask_words, std::uint64_t* HWY_RESTRICT counts, std::uint64_t* HWY_RESTRICT scratch) {
  const D d;
  constexpr std::size_t kMaxPlanes = 40;
  const std::uint64_t* zeros = scratch;
  std::fill_n(scratch, kBlockWords, std::uint64_t{0});
  std::size_t columns = 0;
  for (std::size_t m = 0; m < mask_count; ++m) {
    std::size_t ones = 0;
    for (std::size_t w = 0; w < mask_words; ++w) ones += static_cast<std::size_t>(std::popcount(masks[m * mask_words + w]));
    columns = std::max(columns, ones);
  }
  const std::size_t subsets = histogram_values(columns);
  const auto column_list = reinterpret_cast<const std::uint64_t**>(scratch + kBlockWords);
  std::uint64_t* sums = scratch + kBlockWords + (columns + 15) / 8 * 8;
  std::fill_n(sums, subsets * kLanes, std::uint64_t{0});
  V planes[kMaxPlanes];
  const V everything = hn::Set(d, ~std::uint64_t{0});
  for (std::size_t m = 0; m < mask_count; ++m)
    for (std::size_t at = 0; at < kBlockWords; at += kLanes) {
      const std::size_t plane_count = AddColumns(slices, masks + m * mask_words, mask_words, at, zeros, column_list, planes);
      CountSubsetsOf(plane_count, planes, everything, sums);
    }
  // Lane sums, then inclusion and exclusion: subtracting each superset's number plane by plane leaves the exact values.
  std::uint64_t* totals = sums;  // totals[X] overwrites lane 0 of entry X <= where it is read from
  for (std::size_t x = 0; x < subsets; ++x) {
    std::uint64_t total = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) total += sums[x * kLanes + lane];
    totals[x] = total;
  }
  totals[0] = mask_count * kBlock;
  for (std::size_t bit = 1; bit < subsets; bit *= 2)
    for (std::size_t x = 0; x < subsets; ++x)
      if ((x & bit) == 0) totals[x] -= totals[x | bit];
  for (std::size_t x = 0; x < subsets; ++x) counts[x] += totals[x];
}

std::uint64_t AndPopcountSum(const std::uint64_t* HWY_RESTRICT a, const std::uint64_t* HWY_RESTRICT b, std::size_t words,
                             std::size_t repeat) {
  const D d;
  V sum[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
  for (std::size_t r = 0; r < repeat; ++r) {
    for (std::size_t i = 0; i < words; i += 4 * kLanes)
      for (std::size_t s = 0; s < 4; ++s)
        sum[s] = hn::Add(sum[s], hn::PopulationCount(hn::And(hn::Load(d, a + i + s * kLanes), hn::Load(d, b + i + s * kLanes))));
    asm volatile("" ::: "memory");  // each repetition is a real pass over the data
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3]))));
}

const char* TargetName() { return hwy::TargetName(HWY_TARGET); }

}  // namespace HWY_NAMESPACE
}  // namespace gapwright::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gapwright::kernels {
HWY_EXPORT(SieveBlock);
HWY_EXPORT(ThresholdBlock);
HWY_EXPORT(HistogramBlock);
HWY_EXPORT(AndPopcountSum);
HWY_EXPORT(TargetName);

Sieve sieve() { return HWY_DYNAMIC_DISPATCH(SieveBlock); }
Threshold threshold() { return HWY_DYNAMIC_DISPATCH(ThresholdBlock); }
BlockHistogram block_histogram() { return HWY_DYNAMIC_DISPATCH(HistogramBlock); }
AndPopcount and_popcount() { return HWY_DYNAMIC_DISPATCH(AndPopcountSum); }
const char* target_name() { return HWY_DYNAMIC_DISPATCH(TargetName)(); }

std::size_t histogram_values(std::size_t columns) { return std::size_t{1} << std::bit_width(columns); }

std::size_t histogram_scratch_words(std::size_t columns) {
  return kBlockWords + (columns + 15) / 8 * 8 + histogram_values(columns) * kBlockWords;
}
}  // namespace gapwright::kernels
#endif
