#pragma once

#include "../check_copies.hpp"

#include <algorithm>
#include <utility>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_copies(const std::vector<Fingerprint>& prints, std::span<const std::int32_t> labels,
                           const Report& report) {
  std::vector<Index> blank, order, copies, contradictions;
  for (Index i = 0; i < std::ssize(prints); ++i)
    (prints[static_cast<std::size_t>(i)].constant ? blank : order).push_back(i);
  const auto digest = [&](Index i) { return prints[static_cast<std::size_t>(i)].digest; };
  std::sort(order.begin(), order.end(),
            [&](Index a, Index b) { return std::pair(digest(a), a) < std::pair(digest(b), b); });
  for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
    if (digest(order[i]) != digest(order[first])) {
      first = i;
      continue;
    }
    const auto label = [&](std::size_t at) { return labels.empty() ? 0 : labels[static_cast<std::size_t>(order[at])]; };
    (label(i) == label(first) ? copies : contradictions).push_back(order[i]);
  }
  std::sort(copies.begin(), copies.end());
  std::sort(contradictions.begin(), contradictions.end());
  if (!blank.empty())
    report.warning(str_cat(samples_are(blank.size()), " blank, all values alike: ", few(blank)), "Leave them out.");
  if (!copies.empty())
    report.warning(str_cat(samples_are(copies.size()), " the same as one before: ", few(copies)),
                   "Leave them out: they count double, and may end up on both sides of a split.");
  if (!contradictions.empty())
    report.error(str_cat(samples_are(contradictions.size()),
                         " the same as one before but labelled otherwise: ", few(contradictions)),
                 "One of the two labels is wrong: correct it, or leave both out.");
}

LAMINA_FUNC void look_at_leaks(const std::vector<Fingerprint>& first, const std::vector<Fingerprint>& second,
                          const Report& report) {
  std::vector<std::uint64_t> known;
  for (const auto& [digest, constant] : first)
    if (!constant) known.push_back(digest);
  std::sort(known.begin(), known.end());
  std::vector<Index> leaks;
  for (Index i = 0; i < std::ssize(second); ++i) {
    const auto& [digest, constant] = second[static_cast<std::size_t>(i)];
    if (!constant && std::binary_search(known.begin(), known.end(), digest)) leaks.push_back(i);
  }
  if (!leaks.empty())
    report.error(str_cat(samples_are(leaks.size()), " in the training set, too: ", few(leaks)),
                 "What is measured on them is memory: leave them out of one of the two.");
}

}  // namespace lamina::detail
