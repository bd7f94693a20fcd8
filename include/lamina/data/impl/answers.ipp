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

LAMINA_FUNC void check_targets(std::string_view who, const Tensor<float, 2>& targets) {
  const float* end = targets.data() + targets.size();
  const float* wrong = std::find_if_not(targets.data(), end, [](float target) { return std::isfinite(target); });
  if (wrong == end) return;
  const Index at = wrong - targets.data(), K = targets.dimension(1);
  throw DataError(message(who, ": target ", at % K, " of sample ", at / K, " is ", *wrong,
                          "; targets have to be finite: correct it or leave the sample out"));
}

}  // namespace lamina::detail
