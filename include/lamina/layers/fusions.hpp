#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>

#include "conv_relu.hpp"
#include "conv_relu_max_pool.hpp"
#include "flatten_dense.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A fusion rule: the layer Fused replaces consecutive layers of the types Ls, and has the parameters of layer Owner among
/// them. Files, summaries and errors do not know about fused layers. A fused layer equals its layers run one after another,
/// up to rounding: tests/contract checks each fused layer as a layer and against its layers.
template <typename Fused, std::size_t Owner, typename... Ls>
struct Fusion {
  using fused = Fused;
  static constexpr std::size_t count = sizeof...(Ls), owner = Owner;
};

/// All fusion rules; a longer one stands before a shorter one with the same beginning.
using Fusions = std::tuple<Fusion<ConvReLUMaxPool<Conv>, 0, Conv, ReLU, MaxPool>,  //
                           Fusion<ConvReLU<Conv>, 0, Conv, ReLU>,                  //
                           Fusion<FlattenDense<Dense>, 1, Flatten, Dense>>;

/// True if a list of layers begins with the layers of a fusion.
template <typename F, typename... Ls>
inline constexpr bool begins_with = false;
template <typename S, std::size_t O, typename... Ls>
inline constexpr bool begins_with<Fusion<S, O>, Ls...> = true;
template <typename S, std::size_t O, typename F, typename... Fs, typename L, typename... Ls>
inline constexpr bool begins_with<Fusion<S, O, F, Fs...>, L, Ls...> =
    std::is_same_v<F, plain_t<L>> && begins_with<Fusion<S, O, Fs...>, Ls...>;

template <typename All, typename... Ls>
struct FirstFusion;
template <typename L, typename... Ls>
struct FirstFusion<std::tuple<>, L, Ls...> {
  using type = Fusion<L, 0, L>;
};
template <typename F, typename... Fs, typename... Ls>
struct FirstFusion<std::tuple<F, Fs...>, Ls...>
    : std::conditional_t<begins_with<F, Ls...>, std::type_identity<F>, FirstFusion<std::tuple<Fs...>, Ls...>> {};

/// The fusion that a list of layers begins with; that of the first layer alone if there is none.
template <typename... Ls>
using FusionOf = typename detail::FirstFusion<Fusions, Ls...>::type;

}  // namespace lamina::detail
