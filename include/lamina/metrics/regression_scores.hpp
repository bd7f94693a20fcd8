#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// The errors of predicted numbers z from their targets y, in the units of the targets:
///
///   RMSE = √(Σₙ (z[n] − y[n])² / N)        MAE = Σₙ |z[n] − y[n]| / N        R² = 1 − Σₙ (y[n] − z[n])² / Σₙ (y[n] − ȳ)²
///
/// R² is 1 for predictions without an error and 0 for those that are no better than the mean of the targets. If all
/// targets are equal, it is 1 if every prediction is right and 0 otherwise. For several outputs each score is the mean
/// over the outputs, as scikit-learn's root_mean_squared_error, mean_absolute_error and r2_score.
struct RegressionScores {
  double rmse = 0, mae = 0, r2 = 0;
};

namespace detail {

/// The sums that RegressionScores are computed from. They are added up part by part and depend only on the parts and
/// their order. The spread of the targets is merged as in Chan et al. 1983, so that a mean far from 0 costs no precision.
class ErrorSums {
 public:
  struct Output {
    double squares = 0;  // Σ (z − y)²
    double sizes = 0;    // Σ |z − y|
    double mean = 0;     // ȳ
    double spread = 0;   // Σ (y − ȳ)²
  };

  /// Makes sums of no outputs; nothing can be added to them.
  ErrorSums() = default;

  /// Makes sums of so many outputs. `units` gives the value of a 1 for each output, or for all; if empty, it is 1.
  explicit ErrorSums(Index outputs, std::span<const double> units = {})
      : sums_(static_cast<std::size_t>(outputs)), part_(4 * sums_.size()), units_(units.begin(), units.end()) {
    if (!units.empty()) units_.resize(sums_.size(), units.front());
  }

  Index samples() const { return samples_; }
  Index outputs() const { return static_cast<Index>(sums_.size()); }

  /// Adds rows of predictions and of targets (N, K). Allocates nothing.
  template <typename T>
  void add(const T* predictions, const T* targets, Index rows);

  /// Adds the sums of the following samples, with as many outputs.
  void add(const ErrorSums& next);

  void clear();

  /// Returns the scores of output k.
  RegressionScores of_output(Index k) const;

  /// Returns the means over the outputs.
  RegressionScores mean() const;

  /// Returns mutable access to the sums, so that a checkpoint can store and restore them.
  std::span<Output> sums() { return sums_; }
  void set_samples(Index samples) { samples_ = samples; }

 private:
  /// A merge of sums over the next samples into sums over those before.
  struct Merge {
    double of_next, of_apart;

    Merge(Index before, Index more)
        : of_next(static_cast<double>(more) / static_cast<double>(before + more)),
          of_apart(static_cast<double>(before) * of_next) {}

    void operator()(Output& sum, const Output& next) const {
      const double apart = next.mean - sum.mean;
      sum.squares += next.squares;
      sum.sizes += next.sizes;
      sum.mean = of_apart == 0 ? next.mean : sum.mean + apart * of_next;
      sum.spread += next.spread + apart * apart * of_apart;
    }
  };

  std::vector<Output> sums_;
  std::vector<double> part_;  // of the rows that are being added: each sum for all outputs, one after another
  std::vector<double> units_;
  Index samples_ = 0;
};

template <typename T>
void ErrorSums::add(const T* predictions, const T* targets, Index rows) {
  if (rows < 1) return;
  const std::size_t K = sums_.size(), all = K * static_cast<std::size_t>(rows);
  double* const mean = part_.data();
  double *const squares = mean + K, *const sizes = squares + K, *const spread = sizes + K;
  std::fill(part_.begin(), part_.end(), 0.0);
  for (std::size_t i = 0; i < all; i += K)
    for (std::size_t k = 0; k < K; ++k)
      mean[k] += static_cast<double>(targets[i + k]) - static_cast<double>(targets[k]);
  const double share = 1 / static_cast<double>(rows);
  for (std::size_t k = 0; k < K; ++k)  // exact if all targets are equal
    mean[k] = static_cast<double>(targets[k]) + mean[k] * share;
  for (std::size_t i = 0; i < all; i += K)
    for (std::size_t k = 0; k < K; ++k) {
      const double y = static_cast<double>(targets[i + k]), error = static_cast<double>(predictions[i + k]) - y;
      squares[k] += error * error;
      sizes[k] += std::abs(error);
      spread[k] += (y - mean[k]) * (y - mean[k]);
    }
  const Merge merge(samples_, rows);
  for (std::size_t k = 0; k < K; ++k) merge(sums_[k], {squares[k], sizes[k], mean[k], spread[k]});
  samples_ += rows;
}

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/regression_scores.ipp"
#endif
