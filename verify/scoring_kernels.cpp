// Scoring kernels on bit-sliced blocks of 512 vectors (Highway, one compilation per instruction set).
//
// block_histogram lists the columns of a mask and adds them with carry-save adders (Harley-Seal): 8 columns become one carry of weight 8 with 7 full adders,
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
#include <utility>

#ifndef GAPWRIGHT_LIST_WORDS
#define GAPWRIGHT_LIST_WORDS
namespace gapwright::kernels {
/// Words for a list of column numbers of 16 bits each, with room for a vector beyond, a whole number of cache lines.
inline std::size_t list_words(std::size_t columns) { return (columns + 64 + 31) / 32 * 8; }
}  // namespace gapwright::kernels
#endif

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

using D16 = hn::ScalableTag<std::uint16_t>;

/// Writes the numbers of the columns in the mask to `list` (room for a vector beyond them) and returns how many there are.
HWY_INLINE std::size_t ListColumns(const std::uint64_t* HWY_RESTRICT mask, std::size_t mask_words, std::uint16_t* HWY_RESTRICT list) {
  const D16 d;
  constexpr std::size_t kStep = hn::MaxLanes(d);
  const auto* bits = reinterpret_cast<const std::uint8_t*>(mask);
  std::size_t count = 0;
  auto numbers = hn::Iota(d, 0);
  for (std::size_t bit = 0; bit < 64 * mask_words; bit += kStep) {
    const auto chosen = hn::LoadMaskBits(d, bits + bit / 8);
    hn::StoreU(hn::Compress(numbers, chosen), d, list + count);  // whole vectors: masked stores do not forward to the loads below
    count += hn::CountTrue(d, chosen);
    numbers = hn::Add(numbers, hn::Set(d, kStep));
  }
  return count;
}

/// The same lanes of G blocks side by side: twice the work per column number looked up, and twice the independent operations.
template <std::size_t G>
struct Wide {
  V part[G];
};
template <std::size_t G, class Op, class... Args>
HWY_INLINE Wide<G> Each(Op op, const Args&... args) {
  Wide<G> result;
  for (std::size_t g = 0; g < G; ++g) result.part[g] = op(args.part[g]...);
  return result;
}
template <std::size_t G>
HWY_INLINE Wide<G> Majority(const Wide<G>& a, const Wide<G>& b, const Wide<G>& c) {
  return Each<G>([](V x, V y, V z) { return Majority(x, y, z); }, a, b, c);
}
template <std::size_t G>
HWY_INLINE Wide<G> Parity(const Wide<G>& a, const Wide<G>& b, const Wide<G>& c) {
  return Each<G>([](V x, V y, V z) { return Parity(x, y, z); }, a, b, c);
}
template <std::size_t G>
HWY_INLINE Wide<G> And(const Wide<G>& a, const Wide<G>& b) {
  return Each<G>([](V x, V y) { return hn::And(x, y); }, a, b);
}
template <std::size_t G>
HWY_INLINE Wide<G> Or(const Wide<G>& a, const Wide<G>& b) {
  return Each<G>([](V x, V y) { return hn::Or(x, y); }, a, b);
}
template <std::size_t G>
HWY_INLINE Wide<G> Xor(const Wide<G>& a, const Wide<G>& b) {
  return Each<G>([](V x, V y) { return hn::Xor(x, y); }, a, b);
}
template <std::size_t G>
HWY_INLINE Wide<G> Same(std::uint64_t word) {
  Wide<G> result;
  for (std::size_t g = 0; g < G; ++g) result.part[g] = hn::Set(D(), word);
  return result;
}
template <std::size_t G>
HWY_INLINE bool AnyOne(const Wide<G>& a) {
  V any = a.part[0];
  for (std::size_t g = 1; g < G; ++g) any = hn::Or(any, a.part[g]);
  return !hn::AllTrue(D(), hn::Eq(any, hn::Zero(D())));
}
template <std::size_t G>
HWY_INLINE V Ones(const Wide<G>& a) {
  V sum = hn::PopulationCount(a.part[0]);
  for (std::size_t g = 1; g < G; ++g) sum = hn::Add(sum, hn::PopulationCount(a.part[g]));
  return sum;
}

constexpr std::size_t kRegisterPlanes = 6;

