#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ostream>
#include <string>
#include <vector>

#include "trainer.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `find_learning_rate`.
struct LearningRateSearch {
  double from = 1e-6, to = 10;  // the first and the last learning rate
  Index steps = 100;            // one learning rate each, in equal ratios
  Index batch_size = 32;
  std::uint64_t seed = 0;
  Index threads = hardware_threads();
};

/// The loss at every learning rate that was tried, and a suggestion. Prints as a small plot.
struct LearningRateCurve {
  struct Point {
    double learning_rate = 0;
    double loss = 0;    // of the step's batch, before the step
    double smooth = 0;  // a running mean of the losses
  };
  std::vector<Point> points{};
  double suggestion = 0;  // a tenth of the rate at which nine tenths of the fall of the smoothed loss were reached; 0 if it fell by less than a tenth

  /// Prints twelve lines of 60 columns: the smoothed loss (*) over the learning rate, in equal ratios. ^ marks the suggestion.
  friend std::ostream& operator<<(std::ostream& out, const LearningRateCurve& curve) {
    for (const std::string& line : curve.plot()) out << line << '\n';
    return out;
  }

 private:
  std::vector<std::string> plot() const;
};

namespace detail {

/// Returns a tenth of the rate at which the smoothed loss had nine tenths of its fall behind it, or 0 if it hardly fell.
double tenth_of_the_best(const std::vector<LearningRateCurve::Point>& points);

void check_search(const LearningRateSearch& search);

}  // namespace detail

/// Suggests a learning rate for a trainer's loss and optimizer. It trains a copy of the model with growing rates until
/// the loss is four times the lowest (and above the first) or no longer finite. It suggests a tenth of the rate with the
/// lowest loss: the edge of stability, with a margin for later steps. Smith 2015, "Cyclical learning rates for training
/// neural networks", section 3.3. A schedule that falls may begin somewhat above it. Throws OptionError, ShapeError or
/// DataError as `fit` does.
///
///   const LearningRateCurve curve = find_learning_rate(trainer, model, train);
///   std::cout << curve;
///   Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = curve.suggestion}} …
template <Loss F, Optimizer O, typename T, int Rank>
LearningRateCurve find_learning_rate(const Trainer<F, O>& trainer, const BasicModel<T>& model, const Dataset<Rank>& train,
                                     const LearningRateSearch& search = {}) {
  detail::check_search(search);
  const double ratio = std::log(search.to / search.from) / static_cast<double>(search.steps - 1);
  LearningRateCurve curve;
  double mean = 0, share = 0, least = 0;  // share: the weight of losses in `mean`, as opposed to its start at 0
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
    least = curve.points.size() == 1 ? smooth : (std::min)(least, smooth);
    end.stop_training = step == search.steps || (smooth > 4 * least && smooth > curve.points.front().smooth);
  };
  BasicModel<T> copy = model;
  try {
    trainer.fit(copy, train, options);
  } catch (const DivergenceError&) {
    // The curve ends where the loss diverges.
  }
  curve.suggestion = detail::tenth_of_the_best(curve.points);
  return curve;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/learning_rate_finder.ipp"
#endif
