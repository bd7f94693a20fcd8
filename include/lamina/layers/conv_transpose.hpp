#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "conv_geometry.hpp"
#include "conv_parameters.hpp"
#include "conv_passes.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A transposed convolution: every pixel of an image adds its kernels, times its channels, to a larger image.
/// torch.nn.ConvTranspose2d; Keras's Conv2DTranspose; ONNX's ConvTranspose.
///
///   y[n,p,q,k] = b[k] + Σ_{r,h : h·stride + r·dilation − padding = p}  Σ_{s,v : v·stride + s·dilation − padding = q}  Σ_c x[n,h,v,c]·w[r,s,k,c]
///
///   x (N, H, W, C)    w (R, S, K, C)    b (K)    y (N, P, Q, K)
///   P = (H − 1)·stride − 2·padding + (R − 1)·dilation + output_padding + 1,  Q likewise from W and S
///
/// The padding cuts rows and columns off, and output_padding adds some below and on the right. If the padding is {top, left,
/// bottom, right}, the indices have top or left for it, and P has top + bottom for 2·padding. With Same{}, P = H·stride and
/// Q = W·stride; if what is cut off is odd, the larger part is below or on the right.
///
/// Let A be the linear map of a Conv from images (P, Q, K) to images (H, W, C), with these weights and options. The sum above is its
/// adjoint:
///
///   y = Aᵀ·x + b        ⟨A·u, x⟩ = ⟨u, Aᵀ·x⟩ for all images u (P, Q, K)
///
/// Conv's backward pass computes Aᵀ. A Conv with a stride above 1 makes images of one size from images of several sizes;
/// output_padding, which is smaller than the stride or the dilation, chooses among them.
///
/// Groups divide the channels and the filters into equal parts, as in Conv: w is (R, S, K/groups, C), and channel c adds to the
/// filters of its own part only.
///
/// `ConvTranspose` draws its weights by He et al., where an output sums over R·S·C / (groups · stride²) inputs, and starts its biases
/// at zero. BasicConvTranspose<GlorotUniform> and the like use other initializers.
template <Initializer W = HeNormal, Initializer B = Zeros>
struct BasicConvTranspose {
  Index filters = 1;  // K
  Size2D kernel = 3;  // R, S
  Size2D stride = 1;
  Padding padding = 0;
  Size2D output_padding = 0;
  Size2D dilation = 1;
  Index groups = 1;
  bool bias = true;    // false: b = 0
  [[no_unique_address]] W weight_initializer{};
  [[no_unique_address]] B bias_initializer{};

