#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "any_initializer.hpp"
#include "conv.hpp"
#include "conv_transpose.hpp"
#include "dense.hpp"

namespace LAMINA_NAMESPACE::detail {

using ListedConv = BasicConv<AnyInitializer, AnyInitializer>;
using ListedConvTranspose = BasicConvTranspose<AnyInitializer, AnyInitializer>;
using ListedDense = BasicDense<AnyInitializer, AnyInitializer>;

/// Returns a layer in the form that the list holds.
template <typename L>
const L& listed(const L& layer) {
  return layer;
}
template <typename W, typename B>
  requires(std::convertible_to<W, AnyInitializer> && std::convertible_to<B, AnyInitializer>)
ListedConv listed(const BasicConv<W, B>& conv) {
  return {conv.filters, conv.kernel, conv.stride, conv.padding, conv.dilation, conv.groups, conv.bias, conv.weight_initializer, conv.bias_initializer};
}
template <typename W, typename B>
  requires(std::convertible_to<W, AnyInitializer> && std::convertible_to<B, AnyInitializer>)
ListedConvTranspose listed(const BasicConvTranspose<W, B>& conv) {
  return {conv.filters, conv.kernel, conv.stride, conv.padding, conv.output_padding, conv.dilation, conv.groups, conv.bias, conv.weight_initializer,
          conv.bias_initializer};
}
template <typename W, typename B>
  requires(std::convertible_to<W, AnyInitializer> && std::convertible_to<B, AnyInitializer>)
ListedDense listed(const BasicDense<W, B>& dense) {
  return {dense.units, dense.bias, dense.weight_initializer, dense.bias_initializer};
}

template <typename L>
using listed_t = std::remove_cvref_t<decltype(listed(std::declval<const L&>()))>;

/// A layer L that takes inputs of this rank.
template <typename L, int Rank>
concept Takes = requires(const L& layer, const Shape<Rank>& in) { layer.output_shape(in); };

}  // namespace lamina::detail
