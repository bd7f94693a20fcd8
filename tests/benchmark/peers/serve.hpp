#pragma once

// What the programs of this folder share: compare.py starts one for a network, and asks it for its speed in each round.

#include <iostream>
#include <string>

#include "../timing.hpp"

namespace peers {

/// The workload's batches that a program repeats. So few stay in the cache: this favours the other library.
constexpr int batches = 4;

/// Returns steps a second: the mean over `seconds`, as the benchmark's program measures training, after a warm-up of a fifth of
/// it. `run` takes some steps and returns how many.
template <typename Run>
double training_rate(const Run& run, double seconds) {
  const auto rate = [&](double least) {
    const auto start = bench::Clock::now();
    double taken = 0;
    long steps = 0;
    do {
      steps += run();
      taken = bench::since(start);
    } while (taken < least);
    return static_cast<double>(steps) / taken;
  };
  rate(seconds / 5);
  return rate(seconds);
}

/// Prints `description`, then reads a number of seconds a line and prints the steps a second that `rate` returns for it.
template <typename Rate>
int serve(const std::string& description, const Rate& rate) {
  std::cout << description << std::endl;
  for (double seconds = 0; std::cin >> seconds;) std::cout << rate(seconds) << std::endl;
  return 0;
}

/// Prints why a program can not measure, which compare.py repeats, and returns its exit code.
inline int refuse(const std::string& reason) {
  std::cerr << reason << std::endl;
  return 1;
}

}  // namespace peers
