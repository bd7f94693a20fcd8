#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "../metrics/calibration.hpp"
#include "../training/evaluate.hpp"
#include "mistakes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The most scores that a report keeps and draws curves of: for 10,000 samples, those for 800 classes.
inline constexpr Index most_scores = Index{1} << 23;

/// The predictions of a network for a set with class numbers, without the scores (N, K), which may be too many.
struct ClassAnswers {
  std::vector<std::int32_t> predicted{};     // (N)
  std::vector<Mistake> mistakes{};           // the worst first
  std::optional<Calibration> calibration{};  // if each sample's probabilities add up to 1
  bool finite = true;                        // whether all probabilities are finite
};

/// Runs a network on every sample of a set whose class numbers are `labels`. Keeps at most `most` mistakes.
template <typename T>
ClassAnswers class_answers(const InferenceModel<T>& model, const DataView<T>& data, const std::vector<std::int32_t>& labels,
                           Index threads, Index most);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/class_answers.ipp"
#endif
