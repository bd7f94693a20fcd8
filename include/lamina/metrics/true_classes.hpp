#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "score_table.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The true classes of N samples in one of two forms: a class number for each (N), or rows (N, K) of 0 and 1. With rows,
/// a sample may have several classes or none. It is a view: the numbers belong to the caller.
class TrueClasses {
 public:
  TrueClasses(std::span<const std::int32_t> labels) : labels_(labels) {}
  TrueClasses(const std::vector<std::int32_t>& labels) : labels_(labels) {}
  TrueClasses(const Tensor<float, 2>& rows) : rows_(rows) {}
  TrueClasses(const Tensor<double, 2>& rows) : rows_(rows) {}

  Index samples() const { return rows_ ? rows_->samples() : static_cast<Index>(labels_.size()); }

  /// Returns whether sample n has class k.
  bool of(Index n, Index k) const {
    return rows_ ? (*rows_)(n, k) == 1 : Index{labels_[static_cast<std::size_t>(n)]} == k;
  }

  /// Returns how many samples have class k.
  Index support(Index k) const;

  /// Throws, in the name of `who`, unless scores fit: ShapeError for another number of samples or classes or for no class.
  /// Throws DataError for no sample, a label outside the classes or a row with other numbers than 0 and 1.
  void check(const char* who, const ScoreTable& scores) const;

 private:
  void check_rows(const char* who) const;

  std::span<const std::int32_t> labels_;
  std::optional<ScoreTable> rows_;
};

/// Throws OptionError, in the name of `who`, unless there is a class k.
void check_class_asked(const char* who, Index k, Index classes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/true_classes.ipp"
#endif
