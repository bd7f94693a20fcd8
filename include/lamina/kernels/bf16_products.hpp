#pragma once

#include "conv_shape.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The order of weights in memory: those of a convolution (R,S,C,K), or those of a dense layer (K,C), where R = S = 1.
enum class WeightOrder { channels_first, units_first };

/// The numbers of one backward pass: what it reads, and the gradients that it computes.
struct Bf16Gradients {
  const float* x;
  const float* y;   // null, or the output of the ReLU that dy belongs to: dy counts where y > 0
  const float* dy;
  float* dx;        // null: it is not computed
  float* dw;        // null: neither it nor db is computed
  float* db;
};

/// The kernels of convolutions and dense layers that multiply bfloat16 numbers and add up in float. A dense layer is a convolution
/// of one image of N × 1 pixels with a 1 × 1 window. They compute what Convolutions does, from x, w and dy rounded to bfloat16: to the
/// nearest, ties to even. A shape that is `rectified` has its activation in forward; `winograd` does not matter.
/// Several threads may share a pass, as in Convolutions: `part` computes some images or channels of y or of dx, and some numbers of dw.
struct Bf16Products {
  const char* unit;  ///< what multiplies: "AMX" or "emulated AMX"

  /// Returns whether these kernels compute a convolution of this C, K, window and stride: not with few channels or few filters.
  bool (*suits)(const ConvShape&);

  /// Returns how many floats pack writes for a pass: the weights in the order in which they are read, twice if there will be a
  /// backward pass.
  Index (*packed_size)(const ConvShape&);
  void (*pack)(const ConvShape&, WeightOrder, const float* w, float* packed);

  /// Returns how many floats of scratch memory a forward or a backward pass needs. It must be aligned to 64 bytes.
  Index (*scratch)(const ConvShape&);

  /// Computes y (N,P,Q,K). `packed` may be null, then w is packed here.
  void (*forward)(const ConvShape&, WeightOrder, const float* x, const float* w, const float* packed, const float* b, float* y,
                  float* scratch);
  void (*backward)(const ConvShape&, WeightOrder, const Bf16Gradients&, const float* w, const float* packed, float* scratch);
};

/// Finds the kernels, or null if neither this machine nor LAMINA_BF16 has any. Null in programs that do not include lamina/bf16.hpp.
inline const Bf16Products* (*find_bf16_products)() = nullptr;

}  // namespace lamina::kernels
