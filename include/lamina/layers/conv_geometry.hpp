#pragma once

#include <algorithm>
#include <concepts>
#include <ostream>

#include "../core/shape.hpp"
#include "../kernels/conv_shape.hpp"

namespace LAMINA_NAMESPACE {

/// A height and a width, given as one number for both or as {height, width}.
///
///   Conv{.filters = 8, .kernel = 3, .padding = {1, 0}}
struct Size2D {
  Index height = 1, width = 1;

  constexpr Size2D(std::integral auto both) : height(static_cast<Index>(both)), width(static_cast<Index>(both)) {}
  constexpr Size2D(std::integral auto h, std::integral auto w)
      : height(static_cast<Index>(h)), width(static_cast<Index>(w)) {}

  constexpr bool operator==(const Size2D&) const = default;
  friend std::ostream& operator<<(std::ostream& out, Size2D size) { return out << size.height << "x" << size.width; }
};

/// Padding with which an image of H rows gives ⌈H / stride⌉ rows, as Keras's "same" and ONNX's SAME_UPPER do. If the number of
/// rows is odd, the larger part is below; if that of columns is odd, the larger part is on the right.
///
///   Conv{.filters = 8, .stride = 2, .padding = Same{}}
struct Same {};

/// The number of rows and columns of zeros around an image: one number for all sides, {height, width}, ONNX's order
/// {top, left, bottom, right}, or Same{}.
struct Padding {
  Index top = 0, left = 0, bottom = 0, right = 0;
  bool same = false;  // the numbers follow from the image, see ConvGeometry::padding_of

  constexpr Padding(std::integral auto all) : Padding(all, all, all, all) {}
  constexpr Padding(std::integral auto height, std::integral auto width) : Padding(height, width, height, width) {}
  constexpr Padding(std::integral auto above, std::integral auto before, std::integral auto below, std::integral auto behind)
      : top(static_cast<Index>(above)), left(static_cast<Index>(before)), bottom(static_cast<Index>(below)), right(static_cast<Index>(behind)) {}
  constexpr Padding(Size2D size) : Padding(size.height, size.width) {}
  constexpr Padding(Same) : same(true) {}

  constexpr bool is_symmetric() const { return !same && top == bottom && left == right; }

  constexpr bool operator==(const Padding&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Padding& padding) {
    if (padding.same) return out << "Same";
    if (padding.is_symmetric()) return out << padding.top << "x" << padding.left;
    return out << "{" << padding.top << ", " << padding.left << ", " << padding.bottom << ", " << padding.right << "}";
  }
};

namespace detail {

/// The geometry of a sliding window, shared by convolutions and pools.
///
///   P = ⌊(H + top + bottom − (R − 1)·dilation − 1) / stride⌋ + 1        and Q likewise from W and S
///
/// Rounded up instead of down where `ceils`, a last window that would begin below the image and its padding above left out, as
/// in PyTorch.
struct ConvGeometry {
  Size2D window, stride;
  Padding padding;
  Size2D dilation = 1;
  bool ceils = false;

  constexpr bool operator==(const ConvGeometry&) const = default;

  constexpr Index rows(Index H) const {
    return count(H, padding.top, padding.bottom, window.height, stride.height, dilation.height);
  }
  constexpr Index columns(Index W) const {
    return count(W, padding.left, padding.right, window.width, stride.width, dilation.width);
  }

  /// Returns the padding of an image of H rows and W columns in numbers.
  constexpr Padding padding_of(Index H, Index W) const {
    if (!padding.same) return padding;
    const Index rest_h = missing(H, rows(H), window.height, stride.height, dilation.height);
    const Index rest_w = missing(W, columns(W), window.width, stride.width, dilation.width);
    return Padding(rest_h / 2, rest_w / 2, rest_h - rest_h / 2, rest_w - rest_w / 2);
  }

  /// Returns the shape of an image with its padding.
  constexpr Shape<3> padded(const Shape<4>& in) const {
    const Padding own = padding_of(in[1], in[2]);
    return {{in[1] + own.top + own.bottom, in[2] + own.left + own.right, in[3]}};
  }

