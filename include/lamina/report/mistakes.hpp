#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/shape.hpp"
#include "../metrics/score_table.hpp"

namespace LAMINA_NAMESPACE {

/// A sample that was taken for another class than its own.
struct Mistake {
  Index sample = 0, label = 0, predicted = 0;
  double probability = 0;        ///< of the predicted class: how sure the network was
  double label_probability = 0;  ///< of the sample's own class
};

namespace detail {

/// Puts the mistakes that a network was surest of first, and drops all but so many.
void keep_worst(std::vector<Mistake>& mistakes, Index most);

}  // namespace detail

/// The mistakes that a network was surest of, the worst first, at most `most`. `probabilities` (N, K). Throws
/// ShapeError unless there is a row for each label, DataError for no sample or a label that is no class.
std::vector<Mistake> worst_mistakes(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                                           Index most);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/mistakes.ipp"
#endif
