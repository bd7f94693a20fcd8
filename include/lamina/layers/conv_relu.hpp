#pragma once

#include "conv.hpp"
#include "relu.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A fused layer: Conv and ReLU as one; what is below zero is never written, but by convolutions in groups or with dilation. Its parameters are the convolution's.
///
///   y = max(0, conv(x))        x (N, H, W, C)    y (N, P, Q, K)
///
///   dz = dy where y > 0, else 0        then the convolution's gradients from dz
template <typename C>
struct ConvReLU {
  C conv;
  ReLU relu;

  static constexpr std::string_view name = "Conv+ReLU";

  template <typename T>
  using Parameters = typename C::template Parameters<T>;
  template <AnyTensor X>
  struct Workspace : C::template Workspace<X> {
    X dz;  // where the two run one after another
  };

  constexpr Shape<4> output_shape(const Shape<4>& in) const { return relu.output_shape(conv.output_shape(in)); }

  template <typename T>
  Parameters<T> initialize(const Shape<4>& in, Rng rng) const {
    return conv.template initialize<T>(in, rng);
  }

  void pack_weights(const auto& p, auto& ws, RoundRobin& turns, const Context& context = {}) const {
    conv.pack_weights(p, ws, turns, context);
  }
  bool share_packed(const auto& from, auto& to) const { return conv.share_packed(from, to); }

  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 4>& x, auto& ws, Tensor<T, 4>& y,
               const Context& context = {}) const {
    conv.check(p, shape(x));
    reshape(y, output_shape(shape(x)));
    if (!conv.is_plain()) {
      conv.forward(p, x, ws, y, context);
      return relu.map(y.data(), y.data(), y.size());
    }
    auto window = conv.window(x, ws, context);
    window.rectified = true;
    share_conv_forward(window, ws, context, [&](const kernels::ConvShape& part, T* scratch) {
      conv_forward<T>(part, x.data(), conv_weights(p, ws), p.bias.data(), y.data(), scratch);
    });
  }

  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 4>& x, const Tensor<T, 4>& y, const Tensor<T, 4>& dy, auto& ws,
                Tensor<T, 4>* dx, Parameters<T>& dp, const Context& context = {}) const {
    if (!conv.is_plain()) {
      reshape(ws.dz, shape(y));
      relu.map_backward(y.data(), y.data(), dy.data(), ws.dz.data(), y.size());
      return conv.backward(p, x, y, std::as_const(ws.dz), ws, dx, dp, context);
    }
    const auto window = conv.window(x, ws, context, true);
    conv.reshape_gradients(p, x, dx, dp);
    share_conv_backward(window, ws, context, dx != nullptr, [&](const kernels::ConvShape& part, Gradients gradients, T* scratch) {
      conv_relu_backward<T>(part, x.data(), conv_weights(p, ws), y.data(), dy.data(), gradients.of_input ? data_or_null(dx) : nullptr,
                            gradients.of_parameters ? dp.weight.data() : nullptr, dp.bias.data(), scratch);
    });
  }
};

}  // namespace lamina::detail