  /// Throws ShapeError in the name of `layer` unless its numbers and the extents of images are in range.
  constexpr void check_numbers(const char* layer, const char* what, const Shape<4>& in) const {
    constexpr Index most = Index{1} << 30;  // beyond this, sums of these numbers could overflow
    if (window.height < 1 || window.width < 1)
      throw ShapeError(str_cat(layer, ": expects a ", what, " of at least 1x1 but got ", window));
    if (stride.height < 1 || stride.width < 1)
      throw ShapeError(str_cat(layer, ": expects a stride of at least 1 but got ", stride));
    if (dilation.height < 1 || dilation.width < 1)
      throw ShapeError(str_cat(layer, ": expects a dilation of at least 1 but got ", dilation));
    if ((std::min)({padding.top, padding.left, padding.bottom, padding.right}) < 0)
      throw ShapeError(str_cat(layer, ": expects a padding of at least 0 but got ", padding));
    if ((std::max)({window.height, window.width, stride.height, stride.width, padding.top, padding.left, padding.bottom,
                    padding.right}) > most)
      throw ShapeError(str_cat(layer, ": expects a ", what, ", a stride and a padding of at most ", most, " but got ", window,
                               ", ", stride, " and ", padding));
    if ((std::max)((window.height - 1) * (dilation.height > most ? most : dilation.height),
                   (window.width - 1) * (dilation.width > most ? most : dilation.width)) > most)
      throw ShapeError(str_cat(layer, ": expects a ", what, " and a dilation that reach over at most ", most, " numbers but got ",
                               window, " and ", dilation));
    if (in[1] < 1 || in[2] < 1 || in[3] < 1)
      throw ShapeError(str_cat(layer, ": expects images of at least one pixel and one channel but got ", in));
    if (in[1] > most || in[2] > most)
      throw ShapeError(str_cat(layer, ": expects images of at most ", most, " rows and columns but got ", in));
  }

  /// Throws ShapeError in the name of `layer` unless the numbers are valid and the window fits into a padded image.
  constexpr void check(const char* layer, const char* what, const Shape<4>& in) const {
    check_numbers(layer, what, in);
    const Shape<3> image = padded(in);
    if (image[0] < reach(window.height, dilation.height) || image[1] < reach(window.width, dilation.width))
      throw ShapeError(str_cat(layer, ": expects images at least as large as its ", window, " ", what,
                               dilation == Size2D(1) ? "" : " with the dilation ", dilation == Size2D(1) ? std::string() : str_cat(dilation),
                               " but got ", in, " padded by ", padding,
                               (in[1] == 1 || in[1] == 3) && in[2] >= 8 && in[3] >= 8
                                   ? "; the channels seem to stand first: bring the samples into the order (height, width, channels)"
                                   : "", "; make the ", what, " smaller or the padding larger"));
    // The scratch memory of a pass must be countable, too: the padded image, and the numbers under every window of one row.
    if (!image.is_countable() || !Shape<3>{{columns(in[2]), window.width, in[3]}}.is_countable())
      throw ShapeError(str_cat(layer, ": images ", in, " padded by ", padding, " hold more numbers than an index can count"));
  }

  /// Returns the extents for the kernels, for an output of K channels.
  constexpr kernels::ConvShape extents(const Shape<4>& in, Index K) const {
    const auto [N, H, W, C] = in;
    const Padding own = padding_of(H, W);
    return {.N = N, .H = H, .W = W, .C = C, .K = K,
            .R = window.height, .S = window.width,
            .stride_h = stride.height, .stride_w = stride.width,
            .padding_h = own.top, .padding_w = own.left,
            .P = rows(H), .Q = columns(W),
            .more_h = (std::max)(own.bottom - own.top, Index{0}), .more_w = (std::max)(own.right - own.left, Index{0}),
            .dilation_h = dilation.height, .dilation_w = dilation.width};
  }

 private:
  static constexpr Index reach(Index taps, Index apart) { return (taps - 1) * apart + 1; }

  constexpr Index count(Index extent, Index before, Index behind, Index taps, Index step, Index apart) const {
    if (padding.same) return (extent + step - 1) / step;
    const Index space = extent + before + behind - reach(taps, apart);
    const Index outputs = (space + (ceils ? step - 1 : 0)) / step + 1;
    return ceils && (outputs - 1) * step >= extent + before ? outputs - 1 : outputs;
  }

  static constexpr Index missing(Index extent, Index outputs, Index taps, Index step, Index apart) {
    return (std::max)((outputs - 1) * step + reach(taps, apart) - extent, Index{0});
  }
};

}  // namespace detail
}  // namespace lamina
