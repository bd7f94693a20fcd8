#pragma once

#include "../search_result.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC const SearchResult::Entry& SearchResult::best() const {
  if (ranked.empty()) throw DataError("halving_search: there are no settings to try");
  if (!ranked.front().failure.empty())
    throw DataError(str_cat("halving_search: no trial gave a score: ", ranked.front().failure));
  return ranked.front();
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool entry_ranks_before(const SearchResult::Entry& a, const SearchResult::Entry& b) {
  if (a.failure.empty() != b.failure.empty()) return a.failure.empty();
  if (a.failure.empty() && a.epochs != b.epochs) return a.epochs > b.epochs;
  if (a.failure.empty() && a.score != b.score) return a.score > b.score;
  return a.number < b.number;
}

}  // namespace lamina::detail
