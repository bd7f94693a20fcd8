#pragma once

#include "../true_classes.hpp"

#include "../accuracy.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Index TrueClasses::support(Index k) const {
  Index count = 0;
  for (Index n = 0; n < samples(); ++n) count += of(n, k);
  return count;
}

LAMINA_FUNC void TrueClasses::check(const char* who, const ScoreTable& scores) const {
  if (scores.classes() < 1)
    throw ShapeError(str_cat(who, ": expects scores (N, K) of at least one class but got ", scores.shape()));
  if (rows_ && rows_->shape() != scores.shape())
    throw ShapeError(
        str_cat(who, ": expects rows of 0 and 1 of the scores' shape ", scores.shape(), " but got ", rows_->shape()));
  if (samples() != scores.samples())
    throw ShapeError(str_cat(who, ": expects a row of scores for each label but got ", samples(), " labels and scores ",
                             scores.shape()));
  if (samples() == 0) throw DataError(str_cat(who, ": expects at least one sample but got none"));
  for (const std::int32_t label : labels_) detail::check_class(who, "a label", label, scores.classes());
  if (rows_) check_rows(who);
}

LAMINA_FUNC void TrueClasses::check_rows(const char* who) const {
  for (Index n = 0; n < rows_->samples(); ++n)
    for (Index k = 0; k < rows_->classes(); ++k)
      if (const double value = (*rows_)(n, k); value != 0 && value != 1)
        throw DataError(str_cat(who, ": expects rows of 0 and 1 but got ", value, " for class ", k, " of sample ", n));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_class_asked(const char* who, Index k, Index classes) {
  if (k < 0 || k >= classes) throw OptionError(str_cat(who, ": expects a class in 0 … ", classes - 1, " but got ", k));
}

}  // namespace lamina::detail
