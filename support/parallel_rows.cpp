// SPDX-License-Identifier: MIT
#include "support/parallel_rows.hpp"

#ifdef __SANITIZE_THREAD__
#include <exception>
#include <thread>
#include <vector>
#else
#include <tbb/blocked_range.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <map>
#include <stdexcept>
#include <string_view>
#endif

#include <algorithm>
#include <atomic>
#include <mutex>

namespace gapwright {
namespace {

#ifdef __SANITIZE_THREAD__
/// The thread sanitizer cannot see oneTBB's hand-overs, and a suppression of its frames would hide every race of ours below them: here
/// threads of the standard library do the work.
template <class Run>
void run_pieces(std::size_t pieces, unsigned threads, const Run& run) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  std::vector<std::thread> workers;
  for (unsigned t = 0; t < (threads == 0 ? 4 : threads); ++t)
    workers.emplace_back([&] {
      try {
        for (std::size_t p = next++; p < pieces; p = next++) run(p);
      } catch (...) {
        const std::lock_guard<std::mutex> guard(failing);
        if (!failure) failure = std::current_exception();
        next = pieces;
      }
    });
  for (std::thread& worker : workers) worker.join();
  if (failure) std::rethrow_exception(failure);
}
#else
/// The arenas live as long as the process, and their workers with them: made anew for each call from a new thread, an arena leaves 9 KB behind,
/// and a worker what ball arithmetic keeps for it (120 KB).
tbb::task_arena& arena_of(unsigned threads) {
  static std::mutex making;
  static std::map<unsigned, tbb::task_arena> arenas;
  const auto cores = static_cast<unsigned>(tbb::info::default_concurrency());  // asked for more, oneTBB writes to standard error
  const unsigned size = threads == 0 ? cores : std::min(threads, cores);
  const std::lock_guard<std::mutex> guard(making);
  return arenas.try_emplace(size, static_cast<int>(size)).first->second;
}

template <class Run>
void run_pieces(std::size_t pieces, unsigned threads, const Run& run) {
  if (threads == 1) {  // in an arena of one place callers would wait for each other
    for (std::size_t p = 0; p < pieces; ++p) run(p);
    return;
  }
  try {
    arena_of(threads).execute([&] {
      tbb::parallel_for(tbb::blocked_range<std::size_t>(0, pieces, 1), [&](const tbb::blocked_range<std::size_t>& range) {
        for (std::size_t p = range.begin(); p != range.end(); ++p) run(p);
      });
    });
  } catch (const std::runtime_error& e) {  // oneTBB's own, where a thread cannot be started
    if (std::string_view(e.what()).starts_with("pthread_"))
      throw LimitReached("no further thread can be started; give fewer threads");
    throw;
  }
}
#endif

}  // namespace

void for_row_pieces(std::size_t first, std::size_t last, std::size_t piece, const RunControl& control,
                    const std::function<void(std::size_t, std::size_t)>& work) {
  if (first >= last) return;
  const std::size_t pieces = (last - first + piece - 1) / piece;
  std::atomic<std::size_t> done{0};
  std::mutex reporting;
  const auto run = [&](std::size_t p) {
    control.check();
    const std::size_t begin = first + p * piece;
    work(begin, std::min(last, begin + piece));
    const std::size_t finished = ++done;
    if (control.progress && reporting.try_lock()) {
      const std::lock_guard<std::mutex> guard(reporting, std::adopt_lock);
      control.progress(static_cast<double>(finished) / static_cast<double>(pieces));
    }
  };
  run_pieces(pieces, control.threads, run);
}

}  // namespace gapwright
