#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <ostream>
#include <vector>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"
#include "../core/random.hpp"
#include "search_result.hpp"
#include "trial_settings.hpp"

namespace LAMINA_NAMESPACE {

/// What a search asks to be tried: a model with these settings, trained for so many epochs.
struct Trial {
  Index number = 0;    // the first is 0
  TrialSettings settings{};
  Index epochs = 1;
  Rng rng{};           // of this trial, whatever the round: the same first weights and orders each time
  Index threads = 1;   // that it may use
};

/// How a search goes.
struct SearchOptions {
  Index epochs = 1;                      // of the trials that get to the last round
  std::optional<Index> first_epochs{};  // of the first round, at least; `epochs` unless given: then nothing is discarded early
  Index keep_one_in = 3;                 // of each round's trials, for the next; its trials run so many times as long
  std::optional<Index> budget{};        // epochs, of all trials and rounds together: so many settings are tried as it allows
  std::uint64_t seed = 0;                // of the trials' Rng
  Index threads = hardware_threads();    // trials run side by side; changes the time it takes, not the result
  std::ostream* out = nullptr;           // where trials are told of as they end, and each round's table
};

namespace detail {

/// The rounds of successive halving.
class SearchRounds {
 public:
  explicit SearchRounds(const SearchOptions& options);

  const std::vector<Index>& epochs() const { return epochs_; }

  /// How many of a round's trials go on.
  Index kept(Index trials) const { return (std::max<Index>)(trials / keep_one_in_, 1); }

  /// The most trials, of so many, whose rounds cost no more epochs than that.
  Index affordable(Index trials, Index budget) const;

 private:
  double cost(Index trials) const;

  Index keep_one_in_;
  std::vector<Index> epochs_;
};

/// Runs one trial: its score, or why it has none.
void try_settings(const Trial& trial, FunctionRef<double(const Trial&)> run, SearchResult::Entry& entry);

/// Tells of trials as they end, from any thread.
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

/// Tries settings, the sooner the less promising are given up the more of them: run(trial) trains a model of one's own
/// for trial.epochs and returns a score, the higher the better, such as the accuracy on a validation set.
///
///   const auto run = [&](const Trial& trial) {
///     Model model{network({784, trial.settings.whole("units"), 10}), train.sample_shape(), trial.rng};
///     Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = trial.settings["learning_rate"]}};
///     trainer.fit(model, train, {.epochs = trial.epochs, .threads = trial.threads});
///     return evaluate(model, validation, {.threads = trial.threads}).accuracy;
///   };
///   const auto found = search(grid_settings({{"learning_rate", {0.1, 0.5, 2}}, {"units", {30, 100}}}), run,
///                             {.epochs = 9, .first_epochs = 1});
///   std::cout << found << "the best: " << found.best().settings << '\n';
///
/// With .out = &std::cout, trials are told of as they end, and the table is printed after every round, the last one included.
///
/// Successive halving: all train for a few epochs; the best one in keep_one_in start again with keep_one_in times as many;
/// and so on to the last round, of `epochs`, from which the others are counted back: 9, 3, 1. Each round begins anew, so
/// that a schedule of the learning rate is always a whole one. Jamieson and Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter
/// optimization"; Li et al. 2018, "Hyperband", for the factor of 3.
///
/// `run` is called by several threads at once. What it throws is told in the table and ends its trial, not the search;
/// so is a score that is not finite. If `run` depends on nothing but its trial, the result depends on the seed, not on
/// the threads. Throws OptionError for options that cannot be, and for a budget that does not last for one trial.
SearchResult search(const std::vector<TrialSettings>& settings, FunctionRef<double(const Trial&)> run,
                           const SearchOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/search.ipp"
#endif
