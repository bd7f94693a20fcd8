#pragma once

#include <limits>

#include "../core/argmax.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

/// A view of the scores or probabilities (N, K) for a metric: a tensor of float or double, read as double. The numbers
/// belong to the caller. With one type for both, every metric is compiled only once.
class ScoreTable {
 public:
  ScoreTable(const Tensor<float, 2>& scores) : shape_(lamina::shape(scores)), floats_(scores.data()) {}
  ScoreTable(const Tensor<double, 2>& scores) : shape_(lamina::shape(scores)), doubles_(scores.data()) {}

  const Shape<2>& shape() const { return shape_; }
  Index samples() const { return shape_[0]; }
  Index classes() const { return shape_[1]; }

  /// Returns the score of sample n for class k.
  double operator()(Index n, Index k) const {
    const Index i = n * classes() + k;
    return floats_ ? static_cast<double>(floats_[i]) : doubles_[i];
  }

  /// Returns the class of sample n's highest score, as `classes_of` does.
  Index highest(Index n) const {
    return floats_ ? detail::argmax(floats_ + n * classes(), classes())
                   : detail::argmax(doubles_ + n * classes(), classes());
  }

  /// Returns the distance from 1 to the next number of the tensor's type.
  double epsilon() const {
    return floats_ ? static_cast<double>(std::numeric_limits<float>::epsilon()) : std::numeric_limits<double>::epsilon();
  }

  /// Throws DataError, in the name of `who`, for a score that is infinite or NaN: it cannot be ranked.
  void check_finite(const char* who) const;

  /// Throws DataError, in the name of `who`, for an invalid probability; 1e-5 outside 0 … 1 is accepted as rounding.
  void check_probabilities(const char* who) const;

  /// Throws as above, and for a sample whose probabilities do not add up to 1, within 1e-4.
  void check_distributions(const char* who) const;

 private:
  [[noreturn, gnu::cold]] void refuse(const char* who, const char* what, Index n, Index k, const char* remedy) const;

  Shape<2> shape_;
  const float* floats_ = nullptr;    // the numbers are here …
  const double* doubles_ = nullptr;  // … or here
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/score_table.ipp"
#endif
