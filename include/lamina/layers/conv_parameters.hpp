#pragma once

#include "../core/tensor.hpp"
#include "any_initializer.hpp"
#include "conv_geometry.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// The parameters of a Conv, or of a ConvTranspose, with any initializers.
template <typename T>
struct ConvParameters {
  Tensor<T, 4> weight;   // (R, S, C, K), of a ConvTranspose (R, S, K, C)
  Tensor<T, 1> bias;     // (K)
  bool has_bias = true;  // otherwise it is zero, is not trained and stands in no file

  template <typename Visitor, typename First, typename... Self>
  static void visit(Visitor&& visitor, First& first, Self&... self) {
    visitor("weight", first.weight, self.weight...);
    if (first.has_bias) visitor("bias", first.bias, self.bias...);
  }

  /// Returns parameters without numbers that have the same tensors.
  ConvParameters empty_like() const {
    ConvParameters none;
    none.has_bias = has_bias;
    return none;
  }

  /// Draws weights of this shape by the layer's initializers, and K biases, which are zero if it has none.
  template <typename L>
  static ConvParameters draw(const L& layer, const Shape<4>& weight, Index K, detail::Fans fans, const Rng& rng) {
    ConvParameters p;
    reshape(p.weight, weight);
    reshape(p.bias, Shape<1>{{K}});
    p.has_bias = layer.bias;
    lamina::initialize(p.weight, layer.weight_initializer, fans, rng.split(0));
    if (p.has_bias)
      lamina::initialize(p.bias, layer.bias_initializer, fans, rng.split(1));
    else
      p.bias.setZero();
    return p;
  }

  /// Changes the parameters so that the layer gives scale[k]·y[k] + offset[k] instead of y[k]:
  ///
  ///   w[r,s,c,k] ← scale[k]·w[r,s,c,k]        b[k] ← scale[k]·b[k] + offset[k]
  void rescale(const double* scale, const double* offset) {
    const Index K = bias.size();
    for (Index i = 0; i < weight.size(); ++i)
      weight.data()[i] = static_cast<T>(static_cast<double>(weight.data()[i]) * scale[i % K]);
    for (Index k = 0; k < K; ++k) bias(k) = static_cast<T>(static_cast<double>(bias(k)) * scale[k] + offset[k]);
  }
};

namespace detail {

/// Visits the options of a Conv or a ConvTranspose, for its visit_options.
template <typename Visitor, typename... Self>
void visit_conv_options(Visitor&& visitor, Self&... self) {
  visitor("filters", self.filters...);
  visitor("kernel", self.kernel...);
  visitor("stride", self.stride...);
  visitor("padding", self.padding...);
  if constexpr ((requires { self.output_padding; } && ...))
    if (shows_option<Self...>(((self.output_padding != Size2D(0)) || ...))) visitor("output_padding", self.output_padding...);
  if (shows_option<Self...>(((self.dilation != Size2D(1)) || ...))) visitor("dilation", self.dilation...);
  if (shows_option<Self...>(((self.groups != 1) || ...))) visitor("groups", self.groups...);
  if (shows_option<Self...>((!self.bias || ...))) visitor("bias", self.bias...);
  visitor("weight_initializer", self.weight_initializer...);
  visitor("bias_initializer", self.bias_initializer...);
}

}  // namespace detail
}  // namespace lamina
