#pragma once

/// Grouped and dilated convolutions, computed by the kernels of ordinary ones. Each group of channels, and in a dilated
/// convolution each phase of the image, is copied to a small image of its own, with its padding.

#include "conv_shape.hpp"
#include "convolutions.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// Returns the scratch that these functions need, counted in T.
template <typename T>
Index grouped_scratch(const ConvShape& window);

/// Computes, with x = 0 outside the image, c from 0 to C/groups − 1, and f the first channel of k's group,
/// y[n,p,q,k] = b[k] + Σ_{r,s,c} x[n, p·stride_h + r·dilation_h − padding_h, q·stride_w + s·dilation_w − padding_w, f + c]
///                              · w[r,s,c,k].
template <typename T>
void grouped_forward(const ConvShape& window, const T* x, const T* w, const T* b, T* y, T* scratch);

/// Computes dw, db and dx. dx may be null, or dw with db; then it is not computed, and without dw x may be null.
template <typename T>
void grouped_backward(const ConvShape& window, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db, T* scratch);

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/grouped_convolutions.ipp"
#endif
