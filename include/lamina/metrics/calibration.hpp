#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "true_classes.hpp"

namespace lamina {

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
  Binning(const char* who, const CalibrationOptions& options) {
    const Index bins = options.bins;
    if (bins < 1 || bins > 10000) throw OptionError(message(who, ": expects bins in 1 … 10000 but got ", bins));
    const double width = 1 / static_cast<double>(bins);
    // Multiples of the width, as numpy's linspace has them, so that 0.3 of ten bins falls where scikit-learn puts it.
    for (Index b = 0; b < bins; ++b)
      result_.bins.push_back({static_cast<double>(b) * width, b + 1 == bins ? 1 : static_cast<double>(b + 1) * width});
  }

  void add(double probability, bool came_true) {
    const auto ends_before = [](const CalibrationBin& bin, double p) { return bin.upper < p; };
    CalibrationBin& bin = *std::lower_bound(result_.bins.begin(), result_.bins.end() - 1, probability, ends_before);
    ++bin.count;
    bin.confidence += probability;
    bin.accuracy += came_true;
  }

  Calibration result(Index samples) {
    for (CalibrationBin& bin : result_.bins) {
      if (bin.count == 0) {
        bin.confidence = bin.accuracy = std::numeric_limits<double>::quiet_NaN();
        continue;
      }
      bin.confidence /= static_cast<double>(bin.count);
      bin.accuracy /= static_cast<double>(bin.count);
      const double error = std::abs(bin.accuracy - bin.confidence);
      result_.expected_error += error * static_cast<double>(bin.count) / static_cast<double>(samples);
      result_.largest_error = std::max(result_.largest_error, error);
    }
    return result_;
  }

 private:
  Calibration result_;
};

}  // namespace detail

/// Calibration of the predicted class: each sample's highest probability, and whether that class was the label. Throws
/// OptionError for bins outside 1 … 10,000; ShapeError unless there is a row for each label; DataError for no sample, a
/// label that is no class, or a row that is not a distribution.
inline Calibration calibration(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                               const CalibrationOptions& options = {}) {
  const TrueClasses truth(labels);
  truth.check("calibration", probabilities);
  probabilities.check_distributions("calibration");
  detail::Binning binning("calibration", options);
  for (Index n = 0; n < probabilities.samples(); ++n) {
    const Index predicted = probabilities.highest(n);
    binning.add(probabilities(n, predicted), truth.of(n, predicted));
  }
  return binning.result(probabilities.samples());
}

/// Calibration of one class against the rest: each sample's probability of class k, and whether it was of that class.
/// Of several labels at once, rows (N, K) of 0 and 1, probabilities need not add up to 1. Throws as above, and
/// OptionError when there is no class k.
inline Calibration class_calibration(const TrueClasses& truth, const ScoreTable& probabilities, Index k,
                                     const CalibrationOptions& options = {}) {
  truth.check("class_calibration", probabilities);
  probabilities.check_probabilities("class_calibration");
  detail::check_class_asked("class_calibration", k, probabilities.classes());
  detail::Binning binning("class_calibration", options);
  for (Index n = 0; n < probabilities.samples(); ++n) binning.add(probabilities(n, k), truth.of(n, k));
  return binning.result(probabilities.samples());
}

}  // namespace lamina
