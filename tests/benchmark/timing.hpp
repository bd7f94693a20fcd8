#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

inline double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// What one call takes, in seconds: the median over slices of a millisecond or one call, whichever is more, during
/// `seconds`; a fifth of that is warm-up before.
template <typename Call>
double time_of(const Call& call, double seconds) {
  long calls = 0;
  const auto warm_up = Clock::now();
  do {
    call();
    ++calls;
  } while (since(warm_up) < seconds / 5);
  const long slice = std::max(1L, static_cast<long>(1e-3 * static_cast<double>(calls) / since(warm_up)));
  std::vector<double> times;
  const auto begin = Clock::now();
  do {
    const auto start = Clock::now();
    for (long i = 0; i < slice; ++i) call();
    times.push_back(since(start) / static_cast<double>(slice));
  } while (since(begin) < seconds);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

}  // namespace bench
