#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../core/tensor.hpp"
#include "diagnosis.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Reports classes without samples, classes ten times larger than others, and labels that seem to count from 1.
void check_labels(const std::vector<Index>& counts, const std::vector<std::string>& names,
                           const Report& report);

/// Reports a second set with other classes, or with other class shares. Half of Σ|p − q| is 0 for equal shares and 1 for
/// disjoint ones; chance gives about 0.4·√(K / n) for n samples of K classes.
void compare_labels(const std::vector<Index>& first, const std::vector<Index>& second, const Report& report);

/// Reports held-out samples whose classes were predicted no better than by guessing, although the network can learn samples by
/// heart: the mean of the classes' recalls is at most two standard errors above 1/K. Returns whether the predictions are better,
/// or there are too few samples to tell.
bool check_held_out(const Tensor<float, 2>& probabilities, const std::vector<std::int32_t>& labels, const Report& report);

/// Reports target rows that cannot be reached with the loss, or that are far from a network's first outputs.
void look_at_targets(const Tensor<float, 2>& targets, std::string_view loss, const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/check_labels.ipp"
#endif