/// Adds the listed columns of G blocks (`stride` words apart) into bit planes. Up to 63 columns all planes stay in registers; above, planes
/// 6 and up are carried through memory.
template <std::size_t G>
HWY_INLINE void AddColumns(const std::uint64_t* HWY_RESTRICT slices, std::size_t stride, const std::uint16_t* HWY_RESTRICT list,
                           std::size_t count, std::size_t plane_count, Wide<G>* HWY_RESTRICT planes) {
  const Wide<G> zero = Same<G>(0);
  Wide<G> ones = zero, twos = zero, fours = zero, eights = zero, sixteens = zero, thirtytwos = zero;
  for (std::size_t p = kRegisterPlanes; p < plane_count; ++p) planes[p] = zero;
  const auto column = [&](std::size_t i) {
    const std::uint64_t* place = slices + std::size_t{list[i]} * kBlockWords;
    Wide<G> loaded;
    for (std::size_t g = 0; g < G; ++g) loaded.part[g] = hn::Load(D(), place + g * stride);
    return loaded;
  };
  const auto add = [](Wide<G>& plane, const Wide<G>& a, const Wide<G>& b) {  // returns the carry
    const Wide<G> carry = Majority(plane, a, b);
    plane = Parity(plane, a, b);
    return carry;
  };
  const auto carry_eight = [&](const Wide<G>& carry) {
    const Wide<G> sixteen = And(eights, carry);
    eights = Xor(eights, carry);
    const Wide<G> thirtytwo = And(sixteens, sixteen);
    sixteens = Xor(sixteens, sixteen);
    Wide<G> up = And(thirtytwos, thirtytwo);
    thirtytwos = Xor(thirtytwos, thirtytwo);
    for (std::size_t p = kRegisterPlanes; p < plane_count; ++p) {
      const Wide<G> next = And(planes[p], up);
      planes[p] = Xor(planes[p], up);
      up = next;
    }
  };
  const auto add_four = [&](std::size_t i) {  // returns the carry of weight 4
    const Wide<G> two0 = add(ones, column(i), column(i + 1));
    const Wide<G> two1 = add(ones, column(i + 2), column(i + 3));
    return add(twos, two0, two1);
  };
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const Wide<G> four0 = add_four(i);
    carry_eight(add(fours, four0, add_four(i + 4)));
  }
  if (i + 4 <= count) {
    carry_eight(add(fours, add_four(i), zero));
    i += 4;
  }
  if (i < count) {  // one to three columns
    const Wide<G> b = i + 1 < count ? column(i + 1) : zero;
    const Wide<G> c = i + 2 < count ? column(i + 2) : zero;
    const Wide<G> two0 = add(ones, column(i), b);
    const Wide<G> two1 = add(ones, c, zero);
    carry_eight(add(fours, add(twos, two0, two1), zero));
  }
  planes[0] = ones;
  planes[1] = twos;
  planes[2] = fours;
  planes[3] = eights;
  planes[4] = sixteens;
  planes[5] = thirtytwos;
}

/// sums[X] += lanes in which all planes of X are one, for every non-empty X among the first P planes; recursion over planes from the top.
template <std::size_t P, std::size_t G>
HWY_INLINE void CountSubsets(const Wide<G>* HWY_RESTRICT planes, const Wide<G>& within, std::uint64_t* HWY_RESTRICT sums) {
  if constexpr (P > 0) {
    const D d;
    const Wide<G> both = And(within, planes[P - 1]);
    std::uint64_t* sum = sums + (std::size_t{1} << (P - 1)) * kLanes;
    hn::Store(hn::Add(hn::Load(d, sum), Ones(both)), d, sum);
    CountSubsets<P - 1>(planes, within, sums);
    CountSubsets<P - 1>(planes, both, sum);
  }
}

