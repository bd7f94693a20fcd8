#pragma once

/// The kernels of convolutions, alone or with the ReLU and the pool that follow them. editions.hpp says what all kernels promise.

#include "editions.hpp"
#include "window.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// A convolution's weights (R,S,C,K) and, where somebody made it, what conv_prepare makes of them.
template <typename T>
struct ConvWeights {
  const T* w;
  const T* prepared;
  constexpr ConvWeights(const T* weights, const T* made = nullptr) : w(weights), prepared(made) {}
};

/// The convolutions of one edition.
template <typename T>
struct Convolutions {
  /// y[n,p,q,k] = b[k] + Σ_r Σ_s Σ_c x[n, p·stride_h + r − padding_h, q·stride_w + s − padding_w, c] · w[r,s,c,k],
  /// x being 0 outside. w (R,S,C,K), b (K). dx may be null: it is not computed then.
  Index (*conv_scratch)(const Window&);
  void (*conv_forward)(const Window&, const T* x, ConvWeights<T> w, const T* b, T* y, T* scratch);
  void (*conv_backward)(const Window&, const T* x, ConvWeights<T> w, const T* dy, T* dx, T* dw, T* db, T* scratch);

  /// Give the number of values that can be derived from the weights once for all calls, 0 if there are none, and derive
  /// them: Winograd's transforms. Depends on C, K, R, S, the strides and `winograd` only. Results are the same bits.
  Index (*conv_prepared_size)(const Window&);
  void (*conv_prepare)(const Window&, const T* w, T* prepared);

  /// y = relu(conv(x)). dy is y's.
  void (*conv_relu_forward)(const Window&, const T* x, ConvWeights<T> w, const T* b, T* y, T* scratch);
  void (*conv_relu_backward)(const Window&, const T* x, ConvWeights<T> w, const T* y, const T* dy, T* dx, T* dw, T* db,
                             T* scratch);

  /// y = maxpool(relu(conv(x))), the pool's windows 2 × 2, two apart, without padding: y (N,P/2,Q/2,K), rounded down. The
  /// window is the convolution's. The numbers are those of the three one after another, NaN and equal ones included.
  /// winner (N,P/2,Q/2,K) says where in its window each y was found, 0 … 3 row by row; 4 where relu let nothing through.
  /// It may be null in inference. dy is y's.
  void (*conv_relu_pool_forward)(const Window&, const T* x, ConvWeights<T> w, const T* b, T* y, unsigned char* winner,
                                 T* scratch);
  void (*conv_relu_pool_backward)(const Window&, const T* x, ConvWeights<T> w, const T* dy, const unsigned char* winner,
                                  T* dx, T* dw, T* db, T* scratch);
};

/// Returns the convolutions of one edition, or of the edition that best() chooses.
template <typename T>
const Convolutions<T>& convolutions(const Edition& edition);
template <typename T>
const Convolutions<T>& convolutions();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/convolutions.ipp"
#endif
