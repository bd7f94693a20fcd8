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

// What a model makes of one input, kept with it: who rebuilds the model from its file can tell that it is the same one.
// The input is numbers in [−1, 1) that a seed gives, in the order (h, w, c):
//
//   "lamina.self_test": {"seed":1,"output":["0.25","-3.5",…]}        at most 1000 numbers
//
// As sums are rounded in another order elsewhere, two outputs are the same when no number differs by more than 1e-4 of the
// largest, or of 1 where that is more.

inline constexpr std::uint64_t self_test_seed = 1;
inline constexpr std::size_t self_test_numbers = 1000;
inline constexpr double self_test_tolerance = 1e-4;

/// Returns what a model makes of the input that this seed gives.
template <typename T>
std::vector<double> self_test_output(const BasicModel<T>& model, std::uint64_t seed);

/// Throws DataError where a number is not what was stored.
void compare_outputs(const std::vector<double>& stored, const std::vector<double>& made);

template <typename T>
std::string self_test_text(const BasicModel<T>& model);

/// Throws DataError unless the model makes of its input what a file's self-test says.
template <typename T>
void run_self_test(const BasicModel<T>& model, std::string_view text);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/self_test.ipp"
#endif
