#pragma once

#include <optional>
#include <string>
#include <vector>

#include "architecture.hpp"
#include "cpp_constants.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A call of one of cpp_functions, up to its last arguments, where from and where to.
struct CppCall {
  std::string function;
  std::string arguments;
  Index out;                              // how many numbers the value has that it writes to
  bool in_place;                          // whether it may write where it reads
  std::vector<std::size_t> inputs = {};  // the values that it reads: 0 is the network's input
  std::size_t value = 0;                  // the value that it writes to, which several calls in a row may do
};

Index count_of(const std::vector<Index>& extents);

/// Returns the constants of a layer's Window: {28, 28, 1, 5, 5, …}.
std::string cpp_window_of(const ConvGeometry& slide, const LayerDescription& layer);

/// A visitor that returns the call for a layer, or nothing for a layer that changes no number. `i` is the layer's number,
/// for the names of its arrays.
struct CppCallOf {
  const LayerDescription& layer;
  std::string i;

  /// Returns the name of one of the layer's arrays, or nullptr if it has none.
  std::string array(const char* name, bool has) const { return has ? "detail::" + std::string(name) + "_" + i : "nullptr"; }
  Index n() const { return count_of(layer.in); }
  ConvGeometry whole() const { return GlobalAveragePool::slide({{1, layer.in[1], layer.in[2], layer.in[3]}}); }
  std::optional<CppCall> elementwise(const char* function, const std::string& option = "") const {
    return CppCall{function, cpp_int(n()) + ", " + option, n(), true};
  }
  static std::string number(double value) { return "static_cast<Number>(" + cpp_number(value) + "), "; }
  /// Returns the call for GroupNorm, or for LayerNorm, whose groups are rows that share one scale and offset per channel.
  std::optional<CppCall> normalise(Index rows, Index groups, Index size, double epsilon, bool affine) const {
    return CppCall{"group_norm",
                   cpp_int(rows) + ", " + cpp_int(groups) + ", " + cpp_int(size) + ", " + cpp_int(layer.out.back()) + ", " +
                       number(epsilon) + array("weight", affine) + ", " + array("bias", affine) + ", ",
                   n(), true};
  }
  std::optional<CppCall> pool(const char* function, const ConvGeometry& slide) const {
    return CppCall{function, "detail::Window" + cpp_window_of(slide, layer) + ", ", count_of(layer.out), false};
  }

