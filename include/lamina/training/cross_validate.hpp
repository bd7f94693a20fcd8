#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "../core/text.hpp"
#include "../data/folds.hpp"
#include "../data/measure_normalisation.hpp"
#include "run_concurrently.hpp"
#include "trainer.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `cross_validate`. Seed, threads and validation in `fit` are ignored.
template <int Rank>
struct CrossValidationOptions {
  Index folds = 5;                     // from 2 to the number of samples
  std::uint64_t seed = 0;              // decides the folds; fold i takes its first weights and orders from stream i
  Index threads = hardware_threads();  // folds are trained in parallel; changes the time, not one bit of the result
  bool stratified = true;              // each fold has its share of every class; ignored for target rows
  bool normalise = false;              // each fold's two parts are normalised by the statistics of its training part
  FitOptions<Rank> fit{};              // its callbacks are called from several threads at once
};

/// The result of a cross-validation. Prints as a table.
///
///        fold  trained on  held out      loss  accuracy
///           1       2,462       616    0.0912    0.9740
///           …
///        mean                          0.0934    0.9731
///   deviation                          0.0081    0.0021
///
/// For regression the table shows RMSE, MAE and R² instead of the accuracy.
struct CrossValidation {
  struct Score {
    Index trained_on = 0, held_out = 0;  // samples
    double loss = 0, accuracy = 0;       // of the held-out samples; accuracy is NaN for regression
    std::optional<RegressionScores> regression{};
  };
  struct Spread {
    double mean = 0, deviation = 0;  // over the folds; the deviation divides by the number of folds − 1
  };

  std::vector<Score> folds;

  Spread loss() const {
    return spread([](const Score& score) { return score.loss; });
  }
  Spread accuracy() const {
    return spread([](const Score& score) { return score.accuracy; });
  }

  /// Returns the spread of RMSE, MAE and R² for regression. Throws std::bad_optional_access otherwise.
  Spread rmse() const {
    return spread([](const Score& score) { return score.regression.value().rmse; });
  }
  Spread mae() const {
    return spread([](const Score& score) { return score.regression.value().mae; });
  }
  Spread r2() const {
    return spread([](const Score& score) { return score.regression.value().r2; });
  }

  friend std::ostream& operator<<(std::ostream& out, const CrossValidation& result) { return out << result.text(); }

 private:
  std::string text() const;

  template <typename Figure>
  Spread spread(const Figure& figure) const {
    const double n = static_cast<double>(folds.size());
    Spread all;
    for (const Score& fold : folds) all.mean += figure(fold) / n;
    for (const Score& fold : folds) all.deviation += (figure(fold) - all.mean) * (figure(fold) - all.mean);
    all.deviation = folds.size() > 1 ? std::sqrt(all.deviation / (n - 1)) : 0;
    return all;
  }
};

/// Trains one model per fold on the samples outside the fold and evaluates it on the samples of the fold. Each sample is
/// thus evaluated once, by a model that never saw it. make_model(rng) returns a model with first weights. The result
/// depends on the seed, not on the threads. Throws what `fit` throws, and OptionError for an invalid number of folds or threads.
///
///   const auto make_model = [&](Rng rng) { return Model{lenet, digits.sample_shape(), rng}; };
///   std::cout << cross_validate(make_model, trainer, digits, {.folds = 5, .fit = {.epochs = 10}});
template <typename Make, typename F, typename O, int Rank>
CrossValidation cross_validate(const Make& make_model, const Trainer<F, O>& trainer, const Dataset<Rank>& data,
                               const CrossValidationOptions<Rank>& options = {}) {
  detail::check_at_least_one("cross_validate", "threads", options.threads);
  detail::check_not_kept("cross_validate", bool(options.fit.checkpoint));
  const Rng rng(options.seed);
  const auto folds = options.stratified && data.has_labels() ? stratified_k_folds(data, options.folds, rng)
                                                             : k_folds(data.size(), options.folds, rng);
  CrossValidation result;
  result.folds.resize(folds.size());
  detail::run_concurrently(std::ssize(folds), options.threads, [&](Index i, Index threads) {
    const Fold& fold = folds[static_cast<std::size_t>(i)];
    auto train = data.subset(fold.train), held_out = data.subset(fold.held_out);
    if (options.normalise) {
      train.normalise(measure_normalisation(train));
      held_out.normalise(train.normalisation());
    }
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    auto model = make_model(own.split(0));
    FitOptions<Rank> fit = options.fit;
    fit.seed = own.split(1)();
    fit.threads = threads;
    fit.progress = false;  // several folds train at once
    fit.validation = nullptr;
    trainer.fit(model, train, fit);
    using T = typename decltype(model)::Scalar;
    const detail::DatasetView<T, Rank> view(held_out);
    detail::check_data<T>("cross_validate", "the held out part", model, view);
    ThreadPool thread_pool(detail::useful_threads(threads, held_out.size()));
    const auto score = detail::Evaluator<T>{}(model, detail::LossOf<T, F>(trainer.loss()), view, thread_pool,
                                              detail::arithmetic<T>("cross_validate", fit.winograd, fit.precision));
    result.folds[static_cast<std::size_t>(i)] = {train.size(), held_out.size(), score.loss, score.accuracy,
                                                 score.regression};
  });
  return result;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/cross_validate.ipp"
#endif
