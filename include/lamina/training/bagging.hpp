#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "../models/ensemble.hpp"
#include "run_concurrently.hpp"
#include "trainer.hpp"

namespace LAMINA_NAMESPACE {

/// Returns N sample numbers drawn from 0 … N − 1 with replacement: on average 63 % of the samples, some more than once.
/// Efron 1979, "Bootstrap methods: another look at the jackknife".
std::vector<Index> bootstrap_sample(Index N, Rng rng);

/// The options of `bagging`. The seed and the threads in `fit` are ignored.
template <int Rank>
struct BaggingOptions {
  Index models = 10;
  std::uint64_t seed = 0;              // model i takes its sample, first weights and order of samples from stream i
  Index threads = hardware_threads();  // models are trained in parallel; changes the time, not one bit of the result
  bool resample = true;                // false: every model trains on the whole set; only first weights and orders differ
  FitOptions<Rank> fit{};              // its callbacks are called from several threads at once
};

/// Trains several models, each on its own bootstrap sample, and joins them to an ensemble. Breiman 1996, "Bagging
/// predictors". make_model(rng) returns a model with first weights. The result depends on the seed, not on the threads.
/// Throws what `fit` throws, and OptionError for models or threads below 1.
///
///   const auto make_model = [&](Rng rng) { return Model{lenet, digits.sample_shape(), rng}; };
///   const Ensemble ensemble = bagging(make_model, trainer, digits, {.models = 5, .fit = {.epochs = 10}});
template <typename Make, typename F, typename O, int Rank>
auto bagging(const Make& make_model, const Trainer<F, O>& trainer, const Dataset<Rank>& data,
             const BaggingOptions<Rank>& options = {}) {
  detail::check_at_least_one("bagging", "models", options.models);
  detail::check_at_least_one("bagging", "threads", options.threads);
  detail::check_not_kept("bagging", bool(options.fit.checkpoint));
  using M = decltype(make_model(Rng{}));
  std::vector<std::optional<M>> models(static_cast<std::size_t>(options.models));
  detail::run_concurrently(options.models, options.threads, [&](Index i, Index threads) {
    Rng own = Rng(options.seed).split(static_cast<std::uint64_t>(i));
    M model = make_model(own.split(0));
    FitOptions<Rank> fit = options.fit;
    fit.seed = own.split(1)();
    fit.threads = threads;
    fit.progress = false;  // several models train at once
    if (options.resample)
      trainer.fit(model, data.subset(bootstrap_sample(data.size(), own.split(2))), fit);
    else
      trainer.fit(model, data, fit);
    models[static_cast<std::size_t>(i)].emplace(std::move(model));
  });
  Ensemble<typename M::Scalar> ensemble;
  for (auto& model : models) ensemble.push_back(*std::move(model));
  return ensemble;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/bagging.ipp"
#endif
