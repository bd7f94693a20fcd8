#pragma once

#include <cstdint>
#include <span>

#include "score_table.hpp"

namespace LAMINA_NAMESPACE {

/// Returns the cross-entropy of probabilities p (N, K), in nats: how surprising the labels are under p.
///
///   −1/N · Σₙ ln p[n, labels[n]]
///
/// p is first clipped to [ε, 1 − ε], where ε is the distance from 1 to the next number of the tensor's type. A label of
/// probability 0 therefore costs 36 (double) or 16 (float) instead of infinity, as in scikit-learn's log_loss.
/// `CrossEntropy` is the same as a training loss. Throws ShapeError unless there is a row for each label. Throws
/// DataError for no sample, a label outside the classes, or a row that is not a distribution: NaN, outside [0, 1], not
/// adding up to 1.
double log_loss(std::span<const std::int32_t> labels, const ScoreTable& probabilities);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/log_loss.ipp"
#endif
