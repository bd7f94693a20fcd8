#pragma once

#include <cstdint>
#include <span>

#include "score_table.hpp"

namespace LAMINA_NAMESPACE {

/// The cross-entropy of probabilities p (N, K), in nats: how surprising the labels are to who believes in p.
///
///   −1/N · Σₙ ln p[n, labels[n]]
///
/// A p is first moved into [ε, 1 − ε], with ε the distance from 1 to the next number of the tensor's type, so that a
/// label of probability 0 costs 36 (double) or 16 (float) and not infinity. As scikit-learn's log_loss. `CrossEntropy`
/// is the same as a loss to train with. Throws ShapeError unless there is a row for each label; DataError for no
/// sample, a label that is no class, or a row that is not a distribution: NaN, outside [0, 1], not adding up to 1.
double log_loss(std::span<const std::int32_t> labels, const ScoreTable& probabilities);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/log_loss.ipp"
#endif
