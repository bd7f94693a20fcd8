#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accuracy.hpp"
#include "true_classes.hpp"

namespace LAMINA_NAMESPACE {

struct CalibrationOptions {
  Index bins = 15;  ///< 1 … 10,000
};

/// A bin with the samples whose probability lies in (lower, upper]; the first bin includes its lower end.
struct CalibrationBin {
  double lower = 0, upper = 1;
  Index count = 0;
  double confidence = 0;  ///< mean of their probabilities; NaN if there are none
  double accuracy = 0;    ///< share of them that came true; NaN if there are none
};

/// The calibration of probabilities: whether events of probability p happen with frequency p. The bins form the
/// reliability diagram, accuracy over confidence: on the diagonal for well-calibrated predictions, below it for
/// overconfident ones. With n[b] of N samples in bin b:
///
///   expected error = Σ_b n[b]/N · |accuracy[b] − confidence[b]|
///   largest error  = max_b |accuracy[b] − confidence[b]|
///
/// Naeini et al. 2015, Obtaining well calibrated probabilities using Bayesian binning, eq. 2; bins as in Guo et al. 2017,
/// On calibration of modern neural networks. Confidence and accuracy are those of scikit-learn's calibration_curve.
struct Calibration {
  std::vector<CalibrationBin> bins;  ///< of equal width, from 0 to 1, including empty ones
  double expected_error = 0;
  double largest_error = 0;
};

namespace detail {

/// A histogram that sorts probabilities into bins, one by one.
class Binning {
 public:
  Binning(const char* who, const CalibrationOptions& options);

  void add(double probability, bool came_true);

  Calibration result(Index samples);

 private:
  Calibration result_;
};

}  // namespace detail

/// Returns the calibration of the predicted class: each sample's highest probability, and whether that class was the
/// label. Throws OptionError for bins outside 1 … 10,000, and ShapeError unless there is a row for each label. Throws
/// DataError for no sample, a label outside the classes, or a row that is not a distribution.
Calibration calibration(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                               const CalibrationOptions& options = {});

/// Returns the calibration of one class against the rest: each sample's probability of class k, and whether it had that
/// class. For several labels at once, given as rows (N, K) of 0 and 1, probabilities need not add up to 1. Throws as
/// above, and OptionError if there is no class k.
Calibration class_calibration(const detail::TrueClasses& truth, const ScoreTable& probabilities, Index k,
                                     const CalibrationOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/calibration.ipp"
#endif
