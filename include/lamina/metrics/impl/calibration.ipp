#pragma once

#include "../calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Binning::Binning(const char* who, const CalibrationOptions& options) {
  const Index bins = options.bins;
  if (bins < 1 || bins > 10000) throw OptionError(str_cat(who, ": expects bins in 1 … 10000 but got ", bins));
  const double width = 1 / static_cast<double>(bins);
  // Bin edges are multiples of the width, as in numpy's linspace, so that 0.3 of ten bins falls where scikit-learn puts it.
  for (Index b = 0; b < bins; ++b)
    result_.bins.push_back({static_cast<double>(b) * width, b + 1 == bins ? 1 : static_cast<double>(b + 1) * width});
}

LAMINA_FUNC void Binning::add(double probability, bool came_true) {
  const auto ends_before = [](const CalibrationBin& bin, double p) { return bin.upper < p; };
  CalibrationBin& bin = *std::lower_bound(result_.bins.begin(), result_.bins.end() - 1, probability, ends_before);
  ++bin.count;
  bin.confidence += probability;
  bin.accuracy += came_true;
}

LAMINA_FUNC Calibration Binning::result(Index samples) {
  for (CalibrationBin& bin : result_.bins) {
    if (bin.count == 0) {
      bin.confidence = bin.accuracy = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    bin.confidence /= static_cast<double>(bin.count);
    bin.accuracy /= static_cast<double>(bin.count);
    const double error = std::abs(bin.accuracy - bin.confidence);
    result_.expected_error += error * static_cast<double>(bin.count) / static_cast<double>(samples);
    result_.largest_error = (std::max)(result_.largest_error, error);
  }
  return result_;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Calibration calibration(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                               const CalibrationOptions& options) {
  const detail::TrueClasses truth(labels);
  truth.check("calibration", probabilities);
  probabilities.check_distributions("calibration");
  detail::Binning binning("calibration", options);
  for (Index n = 0; n < probabilities.samples(); ++n) {
    const Index predicted = probabilities.highest(n);
    binning.add(probabilities(n, predicted), truth.of(n, predicted));
  }
  return binning.result(probabilities.samples());
}

LAMINA_FUNC Calibration class_calibration(const detail::TrueClasses& truth, const ScoreTable& probabilities, Index k,
                                     const CalibrationOptions& options) {
  truth.check("class_calibration", probabilities);
  probabilities.check_probabilities("class_calibration");
  detail::check_class_asked("class_calibration", k, probabilities.classes());
  detail::Binning binning("class_calibration", options);
  for (Index n = 0; n < probabilities.samples(); ++n) binning.add(probabilities(n, k), truth.of(n, k));
  return binning.result(probabilities.samples());
}

}  // namespace lamina
