#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

#include "../layers/conv.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/pool.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/stages.hpp"
#include "../layers/tanh.hpp"
#include "any_initializer.hpp"

namespace LAMINA_NAMESPACE {

/// The layers that can be listed at run time: the library's, and a program's own. Of Conv and Dense there is one type
/// each, whatever their initializers.
template <typename... Own>
using AnyLayer = std::variant<BasicConv<AnyInitializer, AnyInitializer>, BasicDense<AnyInitializer, AnyInitializer>,
                              Flatten, ReLU, LeakyReLU, Sigmoid, Tanh, MaxPool, AvgPool, Softmax, Dropout, Own...>;

namespace detail {

using ListedConv = BasicConv<AnyInitializer, AnyInitializer>;
using ListedDense = BasicDense<AnyInitializer, AnyInitializer>;

/// A layer as it is listed.
template <typename L>
const L& listed(const L& layer) {
  return layer;
}
template <typename W, typename B>
  requires(std::convertible_to<W, AnyInitializer> && std::convertible_to<B, AnyInitializer>)
ListedConv listed(const BasicConv<W, B>& conv) {
  return {conv.filters, conv.kernel, conv.stride, conv.padding, conv.weight_initializer, conv.bias_initializer};
}
template <typename W, typename B>
  requires(std::convertible_to<W, AnyInitializer> && std::convertible_to<B, AnyInitializer>)
ListedDense listed(const BasicDense<W, B>& dense) {
  return {dense.units, dense.weight_initializer, dense.bias_initializer};
}

/// A variant of those of V and of Ts, each type once.
template <typename V, typename... Ts>
struct Distinct {
  using type = V;
};
template <typename... Us, typename T, typename... Ts>
struct Distinct<std::variant<Us...>, T, Ts...>
    : Distinct<std::conditional_t<(std::is_same_v<T, Us> || ...), std::variant<Us...>, std::variant<Us..., T>>, Ts...> {
};

/// Whether L takes inputs of this rank.
template <typename L, int Rank>
concept Takes = requires(const L& layer, const Shape<Rank>& in) { layer.output_shape(in); };

/// What L has as its workspace for inputs of type X; None where it does not take them.
template <typename L, typename X>
struct WorkspaceFor {
  using type = None;
};
template <typename L, typename X>
  requires Takes<L, rank_v<X>>
struct WorkspaceFor<L, X> {
  using type = workspace_t<L, X>;
};

}  // namespace detail
}  // namespace lamina
