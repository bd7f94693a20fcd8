#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "../metrics/calibration.hpp"
#include "../training/evaluate.hpp"
#include "mistakes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Scores that a report keeps, and draws curves of: of 10,000 samples, those for 800 classes.
inline constexpr Index most_scores = Index{1} << 23;

/// The answers of a network for a set with class numbers, kept without the scores (N, K), of which there may be too many.
struct ClassAnswers {
  std::vector<std::int32_t> predicted{};     // (N)
  std::vector<Mistake> mistakes{};           // the worst first
  std::optional<Calibration> calibration{};  // where the probabilities of each sample add up to 1
  bool finite = true;                        // all probabilities
};

/// Shows a network every sample of a set with class numbers, which are `labels`. Keeps no more than `most` mistakes.
template <typename T>
ClassAnswers class_answers(const Answers<T>& model, const DataView<T>& data, const std::vector<std::int32_t>& labels,
                           Index threads, Index most);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/class_answers.ipp"
#endif
