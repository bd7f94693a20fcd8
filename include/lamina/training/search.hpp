#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <ostream>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/random.hpp"
#include "../core/thread_pool.hpp"
#include "search_result.hpp"
#include "trial_settings.hpp"

namespace LAMINA_NAMESPACE {

/// One trial of a search: settings, and the number of epochs to train a model with them.
struct Trial {
  Index number = 0;    // the first is 0
  TrialSettings settings{};
  Index epochs = 1;
  Rng rng{};           // the same in every round: the same first weights and orders
  Index threads = 1;   // threads that it may use
};

/// The options of `halving_search`.
struct SearchOptions {
  Index epochs = 1;                      // of the trials in the last round
  std::optional<Index> first_epochs{};  // of the first round, at least; `epochs` unless given: then no trial is dropped early
  Index keep_one_in = 3;                 // one trial in so many continues to the next round, with so many times the epochs
  std::optional<Index> budget{};        // epochs of all trials and rounds together; limits the number of settings tried
  std::uint64_t seed = 0;                // of the trials' Rng
  Index threads = hardware_threads();    // trials run in parallel; changes the time, not the result
  std::ostream* out = nullptr;           // receives a line per finished trial, and each round's table
};

namespace detail {

/// The rounds of successive halving.
class SearchRounds {
 public:
  explicit SearchRounds(const SearchOptions& options);

  const std::vector<Index>& epochs() const { return epochs_; }

  /// Returns how many of a round's trials continue.
  Index kept(Index trials) const { return (std::max<Index>)(trials / keep_one_in_, 1); }

  /// Returns the largest number of trials, at most `trials`, whose rounds cost no more epochs than the budget.
  Index affordable(Index trials, Index budget) const;

 private:
  double cost(Index trials) const;

  Index keep_one_in_;
  std::vector<Index> epochs_;
};

/// Runs one trial and stores its score, or the reason why it has none.
void try_settings(const Trial& trial, FunctionRef<double(const Trial&)> run, SearchResult::Entry& entry);

/// A log of trials as they end, usable from any thread.
class SearchLog {
 public:
  SearchLog(std::ostream* out, Index trials, Index epochs) : out_(out), trials_(trials), epochs_(epochs) {}

  void add(const SearchResult::Entry& entry, double seconds);

 private:
  std::ostream* out_;
  Index trials_, epochs_;
  std::mutex mutex_;
  std::vector<SearchResult::Entry> ended_;
};

}  // namespace detail

/// Searches for the best settings and drops the less promising ones early. run(trial) trains the user's model for
/// trial.epochs and returns a score, the higher the better, such as the accuracy on a validation set.
///
///   const auto run = [&](const Trial& trial) {
///     Model model{mlp({784, trial.settings.whole("units"), 10}), train.sample_shape(), trial.rng};
///     Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = trial.settings["learning_rate"]}};
///     trainer.fit(model, train, {.epochs = trial.epochs, .threads = trial.threads});
///     return evaluate(model, validation, {.threads = trial.threads}).accuracy;
///   };
///   const auto found = halving_search(grid_settings({{"learning_rate", {0.1, 0.5, 2}}, {"units", {30, 100}}}), run,
///                             {.epochs = 9, .first_epochs = 1});
///   std::cout << found << "the best: " << found.best().settings << '\n';
///
/// With .out = &std::cout, it prints a line when a trial ends and the table after every round.
///
/// It uses successive halving. In the first round all trials train for a few epochs. In each further round the best one
/// in keep_one_in starts again, with keep_one_in times as many epochs. The last round has `epochs`, from which the others
/// are counted back: 9, 3, 1. Each round trains from the start, so that a schedule of the learning rate is always
/// complete. Jamieson and Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization"; Li et
/// al. 2018, "Hyperband", for the factor of 3.
///
/// Several threads call `run` at once. If it throws or returns a score that is not finite, its trial fails, the table
/// shows the reason, and the search continues. If `run` depends only on its trial, the result depends on the seed, not on
/// the threads. Throws OptionError for invalid options, and for a budget that is too small for one trial.
SearchResult halving_search(const std::vector<TrialSettings>& settings, detail::FunctionRef<double(const Trial&)> run,
                           const SearchOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/search.ipp"
#endif
