#pragma once

#include <string>
#include <vector>

#include "../core/tensor.hpp"
#include "diagnosis.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Classes without samples, classes that outnumber others ten times, labels that seem to count from 1.
void look_at_labels(const std::vector<Index>& counts, const std::vector<std::string>& names,
                           const Report& report);

/// A second set whose classes are others, or in other shares. Half of Σ|p − q| is 0 for equal shares and 1 for disjoint
/// ones; what chance makes of n samples of K classes is about 0.4·√(K / n).
void compare_labels(const std::vector<Index>& first, const std::vector<Index>& second, const Report& report);

/// Target rows that the loss cannot bring about, or that are far from what a network begins with.
void look_at_targets(const Tensor<float, 2>& targets, std::string_view loss, const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/look_at_labels.ipp"
#endif
