#pragma once

#include "../search.hpp"

#include <chrono>
#include <cmath>
#include <exception>
#include <iterator>
#include <string>

#include "../../core/text.hpp"
#include "../checks.hpp"
#include "../run_concurrently.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC SearchRounds::SearchRounds(const SearchOptions& options) : keep_one_in_(options.keep_one_in) {
  check_at_least_one("halving_search", "epochs", options.epochs);
  check_at_least_one("halving_search", "threads", options.threads);
  const Index first = options.first_epochs.value_or(options.epochs);
  check_at_least_one("halving_search", "first_epochs", first);
  if (first > options.epochs)
    throw OptionError(
        str_cat("halving_search: expects first_epochs of at most .epochs, ", options.epochs, ", but got ", first));
  if (keep_one_in_ < 2)
    throw OptionError(str_cat("halving_search: expects keep_one_in of at least 2 but got ", keep_one_in_));
  for (Index epochs = options.epochs; epochs >= first; epochs /= keep_one_in_)
    epochs_.insert(epochs_.begin(), epochs);
}

LAMINA_FUNC Index SearchRounds::affordable(Index trials, Index budget) const {
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

LAMINA_FUNC double SearchRounds::cost(Index trials) const {
  double sum = 0;
  for (const Index epochs : epochs_) {
    sum += static_cast<double>(trials) * static_cast<double>(epochs);
    trials = kept(trials);
  }
  return sum;
}

LAMINA_FUNC void try_settings(const Trial& trial, FunctionRef<double(const Trial&)> run, SearchResult::Entry& entry) {
  entry.epochs = trial.epochs;
  try {
    entry.score = run(trial);
    if (!std::isfinite(entry.score)) entry.failure = str_cat("its score is not finite: ", entry.score);
  } catch (const std::exception& error) {
    entry.failure = *error.what() ? error.what() : "an exception without a text";
  } catch (...) {
    entry.failure = "an exception that is not a std::exception";
  }
}

LAMINA_FUNC void SearchLog::add(const SearchResult::Entry& entry, double seconds) {
  if (!out_) return;
  const std::lock_guard lock(mutex_);
  ended_.push_back(entry);
  const auto rank = 1 + std::count_if(ended_.begin(), ended_.end(),
                                      [&](const auto& other) { return entry_ranks_before(other, entry); });
  *out_ << str_cat(align_right(std::to_string(ended_.size()), 4), "/", trials_, "  trial ", entry.number, ", epochs ",
                   epochs_, ": ",
                   entry.failure.empty() ? str_cat("score ", format_value(entry.score), ", rank ", rank)
                                         : str_cat("failed: ", entry.failure),
                   "  (", entry.settings, "; ", format_duration(seconds), ")\n")
        << std::flush;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC SearchResult halving_search(const std::vector<TrialSettings>& settings, detail::FunctionRef<double(const Trial&)> run,
                           const SearchOptions& options) {
  const detail::SearchRounds rounds(options);
  const Index count = std::ssize(settings);
  const Index trials = options.budget ? rounds.affordable(count, *options.budget) : count;
  if (count > 0 && trials == 0)
    throw OptionError(
        str_cat("halving_search: expects a budget of at least the epochs of one trial but got ", *options.budget));
  SearchResult result;
  result.untried = count - trials;
  for (Index i = 0; i < trials; ++i)
    result.ranked.push_back({.number = i, .settings = settings[static_cast<std::size_t>(i)]});

  Index running = trials;
  for (const Index epochs : rounds.epochs()) {
    detail::SearchLog log(options.out, running, epochs);
    detail::run_concurrently(running, options.threads, [&](Index i, Index threads) {
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
    running = (std::min)(rounds.kept(running), scored);
  }
  return result;
}

}  // namespace lamina
