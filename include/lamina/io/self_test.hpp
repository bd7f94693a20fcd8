#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/random.hpp"
#include "../models/model.hpp"
#include "number_text.hpp"

namespace LAMINA_NAMESPACE::detail {

// A file stores the model's output for one test input, so that a program that rebuilds the model can check that it is the
// same. The input has numbers in [−1, 1) from a seed, in the order (h, w, c):
//
//   "lamina.self_test": {"seed":1,"output":["0.25","-3.5",…]}        at most 1000 numbers
//
// Sums may be rounded in another order elsewhere. Two outputs are equal if no number differs by more than 1e-4 times the
// largest one, or times 1 if that is more.

inline constexpr std::uint64_t self_test_seed = 1;
inline constexpr std::size_t self_test_numbers = 1000;
inline constexpr double self_test_tolerance = 1e-4;

/// Returns a model's output for the input of this seed.
template <typename T>
std::vector<double> self_test_output(const BasicModel<T>& model, std::uint64_t seed);

/// Throws DataError if a number differs from the stored one.
void compare_outputs(const std::vector<double>& stored, const std::vector<double>& made);

template <typename T>
std::string self_test_text(const BasicModel<T>& model);

/// Throws DataError unless the model reproduces the output of a file's self-test.
template <typename T>
void run_self_test(const BasicModel<T>& model, std::string_view text);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/self_test.ipp"
#endif
