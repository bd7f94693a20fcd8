#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iterator>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/random.hpp"
#include "../core/text.hpp"
#include "checks.hpp"
#include "search_result.hpp"
#include "trial_settings.hpp"
#include "side_by_side.hpp"

namespace lamina {

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
  explicit SearchRounds(const SearchOptions& options) : keep_one_in_(options.keep_one_in) {
    check_at_least_one("search", "epochs", options.epochs);
    check_at_least_one("search", "threads", options.threads);
    const Index first = options.first_epochs.value_or(options.epochs);
    check_at_least_one("search", "first_epochs", first);
    if (first > options.epochs)
      throw OptionError(
          message("search: expects first_epochs of at most .epochs, ", options.epochs, ", but got ", first));
    if (keep_one_in_ < 2)
      throw OptionError(message("search: expects keep_one_in of at least 2 but got ", keep_one_in_));
    for (Index epochs = options.epochs; epochs >= first; epochs /= keep_one_in_)
      epochs_.insert(epochs_.begin(), epochs);
  }

  const std::vector<Index>& epochs() const { return epochs_; }

  /// How many of a round's trials go on.
  Index kept(Index trials) const { return std::max<Index>(trials / keep_one_in_, 1); }

  /// The most trials, of so many, whose rounds cost no more epochs than that.
  Index affordable(Index trials, Index budget) const {
    Index low = 0;
    while (low < trials) {
      const Index middle = low + (trials - low + 1) / 2;
      if (cost(middle) <= static_cast<double>(budget))
        low = middle;
      else
        trials = middle - 1;
    }
    return low;
  }

 private:
  double cost(Index trials) const {
    double sum = 0;
    for (const Index epochs : epochs_) {
      sum += static_cast<double>(trials) * static_cast<double>(epochs);
      trials = kept(trials);
    }
    return sum;
  }

  Index keep_one_in_;
  std::vector<Index> epochs_;
};

/// Runs one trial: its score, or why it has none.
inline void try_settings(const Trial& trial, FunctionRef<double(const Trial&)> run, SearchResult::Entry& entry) {
  entry.epochs = trial.epochs;
  try {
    entry.score = run(trial);
    if (!std::isfinite(entry.score)) entry.failure = message("its score is not finite: ", entry.score);
  } catch (const std::exception& error) {
    entry.failure = *error.what() ? error.what() : "an exception without a text";
  } catch (...) {
    entry.failure = "an exception that is not a std::exception";
  }
}

/// Tells of trials as they end, from any thread.
class SearchLog {
 public:
  SearchLog(std::ostream* out, Index trials, Index epochs) : out_(out), trials_(trials), epochs_(epochs) {}

  void add(const SearchResult::Entry& entry, double seconds) {
    if (!out_) return;
    const std::lock_guard lock(mutex_);
    ended_.push_back(entry);
    const auto rank = 1 + std::count_if(ended_.begin(), ended_.end(),
                                        [&](const auto& other) { return entry_ranks_before(other, entry); });
    *out_ << message(align_right(std::to_string(ended_.size()), 4), "/", trials_, "  trial ", entry.number, ", epochs ",
                     epochs_, ": ",
                     entry.failure.empty() ? message("score ", format_value(entry.score), ", rank ", rank)
                                           : message("failed: ", entry.failure),
                     "  (", entry.settings, "; ", format_duration(seconds), ")\n")
          << std::flush;
  }

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
///                             {.epochs = 9, .first_epochs = 1, .out = &std::cout});
///   std::cout << found;
///
/// Successive halving: all train for a few epochs; the best one in keep_one_in start again with keep_one_in times as many;
/// and so on to the last round, of `epochs`, from which the others are counted back: 9, 3, 1. Each round begins anew, so
/// that a schedule of the learning rate is always a whole one. Jamieson and Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter
/// optimization"; Li et al. 2018, "Hyperband", for the factor of 3.
///
/// `run` is called by several threads at once. What it throws is told in the table and ends its trial, not the search;
/// so is a score that is not finite. If `run` depends on nothing but its trial, the result depends on the seed, not on
/// the threads. Throws OptionError for options that cannot be, and for a budget that does not last for one trial.
inline SearchResult search(const std::vector<TrialSettings>& settings, FunctionRef<double(const Trial&)> run,
                           const SearchOptions& options = {}) {
  const detail::SearchRounds rounds(options);
  const Index count = std::ssize(settings);
  const Index trials = options.budget ? rounds.affordable(count, *options.budget) : count;
  if (count > 0 && trials == 0)
    throw OptionError(
        message("search: expects a budget of at least the epochs of one trial but got ", *options.budget));
  SearchResult result;
  result.untried = count - trials;
  for (Index i = 0; i < trials; ++i)
    result.ranked.push_back({.number = i, .settings = settings[static_cast<std::size_t>(i)]});

  Index running = trials;
  for (const Index epochs : rounds.epochs()) {
    detail::SearchLog log(options.out, running, epochs);
    detail::side_by_side(running, options.threads, [&](Index i, Index threads) {
      SearchResult::Entry& entry = result.ranked[static_cast<std::size_t>(i)];
      const auto start = std::chrono::steady_clock::now();
      detail::try_settings({.number = entry.number,
                            .settings = entry.settings,
                            .epochs = epochs,
                            .rng = Rng(options.seed).split(static_cast<std::uint64_t>(entry.number)),
                            .threads = threads},
                           run, entry);
      log.add(entry, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    });
    result.epochs += running * epochs;
    std::sort(result.ranked.begin(), result.ranked.end(), detail::entry_ranks_before);
    if (options.out && running > 0) *options.out << result << std::flush;
    const Index scored = std::count_if(result.ranked.begin(), result.ranked.end(), [&](const auto& entry) {
      return entry.failure.empty() && entry.epochs == epochs;
    });
    running = std::min(rounds.kept(running), scored);
  }
  return result;
}

}  // namespace lamina
