// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <new>
#include <vector>

namespace gapwright {

/// Memory on cache line boundaries, for the vector kernels.
template <class T>
struct OnCacheLines {
  using value_type = T;
  OnCacheLines() = default;
  template <class U>
  OnCacheLines(const OnCacheLines<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, std::size_t) { ::operator delete (p, std::align_val_t{64}); }
  template <class U>
  bool operator==(const OnCacheLines<U>&) const {
    return true;
  }
};
template <class T>
using Aligned = std::vector<T, OnCacheLines<T>>;

}  // namespace gapwright