template <std::size_t G>
HWY_NOINLINE void CountSubsetsOf(std::size_t plane_count, const Wide<G>* HWY_RESTRICT planes, const Wide<G>& within,
                                 std::uint64_t* HWY_RESTRICT sums) {
  switch (plane_count) {
    case 0: return;
    case 1: return CountSubsets<1>(planes, within, sums);
    case 2: return CountSubsets<2>(planes, within, sums);
    case 3: return CountSubsets<3>(planes, within, sums);
    case 4: return CountSubsets<4>(planes, within, sums);
    case 5: return CountSubsets<5>(planes, within, sums);
    default: break;
  }
  const D d;
  const Wide<G> both = And(within, planes[plane_count - 1]);
  CountSubsetsOf(plane_count - 1, planes, within, sums);
  if (!AnyOne(both)) return;  // the top planes are mostly empty
  std::uint64_t* sum = sums + (std::size_t{1} << (plane_count - 1)) * kLanes;
  hn::Store(hn::Add(hn::Load(d, sum), Ones(both)), d, sum);
  CountSubsetsOf(plane_count - 1, planes, both, sum);
}

template <std::size_t G>
HWY_INLINE void HistogramOf(const HistogramTask& task, std::uint64_t* HWY_RESTRICT counts, std::uint64_t* HWY_RESTRICT scratch) {
  constexpr std::size_t kMaxPlanes = 17;  // of sums up to 2^16
  const std::size_t subsets = histogram_values(task.largest_mask);
  // Two lists: the next mask's is made while the vector units still work on this one's.
  std::uint16_t* list = reinterpret_cast<std::uint16_t*>(scratch);
  std::uint16_t* next_list = reinterpret_cast<std::uint16_t*>(scratch + list_words(task.largest_mask));
  std::uint64_t* sums = scratch + 2 * list_words(task.largest_mask);
  std::fill_n(sums, subsets * kLanes, std::uint64_t{0});
  Wide<G> planes[kMaxPlanes];
  const Wide<G> everything = Same<G>(~std::uint64_t{0});
  std::size_t count = ListColumns(task.masks, task.mask_words, list);
  for (std::size_t m = 0; m < task.mask_count; ++m) {
    const std::size_t next = m + 1 < task.mask_count ? m + 1 : m;
    const std::size_t next_count = ListColumns(task.masks + next * task.mask_words, task.mask_words, next_list);
    const auto plane_count = static_cast<std::size_t>(std::bit_width(count));
    for (std::size_t at = 0; at < kBlockWords; at += kLanes) {
      AddColumns<G>(task.slices + at, task.stride, list, count, plane_count, planes);
      CountSubsetsOf<G>(plane_count, planes, everything, sums);
    }
    std::swap(list, next_list);
    count = next_count;
  }
  // Lane sums, then inclusion and exclusion: subtracting each superset's number plane by plane leaves the exact values.
  std::uint64_t* totals = sums;  // totals[X] overwrites lane 0 of entry X / kLanes, which has been read
  for (std::size_t x = 0; x < subsets; ++x) {
    std::uint64_t total = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) total += sums[x * kLanes + lane];
    totals[x] = total;
  }
  totals[0] = task.mask_count * G * kBlock;
  for (std::size_t bit = 1; bit < subsets; bit *= 2)
    for (std::size_t x = 0; x < subsets; x += 2 * bit)
      for (std::size_t y = x; y < x + bit; ++y) totals[y] -= totals[y + bit];
  for (std::size_t x = 0; x < subsets; ++x) counts[x] += totals[x];
}

void HistogramBlocks(const HistogramTask& task, std::uint64_t* HWY_RESTRICT counts, std::uint64_t* HWY_RESTRICT scratch) {
  if (task.blocks == 2)
    HistogramOf<2>(task, counts, scratch);
  else
    HistogramOf<1>(task, counts, scratch);
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
HWY_EXPORT(HistogramBlocks);
HWY_EXPORT(AndPopcountSum);
HWY_EXPORT(TargetName);

Sieve sieve() { return HWY_DYNAMIC_DISPATCH(SieveBlock); }
Threshold threshold() { return HWY_DYNAMIC_DISPATCH(ThresholdBlock); }
BlockHistogram block_histogram() { return HWY_DYNAMIC_DISPATCH(HistogramBlocks); }
AndPopcount and_popcount() { return HWY_DYNAMIC_DISPATCH(AndPopcountSum); }
const char* target_name() { return HWY_DYNAMIC_DISPATCH(TargetName)(); }

std::size_t histogram_values(std::size_t columns) { return std::size_t{1} << std::bit_width(columns); }

std::size_t histogram_scratch_words(std::size_t columns) {
  return 2 * list_words(columns) + histogram_values(columns) * kBlockWords;
}
}  // namespace gapwright::kernels
#endif
