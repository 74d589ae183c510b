// SPDX-License-Identifier: MIT
// Scoring kernels on bit-sliced blocks of 512 vectors (Highway, one compilation per instruction set).
//
// subset_counts adds columns with carry-save adders (Harley-Seal): 8 columns become one carry of weight 8 with 7 full adders, two
// three-input logic operations each, so plane p of the sum costs little beyond the loads. Sums that begin alike are added once: a
// program of steps says from which kept sum each starts. The histogram of the 2^P possible sums is taken without ever leaving
// bit-sliced form: the numbers N_X of lanes in which all planes of a subset X are one (one AND, one population count, one
// addition per subset) are accumulated over all sums, and h[v] follows from them once, at the end, by inclusion and exclusion
// over supersets (counts_from_subsets). The cost per column is bounded because 2^P is at most twice the number of columns; planes
// above the fifth, which are mostly empty, are tested first.
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
#include <type_traits>

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

void GatherBitsOf(const std::uint64_t* HWY_RESTRICT from, std::size_t stride, std::size_t count, std::uint64_t chosen,
                  std::uint64_t* HWY_RESTRICT out) {
  // Hacker's Delight 7-4: bit b must move down by the number of bits below it that are not chosen; round r moves by 2^r those
  // bits whose distance has bit r. move[r] is the same for all words, so the words go through the rounds side by side.
  std::uint64_t move[6];
  std::uint64_t present = chosen, gaps = ~chosen << 1;
  for (int r = 0; r < 6; ++r) {
    std::uint64_t odd = gaps;  // bit b: parity of the gaps up to b
    for (int shift = 1; shift < 64; shift *= 2) odd ^= odd << shift;
    move[r] = odd & present;
    present = (present ^ move[r]) | (move[r] >> (1 << r));
    gaps &= ~odd;
  }
  const D d;
  const hn::RebindToSigned<D> d_index;
  const auto index = hn::Mul(hn::Iota(d_index, 0), hn::Set(d_index, static_cast<std::int64_t>(stride)));
  const auto gathered = [&](V x) HWY_ATTR {
    x = hn::And(x, hn::Set(d, chosen));
    const auto round = [&](auto shift, int r) HWY_ATTR {
      const V moving = hn::And(x, hn::Set(d, move[r]));
      x = hn::Or(hn::Xor(x, moving), hn::ShiftRight<decltype(shift)::value>(moving));
    };
    round(std::integral_constant<int, 1>(), 0);
    round(std::integral_constant<int, 2>(), 1);
    round(std::integral_constant<int, 4>(), 2);
    round(std::integral_constant<int, 8>(), 3);
    round(std::integral_constant<int, 16>(), 4);
    round(std::integral_constant<int, 32>(), 5);
    return x;
  };
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) hn::StoreU(gathered(hn::GatherIndex(d, from + i * stride, index)), d, out + i);
  for (; i < count; ++i) out[i] = hn::GetLane(gathered(hn::Set(d, from[i * stride])));
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
constexpr std::size_t kMaxPlanes = 17;  // of sums up to 2^16

/// plane += a + b, returning the carry.
template <std::size_t G>
HWY_INLINE Wide<G> AddTwo(Wide<G>& plane, const Wide<G>& a, const Wide<G>& b) {
  const Wide<G> carry = Majority(plane, a, b);
  plane = Parity(plane, a, b);
  return carry;
}
template <std::size_t G>
HWY_INLINE Wide<G> AddOne(Wide<G>& plane, const Wide<G>& a) {
  const Wide<G> carry = And(plane, a);
  plane = Xor(plane, a);
  return carry;
}

/// The lowest bit of `left`, which it loses, as a column; zeros when there is none.
template <std::size_t G>
HWY_INLINE Wide<G> NextColumn(const std::uint64_t* const* HWY_RESTRICT columns, std::size_t at, std::uint64_t& left) {
  const std::uint64_t* const* place = columns + static_cast<std::size_t>(std::countr_zero(left)) * G;
  left &= left - 1;
  Wide<G> column;
  for (std::size_t g = 0; g < G; ++g) column.part[g] = hn::Load(D(), place[g] + at);
  return column;
}

/// Adds the next four columns to the planes of weight 1 and 2, returning the carry of weight 4.
template <std::size_t G>
HWY_INLINE Wide<G> AddFour(Wide<G>& ones, Wide<G>& twos, const std::uint64_t* const* HWY_RESTRICT columns, std::size_t at,
                           std::uint64_t& left) {
  const Wide<G> a = NextColumn<G>(columns, at, left), b = NextColumn<G>(columns, at, left);
  const Wide<G> two0 = AddTwo(ones, a, b);
  const Wide<G> c = NextColumn<G>(columns, at, left), d = NextColumn<G>(columns, at, left);
  const Wide<G> two1 = AddTwo(ones, c, d);
  return AddTwo(twos, two0, two1);
}

/// Adds the columns of a step to the planes at `from`, giving those at `to`. The six lowest planes stay in registers meanwhile;
/// planes 6 and up are carried through memory.
template <std::size_t G>
HWY_INLINE void AddColumns(const HistogramTask& task, std::size_t at, const std::uint64_t* HWY_RESTRICT bits,
                           const Wide<G>* HWY_RESTRICT from, Wide<G>* HWY_RESTRICT to) {
  Wide<G> ones = from[0], twos = from[1], fours = from[2], eights = from[3], sixteens = from[4], thirtytwos = from[5];
  const std::size_t planes = task.planes;
  for (std::size_t p = kRegisterPlanes; p < planes; ++p) to[p] = from[p];
  const std::uint64_t* const* columns = task.columns;
  for (std::size_t w = 0; w < task.words; ++w, columns += kColumnsPerWord * G) {
    std::uint64_t left = bits[w];
    for (int count = std::popcount(left); count > 0; count -= 8) {
      Wide<G> up = AddFour<G>(ones, twos, columns, at, left);
      up = count > 4 ? AddTwo(fours, up, AddFour<G>(ones, twos, columns, at, left)) : AddOne(fours, up);
      up = AddOne(eights, up);
      up = AddOne(sixteens, up);
      up = AddOne(thirtytwos, up);
      for (std::size_t p = kRegisterPlanes; p < planes; ++p) up = AddOne(to[p], up);
    }
  }
  to[0] = ones;
  to[1] = twos;
  to[2] = fours;
  to[3] = eights;
  to[4] = sixteens;
  to[5] = thirtytwos;
}

