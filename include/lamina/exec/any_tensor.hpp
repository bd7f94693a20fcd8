#pragma once

#include <span>

#include "../core/tensor.hpp"

// These tensors have a number of axes that is known at run time. They connect the steps of a program. A step knows the
// ranks of its input and its output from the layer's type.
namespace LAMINA_NAMESPACE::detail {

/// The ranks that a batch may have: from rows (N, F) to images (N, H, W, C).
inline constexpr int least_rank = 2, largest_rank = 4;

/// A reference to a tensor for reading.
template <typename T>
class TensorRef {
 public:
  TensorRef() = default;
  template <int Rank>
  TensorRef(const Tensor<T, Rank>& x) : tensor_(&x), rank_(Rank) {
    static_assert(Rank >= least_rank && Rank <= largest_rank, "batches have 2, 3 or 4 axes");
  }

  int rank() const { return rank_; }

  /// Returns the tensor. Rank must be rank().
  template <int Rank>
  const Tensor<T, Rank>& as() const {
    return *static_cast<const Tensor<T, Rank>*>(tensor_);
  }

  /// Calls visitor with the tensor as its own type.
  template <typename Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    if (rank_ == 4) return visitor(as<4>());
    if (rank_ == 3) return visitor(as<3>());
    return visitor(as<2>());
  }

  const T* data() const {
    return visit([](const auto& x) { return x.data(); });
  }
  Index size() const {
    return visit([](const auto& x) { return x.size(); });
  }

  /// Returns the extents. The first one counts the samples.
  std::span<const Index> extents() const {
    return visit([](const auto& x) {
      return std::span<const Index>(x.dimensions().data(), static_cast<std::size_t>(x.NumDimensions));
    });
  }

 private:
  const void* tensor_ = nullptr;
  int rank_ = 0;
};

/// A reference to a tensor for writing; it is empty if a result is not wanted.
template <typename T>
class TensorSlot {
 public:
  TensorSlot() = default;
  template <int Rank>
  TensorSlot(Tensor<T, Rank>& x) : tensor_(&x) {}

  explicit operator bool() const { return tensor_; }

  template <int Rank>
  Tensor<T, Rank>* as() const {
    return static_cast<Tensor<T, Rank>*>(tensor_);
  }

 private:
  void* tensor_ = nullptr;
};

/// A tensor of any rank. One rank is in use at a time; the tensors of the others stay empty.
template <typename T>
class AnyTensorValue {
 public:
  /// Returns the tensor of a rank for writing. From then on, reads use this rank.
  template <int Rank>
  Tensor<T, Rank>& as() {
    rank_ = Rank;
    if constexpr (Rank == 4)
      return images_;
    else if constexpr (Rank == 3)
      return sequences_;
    else
      return rows_;
  }

  TensorSlot<T> slot(int rank) {
    return rank == 4 ? TensorSlot<T>(as<4>()) : rank == 3 ? TensorSlot<T>(as<3>()) : TensorSlot<T>(as<2>());
  }

  TensorRef<T> read() const {
    return rank_ == 4 ? TensorRef<T>(images_) : rank_ == 3 ? TensorRef<T>(sequences_) : TensorRef<T>(rows_);
  }

 private:
  Tensor<T, 2> rows_;
  Tensor<T, 3> sequences_;
  Tensor<T, 4> images_;
  int rank_ = 2;
};

/// Gives the tensor the extents of N samples and returns a pointer to its numbers.
template <typename T>
T* reshape_samples(AnyTensorValue<T>& x, Index N, std::span<const Index> sample);

}  // namespace lamina::detail
