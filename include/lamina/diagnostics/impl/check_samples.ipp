#pragma once

#include "../check_samples.hpp"

#include <algorithm>

#include "../../core/argmax.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void look_for_outliers(const SampleTable& table, const Neighbours& near, const Report& report) {
  if (table.size() < 20) return;
  std::vector<double> distance;
  const Index some = (std::min<Index>)(near.k, 5);
  for (Index i = 0; i < table.size(); ++i) {
    double sum = 0;
    for (Index j = 0; j < some; ++j) sum += near.far(i, j);
    distance.push_back(sum / static_cast<double>(some));
  }
  std::vector<double> sorted = distance;
  std::sort(sorted.begin(), sorted.end());
  const auto quantile = [&](std::size_t quarters) { return sorted[(sorted.size() - 1) * quarters / 4]; };
  const double fence = (std::max)(quantile(3) + 3 * (quantile(3) - quantile(1)), 2 * quantile(2));
  std::vector<Index> outliers;
  for (Index i = 0; i < table.size(); ++i)
    if (distance[static_cast<std::size_t>(i)] > fence) outliers.push_back(table.samples[static_cast<std::size_t>(i)]);
  if (!outliers.empty())
    report.warning(str_cat(samples_are(outliers.size()), " unlike all others: ", few(outliers)),
                   "Look at them: they may be damaged, inverted, or of another kind.");
}

LAMINA_FUNC std::vector<Suspect> suspects(const SampleTable& table, const Tensor<float, 2>& p, const Neighbours& near) {
  const auto [N, K] = shape(p);
  const auto label = [&](Index i) { return static_cast<Index>(table.labels[static_cast<std::size_t>(i)]); };
  std::vector<double> threshold(static_cast<std::size_t>(K)), count(static_cast<std::size_t>(K));
  for (Index i = 0; i < N; ++i) {
    threshold[static_cast<std::size_t>(label(i))] += static_cast<double>(p(i, label(i)));
    count[static_cast<std::size_t>(label(i))] += 1;
  }
  std::vector<Suspect> doubted;
  for (Index i = 0; i < N; ++i) {
    Index likely = -1;
    for (Index k = 0; k < K; ++k) {
      const auto c = static_cast<std::size_t>(k);
      if (count[c] > 0 && static_cast<double>(p(i, k)) * count[c] >= threshold[c] &&
          (likely < 0 || p(i, k) > p(i, likely)))
        likely = k;
    }
    if (likely < 0 || likely == label(i)) continue;
    Index like = 0, own = 0;
    for (Index j = 0; j < near.k; ++j) {
      like += label(near.at(i, j)) == likely;
      own += label(near.at(i, j)) == label(i);
    }
    if (10 * like >= 4 * near.k && 10 * own <= near.k)
      doubted.push_back({table.samples[static_cast<std::size_t>(i)], static_cast<std::int32_t>(label(i)),
                         static_cast<std::int32_t>(likely), static_cast<double>(p(i, likely))});
  }
  std::stable_sort(doubted.begin(), doubted.end(),
                   [](const Suspect& a, const Suspect& b) { return a.probability > b.probability; });
  return doubted;
}

LAMINA_FUNC void look_at_suspects(const std::vector<Suspect>& doubted, Index looked_at,
                             const std::vector<std::string>& names, const Report& report) {
  if (std::ssize(doubted) < 3 || 100 * std::ssize(doubted) < 2 * looked_at) return;
  std::string text;
  for (std::size_t i = 0; i < (std::min<std::size_t>)(doubted.size(), 5); ++i)
    text += str_cat(i > 0 ? ", " : "", doubted[i].sample, " (", names[static_cast<std::size_t>(doubted[i].label)],
                    ", looks like ", names[static_cast<std::size_t>(doubted[i].likely)], ")");
  report.warning(str_cat("labels of ", doubted.size(), " of ", looked_at, " samples are probably wrong: ", text,
                         doubted.size() > 5 ? " and others" : ""),
                 "Look at them, all in Diagnosis::suspects, and correct what is wrong.");
}

}  // namespace lamina::detail
