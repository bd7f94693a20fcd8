#pragma once

#include "../check_labels.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../../core/argmax.hpp"
#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_labels(const std::vector<Index>& counts, const std::vector<std::string>& names,
                                const Report& report) {
  std::vector<Index> empty, full;
  for (std::size_t k = 0; k < counts.size(); ++k) (counts[k] == 0 ? empty : full).push_back(static_cast<Index>(k));
  if (full.size() == 1)
    return report.error(str_cat("all samples are of one class, ", names[static_cast<std::size_t>(full[0])]),
                        "There is nothing to tell apart: look at how the labels were read.");
  if (empty.size() == 1 && empty[0] == 0 && counts.size() > 2)
    report.warning(str_cat("class 0 has no sample, the ", full.size(), " after it have"),
                   "The labels seem to count from 1: subtract 1, and give the network an output less.");
  else if (!empty.empty())
    report.warning(str_cat(empty.size(), " of ", counts.size(), " classes have no sample: ", few(empty)),
                   "They cannot be learned: add samples, or leave the classes out.");
  const auto by_count = [&](Index a, Index b) {
    return counts[static_cast<std::size_t>(a)] < counts[static_cast<std::size_t>(b)];
  };
  const auto [least, most] = std::minmax_element(full.begin(), full.end(), by_count);
  const Index few_samples = counts[static_cast<std::size_t>(*least)], many = counts[static_cast<std::size_t>(*most)];
  if (many >= 10 * few_samples)
    report.warning(
        str_cat("class ", names[static_cast<std::size_t>(*most)], " has ", many, " samples, class ",
                names[static_cast<std::size_t>(*least)], " only ", few_samples),
        "Rare classes will be overlooked: collect more of them, give the loss class_weights, and judge by the F1 of "
        "each class, not by accuracy.");
}

LAMINA_FUNC void compare_labels(const std::vector<Index>& first, const std::vector<Index>& second,
                                const Report& report) {
  std::vector<Index> unseen;
  double distance = 0;
  const auto size = [](const std::vector<Index>& counts) {
    return static_cast<double>(std::accumulate(counts.begin(), counts.end(), Index{0}));
  };
  const double n = size(first), m = size(second);
  for (std::size_t k = 0; k < first.size() && k < second.size(); ++k) {
    if (first[k] == 0 && second[k] > 0) unseen.push_back(static_cast<Index>(k));
    distance += 0.5 * std::abs(static_cast<double>(first[k]) / n - static_cast<double>(second[k]) / m);
  }
  const double chance = 0.4 * std::sqrt(static_cast<double>(first.size()) / (std::min)(n, m));
  if (!unseen.empty())
    report.error(str_cat("has classes that the training set has no sample of: ", few(unseen)),
                 "Split the samples at random (split, stratified_split), not in their order.");
  else if (distance > 0.1 + 2 * chance)
    report.warning(str_cat("its classes come in other shares than the training set's: ",
                           format_fixed(100 * distance, 0), " % of the samples would have to change class"),
                   "Split the samples at random (stratified_split), not in their order.");
}

LAMINA_FUNC bool check_held_out(const Tensor<float, 2>& probabilities, const std::vector<std::int32_t>& labels,
                                const Report& report) {
  const std::size_t K = static_cast<std::size_t>(probabilities.dimension(1));
  std::vector<double> samples(K), right(K);
  const auto classes = lamina::argmax(probabilities);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto k = static_cast<std::size_t>(labels[i]);
    ++samples[k];
    right[k] += classes[i] == labels[i];
  }
  double known = 0, recall = 0, variance = 0;
  for (std::size_t k = 0; k < K; ++k) {
    if (samples[k] == 0) continue;
    ++known;
    recall += right[k] / samples[k];
    variance += 1 / samples[k];
  }
  recall /= known;
  const double guess = 1 / known, error = std::sqrt(guess * (1 - guess) * variance) / known;
  if (recall > guess + 2 * error || guess + 2 * error >= 1) return true;
  report.warning(str_cat("the network learns samples by heart but predicts others no better than guessing: mean recall ",
                         format_fixed(recall, 3), " over the classes on held-out samples, ", format_fixed(guess, 3), " by guessing"),
                 "Look whether each label belongs to its sample: images and labels may be shuffled or sorted apart. If every "
                 "label does, train longer (.fold_epochs).");
  return false;
}

LAMINA_FUNC void look_at_targets(const Tensor<float, 2>& targets, std::string_view loss, const Report& report) {
  const auto [N, K] = shape(targets);
  const bool shares = loss.find("CrossEntropy") != std::string_view::npos;
  const bool one_class =
      shares && loss.find("Sigmoid") == std::string_view::npos && loss.find("Binary") == std::string_view::npos;
  std::vector<Index> outside, unsummed;
  std::vector<double> mean(static_cast<std::size_t>(K)), square(static_cast<std::size_t>(K));
  for (Index n = 0; n < N; ++n) {
    double sum = 0;
    bool inside = true;
    for (Index k = 0; k < K; ++k) {
      const double y = static_cast<double>(targets.data()[n * K + k]);
      sum += y;
      inside = inside && y >= 0 && y <= 1;
      mean[static_cast<std::size_t>(k)] += y / static_cast<double>(N);
      square[static_cast<std::size_t>(k)] += y * y / static_cast<double>(N);
    }
    if (!inside) outside.push_back(n);
    if (std::abs(sum - 1) > 1e-3) unsummed.push_back(n);
  }
  if (shares && !outside.empty())
    return report.error(str_cat("targets of ", outside.size(), " of ", N, " samples lie outside 0 … 1, but ", loss,
                                " takes them for probabilities; samples ", few(outside)),
                        "Scale them to 0 … 1, or use MeanSquaredError.");
  if (one_class && !unsummed.empty())
    report.error(str_cat("the target rows of ", unsummed.size(), " of ", N, " samples do not sum to 1, but ", loss,
                         " expects one class each; samples ", few(unsummed)),
                 "For several labels at once use SigmoidCrossEntropy.");
  std::vector<Index> constant, large;
  for (std::size_t k = 0; k < mean.size(); ++k) {
    if (square[k] - mean[k] * mean[k] <= 1e-12 * square[k]) constant.push_back(static_cast<Index>(k));
    if (square[k] > 100) large.push_back(static_cast<Index>(k));
  }
  if (!constant.empty() && N > 1)
    report.warning(str_cat("targets that are the same for all samples: column ", few(constant)),
                   "There is nothing to learn: leave them out.");
  if (!large.empty())
    report.warning(
        str_cat("targets far from −1 … 1: column ", few(large)),
        "A network begins with outputs of about that size: train.normalise_targets(measure_target_normalisation(train)).");
}

}  // namespace lamina::detail