  template <typename W, typename B>
  std::optional<CppCall> operator()(const BasicConv<W, B>& conv) const {
    if (!conv.is_plain())
      return CppCall{"grouped_conv",
                     "detail::Window" + cpp_window_of(conv.slide(), layer) + ", " + cpp_int(layer.out[3]) + ", " +
                         cpp_int(conv.groups) + ", " + cpp_int(conv.dilation.height) + ", " + cpp_int(conv.dilation.width) +
                         ", " + array("weight", true) + ", " + array("bias", conv.bias) + ", ",
                     count_of(layer.out), false};
    return CppCall{"conv",
                   "detail::Window" + cpp_window_of(conv.slide(), layer) + ", " + cpp_int(layer.out[3]) +
                       ", detail::weight_" + i + ", " + array("bias", conv.bias) + ", ",
                   count_of(layer.out), false};
  }
  template <typename W, typename B>
  std::optional<CppCall> operator()(const BasicConvTranspose<W, B>& conv) const {
    return CppCall{"conv_transpose",
                   "detail::Window" + cpp_window_of(conv.adjoint(), layer) + ", " + cpp_int(layer.out[3]) + ", " + cpp_int(conv.groups) + ", " +
                       cpp_int(conv.dilation.height) + ", " + cpp_int(conv.dilation.width) + ", " + array("weight", true) + ", " +
                       array("bias", conv.bias) + ", ",
                   count_of(layer.out), false};
  }
  template <typename W, typename B>
  std::optional<CppCall> operator()(const BasicDense<W, B>& dense) const {
    return CppCall{
        "dense",
        cpp_int(layer.in[1]) + ", " + cpp_int(layer.out[1]) + ", detail::weight_" + i + ", " + array("bias", dense.bias) + ", ",
        layer.out[1], false};
  }
  std::optional<CppCall> operator()(const MaxPool& own) const { return pool("max_pool", own.slide()); }
  std::optional<CppCall> operator()(const AvgPool& own) const {
    auto call = pool("average_pool", own.slide());
    if (!own.count_include_pad) return call;
    const Padding padding = own.slide().padding_of(layer.in[1], layer.in[2]);
    call->function = "padded_average_pool";
    call->arguments += cpp_int(layer.in[1] + padding.bottom) + ", " + cpp_int(layer.in[2] + padding.right) + ", ";
    return call;
  }
  std::optional<CppCall> operator()(const GlobalMaxPool&) const { return pool("max_pool", whole()); }
  std::optional<CppCall> operator()(const GlobalAveragePool&) const { return pool("average_pool", whole()); }
  std::optional<CppCall> operator()(const Subsample& own) const {
    std::string numbers;
    for (const Index number : {layer.in[2], layer.in[3], own.stride.height, own.stride.width, layer.out[1], layer.out[2], layer.out[3],
                               own.front(layer.in[3])})
      numbers += cpp_int(number) + ", ";
    return CppCall{"subsample", numbers, count_of(layer.out), false};
  }
  std::optional<CppCall> operator()(const ChannelShuffle& own) const {
    return CppCall{"channel_shuffle", cpp_int(n()) + ", " + cpp_int(own.groups) + ", " + cpp_int(layer.in[3] / own.groups) + ", ", n(), false};
  }
  std::optional<CppCall> operator()(const Upsample& own) const {
    std::string numbers;
    for (const Index number : {layer.in[1], layer.in[2], layer.in[3], own.scale_factor.height, own.scale_factor.width}) numbers += cpp_int(number) + ", ";
    return CppCall{own.bilinear ? "upsample_bilinear" : "upsample_nearest", numbers, count_of(layer.out), false};
  }
  std::optional<CppCall> operator()(const Narrow& own) const {
    const Index C = layer.in.back();
    return CppCall{"narrow", cpp_int(n() / C) + ", " + cpp_int(C) + ", " + cpp_int(own.start) + ", " + cpp_int(own.length) + ", ",
                   count_of(layer.out), false};
  }
  std::optional<CppCall> operator()(const ReLU&) const { return elementwise("relu"); }
  std::optional<CppCall> operator()(const LeakyReLU& leaky) const {
    return elementwise("leaky_relu", "static_cast<Number>(" + cpp_number(leaky.slope) + "), ");
  }
  std::optional<CppCall> operator()(const Sigmoid&) const { return elementwise("sigmoid"); }
  std::optional<CppCall> operator()(const Tanh&) const { return elementwise("tanh"); }
  std::optional<CppCall> operator()(const Softmax&) const { return elementwise("softmax"); }
  std::optional<CppCall> operator()(const Flatten&) const { return {}; }
  std::optional<CppCall> operator()(const Dropout&) const { return {}; }
  std::optional<CppCall> operator()(const BatchNorm& norm) const {
    const Index C = layer.out.back();
    return CppCall{"batch_norm",
                   cpp_int(n() / C) + ", " + cpp_int(C) + ", static_cast<Number>(" + cpp_number(norm.epsilon) + "), " +
                       array("weight", norm.affine) + ", " + array("bias", norm.affine) + ", detail::running_mean_" + i + ", detail::running_var_" + i + ", ",
                   n(), true};
  }
  std::optional<CppCall> operator()(const ReLU6&) const { return elementwise("relu6"); }
  std::optional<CppCall> operator()(const HardSigmoid&) const { return elementwise("hard_sigmoid"); }
  std::optional<CppCall> operator()(const HardSwish&) const { return elementwise("hard_swish"); }
  std::optional<CppCall> operator()(const SiLU&) const { return elementwise("silu"); }
  std::optional<CppCall> operator()(const GELU& gelu) const { return elementwise(gelu.approximate ? "gelu_approximate" : "gelu"); }
  std::optional<CppCall> operator()(const ELU& elu) const { return elementwise("elu", number(elu.alpha)); }
  std::optional<CppCall> operator()(const Softplus& softplus) const { return elementwise("softplus", number(softplus.beta)); }
  std::optional<CppCall> operator()(const PReLU& prelu) const {
    return elementwise("prelu", cpp_int(prelu.num_parameters) + ", " + array("weight", true) + ", ");
  }
  std::optional<CppCall> operator()(const GroupNorm& norm) const {
    const Index C = layer.out.back();
    return normalise(n() / C, norm.groups, C / norm.groups, norm.epsilon, norm.affine);
  }
  std::optional<CppCall> operator()(const LayerNorm& norm) const {
    const Index C = layer.out.back();
    return normalise(1, n() / C, C, norm.epsilon, norm.affine);
  }
  template <typename L>
    requires is_merge<L>
  std::optional<CppCall> operator()(const L&) const {  // see cpp_merge
    return {};
  }
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/cpp_calls.ipp"
#endif
