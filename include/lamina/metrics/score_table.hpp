#pragma once

#include <cmath>
#include <limits>

#include "../core/first_class.hpp"
#include "../core/tensor.hpp"

namespace lamina {

/// The scores or probabilities (N, K) that a metric judges: a view of a tensor of float or double, read as double. The
/// numbers belong to the caller. One type for both lets every metric be compiled once.
class ScoreTable {
 public:
  ScoreTable(const Tensor<float, 2>& scores) : shape_(lamina::shape(scores)), floats_(scores.data()) {}
  ScoreTable(const Tensor<double, 2>& scores) : shape_(lamina::shape(scores)), doubles_(scores.data()) {}

  const Shape<2>& shape() const { return shape_; }
  Index samples() const { return shape_[0]; }
  Index classes() const { return shape_[1]; }

  /// What sample n scores for class k.
  double operator()(Index n, Index k) const {
    const Index i = n * classes() + k;
    return floats_ ? static_cast<double>(floats_[i]) : doubles_[i];
  }

  /// The class of sample n's highest score, as `classes_of` finds it.
  Index highest(Index n) const {
    return floats_ ? detail::first_class(floats_ + n * classes(), classes())
                   : detail::first_class(doubles_ + n * classes(), classes());
  }

  /// The distance from 1 to the next number that the tensor can hold.
  double epsilon() const {
    return floats_ ? double{std::numeric_limits<float>::epsilon()} : std::numeric_limits<double>::epsilon();
  }

  /// Throws DataError, in the name of who, for a score that is infinite or not a number: it has no rank that means
  /// something.
  void check_finite(const char* who) const {
    for (Index n = 0; n < samples(); ++n)
      for (Index k = 0; k < classes(); ++k)
        if (!std::isfinite((*this)(n, k))) refuse(who, "finite scores", n, k, "; did training diverge?");
  }

  /// Throws DataError, in the name of who, for what is no probability; 1e-5 beyond 0 and 1 pass as rounding.
  void check_probabilities(const char* who) const {
    constexpr double rounding = 1e-5;
    for (Index n = 0; n < samples(); ++n)
      for (Index k = 0; k < classes(); ++k)
        if (!((*this)(n, k) >= -rounding && (*this)(n, k) <= 1 + rounding))
          refuse(who, "probabilities in [0, 1]", n, k, "; turn logits into probabilities first");
  }

  /// As above, and for a sample whose probabilities do not add up to 1, within 1e-4.
  void check_distributions(const char* who) const {
    check_probabilities(who);
    for (Index n = 0; n < samples(); ++n) {
      double sum = 0;
      for (Index k = 0; k < classes(); ++k) sum += (*this)(n, k);
      if (std::abs(sum - 1) > 1e-4)
        throw DataError(message(who, ": expects probabilities that add up to 1 but those of sample ", n, " add up to ",
                                sum, "; several labels at once have no distribution over the classes"));
    }
  }

 private:
  [[noreturn, gnu::cold]] void refuse(const char* who, const char* what, Index n, Index k, const char* remedy) const {
    throw DataError(
        message(who, ": expects ", what, " but got ", (*this)(n, k), " for class ", k, " of sample ", n, remedy));
  }

  Shape<2> shape_;
  const float* floats_ = nullptr;    // the numbers are here …
  const double* doubles_ = nullptr;  // … or here
};

}  // namespace lamina
