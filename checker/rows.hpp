// SPDX-License-Identifier: MIT
#pragma once
#include <mpfr.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <numeric>
#include <random>
#include <system_error>
#include <thread>
#include <vector>

#include "checker/check.hpp"

// The rows of a no certificate.
namespace checker {

template <class T>
std::uint64_t length_of(const Runs<T>& runs) {
  std::uint64_t rows = 0;
  for (const auto& run : runs)
    if (__builtin_add_overflow(rows, run.second, &rows)) throw Rejected("rows.runs: more rows than there can be");
  return rows;
}

/// The first row of run number `r`.
template <class T>
std::uint64_t start_of(const Runs<T>& runs, std::size_t r) {
  std::uint64_t rows = 0;
  for (std::size_t i = 0; i < r; ++i) rows += runs[i].second;
  return rows;
}

/// All rows, or a sample, spread by a generator with a fixed seed.
inline std::vector<std::uint64_t> chosen_rows(std::uint64_t rows, std::size_t sample) {
  std::vector<std::uint64_t> chosen(rows);
  std::iota(chosen.begin(), chosen.end(), std::uint64_t{0});
  if (sample == 0 || sample >= rows) return chosen;
  std::shuffle(chosen.begin(), chosen.end(), std::mt19937_64(1));
  chosen.resize(sample);
  return chosen;
}

/// Calls check_row(row, entry of its run) for the rows to look at, from several threads; the first exception ends it. When the
/// first rows show that the time limit will not do, it says so at once.
template <class T>
void each_row(const Runs<T>& runs, std::uint64_t rows, const Options& options, const Clock& clock,
              const std::function<void(std::uint64_t, const T&)>& check_row) {
  std::vector<std::uint64_t> starts;
  std::uint64_t end = 0;
  for (const auto& run : runs) {
    starts.push_back(end);
    end += run.second;
  }
  std::vector<std::uint64_t> chosen = chosen_rows(rows, options.sample);
  std::shuffle(chosen.begin(), chosen.end(), std::mt19937_64(2));  // so that the time of the first ones tells the time of all
  std::atomic<std::size_t> next{0}, done{0};
  std::atomic<bool> stop{false};
  std::exception_ptr failure;
  std::mutex mutex;
  const double begun = clock.elapsed();
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < chosen.size() && !stop; i = next++) {
        const std::uint64_t row = chosen[i];
        const auto run = std::upper_bound(starts.begin(), starts.end(), row) - starts.begin() - 1;
        check_row(row, runs[static_cast<std::size_t>(run)].first);
        const std::size_t finished = ++done;
        const double spent = clock.elapsed() - begun,
                     whole = spent / static_cast<double>(finished) * static_cast<double>(chosen.size());
        if (spent > 5 && whole > 2 * clock.limit())
          throw Limit("recounting all " + std::to_string(chosen.size()) + " rows takes about " +
                      std::to_string(static_cast<long long>(whole)) +
                      " s; raise --time-limit, or look at some rows only with --sample N");
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      stop = true;
    }
  };
  const unsigned threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> others;
  others.reserve(threads);
  try {
    for (unsigned t = 1; t < threads && t < chosen.size(); ++t)
      others.emplace_back([&] {
        work();
        mpfr_free_cache();  // the thread's own
      });
  } catch (const std::system_error&) {  // no room for another stack: those that there are do
  }
  work();
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace checker
