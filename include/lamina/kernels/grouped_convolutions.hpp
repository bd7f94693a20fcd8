#pragma once

/// Convolutions in groups and with dilation, by the kernels of ordinary ones: each group of channels, and of a dilated
/// convolution each phase of the image, is brought together as a small image of its own, in a border.

#include "convolutions.hpp"
#include "conv_shape.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// Returns how much scratch they need, counted in T.
template <typename T>
Index grouped_scratch(const ConvShape& window);

/// y[n,p,q,k] = b[k] + Σ_{r,s,c} x[n, p·stride_h + r·dilation_h − padding_h, q·stride_w + s·dilation_w − padding_w, …] · w[r,s,c,k],
/// x being 0 outside, c counting the channels of k's group.
template <typename T>
void grouped_forward(const ConvShape& window, const T* x, const T* w, const T* b, T* y, T* scratch);

/// dx may be null: it is not computed then.
template <typename T>
void grouped_backward(const ConvShape& window, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db, T* scratch);

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/grouped_convolutions.ipp"
#endif
