#pragma once

#include "../answers.hpp"

#include <algorithm>
#include <cmath>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Answers::Answers(std::span<const float> numbers) {
  reshape(targets, Shape{static_cast<Index>(numbers.size()), Index{1}});
  std::copy(numbers.begin(), numbers.end(), targets.data());
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_labels(std::string_view who, std::span<const std::int32_t> labels, Index classes) {
  const auto wrong =
      std::find_if(labels.begin(), labels.end(), [&](auto label) { return label < 0 || label >= classes; });
  if (wrong == labels.end()) return;
  throw DataError(message(who, ": label ", *wrong, " of sample ", wrong - labels.begin(), " is outside the ", classes,
                          " classes 0 … ", classes - 1, "; ",
                          *wrong < 0 ? "labels count from 0" : "labels count from 0, or there are more classes"));
}

[[gnu::cold]] LAMINA_FUNC void check_targets(std::string_view who, const Tensor<float, 2>& targets) {
  const float* end = targets.data() + targets.size();
  const float* wrong = std::find_if_not(targets.data(), end, [](float target) { return std::isfinite(target); });
  if (wrong == end) return;
  const Index at = wrong - targets.data(), K = targets.dimension(1);
  throw DataError(message(who, ": target ", at % K, " of sample ", at / K, " is ", *wrong,
                          "; targets have to be finite: correct it or leave the sample out"));
}

[[gnu::cold]] LAMINA_FUNC void settle_classes(const lamina::Answers& answers, Index samples, DatasetOptions& options) {
  const Index names = static_cast<Index>(options.class_names.size()), K = answers.targets.dimension(1);
  const bool labels = answers.has_labels();
  if (answers.size() != samples)
    throw ShapeError(message("Dataset: expects ", labels ? "a label" : K == 1 ? "a target" : "a row of targets",
                             " for each of its ", samples, " samples but got ", answers.size()));
  if (options.classes < 0)
    throw OptionError(message("Dataset: expects .classes of at least 1, or 0 to count them, but got ", options.classes));
  if (options.classes == 0 && labels) {
    const auto largest = std::max_element(answers.labels.begin(), answers.labels.end());
    const Index counted = largest == answers.labels.end() ? 0 : Index{*largest} + 1;
    options.classes = names > 0 ? names : std::max(Index{0}, counted);
  } else if (options.classes == 0) {
    options.classes = K;
  }
  if (!labels && options.classes != K)
    throw OptionError(
        message("Dataset: expects .classes to be the width of the target rows, ", K, ", but got ", options.classes));
  if (names > 0 && names != options.classes)
    throw OptionError(message("Dataset: expects a name for each of the ", options.classes, " classes but got ", names));
  check_labels("Dataset", answers.labels, options.classes);
  check_targets("Dataset", answers.targets);
}

}  // namespace lamina::detail