  static constexpr std::string_view name = "ConvTranspose";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    detail::visit_conv_options(visitor, self...);
  }

  template <typename T>
  using Parameters = ConvParameters<T>;  // weight (R, S, K/groups, C)

  template <AnyTensor X>
  struct Workspace : detail::ConvWorkspace<scalar_t<X>> {  // its scratch memory has C more numbers
    std::vector<double> sums;                              // of db
  };

  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    if (filters < 1) throw ShapeError(str_cat(name, ": expects filters of at least 1 but got ", filters));
    if (groups < 1) throw ShapeError(str_cat(name, ": expects groups of at least 1 but got ", groups));
    detail::ConvGeometry{kernel, stride, padding, dilation}.check_numbers("ConvTranspose", "kernel", in);
    check_output_padding();
    if (in[3] % groups != 0 || filters % groups != 0)
      throw ShapeError(str_cat(name, ": expects channels and filters that its ", groups, " groups divide but got ", in, " and ",
                               filters, " filters"));
    const auto [top, left, bottom, right, same] = adjoint().padding;
    const Size2D more = behind();
    const Index whole_h = (in[1] - 1) * stride.height + reach().height + more.height;
    const Index whole_w = (in[2] - 1) * stride.width + reach().width + more.width;
    const Shape<4> out{{in[0], whole_h - top - bottom, whole_w - left - right, filters}};
    if (out[1] < 1 || out[2] < 1)
      throw ShapeError(str_cat(name, ": expects a padding that leaves a row and a column of the ", Size2D(whole_h, whole_w),
                               " pixels that it makes of ", in, " but got ", padding,
                               "; make the padding smaller, or the stride or the kernel larger"));
    constexpr Index most = Index{1} << 30;
    if (whole_h > most || whole_w > most)
      throw ShapeError(str_cat(name, ": expects to make at most ", most, " rows and columns but got ", in, ", a stride of ", stride,
                               " and a kernel of ", kernel));
    if (!out.is_countable() || !Shape<4>{{kernel.height, kernel.width, filters, in[3]}}.is_countable() ||
        !adjoint().padded(out).is_countable() || !Shape<3>{{in[2], kernel.width, filters}}.is_countable())
      throw ShapeError(str_cat(name, ": ", filters, " filters of ", kernel, " on images ", in,
                               " make more numbers than an index can count; make them fewer"));
    return out;
  }

  constexpr Index multiply_adds(const Shape<4>& in) const {
    output_shape(in);
    return Shape{in[0], in[1], in[2], in[3], kernel.height, kernel.width, filters / groups}.size();
  }

  constexpr Index parameter_count(const Shape<4>& in) const {
    const Index K = output_shape(in)[3];
    return Shape{kernel.height, kernel.width, K / groups, in[3]}.size() + (bias ? K : 0);
  }

  template <typename T>
  Parameters<T> initialize(const Shape<4>& in, Rng rng) const {
    const Index R = kernel.height, S = kernel.width, K = output_shape(in)[3], C = in[3];
    const Index sums = R * S * (C / groups) / (stride.height * stride.width);
    const detail::Fans fans{.in = (std::max)(sums, Index{1}), .out = R * S * (K / groups)};
    return Parameters<T>::draw(*this, Shape<4>{{R, S, K / groups, C}}, K, fans, rng);
  }

  /// Computes y = Aᵀ·x + b: Conv's input gradient, where the gradient of its output is x.
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>& y,
               const Context& context = {}) const {
    const Shape<4> out = output_shape(shape(x));
    check(p, shape(x));
    reshape(y, out);
    const auto extents = window<T>(shape(x), ws, context);
    detail::conv_backward<T>(extents, nullptr, detail::conv_weights(p, ws), x.data(), y.data(), nullptr, nullptr, ws.scratch.data());
    if (!p.has_bias) return;
    for (T *at = y.data(), *const end = at + y.size(); at != end; at += filters)
      for (Index k = 0; k < filters; ++k) at[k] += p.bias.data()[k];
  }

  /// Computes dx, dw and db. f = ⟨Aᵀ·x + b, dy⟩ = ⟨x, A·dy⟩ + ⟨b, Σ dy⟩ is linear in x, in w and in b, and its derivatives are the
  /// factors of each:
  ///
  ///   dx = A·dy                                                                        Conv's output for the image dy
  ///   dw[r,s,k,c] = Σ_{n,h,v} dy[n, h·stride + r·dilation − padding, v·stride + s·dilation − padding, k] · x[n,h,v,c]
  ///   db[k] = Σ_{n,p,q} dy[n,p,q,k]
  ///
  /// where dy is 0 outside the image. dw is Conv's weight gradient, where the image is dy and the gradient of the output is x.
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 4>& x, const Tensor<T, 4>& /*y*/, const Tensor<T, 4>& dy,
                Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>* dx, Parameters<T>& dp, const Context& context = {}) const {
    const auto extents = window<T>(shape(x), ws, context);
    T* const row = ws.scratch.data() + ws.scratch.size() - extents.K;  // Conv's db, which nothing needs; then its b, which is 0
    reshape(dp.weight, shape(p.weight));
    dp.has_bias = p.has_bias;
    detail::conv_backward<T>(extents, dy.data(), detail::conv_weights(p, ws), x.data(), nullptr, dp.weight.data(), row, ws.scratch.data());
    add_up(dy, ws.sums, dp.bias);
    if (!dx) return;
    reshape(*dx, shape(x));
    std::fill_n(row, extents.K, T(0));
    detail::conv_forward<T>(extents, dy.data(), detail::conv_weights(p, ws), row, dx->data(), ws.scratch.data());
  }

  /// Precomputes data derived from the weights, such as Winograd-transformed kernels.
  template <typename T>
  void pack_weights(const Parameters<T>& p, Workspace<Tensor<T, 4>>& ws, RoundRobin& turns, const Context& context = {}) const {
    if (!is_plain()) return;
    auto extents = adjoint().extents(Shape<4>{{1, kernel.height, kernel.width, filters}}, p.weight.dimension(3));
    extents.winograd = context.winograd;
    detail::pack_conv_weights(extents, p, ws, turns);
  }

  template <typename T>
  bool share_packed(const detail::ConvWorkspace<T>& from, detail::ConvWorkspace<T>& to) const {
    return detail::share_conv_weights(from, to);
  }

  /// Writes the parameters with which the layer gives scale[k]·y[k] + offset[k].
  template <typename T>
  void rescale(const Parameters<T>& p, const double* scale, const double* offset, Parameters<T>& to) const {
    to.weight = p.weight;
    to.bias = p.bias;
    to.has_bias = true;
    const Index C = p.weight.dimension(3), part = filters / groups;
    for (Index i = 0; i < to.weight.size(); ++i) {
      const Index k = i % C / (C / groups) * part + i / C % part;
      to.weight.data()[i] = static_cast<T>(static_cast<double>(p.weight.data()[i]) * scale[k]);
    }
    for (Index k = 0; k < filters; ++k) to.bias(k) = static_cast<T>(static_cast<double>(p.bias(k)) * scale[k] + offset[k]);
  }

  /// Throws ShapeError if these parameters are not for images of this shape.
  template <typename T>
  void check(const Parameters<T>& p, const Shape<4>& in) const {
    const Index C = p.weight.dimension(3);
    if (in[3] == C && C % groups == 0 && shape(p.weight) == Shape<4>{{kernel.height, kernel.width, filters / groups, C}}) return;
    throw ShapeError(str_cat(name, ": expects (N, H, W, ", C, ") but got ", in,
                             "; give it the channels that its weights ", shape(p.weight), " were made for"));
  }

  /// Returns the geometry of the Conv, with its padding in numbers: under Same{} it does not depend on the image.
  constexpr detail::ConvGeometry adjoint() const {
    if (!padding.same) return {kernel, stride, padding, dilation};
    const Index h = (std::max)(reach().height - stride.height, Index{0}), w = (std::max)(reach().width - stride.width, Index{0});
    return {kernel, stride, Padding(h / 2, w / 2, h - h / 2, w - w / 2), dilation};
  }

  /// Returns output_padding; under Same{} what a kernel smaller than the stride leaves free behind the last pixel.
  constexpr Size2D behind() const {
    if (!padding.same) return output_padding;
    return {(std::max)(stride.height - reach().height, Index{0}), (std::max)(stride.width - reach().width, Index{0})};
  }

  constexpr bool is_plain() const { return groups == 1 && dilation == Size2D(1); }

  /// Returns a layer that computes the same, with the default initializers.
  constexpr BasicConvTranspose<> plain() const { return {filters, kernel, stride, padding, output_padding, dilation, groups, bias, {}, {}}; }

 private:
  constexpr Size2D reach() const { return {(kernel.height - 1) * dilation.height + 1, (kernel.width - 1) * dilation.width + 1}; }

  constexpr void check_output_padding() const {
    const auto [h, w] = output_padding;
    if (padding.same && output_padding != Size2D(0))
      throw ShapeError(str_cat(name, ": expects no output_padding with Same, which makes as many rows and columns as the stride says, but got ",
                               output_padding, "; leave it out, or give the padding in numbers"));
    if (h < 0 || w < 0 || h >= (std::max)(stride.height, dilation.height) || w >= (std::max)(stride.width, dilation.width))
      throw ShapeError(str_cat(name, ": expects an output_padding of at least 0 and smaller than the stride ", stride,
                               " or the dilation ", dilation, " but got ", output_padding,
                               "; for larger images make the padding smaller"));
  }

  /// Returns the extents of the Conv, whose image is y and whose output is x, and reserves the scratch memory that the kernels need.
  template <typename T>
  kernels::ConvShape window(const Shape<4>& in, Workspace<Tensor<T, 4>>& ws, const Context& context) const {
    auto extents = adjoint().extents(output_shape(in), in[3]);
    extents.P = in[1];
    extents.Q = in[2];
    extents.winograd = context.winograd;
    extents.groups = groups;
    reshape(ws.scratch, Shape<1>{{extents.K + detail::conv_scratch<T>(extents)}});
    return extents;
  }

  /// Computes db[k] = Σ dy[n,p,q,k]; without a bias it is zero.
  template <typename T>
  void add_up(const Tensor<T, 4>& dy, std::vector<double>& sums, Tensor<T, 1>& db) const {
    sums.assign(static_cast<std::size_t>(filters), 0);
    if (bias)
      for (const T *at = dy.data(), *const end = at + dy.size(); at != end; at += filters)
        for (Index k = 0; k < filters; ++k) sums[static_cast<std::size_t>(k)] += static_cast<double>(at[k]);
    reshape(db, Shape<1>{{filters}});
    for (Index k = 0; k < filters; ++k) db(k) = static_cast<T>(sums[static_cast<std::size_t>(k)]);
  }
};

using ConvTranspose = BasicConvTranspose<>;

}  // namespace lamina
