#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

#include "trainer.hpp"

namespace lamina {

/// How `find_learning_rate` looks.
struct LearningRateSearch {
  double from = 1e-6, to = 10;  // the first and the last rate tried
  Index steps = 100;            // one rate each, in equal ratios
  Index batch_size = 32;
  std::uint64_t seed = 0;
  Index threads = hardware_threads();
};

/// The loss at every learning rate tried, and a suggestion. Prints as a small plot.
struct LearningRateCurve {
  struct Point {
    double learning_rate = 0;
    double loss = 0;    // of the step's batch, before the step
    double smooth = 0;  // a running mean of them
  };
  std::vector<Point> points{};
  double suggestion = 0;  // a tenth of the rate at which the smoothed loss was least; 0 when it fell by less than a tenth

  /// Twelve lines of 60 columns: the smoothed loss (*) over the learning rate, in equal ratios. ^ marks the suggestion.
  friend std::ostream& operator<<(std::ostream& out, const LearningRateCurve& curve) {
    for (const std::string& line : curve.plot()) out << line << '\n';
    return out;
  }

 private:
  std::vector<std::string> plot() const {
    constexpr Index width = 60, height = 12;
    if (points.empty()) return {"no learning rate was tried"};
    const auto [low, high] = std::minmax_element(points.begin(), points.end(),
                                                 [](const Point& a, const Point& b) { return a.smooth < b.smooth; });
    // What lies far above the first loss says only that the rate was too large.
    const double floor = low->smooth, ceiling = std::min(high->smooth, std::max(1.2 * points.front().smooth, floor));
    const double span = std::max(ceiling - floor, 1e-12);
    const auto column = [&](double rate) {
      const double first = points.front().learning_rate, whole = std::log(points.back().learning_rate / first);
      return whole > 0 ? static_cast<std::size_t>(std::log(rate / first) / whole * (width - 1) + 0.5) : 0;
    };
    std::vector<std::string> lines(height, std::string(width, ' '));
    for (const Point& point : points) {
      const double share = std::clamp((ceiling - point.smooth) / span, 0.0, 1.0);
      lines[static_cast<std::size_t>(share * (height - 1) + 0.5)][column(point.learning_rate)] = '*';
    }
    for (std::string& line : lines) line.insert(0, "           | ");
    const auto label = [](double value) {
      char text[11] = {};
      std::snprintf(text, sizeof text, "%10.4g", value);
      return std::string(text);
    };
    lines.front().replace(0, 10, label(ceiling));
    lines.back().replace(0, 10, label(floor));
    lines.push_back("      loss +" + std::string(width + 1, '-'));
    if (suggestion > 0) lines.push_back(std::string(13 + column(suggestion), ' ') + "^");
    lines.push_back(
        message("             learning rate ", points.front().learning_rate, " … ", points.back().learning_rate,
                "; suggested: ", suggestion > 0 ? message(suggestion) : std::string("none, the loss did not fall")));
    return lines;
  }
};

namespace detail {

/// A tenth of the rate at which the smoothed loss is least, 0 when that is hardly less than at first.
inline double tenth_of_the_best(const std::vector<LearningRateCurve::Point>& points) {
  if (points.empty()) return 0;
  const auto least =
      std::min_element(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.smooth < b.smooth; });
  return least->smooth < 0.9 * points.front().smooth ? least->learning_rate / 10 : 0;
}

inline void check_search(const LearningRateSearch& search) {
  if (!(std::isfinite(search.to) && search.from > 0 && search.from < search.to))
    throw OptionError(message("find_learning_rate: expects 0 < .from < .to but got ", search.from, " and ", search.to));
  if (search.steps < 10)
    throw OptionError(message("find_learning_rate: expects at least 10 steps but got ", search.steps));
}

}  // namespace detail

/// Which learning rate suits a trainer's loss and optimizer: takes steps with ever larger ones, on a copy of the model,
/// until the loss is four times the least (and above the first) or no longer finite, and suggests a tenth of the rate at
/// which it was least: the edge of what is stable, less a factor for the steps to come. Smith 2015, "Cyclical learning
/// rates for training neural networks", section 3.3; a schedule that falls may begin somewhat above it. Throws
/// OptionError, ShapeError or DataError as `fit`.
///
///   const LearningRateCurve curve = find_learning_rate(trainer, model, train);
///   std::cout << curve;
///   Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = curve.suggestion}} …
template <Loss F, Optimizer O, typename M, int Rank>
LearningRateCurve find_learning_rate(const Trainer<F, O>& trainer, const M& model, const Dataset<Rank>& train,
                                     const LearningRateSearch& search = {}) {
  detail::check_search(search);
  const double ratio = std::log(search.to / search.from) / static_cast<double>(search.steps - 1);
  LearningRateCurve curve;
  double mean = 0, share = 0, least = 0;  // share: of `mean`, how much is losses and not its start at 0
  Index step = 0;
  FitOptions<Rank> options{
      .epochs = search.steps, .batch_size = search.batch_size, .seed = search.seed, .threads = search.threads};
  options.schedule = [&](double) {
    return search.from * std::exp(ratio * static_cast<double>(step++)) / trainer.optimizer().learning_rate;
  };
  options.on_batch = [&](BatchEnd& end) {
    mean = 0.9 * mean + 0.1 * end.batch_loss;
    share = 0.9 * share + 0.1;
    const double smooth = mean / share;
    curve.points.push_back({.learning_rate = end.learning_rate, .loss = end.batch_loss, .smooth = smooth});
    least = curve.points.size() == 1 ? smooth : std::min(least, smooth);
    end.stop_training = step == search.steps || (smooth > 4 * least && smooth > curve.points.front().smooth);
  };
  M copy = model;
  try {
    trainer.fit(copy, train, options);
  } catch (const DivergenceError&) {
    // The curve ends where the loss does.
  }
  curve.suggestion = detail::tenth_of_the_best(curve.points);
  return curve;
}

}  // namespace lamina
