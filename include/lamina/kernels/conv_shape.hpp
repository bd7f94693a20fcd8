#pragma once

/// @file
/// The types that the kernels' declarations share: the index type, and the extents of a convolution or a pool.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::kernels {

using Index = std::ptrdiff_t;

struct Bf16Products;  // bf16_products.hpp

/// The extents of a convolution or a pool, x (N,H,W,C) → y (N,P,Q,K). Windows of R × S elements, (stride_h, stride_w) apart,
/// cover x with a border of padding_h rows and padding_w columns, and more_h further rows below and more_w further columns on
/// the right.
/// P ≤ (H + 2·padding_h + more_h − R) / stride_h + 1, and likewise Q. A pool has K = C and a padding smaller than its window.
/// Its windows may reach beyond the border; what is there does not count.
struct ConvShape {
  Index N, H, W, C;
  Index K;
  Index R, S;
  Index stride_h, stride_w;
  Index padding_h, padding_w;
  Index P, Q;
  bool winograd = true;  ///< allows Winograd's algorithm for convolutions if it is faster
  bool inference = false;  ///< there will be no backward pass: conv_pack derives what a forward pass needs
  /// Several threads may share a pass: each calls with another part, and with its own scratch. A backward pass gives each some
  /// images of dx and some numbers of dw, a forward pass some images, or in inference rows or channels of each. If a pass cannot
  /// be divided, part 0 does all of it. Where there is something to pack, the weights have to be packed.
  Index part = 0;
  Index parts = 1;
  Index more_h = 0, more_w = 0;
  // Of the convolutions that know them: how far apart the numbers of a window are, and into how many groups of channels x and y
  // are cut, each group of y seeing one of x; w is (R,S,C/groups,K).
  Index dilation_h = 1, dilation_w = 1;
  Index groups = 1;
  // The activation min(max(0, y), ceiling): of conv_relu_forward, and of a depthwise pass that is `rectified`. There is no backward
  // pass with a finite ceiling.
  bool rectified = false;
  double ceiling = std::numeric_limits<double>::infinity();
  const Bf16Products* bf16 = nullptr;  ///< not null: these kernels compute the pass, see layers/bf16_passes.hpp
};

/// An integer type as wide as T: the offset r·S + s, inside its window, of the winner of a max pool.
template <typename T>
using winner_t = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

}  // namespace lamina::kernels
