#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/argmax.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

void check_pairs(const char* who, std::size_t labels, std::size_t predictions);

void check_class(const char* who, const char* what, std::int32_t number, Index classes);

template <typename T>
void check_scores(const char* who, const Tensor<T, 2>& scores) {
  if (scores.dimension(1) < 1)
    throw ShapeError(str_cat(who, ": expects scores (N, K) of at least one class but got ", shape(scores)));
}

}  // namespace detail

/// Returns the class of the highest score in each row of `scores` (N, K), which may be logits or probabilities. The first
/// of equal maxima wins. A NaN loses against every number; a row of only NaN is class 0. Throws ShapeError for fewer than
/// two classes: the class of a single output depends on its meaning, which the model knows (BasicModel::classes,
/// predict_classes).
template <typename T>
std::vector<std::int32_t> classes_of(const Tensor<T, 2>& scores) {
  detail::check_scores("classes_of", scores);
  if (scores.dimension(1) == 1)
    throw ShapeError(str_cat("classes_of: expects scores (N, K) of at least two classes but got ", shape(scores),
                             "; of one output that tells two classes apart ask model.classes(x) or predict_classes"));
  const auto [N, K] = shape(scores);
  std::vector<std::int32_t> classes(static_cast<std::size_t>(N));
  for (Index n = 0; n < N; ++n)
    classes[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(detail::argmax(scores.data() + n * K, K));
  return classes;
}

/// Returns the number of rows of `scores` (N, K) in which the label's score is among the k highest. Of equal scores the
/// lower class number ranks first, so that k = 1 counts what `classes_of` finds. Allocates nothing. Throws OptionError
/// for k < 1 or k > K, ShapeError unless there are N ≥ 1 labels, DataError for a label outside 0 … K − 1.
template <typename T>
Index count_in_top_k(std::span<const std::int32_t> labels, const Tensor<T, 2>& scores, Index k) {
  detail::check_scores("top_k_accuracy", scores);
  const auto [N, K] = shape(scores);
  detail::check_pairs("top_k_accuracy", labels.size(), static_cast<std::size_t>(N));
  if (k < 1 || k > K)
    throw OptionError(str_cat("top_k_accuracy: expects k in 1 … ", K, " (the number of classes) but got ", k));
  Index correct = 0;
  for (Index n = 0; n < N; ++n) {
    const std::int32_t label = labels[static_cast<std::size_t>(n)];
    detail::check_class("top_k_accuracy", "a label", label, K);
    const T* row = scores.data() + n * K;
    Index rank = 0;
    for (Index j = 0; j < K; ++j) rank += detail::ranks_before(row[j], j, row[label], Index{label});
    correct += rank < k;
  }
  return correct;
}

/// Returns the share of samples, in [0, 1], whose label's score is among the k highest of their row. Ties, NaN and errors
/// are those of `count_in_top_k`. (In scikit-learn the higher class number ranks first among equal scores; torch.topk
/// does not define it.)
template <typename T>
double top_k_accuracy(std::span<const std::int32_t> labels, const Tensor<T, 2>& scores, Index k) {
  const Index correct = count_in_top_k(labels, scores, k);
  return static_cast<double>(correct) / static_cast<double>(labels.size());
}

/// Returns the share of samples, in [0, 1], whose predicted class is their label. Throws ShapeError unless there are as
/// many predictions as labels, DataError if there is none.
double accuracy(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/accuracy.ipp"
#endif
