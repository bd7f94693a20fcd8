#pragma once

#include <cstdint>
#include <span>

#include "score_table.hpp"

namespace LAMINA_NAMESPACE {

/// How far probabilities p (N, K) are from what came, squared: 0 at best, 2 for who is sure of the wrong class each
/// time.
///
///   1/N · Σₙ Σₖ (p[n,k] − y[n,k])²        y[n,k] = [k = labels[n]]
///
/// Brier 1950, Verification of forecasts expressed in terms of probability, eq. 2. It is the sum over the classes of
/// scikit-learn's brier_score_loss of each against the rest, which for two classes is twice the one of either. Throws
/// as `log_loss` does.
double brier_score(std::span<const std::int32_t> labels, const ScoreTable& probabilities);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/brier_score.ipp"
#endif
