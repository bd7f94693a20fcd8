#pragma once

#include "conv.hpp"
#include "pool.hpp"
#include "relu.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A fused layer: Conv, ReLU and MaxPool as one. A pool of 2 × 2 windows, two apart, without padding, is fed from the cache by
/// the kernels; for every other pool, and convolution in groups, with dilation or of bfloat16 numbers, the three layers run one after another. Its parameters are the convolution's.
///
///   y = maxpool(max(0, conv(x)))        x (N, H, W, C)    y (N, P, Q, K)
///
/// Only the winner of a window reaches y, and only if it is positive:
///
///   dz[winner] = dy where y > 0, else 0        then the convolution's gradients from dz
template <typename C>
struct ConvReLUMaxPool {
  C conv;
  ReLU relu;
  MaxPool pool;

  static constexpr std::string_view name = "Conv+ReLU+MaxPool";

  template <typename T>
  using Parameters = typename C::template Parameters<T>;

  template <AnyTensor X>
  struct Workspace {
    typename C::template Workspace<X> conv;
    Tensor<unsigned char, 4> winner;  // for the fused kernels
    MaxPool::Workspace<X> pool;       // for separate layers, as are the next two lines
    X z, dz;                          // the convolution's output
    X a, da;                          // max(0, z)
  };

  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    return pool.output_shape(relu.output_shape(conv.output_shape(in)));
  }

  template <typename T>
  Parameters<T> initialize(const Shape<4>& in, Rng rng) const {
    return conv.template initialize<T>(in, rng);
  }

  void pack_weights(const auto& p, auto& ws, RoundRobin& turns, const Context& context = {}) const {
    conv.pack_weights(p, ws.conv, turns, context);
  }
  bool share_packed(const auto& from, auto& to) const { return conv.share_packed(from.conv, to.conv); }

  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>& y,
               const Context& context = {}) const {
    if (!fuses(x, context)) {
      const None none;
      None unused;
      conv.forward(p, x, ws.conv, ws.z, context);
      relu.forward(none, std::as_const(ws.z), unused, ws.a);
      return pool.forward(none, std::as_const(ws.a), ws.pool, y);
    }
    reshape(ws.winner, output_shape(shape(x)));
    run(p, x, ws, ws.winner.data(), y, context);
  }

  /// Computes y without recording the winners.
  template <typename T>
  void forward_inference(const Parameters<T>& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>& y,
               const Context& context = {}) const {
    if (!fuses(x, context)) return forward(p, x, ws, y, context);
    run(p, x, ws, nullptr, y, context);
  }

  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 4>& x, const Tensor<T, 4>& y, const Tensor<T, 4>& dy,
                Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>* dx, Parameters<T>& dp,
                const Context& context = {}) const {
    if (!fuses(x, context)) {
      const None none;
      None unused;
      pool.backward(none, std::as_const(ws.a), y, dy, ws.pool, &ws.da, unused);
      relu.backward(none, std::as_const(ws.z), std::as_const(ws.a), std::as_const(ws.da), unused, &ws.dz, unused);
      return conv.backward(p, x, std::as_const(ws.z), std::as_const(ws.dz), ws.conv, dx, dp, context);
    }
    const auto window = conv.window(x, ws.conv, context);
    conv.reshape_gradients(p, x, dx, dp);
    share_conv_backward(window, ws.conv, context, dx != nullptr, [&](const kernels::ConvShape& part, Gradients gradients, T* scratch) {
      kernels::convolutions<T>().conv_relu_pool_backward(part, x.data(), conv_weights(p, ws.conv), dy.data(), ws.winner.data(),
                                                         gradients.of_input ? data_or_null(dx) : nullptr,
                                                         gradients.of_parameters ? dp.weight.data() : nullptr, dp.bias.data(), scratch);
    });
  }

 private:
  template <typename T>
  bool fuses(const Tensor<T, 4>& x, const Context& context) const {
    return conv.is_plain() && pool.slide() == ConvGeometry{.window = 2, .stride = 2, .padding = 0} &&
           !conv.template bf16_for<T>(x.dimension(3), context);
  }

  template <typename T>
  void run(const Parameters<T>& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, unsigned char* winner,
           Tensor<T, 4>& y, const Context& context) const {
    conv.check(p, shape(x));
    reshape(y, output_shape(shape(x)));
    const auto window = conv.window(x, ws.conv, context);
    share_conv_forward(window, ws.conv, context, [&](const kernels::ConvShape& part, T* scratch) {
      kernels::convolutions<T>().conv_relu_pool_forward(part, x.data(), conv_weights(p, ws.conv), p.bias.data(), y.data(), winner, scratch);
    });
  }
};

}  // namespace lamina::detail
