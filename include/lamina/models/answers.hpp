#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../core/crew.hpp"
#include "../core/first_class.hpp"
#include "../exec/any_tensor.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The interface of what gives a row for each sample: a model, or an ensemble.
template <typename T>
class Answers {
 public:
  /// The workspace of one thread. `memory` makes it, for the object that it is called on.
  struct Memory {
    bool winograd = true;  // see Context
    Crew* crew = nullptr;  // see Context
    virtual ~Memory() = default;
  };

  virtual const char* name() const = 0;  // for errors
  virtual std::unique_ptr<Memory> memory() const = 0;

  /// Computes y (N, K) for samples x, whose shape the caller has checked. Throws ShapeError when the network gives no rows.
  virtual void answer(TensorRef<T> x, Memory& memory, Tensor<T, 2>& y) const = 0;

  /// Throws ShapeError when these are not the extents of a batch of samples.
  virtual void check(std::span<const Index> in) const = 0;

  /// Return the extents of a sample, and K.
  virtual std::span<const Index> sample_extents() const = 0;
  virtual Index outputs() const = 0;

  /// Tell whether the rows are probabilities, and convert them to probabilities where they are not.
  virtual bool gives_probabilities() const = 0;
  virtual void to_probabilities(Tensor<T, 2>& y) const = 0;

 protected:
  ~Answers() = default;
};

/// Throws ShapeError when `in` is no batch of such samples.
void check_samples(const char* who, std::span<const Index> sample, std::span<const Index> in);

/// Returns whether no number is infinite or NaN.
template <typename T>
bool all_finite(const T* x, Index size) {
  return std::all_of(x, x + size, [](T number) { return std::isfinite(number); });
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/answers.ipp"
#endif
