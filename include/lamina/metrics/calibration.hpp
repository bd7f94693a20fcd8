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

/// The samples whose probability lies in (lower, upper]; the first bin has its lower end too.
struct CalibrationBin {
  double lower = 0, upper = 1;
  Index count = 0;
  double confidence = 0;  ///< mean of their probabilities; NaN when there are none
  double accuracy = 0;    ///< share of them for which it came true; NaN when there are none
};

/// Whether things of probability p happen p of the time. The bins are the reliability diagram: accuracy over
/// confidence, on the diagonal for who knows how sure to be, below it for who is too sure. With n[b] of N samples in
/// bin b:
///
///   expected error = Σ_b n[b]/N · |accuracy[b] − confidence[b]|
///   largest error  = max_b |accuracy[b] − confidence[b]|
///
/// Naeini et al. 2015, Obtaining well calibrated probabilities using Bayesian binning, eq. 2; bins as in Guo et al.
/// 2017, On calibration of modern neural networks. Confidence and accuracy are those of scikit-learn's
/// calibration_curve.
struct Calibration {
  std::vector<CalibrationBin> bins;  ///< of equal width, from 0 to 1, the empty ones too
  double expected_error = 0;
  double largest_error = 0;
};

namespace detail {

/// Puts probabilities into bins, one by one.
class Binning {
 public:
  Binning(const char* who, const CalibrationOptions& options);

  void add(double probability, bool came_true);

  Calibration result(Index samples);

 private:
  Calibration result_;
};

}  // namespace detail

/// Calibration of the predicted class: each sample's highest probability, and whether that class was the label. Throws
/// OptionError for bins outside 1 … 10,000; ShapeError unless there is a row for each label; DataError for no sample, a
/// label that is no class, or a row that is not a distribution.
Calibration calibration(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                               const CalibrationOptions& options = {});

/// Calibration of one class against the rest: each sample's probability of class k, and whether it was of that class.
/// Of several labels at once, rows (N, K) of 0 and 1, probabilities need not add up to 1. Throws as above, and
/// OptionError when there is no class k.
Calibration class_calibration(const TrueClasses& truth, const ScoreTable& probabilities, Index k,
                                     const CalibrationOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/calibration.ipp"
#endif
