#pragma once

#include "../class_answers.hpp"

#include <cmath>
#include <cstddef>
#include <iterator>

namespace LAMINA_NAMESPACE::detail {

/// The probabilities of a sample's predicted class and of its label, and whether all its probabilities are finite and add
/// up to 1.
struct ClassAnswer {
  double probability = 0, label_probability = 0;
  bool finite = true, whole = true;
};

/// Reads the K probabilities of a sample; a single one is that of class 1 of two.
template <typename T>
ClassAnswer class_answer(const T* p, Index K, Index predicted, Index label) {
  if (K == 1) {
    const double yes = static_cast<double>(p[0]);
    return {predicted == 1 ? yes : 1 - yes, label == 1 ? yes : 1 - yes, std::isfinite(yes), yes >= 0 && yes <= 1};
  }
  ClassAnswer answer{static_cast<double>(p[predicted]), static_cast<double>(p[label]), all_finite(p, K), true};
  double sum = 0;
  for (Index k = 0; k < K; ++k) {
    sum += static_cast<double>(p[k]);
    answer.whole = answer.whole && p[k] >= T(-1e-5);
  }
  answer.whole = answer.whole && std::abs(sum - 1) <= 1e-4;
  return answer;
}

template <typename T>
[[gnu::cold]] ClassAnswers class_answers(const InferenceModel<T>& model, const DataView<T>& data,
                                         const std::vector<std::int32_t>& labels, Index threads, Index most) {
  ClassAnswers all{.predicted = std::vector<std::int32_t>(labels.size())};
  std::vector<ClassAnswer> answers(labels.size());
  ThreadPool thread_pool(useful_threads(threads, data.size()));
  OutputLoop<T>()(model, data, thread_pool, {}, [&](Index, Index first, const SamplesRef<T>&, const Tensor<T, 2>& y) {
    std::vector<std::int32_t> classes;
    model.decide(y, classes);
    Tensor<T, 2> p = y;
    model.to_probabilities(p);
    for (std::size_t n = 0; n < classes.size(); ++n) {
      const std::size_t at = static_cast<std::size_t>(first) + n;
      const Index K = p.dimension(1);
      all.predicted[at] = classes[n];
      answers[at] = class_answer(p.data() + static_cast<Index>(n) * K, K, Index{classes[n]}, Index{labels[at]});
    }
  });
  Binning binning("write_report", {});
  bool whole = true;
  for (std::size_t n = 0; n < answers.size(); ++n) {
    const bool right = all.predicted[n] == labels[n];
    const auto& [probability, label_probability, finite, is_whole] = answers[n];
    all.finite = all.finite && finite;
    whole = whole && is_whole;
    if (finite) binning.add(probability, right);
    if (!right)
      all.mistakes.push_back({static_cast<Index>(n), labels[n], all.predicted[n], probability, label_probability});
  }
  keep_worst(all.mistakes, most);
  if (all.finite && whole) all.calibration = binning.result(std::ssize(answers));
  return all;
}

}  // namespace lamina::detail
