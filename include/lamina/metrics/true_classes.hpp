#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "accuracy.hpp"
#include "score_table.hpp"

namespace lamina {

/// What is true of N samples, in one of two forms: a class number for each (N), or, where a sample can be of several
/// classes or of none, rows (N, K) of 0 and 1. A view: the numbers belong to the caller.
class TrueClasses {
 public:
  TrueClasses(std::span<const std::int32_t> labels) : labels_(labels) {}
  TrueClasses(const std::vector<std::int32_t>& labels) : labels_(labels) {}
  TrueClasses(const Tensor<float, 2>& rows) : rows_(rows) {}
  TrueClasses(const Tensor<double, 2>& rows) : rows_(rows) {}

  Index samples() const { return rows_ ? rows_->samples() : static_cast<Index>(labels_.size()); }

  /// Whether sample n is of class k.
  bool of(Index n, Index k) const {
    return rows_ ? (*rows_)(n, k) == 1 : Index{labels_[static_cast<std::size_t>(n)]} == k;
  }

  /// How many samples are of class k.
  Index support(Index k) const {
    Index count = 0;
    for (Index n = 0; n < samples(); ++n) count += of(n, k);
    return count;
  }

  /// Throws, in the name of who, unless scores can be judged by this: ShapeError for another number of samples or
  /// classes or no class, DataError for no sample, a label that is no class or a row with something else than 0 and 1.
  void check(const char* who, const ScoreTable& scores) const {
    if (scores.classes() < 1)
      throw ShapeError(message(who, ": expects scores (N, K) of at least one class but got ", scores.shape()));
    if (rows_ && rows_->shape() != scores.shape())
      throw ShapeError(
          message(who, ": expects rows of 0 and 1 of the scores' shape ", scores.shape(), " but got ", rows_->shape()));
    if (samples() != scores.samples())
      throw ShapeError(message(who, ": expects a row of scores for each label but got ", samples(),
                               " labels and scores ", scores.shape()));
    if (samples() == 0) throw DataError(message(who, ": expects at least one sample but got none"));
    for (const std::int32_t label : labels_) detail::check_class(who, "a label", label, scores.classes());
    if (rows_) check_rows(who);
  }

 private:
  void check_rows(const char* who) const {
    for (Index n = 0; n < rows_->samples(); ++n)
      for (Index k = 0; k < rows_->classes(); ++k)
        if (const double value = (*rows_)(n, k); value != 0 && value != 1)
          throw DataError(
              message(who, ": expects rows of 0 and 1 but got ", value, " for class ", k, " of sample ", n));
  }

  std::span<const std::int32_t> labels_;
  std::optional<ScoreTable> rows_;
};

namespace detail {

/// Throws OptionError, in the name of who, unless there is a class k.
inline void check_class_asked(const char* who, Index k, Index classes) {
  if (k < 0 || k >= classes) throw OptionError(message(who, ": expects a class in 0 … ", classes - 1, " but got ", k));
}

}  // namespace detail

}  // namespace lamina
