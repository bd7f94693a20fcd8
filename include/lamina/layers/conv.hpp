#pragma once

#include "conv_geometry.hpp"
#include "conv_parameters.hpp"
#include "conv_passes.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A convolution: `filters` small filters slide over an image, and each sums over all input channels.
///
///   y[n,p,q,k] = b[k] + Σ_{r,s,c} x[n, p·stride + r·dilation − padding, q·stride + s·dilation − padding, c] · w[r,s,c,k]
///
///   x (N, H, W, C)    w (R, S, C, K)    b (K)    y (N, P, Q, K)
///   P = ⌊(H + 2·padding − (R − 1)·dilation − 1) / stride⌋ + 1,  Q likewise from W and S; see Padding and ConvGeometry
///
/// where x is 0 outside the image.
///
/// Groups divide the channels and the filters into equal parts. A filter then sums over the channels of its own part only:
/// w is (R, S, C/groups, K), and the c above becomes ⌊k / (K/groups)⌋·C/groups + c. If there are as many groups as
/// channels and as many filters, the convolution is depthwise: each channel has one filter.
///
/// Like every framework, lamina calls this cross-correlation a convolution. A textbook's convolution sums x[p − r, q − s]·v[r,s].
/// That is the same with v[r,s] = w[R−1−r, S−1−s], which is w turned by 180°. For learned filters it makes no difference.
///
/// `Conv` draws its weights by He et al. and starts its biases at zero. It has no biases with `.bias = false`.
/// BasicConv<GlorotUniform> and the like use other initializers.
template <Initializer W = HeNormal, Initializer B = Zeros>
struct BasicConv {
  Index filters = 1;  // K
  Size2D kernel = 3;  // R, S
  Size2D stride = 1;
  Padding padding = 0;
  Size2D dilation = 1;
  Index groups = 1;
  bool bias = true;    // false: b = 0
  [[no_unique_address]] W weight_initializer{};
  [[no_unique_address]] B bias_initializer{};

