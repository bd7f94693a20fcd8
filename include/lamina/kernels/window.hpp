#pragma once

/// @file
/// The types that the kernels' declarations share: the index type, and the extents of a convolution or a pool.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::kernels {

using Index = std::ptrdiff_t;

/// The extents of a convolution or a pool, x (N,H,W,C) → y (N,P,Q,K): windows of R × S numbers with strides stride_h and
/// stride_w over x in a border of padding_h rows and padding_w columns. P ≤ (H + 2·padding_h − R) / stride_h + 1 and
/// likewise Q. A pool has K = C and a padding smaller than its window.
struct Window {
  Index N, H, W, C;
  Index K;
  Index R, S;
  Index stride_h, stride_w;
  Index padding_h, padding_w;
  Index P, Q;
  bool winograd = true;  ///< allows Winograd's algorithm for convolutions if it is faster
  Index part = 0;        ///< several threads may share a forward pass with prepared weights: each calls with another part,
  Index parts = 1;       ///< and with its own scratch. If a pass cannot be divided, part 0 does all of it.
};

/// An integer type as wide as T: the offset r·S + s, inside its window, of the winner of a max pool.
template <typename T>
using winner_t = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

}  // namespace lamina::kernels
