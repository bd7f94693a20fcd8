#pragma once

/// @file
/// The kernels of convolutions, alone or with the ReLU and the pool that follow them. instruction_sets.hpp describes what all
/// kernels guarantee.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// A convolution's weights (R,S,C,K) and, if available, the data that conv_pack derived from them.
template <typename T>
struct ConvWeights {
  const T* w;
  const T* packed;
  constexpr ConvWeights(const T* weights, const T* made = nullptr) : w(weights), packed(made) {}
};

/// The convolutions of one instruction set.
template <typename T>
struct Convolutions {
  /// Computes y[n,p,q,k] = b[k] + Σ_r Σ_s Σ_c x[n, p·stride_h + r − padding_h, q·stride_w + s − padding_w, c] ·
  /// w[r,s,c,k], where x is 0 outside. w (R,S,C,K), b (K). dx may be null, or dw together with db: then it is not computed. Without
  /// dw, x may be null, too.
  Index (*conv_scratch)(const ConvShape&);
  void (*conv_forward)(const ConvShape&, const T* x, ConvWeights<T> w, const T* b, T* y, T* scratch);
  void (*conv_backward)(const ConvShape&, const T* x, ConvWeights<T> w, const T* dy, T* dx, T* dw, T* db, T* scratch);

  /// Returns how many values can be derived from the weights once for all calls, 0 if there are none; conv_pack
  /// derives them: Winograd's transforms, or, for inference, the weights in the order in which they are read. They depend on C, K,
  /// R, S, the strides, `winograd` and `inference` only. Results keep the same bits.
  Index (*conv_packed_size)(const ConvShape&);
  void (*conv_pack)(const ConvShape&, const T* w, T* packed);

  /// Computes y = min(max(0, conv(x)), ceiling). dy is the gradient of this y, without a ceiling.
  void (*conv_relu_forward)(const ConvShape&, const T* x, ConvWeights<T> w, const T* b, T* y, T* scratch);
  void (*conv_relu_backward)(const ConvShape&, const T* x, ConvWeights<T> w, const T* y, const T* dy, T* dx, T* dw, T* db,
                             T* scratch);

  /// Computes y = maxpool(relu(conv(x))), with pool windows of 2 × 2, stride 2, no padding: y (N,P/2,Q/2,K), rounded
  /// down. The ConvShape is the convolution's. Results equal those of the three layers one after another, including NaN and
  /// ties. winner (N,P/2,Q/2,K) is the place of each y in its window, 0 … 3 row by row; 4 if relu let nothing through. It
  /// may be null in inference. dy is the gradient of this y.
  void (*conv_relu_pool_forward)(const ConvShape&, const T* x, ConvWeights<T> w, const T* b, T* y, unsigned char* winner,
                                 T* scratch);
  void (*conv_relu_pool_backward)(const ConvShape&, const T* x, ConvWeights<T> w, const T* dy, const unsigned char* winner,
                                  T* dx, T* dw, T* db, T* scratch);
};

/// Returns the convolutions of one instruction set, or of the one that best() chooses.
template <typename T>
const Convolutions<T>& convolutions(const InstructionSet& instruction_set);
template <typename T>
const Convolutions<T>& convolutions();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/convolutions.ipp"
#endif
