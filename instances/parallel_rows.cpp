#include "instances/parallel_rows.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <mutex>

namespace gapwright {

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
  tbb::task_arena arena(control.threads == 0 ? tbb::task_arena::automatic : static_cast<int>(control.threads));
  arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, pieces, 1), [&](const tbb::blocked_range<std::size_t>& range) {
      for (std::size_t p = range.begin(); p != range.end(); ++p) run(p);
    });
  });
}

}  // namespace gapwright
