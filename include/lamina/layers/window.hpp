#pragma once

#include <algorithm>
#include <concepts>
#include <ostream>

#include "../core/shape.hpp"
#include "../kernels/window.hpp"

namespace LAMINA_NAMESPACE {

/// A height and a width, given as one number for both or as {height, width}.
///
///   Conv{.filters = 8, .kernel = 3, .padding = {1, 0}}
struct Size {
  Index height = 1, width = 1;

  constexpr Size(std::integral auto both) : height(static_cast<Index>(both)), width(static_cast<Index>(both)) {}
  constexpr Size(std::integral auto h, std::integral auto w)
      : height(static_cast<Index>(h)), width(static_cast<Index>(w)) {}

  constexpr bool operator==(const Size&) const = default;
  friend std::ostream& operator<<(std::ostream& out, Size size) { return out << size.height << "x" << size.width; }
};

/// The geometry of a sliding window, shared by convolutions and pools.
///
///   P = ⌊(H + 2·padding − R) / stride⌋ + 1        and Q likewise from W and S
struct Slide {
  Size window, stride, padding;

  constexpr bool operator==(const Slide&) const = default;

  constexpr Index rows(Index H) const { return (H + 2 * padding.height - window.height) / stride.height + 1; }
  constexpr Index columns(Index W) const { return (W + 2 * padding.width - window.width) / stride.width + 1; }

  /// Throws ShapeError in the name of `layer` unless the numbers are valid and the window fits into a padded image.
  constexpr void check(const char* layer, const char* what, const Shape<4>& in) const {
    constexpr Index most = Index{1} << 30;  // beyond this, sums of these numbers could overflow
    if (window.height < 1 || window.width < 1)
      throw ShapeError(message(layer, ": expects a ", what, " of at least 1x1 but got ", window));
    if (stride.height < 1 || stride.width < 1)
      throw ShapeError(message(layer, ": expects a stride of at least 1 but got ", stride));
    if (padding.height < 0 || padding.width < 0)
      throw ShapeError(message(layer, ": expects a padding of at least 0 but got ", padding));
    if ((std::max)({window.height, window.width, stride.height, stride.width, padding.height, padding.width}) > most)
      throw ShapeError(message(layer, ": expects a ", what, ", a stride and a padding of at most ", most, " but got ", window,
                               ", ", stride, " and ", padding));
    if (in[1] < 1 || in[2] < 1 || in[3] < 1)
      throw ShapeError(message(layer, ": expects images of at least one pixel and one channel but got ", in));
    if (in[1] > most || in[2] > most)
      throw ShapeError(message(layer, ": expects images of at most ", most, " rows and columns but got ", in));
    if (in[1] + 2 * padding.height < window.height || in[2] + 2 * padding.width < window.width)
      throw ShapeError(message(layer, ": expects images at least as large as its ", window, " ", what, " but got ", in,
                               " padded by ", padding, (in[1] == 1 || in[1] == 3) && in[2] >= 8 && in[3] >= 8
                                   ? "; the channels seem to stand first: bring the samples into the order (height, width, channels)"
                                   : "", "; make the ", what, " smaller or the padding larger"));
    // The scratch memory of a pass must be countable, too: the padded image, and the numbers under every window of one row.
    if (!Shape<3>{{in[1] + 2 * padding.height, in[2] + 2 * padding.width, in[3]}}.is_countable() ||
        !Shape<3>{{columns(in[2]), window.width, in[3]}}.is_countable())
      throw ShapeError(message(layer, ": images ", in, " padded by ", padding, " hold more numbers than an index can count"));
  }

  /// Returns the extents for the kernels, for an output of K channels.
  constexpr kernels::Window extents(const Shape<4>& in, Index K) const {
    const auto [N, H, W, C] = in;
    return {.N = N, .H = H, .W = W, .C = C, .K = K,
            .R = window.height, .S = window.width,
            .stride_h = stride.height, .stride_w = stride.width,
            .padding_h = padding.height, .padding_w = padding.width,
            .P = rows(H), .Q = columns(W)};
  }
};

}  // namespace lamina