  static constexpr std::string_view name = "Conv";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    detail::visit_conv_options(visitor, self...);
  }

  template <typename T>
  using Parameters = ConvParameters<T>;

  template <AnyTensor X>
  using Workspace = detail::ConvWorkspace<scalar_t<X>>;

  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    if (filters < 1) throw ShapeError(str_cat("Conv: expects filters of at least 1 but got ", filters));
    if (groups < 1) throw ShapeError(str_cat("Conv: expects groups of at least 1 but got ", groups));
    slide().check("Conv", "kernel", in);
    if (in[3] % groups != 0 || filters % groups != 0)
      throw ShapeError(str_cat("Conv: expects channels and filters that its ", groups, " groups divide but got ", in, " and ",
                               filters, " filters"));
    const Shape<4> out{{in[0], slide().rows(in[1]), slide().columns(in[2]), filters}};
    if (!out.is_countable() || !Shape<4>{{kernel.height, kernel.width, in[3], filters}}.is_countable())
      throw ShapeError(str_cat("Conv: ", filters, " filters of ", kernel, " on images ", in,
                               " make more numbers than an index can count; make them fewer"));
    return out;
  }

  constexpr Index multiply_adds(const Shape<4>& in) const {
    const auto [N, P, Q, K] = output_shape(in);
    return Shape{N, P, Q, K, kernel.height, kernel.width, in[3] / groups}.size();
  }

  constexpr Index parameter_count(const Shape<4>& in) const {
    const Index K = output_shape(in)[3];
    return Shape{kernel.height, kernel.width, in[3] / groups, K}.size() + (bias ? K : 0);
  }

  template <typename T>
  Parameters<T> initialize(const Shape<4>& in, Rng rng) const {
    const Index R = kernel.height, S = kernel.width, K = output_shape(in)[3], C = in[3] / groups;
    return Parameters<T>::draw(*this, Shape<4>{{R, S, C, K}}, K, {.in = R * S * C, .out = R * S * (K / groups)}, rng);
  }

  /// Computes y. The S·C numbers under one kernel row are contiguous in an NHWC image. Let X_h be the matrix whose row q
  /// begins at x[n, h − padding, q·stride − padding]; then
  ///
  ///   y[n,p] = b + Σ_r X_{p·stride + r} · w_r        (Q, K) = (Q, S·C) · (S·C, K)
  ///
  /// which is one register tile without a copy (kernels/conv.inc).
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>& y,
               const Context& context = {}) const {
    check(p, shape(x));
    reshape(y, output_shape(shape(x)));
    const auto extents = window(x, ws, context);
    const auto pass = [&](const kernels::ConvShape& part, T* scratch) {
      detail::conv_forward<T>(part, x.data(), detail::conv_weights(p, ws), p.bias.data(), y.data(), scratch);
    };
    detail::share_conv_forward(extents, ws, context, pass);
  }

  /// Lets inference in this workspace give min(max(0, y), ceiling). Returns false for convolutions whose kernels cannot.
  template <typename T>
  bool rectify(const Parameters<T>& p, Workspace<Tensor<T, 4>>& ws, double ceiling) const {
    if (!is_plain() && (groups == 1 || groups != filters || p.weight.dimension(2) != 1)) return false;
    ws.ceiling = ceiling;
    return true;
  }

  /// Computes dx, dw and db. f = Σ y[n,p,q,k]·dy[n,p,q,k] is linear in x, in w and in b. Its derivatives are the factors
  /// of each; the input's gradient is gathered from a product T of every input row:
  ///
  ///   dw_r = Σ_{n,p} X_{p·stride + r}ᵀ · dy[n,p]                                   (S·C, K) = (S·C, Q) · (Q, K)
  ///   db   = Σ_{n,p,q} dy[n,p,q]                                                   (K)
  ///   T[n,h] = Σ_{r,p : p·stride + r − padding = h} dy[n,p] · w_rᵀ                 (Q, S·C) = (Q, K) · (K, S·C)
  ///   dx[n,h,w,c] = Σ_{s,q : q·stride + s − padding = w} T[n,h][q, s·C + c]
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 4>& x, const Tensor<T, 4>& /*y*/, const Tensor<T, 4>& dy,
                Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>* dx, Parameters<T>& dp, const Context& context = {}) const {
    const auto extents = window(x, ws, context, true);
    reshape_gradients(p, x, dx, dp);
    const auto pass = [&](const kernels::ConvShape& part, detail::Gradients gradients, T* scratch) {
      detail::conv_backward<T>(part, x.data(), detail::conv_weights(p, ws), dy.data(), gradients.of_input ? detail::data_or_null(dx) : nullptr,
                               gradients.of_parameters ? dp.weight.data() : nullptr, dp.bias.data(), scratch);
    };
    detail::share_conv_backward(extents, ws, context, dx != nullptr, pass);
  }

  /// Returns the extents of a pass and reserves the scratch memory that the kernels need for them.
  template <typename T>
  kernels::ConvShape window(const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, const Context& context, bool is_backward = false) const {
    auto extents = slide().extents(shape(x), filters);
    extents.bf16 = bf16_for<T>(x.dimension(3), context);
    extents.winograd = context.winograd;
    extents.groups = groups;
    if (!context.training && ws.ceiling >= 0) {
      extents.rectified = true;
      extents.ceiling = ws.ceiling;
    }
    auto largest = extents;
    largest.inference = extents.bf16 && !context.training && !is_backward;  // a forward pass alone needs less
    reshape(ws.scratch, Shape<1>{{detail::conv_scratch<T>(largest)}});
    return extents;
  }

  /// Returns the kernels of bfloat16 numbers for images of C channels, or null if the layer is computed in T, see Precision.
  template <typename T>
  const kernels::Bf16Products* bf16_for(Index C, const Context& context) const {
    if (!context.bf16 || !is_plain()) return nullptr;
    return detail::bf16_for<T>(context, slide().extents(Shape<4>{{1, kernel.height, kernel.width, C}}, filters));
  }

  /// Precomputes data derived from the weights, such as Winograd-transformed kernels, for backward, too, in training.
  template <typename T>
  void pack_weights(const Parameters<T>& p, Workspace<Tensor<T, 4>>& ws, RoundRobin& turns, const Context& context = {}) const {
    if (!is_plain()) return;
    auto extents = slide().extents(Shape<4>{{1, kernel.height, kernel.width, p.weight.dimension(2)}}, filters);
    extents.winograd = context.winograd;
    extents.inference = !context.training;
    extents.bf16 = bf16_for<T>(extents.C, context);
    detail::pack_conv_weights(extents, p, ws, turns);
  }

  template <typename T>
  bool share_packed(const detail::ConvWorkspace<T>& from, detail::ConvWorkspace<T>& to) const {
    return detail::share_conv_weights(from, to);
  }

  /// Gives dx and dp the shapes of x and p.
  template <typename T>
  static void reshape_gradients(const Parameters<T>& p, const Tensor<T, 4>& x, Tensor<T, 4>* dx, Parameters<T>& dp) {
    reshape(dx, shape(x));
    reshape(dp.weight, shape(p.weight));
    reshape(dp.bias, shape(p.bias));
    dp.has_bias = p.has_bias;
  }

  /// Writes the parameters with which the layer gives scale[k]·y[k] + offset[k].
  template <typename T>
  static void rescale(const Parameters<T>& p, const double* scale, const double* offset, Parameters<T>& to) {
    to.weight = p.weight;
    to.bias = p.bias;
    to.rescale(scale, offset);
  }

  /// Throws ShapeError if these parameters are not for images of this shape.
  template <typename T>
  void check(const Parameters<T>& p, const Shape<4>& in) const {
    if (shape(p.weight) == Shape<4>{{kernel.height, kernel.width, in[3] / groups, filters}} && in[3] % groups == 0) return;
    throw ShapeError(str_cat("Conv: expects (N, H, W, ", p.weight.dimension(2) * groups, ") but got ", in,
                             "; give it the channels that its weights ", shape(p.weight), " were made for"));
  }

  constexpr detail::ConvGeometry slide() const { return {kernel, stride, padding, dilation}; }

  /// Returns whether it is an ordinary convolution, without groups and dilation. Only these are fused with other layers.
  constexpr bool is_plain() const { return groups == 1 && dilation == Size2D(1); }

  /// Returns a layer that computes the same, with the default initializers. Initializers no longer matter once the
  /// parameters are drawn.
  constexpr BasicConv<> plain() const { return {filters, kernel, stride, padding, dilation, groups, bias, {}, {}}; }
};

using Conv = BasicConv<>;

}  // namespace lamina
