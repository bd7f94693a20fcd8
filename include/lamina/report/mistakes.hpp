#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/shape.hpp"
#include "../metrics/score_table.hpp"

namespace LAMINA_NAMESPACE {

/// A sample that was predicted as another class than its own.
struct Mistake {
  Index sample = 0, label = 0, predicted = 0;
  double probability = 0;        ///< of the predicted class: the network's confidence
  double label_probability = 0;  ///< of the sample's own class
};

namespace detail {

/// Sorts mistakes by the network's confidence, the highest first, and keeps at most so many.
void keep_worst(std::vector<Mistake>& mistakes, Index most);

}  // namespace detail

/// Returns the mistakes with the highest confidence, the worst first, at most `most`. `probabilities` is (N, K). Throws
/// ShapeError unless there is a row for each label, DataError for no sample or a label outside the classes.
std::vector<Mistake> worst_mistakes(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                                           Index most);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/mistakes.ipp"
#endif
