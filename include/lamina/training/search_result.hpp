#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "../core/text.hpp"
#include "trial_settings.hpp"

namespace LAMINA_NAMESPACE {

/// The result of a search. Prints as a table, the best trial first.
struct SearchResult {
  struct Entry {
    Index number = 0;         // of the trial
    TrialSettings settings{};
    Index epochs = 0;         // of its last round
    double score = 0;         // in its last round
    std::string failure{};   // the reason why it has no score; empty if it has one
  };

  std::vector<Entry> ranked{};  // more epochs before fewer, then the higher score, then the lower number; failures last
  Index epochs = 0;             // spent in all
  Index untried = 0;            // settings that exceeded the budget

  /// Returns the best trial. Throws DataError if every trial failed.
  const Entry& best() const;

  friend std::ostream& operator<<(std::ostream& out, const SearchResult& result) {
    out << "rank  trial  epochs       score  settings\n";
    for (std::size_t i = 0; i < result.ranked.size(); ++i) {
      const Entry& entry = result.ranked[i];
      const bool failed = !entry.failure.empty();
      out << align_right(failed ? "–" : std::to_string(i + 1), 4) << align_right(std::to_string(entry.number), 7)
          << align_right(std::to_string(entry.epochs), 8)
          << align_right(failed ? "failed" : format_value(entry.score), 12) << "  " << entry.settings
          << (failed ? ": " : "") << entry.failure << '\n';
    }
    out << format_count(result.epochs) << " epochs";
    if (result.untried > 0) out << "; the budget left no room for " << format_count(result.untried) << " more settings";
    return out << '\n';
  }
};

namespace detail {

bool entry_ranks_before(const SearchResult::Entry& a, const SearchResult::Entry& b);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/search_result.ipp"
#endif
