#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <ostream>
#include <tuple>

#include "error.hpp"

namespace LAMINA_NAMESPACE {

/// The type of an extent or of a position along an axis. It is signed, as Eigen's.
using Index = std::ptrdiff_t;

/// The extents of a tensor, outermost first: (N, H, W, C) for a batch of images, (N, F) for a batch of rows.
///
///   constexpr Shape images{64, 28, 28, 1};
///   const auto [N, H, W, C] = images;
template <int Rank>
struct Shape {
  static constexpr int rank = Rank;

  std::array<Index, static_cast<std::size_t>(Rank)> extents{};

  constexpr Index operator[](int axis) const { return extents[static_cast<std::size_t>(axis)]; }
  constexpr Index& operator[](int axis) { return extents[static_cast<std::size_t>(axis)]; }

  constexpr bool operator==(const Shape&) const = default;

  /// Returns whether size() is defined: no extent is negative, and the product fits an Index.
  constexpr bool is_countable() const {
    Index product = 1;
    for (const Index extent : extents) {
      if (extent < 0 || (extent > 0 && product > (std::numeric_limits<Index>::max)() / extent)) return false;
      product *= extent;
    }
    return true;
  }

  /// Returns how many numbers a tensor of this shape holds. Throws ShapeError if an extent is negative or the product
  /// does not fit an Index.
  constexpr Index size() const {
    for (const Index extent : extents)
      if (extent < 0) throw ShapeError(str_cat("Shape: expects extents of at least 0 but got ", *this));
    if (!is_countable())
      throw ShapeError(str_cat("Shape: ", *this, " holds more numbers than an index can count; check its extents"));
    Index product = 1;
    for (const Index extent : extents) product *= extent;
    return product;
  }

  /// Writes the shape as (64, 28, 28, 1).
  friend std::ostream& operator<<(std::ostream& out, const Shape& shape) {
    out << '(';
    for (int axis = 0; axis < Rank; ++axis) out << (axis ? ", " : "") << shape[axis];
    return out << ')';
  }
};

template <std::integral... Extents>
Shape(Extents...) -> Shape<static_cast<int>(sizeof...(Extents))>;

template <std::size_t Axis, int Rank>
constexpr Index get(const Shape<Rank>& shape) {
  return shape.extents[Axis];
}

namespace detail {

/// Returns the shape of N samples: (28, 28, 1) becomes (N, 28, 28, 1).
template <int Rank>
constexpr Shape<Rank + 1> batch_shape(Index N, const Shape<Rank>& sample) {
  Shape<Rank + 1> batch{};
  batch[0] = N;
  for (int axis = 0; axis < Rank; ++axis) batch[axis + 1] = sample[axis];
  return batch;
}

}  // namespace detail

/// Returns the shape of one sample: (N, 28, 28, 1) becomes (28, 28, 1).
template <int Rank>
constexpr Shape<Rank - 1> sample_shape(const Shape<Rank>& batch) {
  Shape<Rank - 1> sample{};
  for (int axis = 1; axis < Rank; ++axis) sample[axis - 1] = batch[axis];
  return sample;
}

}  // namespace lamina

template <int Rank>
struct std::tuple_size<lamina::Shape<Rank>> : std::integral_constant<std::size_t, static_cast<std::size_t>(Rank)> {};
template <std::size_t Axis, int Rank>
struct std::tuple_element<Axis, lamina::Shape<Rank>> {
  using type = lamina::Index;
};
