#pragma once

// What the programs of this folder share: compare.py starts one for a network, and asks it for its speed in each round.

#include <chrono>
#include <iostream>
#include <string>

namespace peers {

/// The workload's batches that a program repeats. So few stay in the cache: this favours the other library.
constexpr int batches = 8;

/// Prints `description`, then reads a number of seconds a line, calls `run` for as long after a warm-up of a fifth of it, and
/// prints steps a second. `run` takes some steps and returns how many.
template <typename Run>
int serve(const std::string& description, const Run& run) {
  using Clock = std::chrono::steady_clock;
  const auto rate = [&](double seconds) {
    const auto start = Clock::now();
    double taken = 0;
    long steps = 0;
    do {
      steps += run();
      taken = std::chrono::duration<double>(Clock::now() - start).count();
    } while (taken < seconds);
    return static_cast<double>(steps) / taken;
  };
  std::cout << description << std::endl;
  for (double seconds = 0; std::cin >> seconds;) {
    rate(seconds / 5);
    std::cout << rate(seconds) << std::endl;
  }
  return 0;
}

/// Prints why a program can not measure, which compare.py repeats, and returns its exit code.
inline int refuse(const std::string& reason) {
  std::cerr << reason << std::endl;
  return 1;
}

}  // namespace peers
