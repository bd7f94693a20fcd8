#pragma once

#include "../targets.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "../../core/class_names.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Targets::Targets(std::span<const float> numbers) {
  reshape(targets, Shape{static_cast<Index>(numbers.size()), Index{1}});
  std::copy(numbers.begin(), numbers.end(), targets.data());
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_labels(std::string_view who, std::span<const std::int32_t> labels, Index classes) {
  const auto wrong =
      std::find_if(labels.begin(), labels.end(), [&](auto label) { return label < 0 || label >= classes; });
  if (wrong == labels.end()) return;
  const auto [least, most] = std::minmax_element(labels.begin(), labels.end());
  throw DataError(str_cat(who, ": label ", *wrong, " of sample ", wrong - labels.begin(), " is outside the ", classes,
                          " classes 0 … ", classes - 1, "; ",
                          *least == 1 && *most == classes ? "the labels begin at 1, and classes at 0: subtract 1 from each"
                          : *wrong < 0                    ? "labels count from 0"
                                                          : "labels count from 0, or there are more classes"));
}

[[gnu::cold]] LAMINA_FUNC void reorder_classes(lamina::Targets& targets, DatasetOptions& options,
                                               Normalisation& normalisation, std::vector<std::string> names) {
  const Index K = targets.targets.dimension(1);
  if (options.class_names.empty() && options.classes > 0)
    throw OptionError("reorder_classes: expects a set whose classes have names; give it .class_names when it is made");
  const std::vector<Index> numbers = class_numbers(options.class_names, names);
  if (!targets.has_labels() && std::ssize(names) != K)
    throw OptionError(str_cat("reorder_classes: expects a name for each of the ", K, " columns of the target rows but got ",
                              names.size()));
  for (std::int32_t& label : targets.labels)
    label = static_cast<std::int32_t>(numbers[static_cast<std::size_t>(label)]);
  const Tensor<float, 2> rows = targets.targets;
  for (Index i = 0; i < rows.size(); ++i)
    targets.targets(i / K, numbers[static_cast<std::size_t>(i % K)]) = rows.data()[i];
  for (std::vector<double>* column : {&normalisation.mean, &normalisation.deviation}) {
    const std::vector<double> before = *column;
    for (std::size_t k = 0; before.size() > 1 && k < before.size(); ++k)
      (*column)[static_cast<std::size_t>(numbers[k])] = before[k];
  }
  options.classes = std::ssize(names);
  options.class_names = std::move(names);
}

[[gnu::cold]] LAMINA_FUNC void check_targets(std::string_view who, const Tensor<float, 2>& targets) {
  const float* end = targets.data() + targets.size();
  const float* wrong = std::find_if_not(targets.data(), end, [](float target) { return std::isfinite(target); });
  if (wrong == end) return;
  const Index at = wrong - targets.data(), K = targets.dimension(1);
  throw DataError(str_cat(who, ": target ", at % K, " of sample ", at / K, " is ", *wrong,
                          "; targets have to be finite: correct it or leave the sample out"));
}

[[gnu::cold]] LAMINA_FUNC void settle_classes(const lamina::Targets& targets, Index samples, DatasetOptions& options) {
  const Index names = static_cast<Index>(options.class_names.size()), K = targets.targets.dimension(1);
  const bool labels = targets.has_labels();
  if (targets.size() != samples)
    throw ShapeError(str_cat("Dataset: expects ", labels ? "a label" : K == 1 ? "a target" : "a row of targets",
                             " for each of its ", samples, " samples but got ", targets.size()));
  if (options.classes < 0)
    throw OptionError(str_cat("Dataset: expects .classes of at least 1, or 0 to count them, but got ", options.classes));
  if (options.classes == 0 && labels) {
    const auto largest = std::max_element(targets.labels.begin(), targets.labels.end());
    const Index counted = largest == targets.labels.end() ? 0 : Index{*largest} + 1;
    options.classes = names > 0 ? names : (std::max)(Index{0}, counted);
  } else if (options.classes == 0) {
    options.classes = K;
  }
  if (!labels && options.classes != K)
    throw OptionError(
        str_cat("Dataset: expects .classes to be the width of the target rows, ", K, ", but got ", options.classes));
  if (names > 0 && names != options.classes)
    throw OptionError(str_cat("Dataset: expects a name for each of the ", options.classes, " classes but got ", names));
  check_labels("Dataset", targets.labels, options.classes);
  check_targets("Dataset", targets.targets);
}

}  // namespace lamina::detail
