#pragma once

#include <cstdint>
#include <span>

#include "score_table.hpp"

namespace LAMINA_NAMESPACE {

/// Returns the mean squared distance of probabilities p (N, K) from the outcomes: 0 at best, 2 for always being certain
/// of a wrong class.
///
///   1/N · Σₙ Σₖ (p[n,k] − y[n,k])²        y[n,k] = [k = labels[n]]
///
/// Brier 1950, Verification of forecasts expressed in terms of probability, eq. 2. It is the sum over the classes of
/// scikit-learn's brier_score_loss of each against the rest; for two classes this is twice the value of either. Throws as
/// `log_loss` does.
double brier_score(std::span<const std::int32_t> labels, const ScoreTable& probabilities);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/brier_score.ipp"
#endif
