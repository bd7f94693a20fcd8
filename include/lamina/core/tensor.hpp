#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <utility>

#if __has_include(<unsupported/Eigen/CXX11/Tensor>)
#include <unsupported/Eigen/CXX11/Tensor>
#else
#include <unsupported/Eigen/Tensor>
#endif

#include "aligned_buffer.hpp"
#include "shape.hpp"

namespace LAMINA_NAMESPACE {

static_assert(std::is_same_v<Index, Eigen::Index>,
              "lamina counts as Eigen does: leave EIGEN_DEFAULT_DENSE_INDEX_TYPE alone");

/// An option bit of Eigen::Tensor that Eigen does not use: it selects the storage below. Each of the two ways to compile
/// lamina has its own bit, so that their tensors are different types: see config.hpp.
#ifdef LAMINA_COMPILED

namespace detail {

inline constexpr int aligned_storage = 0x2000;

}  // namespace detail

#else

namespace detail {

inline constexpr int aligned_storage = 0x1000;

}  // namespace detail

#endif

}  // namespace lamina

/// The storage of a lamina::Tensor. Eigen aligns to what the compiler's flags allow (16 bytes on a plain x86-64), but the
/// kernels choose their registers at run time and need 64. The members are those that Eigen::Tensor calls.
template <typename T, int Rank>
class Eigen::TensorStorage<T, Eigen::DSizes<Eigen::Index, Rank>, Eigen::RowMajor | lamina::detail::aligned_storage> {
 public:
  using Index = Eigen::Index;
  using Dimensions = Eigen::DSizes<Index, Rank>;
  using Extents = Eigen::array<Index, static_cast<std::size_t>(Rank)>;

  TensorStorage() { allocate(Rank == 0 ? 1 : 0); }
  TensorStorage(Index size, const Extents& dimensions) : dimensions_(dimensions) { allocate(size); }
  template <typename... Each>
    requires(sizeof...(Each) == Rank && Rank > 0)
  explicit TensorStorage(Each... extents) : dimensions_(static_cast<Index>(extents)...) {
    allocate(size());
  }
  TensorStorage(const TensorStorage& other) : dimensions_(other.dimensions_) {
    allocate(size());
    std::copy_n(other.data(), size(), data());
  }
  TensorStorage(TensorStorage&& other) noexcept : TensorStorage() { swap(other); }
  TensorStorage& operator=(const TensorStorage& other) {
    if (this == &other) return *this;
    numbers_.reserve(other.size());
    dimensions_ = other.dimensions_;
    std::copy_n(other.data(), size(), data());
    return *this;
  }
  TensorStorage& operator=(TensorStorage&& other) noexcept {
    swap(other);
    return *this;
  }
  ~TensorStorage() = default;

  void swap(TensorStorage& other) noexcept {
    numbers_.swap(other.numbers_);
    std::swap(dimensions_, other.dimensions_);
  }
  void resize(Index size, const Extents& dimensions) {
    numbers_.reserve(size);
    dimensions_ = dimensions;
  }

  T* data() { return numbers_.data(); }
  const T* data() const { return numbers_.data(); }
  const Dimensions& dimensions() const { return dimensions_; }
  Index size() const { return dimensions_.TotalSize(); }

 private:
  void allocate(Index size) { numbers_.reserve(size); }

  lamina::detail::AlignedBuffer<T> numbers_;
  Dimensions dimensions_{};
};

namespace LAMINA_NAMESPACE {

/// A row-major Eigen tensor whose memory is aligned to a cache line and never shrinks. Images are (N, H, W, C). Every
/// row-major Eigen tensor, map or expression converts to one by copying.
template <typename T, int Rank>
using Tensor = Eigen::Tensor<T, Rank, Eigen::RowMajor | detail::aligned_storage>;

namespace detail {

template <typename X>
struct tensor_traits;
template <typename T, int Rank>
struct tensor_traits<Tensor<T, Rank>> {
  using scalar = T;
  static constexpr int rank = Rank;
};

}  // namespace detail

template <typename X>
concept AnyTensor = requires { detail::tensor_traits<X>::rank; };

template <AnyTensor X>
using scalar_t = typename detail::tensor_traits<X>::scalar;
template <AnyTensor X>
inline constexpr int rank_v = detail::tensor_traits<X>::rank;

/// Returns the extents of a tensor.
template <typename T, int Rank>
Shape<Rank> shape(const Tensor<T, Rank>& x) {
  Shape<Rank> extents;
  for (int axis = 0; axis < Rank; ++axis) extents[axis] = x.dimension(static_cast<std::size_t>(axis));
  return extents;
}

/// Sets the extents of x. Its numbers are unspecified afterwards. Allocates only if x has never been that large.
template <typename T, int Rank>
void reshape(Tensor<T, Rank>& x, const Shape<Rank>& extents) {
  if (shape(x) != extents) x.resize(extents.extents);
}

/// Does the same for an optional output; does nothing if it is null.
template <typename T, int Rank>
void reshape(Tensor<T, Rank>* x, const Shape<Rank>& extents) {
  if (x) reshape(*x, extents);
}

namespace detail {

/// Returns the address of an output's numbers, or null if the output is not wanted.
template <typename T, int Rank>
T* data_or_null(Tensor<T, Rank>* x) {
  return x ? x->data() : nullptr;
}

}  // namespace detail

/// Returns a row-major matrix view of a tensor of rank 2, so that equations read as in a paper.
template <typename T>
auto matrix(const Tensor<T, 2>& x) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const Matrix>(x.data(), x.dimension(0), x.dimension(1));
}
template <typename T>
auto matrix(Tensor<T, 2>& x) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<Matrix>(x.data(), x.dimension(0), x.dimension(1));
}

/// Returns a row-vector view of a tensor of rank 1.
template <typename T>
auto row_vector(const Tensor<T, 1>& x) {
  return Eigen::Map<const Eigen::Matrix<T, 1, Eigen::Dynamic>>(x.data(), x.size());
}
template <typename T>
auto row_vector(Tensor<T, 1>& x) {
  return Eigen::Map<Eigen::Matrix<T, 1, Eigen::Dynamic>>(x.data(), x.size());
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

/// Returns whether no number is infinite or NaN.
template <typename T>
bool all_finite(const T* x, Index size) {
  return std::all_of(x, x + size, [](T number) { return std::isfinite(number); });
}

}  // namespace lamina::detail