/// sums[X] += lanes in which all planes of X are one, for every non-empty X among the first P planes; recursion over planes from
/// the top.
template <std::size_t P, std::size_t G>
HWY_INLINE void CountSubsets(const Wide<G>* HWY_RESTRICT planes, const Wide<G>& within, std::uint64_t* HWY_RESTRICT sums) {
  if constexpr (P > 0) {
    const D d;
    const Wide<G> both = And(within, planes[P - 1]);
    std::uint64_t* sum = sums + (std::size_t{1} << (P - 1)) * kBlockWords;
    hn::Store(hn::Add(hn::Load(d, sum), Ones(both)), d, sum);
    CountSubsets<P - 1>(planes, within, sums);
    CountSubsets<P - 1>(planes, both, sum);
  }
}

/// The same within all lanes, not inlined: in one function with the additions, sanitized builds take many minutes to compile.
template <std::size_t P, std::size_t G>
HWY_NOINLINE void CountAllSubsets(const Wide<G>* HWY_RESTRICT planes, std::uint64_t* HWY_RESTRICT sums) {
  CountSubsets<P>(planes, Same<G>(~std::uint64_t{0}), sums);
}

/// The part of the above for the subsets of planes 0..top that have plane `top`, within the lanes given: empty ones are left out,
/// for large sums are rare.
template <std::size_t G>
HWY_NOINLINE void CountSubsetsWith(std::size_t top, const Wide<G>* HWY_RESTRICT planes, const Wide<G>& within,
                                   std::uint64_t* HWY_RESTRICT sums) {
  const Wide<G> both = And(within, planes[top]);
  if (!AnyOne(both)) return;
  const D d;
  std::uint64_t* sum = sums + (std::size_t{1} << top) * kBlockWords;
  hn::Store(hn::Add(hn::Load(d, sum), Ones(both)), d, sum);
  CountSubsets<3>(planes, both, sum);
  for (std::size_t p = 3; p < top; ++p) CountSubsetsWith<G>(p, planes, both, sum);
}

template <std::size_t G>
HWY_INLINE void SubsetCountsOf(const HistogramTask& task) {
  const Wide<G> everything = Same<G>(~std::uint64_t{0});
  Wide<G> kept[kSumDepths + 1][kMaxPlanes];  // a finished sum is like one kept, one deeper, for nobody
  for (Wide<G>& plane : kept[0]) plane = Same<G>(0);
  for (std::size_t at = 0; at < kBlockWords; at += kLanes) {
    const std::uint64_t* bits = task.bits;
    for (const SumStep* step = task.steps; step != task.steps + task.step_count; ++step, bits += task.words) {
      const Wide<G>* planes = kept[step->depth + 1];
      std::uint64_t* sums = step->subset_counts;
      AddColumns<G>(task, at, bits, kept[step->depth], kept[step->depth + 1]);
      if (sums == nullptr) continue;
      if (step->planes < 4) {
        CountAllSubsets<3>(planes, sums);
      } else if (step->planes == 4) {
        CountAllSubsets<4>(planes, sums);
      } else {
        CountAllSubsets<5>(planes, sums);
        for (std::size_t p = 5; p < step->planes; ++p) CountSubsetsWith<G>(p, planes, everything, sums);
      }
    }
  }
}

void SubsetCountsOfBlocks(const HistogramTask& task) {
  if (task.blocks == 2)
    SubsetCountsOf<2>(task);
  else
    SubsetCountsOf<1>(task);
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
HWY_EXPORT(GatherBitsOf);
HWY_EXPORT(SubsetCountsOfBlocks);
HWY_EXPORT(AndPopcountSum);
HWY_EXPORT(TargetName);

Sieve sieve() { return HWY_DYNAMIC_DISPATCH(SieveBlock); }
Threshold threshold() { return HWY_DYNAMIC_DISPATCH(ThresholdBlock); }
GatherBits gather_bits() { return HWY_DYNAMIC_DISPATCH(GatherBitsOf); }
SubsetCounts subset_counts() { return HWY_DYNAMIC_DISPATCH(SubsetCountsOfBlocks); }
AndPopcount and_popcount() { return HWY_DYNAMIC_DISPATCH(AndPopcountSum); }
const char* target_name() { return HWY_DYNAMIC_DISPATCH(TargetName)(); }

void counts_from_subsets(const std::uint64_t* subset_counts, std::size_t planes, std::uint64_t* counts) {
  const std::size_t subsets = std::size_t{1} << planes;
  for (std::size_t x = 0; x < subsets; ++x) {
    counts[x] = 0;
    for (std::size_t i = 0; i < kBlockWords; ++i) counts[x] += subset_counts[x * kBlockWords + i];
  }
  // Inclusion and exclusion: subtracting each superset's number plane by plane leaves the exact values.
  for (std::size_t bit = 1; bit < subsets; bit *= 2)
    for (std::size_t x = 0; x < subsets; x += 2 * bit)
      for (std::size_t y = x; y < x + bit; ++y) counts[y] -= counts[y + bit];
}
}  // namespace gapwright::kernels
#endif
