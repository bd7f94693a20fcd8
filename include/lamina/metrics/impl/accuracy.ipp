#pragma once

#include "../accuracy.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_pairs(const char* who, std::size_t labels, std::size_t predictions) {
  if (labels != predictions)
    throw ShapeError(str_cat(who, ": expects one prediction for each label but got ", labels, " labels and ",
                             predictions, " predictions"));
  if (labels == 0) throw DataError(str_cat(who, ": expects at least one sample but got none"));
}

LAMINA_FUNC void check_class(const char* who, const char* what, std::int32_t number, Index classes) {
  if (number < 0 || number >= classes)
    throw DataError(str_cat(who, ": expects ", what, " in 0 … ", classes - 1, " but got ", number,
                            classes == 1 && number == 1 ? "; of one output that tells two classes apart, give both: "
                                                          "predict_probabilities does"
                            : number == classes && std::string_view(what) == "a label"
                                ? "; classes count from 0: where labels begin at 1, subtract 1 from each"
                                : "; check the labels and the number of classes"));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC double accuracy(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted) {
  detail::check_pairs("accuracy", labels.size(), predicted.size());
  Index correct = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) correct += labels[n] == predicted[n];
  return static_cast<double>(correct) / static_cast<double>(labels.size());
}

}  // namespace lamina
