#pragma once

/// The kernels of depthwise convolutions, which have one group and one filter per channel. instruction_sets.hpp says what all
/// kernels guarantee.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The depthwise convolutions of one instruction set. K = C; w (R,S,1,C), b (C).
template <typename T>
struct Depthwise {
  /// Computes, with x = 0 outside the image,
  /// y[n,p,q,c] = b[c] + Σ_{r,s} x[n, p·stride_h + r·dilation_h − padding_h, q·stride_w + s·dilation_w − padding_w, c] · w[r,s,c].
  /// If the pass is `rectified`, y is then min(max(0, y), ceiling).
  void (*forward)(const ConvShape&, const T* x, const T* w, const T* b, T* y);
  /// Computes dw, db and dx. dx may be null, or dw with db; then it is not computed, and without dw x may be null.
  void (*backward)(const ConvShape&, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db);
};

/// Returns the depthwise convolutions of one instruction set, or of the instruction set that best() chooses.
template <typename T>
const Depthwise<T>& depthwise(const InstructionSet& instruction_set);
template <typename T>
const Depthwise<T>& depthwise();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/depthwise.ipp"
#endif
