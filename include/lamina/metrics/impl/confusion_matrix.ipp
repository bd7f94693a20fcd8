#pragma once

#include "../confusion_matrix.hpp"

#include <utility>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ConfusionMatrix::ConfusionMatrix(std::vector<std::string> class_names)
    : class_names_(std::move(class_names)) {
  check_classes(classes());
  reshape(counts_, Shape{classes(), classes()});
  std::fill_n(counts_.data(), counts_.size(), Index{0});
}

LAMINA_FUNC void ConfusionMatrix::add(std::int32_t label, std::int32_t predicted) {
  detail::check_class("ConfusionMatrix", "a label", label, classes());
  detail::check_class("ConfusionMatrix", "a predicted class", predicted, classes());
  ++counts_(label, predicted);
}

LAMINA_FUNC void ConfusionMatrix::merge(const ConfusionMatrix& other) {
  if (other.classes() != classes())
    throw ShapeError(message("ConfusionMatrix: expects to merge ", classes(), " classes but got ", other.classes()));
  for (Index i = 0; i < counts_.size(); ++i) counts_.data()[i] += other.counts_.data()[i];
}

LAMINA_FUNC Index ConfusionMatrix::sum(Index first, Index end, Index stride) const {
  Index all = 0;
  for (Index i = first; i < end; i += stride) all += counts_.data()[i];
  return all;
}

LAMINA_FUNC void ConfusionMatrix::check_classes(Index classes) {
  if (classes < 1) throw OptionError(message("ConfusionMatrix: expects at least one class but got ", classes));
}

LAMINA_FUNC std::vector<std::string> ConfusionMatrix::numbered(Index classes) {
  check_classes(classes);
  std::vector<std::string> names;
  for (Index c = 0; c < classes; ++c) names.push_back(std::to_string(c));
  return names;
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Index check_counted(const char* who, const ConfusionMatrix& confusion) {
  const Index samples = confusion.samples();
  if (samples == 0) throw DataError(message(who, ": expects at least one sample but the confusion matrix is empty"));
  return samples;
}

}  // namespace lamina::detail
