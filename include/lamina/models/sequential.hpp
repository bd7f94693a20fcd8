#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../layers/check_layer.hpp"
#include "../layers/layer.hpp"
#include "fused_chain.hpp"

namespace LAMINA_NAMESPACE {

/// A chain of layers: the output of each is the input of the next. It is itself a layer, so that blocks can be nested.
///
///   constexpr auto network = Sequential{Flatten{}, Dense{.units = 30}, Sigmoid{}, Dense{.units = 10}};
///
/// y = f_L(… f_2(f_1(x))). Backward is the chain rule from the last layer to the first: with a_0 = x and a_l = f_l(a_{l−1}),
///
///   da_L = dy        da_{l−1}, dp_l = backward of layer l from da_l        dx = da_0
///
/// Parameters is a tuple with one entry per layer, also for those that learn nothing: "3.weight" belongs to layer 3.
/// Errors name the place: "layer 3: Dense: expects …".
template <typename... Ls>
class Sequential {
  static_assert(sizeof...(Ls) > 0, "Sequential: expects at least one layer");

  using Layers = std::tuple<Ls...>;
  static constexpr std::size_t count = sizeof...(Ls);

  template <std::size_t I>
  using layer_t = std::tuple_element_t<I, Layers>;

  /// Stands for things that are no layers, of which nothing more is to be said.
  struct Nothing {
    template <typename>
    using Parameters = None;
  };
  static constexpr bool are_layers = (detail::check_layer_members<Ls>() && ... && true);

  template <std::size_t I>
  static constexpr bool normalised_twice() {
    if constexpr (are_layers && I + 1 < count)
      return std::string_view(layer_t<I>::name) == "Softmax" && std::string_view(layer_t<I + 1>::name) == "Softmax";
    else
      return false;
  }
  static_assert(!are_layers || ![]<std::size_t... I>(std::index_sequence<I...>) { return (normalised_twice<I>() || ...); }(
                    std::make_index_sequence<count>{}),
                "Softmax follows Softmax: its input would be probabilities already; remove one of the two");

 public:
  static constexpr std::string_view name = "Sequential";
  static constexpr bool gives_probabilities = lamina::gives_probabilities<layer_t<count - 1>>();

  template <typename T>
  using Parameters = std::tuple<typename std::conditional_t<are_layers, Ls, Nothing>::template Parameters<T>...>;
  template <AnyTensor X>
  using Workspace = detail::FusedChain<0, X, Ls...>;

  constexpr Sequential(Ls... layers) : layers_(std::move(layers)...) {}

  constexpr const Layers& layers() const { return layers_; }
  static constexpr std::size_t size() { return count; }

  /// Checks while compiling that the layers are ones, and take what comes. Returns whether they do.
  template <AnyTensor X>
  static consteval bool check() {
    if constexpr (are_layers)
      return check_from<0, X>();
    else
      return false;
  }

  /// Returns the shape of the output. Throws ShapeError, which names the layer's place, if a layer cannot take its input.
  template <int Rank>
  constexpr auto output_shape(const Shape<Rank>& in) const {
    return placed([&](std::size_t& place) { return shape_after<0>(in, place); });
  }

  template <int Rank>
  constexpr Index multiply_adds(const Shape<Rank>& in) const {
    return placed([&](std::size_t& place) { return multiply_adds_from<0>(in, place); });
  }

  /// Draws the parameters. Layer i draws from the i-th stream, so that its numbers do not depend on other layers.
  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng rng) const {
    Parameters<T> p;
    placed([&](std::size_t& place) { initialize_from<0, T>(in, rng, p, place); });
    return p;
  }

  /// Adds the layers, and the fused layers that run them, to a program; detail::lower calls it.
  template <AnyTensor X, typename Lowering>
  void lower(Lowering& to) const {
    detail::FusedChain<0, X, Ls...>::lower(layers_, to, 0);
  }

  /// Appends the layers to a list of layers.
  template <typename Network>
  void append_to(Network& network) const {
    std::apply([&](const auto&... layer) { (network.push_back(layer), ...); }, layers_);
  }

  /// Runs the layers. The context may be left out if none of them draws random numbers.
  template <typename P, AnyTensor X, AnyTensor Y>
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context) const {
    placed([&](std::size_t& place) { ws.template run<detail::Pass::training>(layers_, p, x, y, context, 0, place); });
  }
  template <typename P, AnyTensor X, AnyTensor Y>
    requires(!detail::FusedChain<0, X, Ls...>::any_draws())
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y) const {
    forward(p, x, ws, y, Context{});
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void forward_inference(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context = {}) const {
    placed([&](std::size_t& place) { ws.template run<detail::Pass::inference>(layers_, p, x, y, context, 0, place); });
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void backward(const P& p, const X& x, const Y& y, const Y& dy, Workspace<X>& ws, X* dx, P& dp,
                const Context& context = {}) const {
    ws.backward(layers_, p, x, y, dy, dx, dp, context, 0);
  }

 private:
  /// Runs an action that tracks the current layer; its ShapeErrors get the layer's place.
  template <typename Action>
  static constexpr decltype(auto) placed(Action&& action) {
    std::size_t place = 0;
    try {
      return action(place);
    } catch (const ShapeError& error) {
      detail::refuse_layer(place, error);
    }
  }

  /// Tells whether layer I takes inputs of so many axes, and fails to compile when it does not.
  template <std::size_t I, int Rank>
  static consteval bool check_rank() {
    constexpr bool takes = detail::takes_rank<layer_t<I>, Rank>;
    static_assert(takes || I > 0,
                  "Sequential: its first layer cannot take an input of this number of axes: Conv and pools take images (N, H, "
                  "W, C), Dense and Softmax take rows (N, F); a Model is given the shape of a sample, without N");
    static_assert(takes || I == 0,
                  "Sequential: a layer cannot take the output of the one before it: Dense and Softmax take rows (N, F), "
                  "Conv and pools take images (N, H, W, C); put Flatten{} between images and rows");
    return takes;
  }

  template <std::size_t I, AnyTensor X>
  static consteval bool check_from() {
    if constexpr (I == count) {
      return true;
    } else if constexpr (!check_rank<I, rank_v<X>>()) {
      return false;
    } else if constexpr (!detail::check_layer<layer_t<I>, X>()) {
      return false;
    } else {
      return check_from<I + 1, output_t<layer_t<I>, X>>();
    }
  }

  template <std::size_t I, int Rank>
  constexpr auto shape_after(const Shape<Rank>& in, std::size_t& place) const {
    if constexpr (I == count) {
      return in;
    } else if constexpr (!are_layers) {
      return detail::RefusedShape{};
    } else if constexpr (!check_rank<I, Rank>()) {
      return detail::RefusedShape{};
    } else {
      place = I;
      return shape_after<I + 1>(std::get<I>(layers_).output_shape(in), place);
    }
  }

  template <std::size_t I, int Rank>
  constexpr Index multiply_adds_from(const Shape<Rank>& in, std::size_t& place) const {
    if constexpr (I == count) {
      return 0;
    } else {
      place = I;
      const auto out = std::get<I>(layers_).output_shape(in);
      return lamina::multiply_adds(std::get<I>(layers_), in) + multiply_adds_from<I + 1>(out, place);
    }
  }

  template <std::size_t I, typename T, int Rank>
  void initialize_from(const Shape<Rank>& in, const Rng& rng, Parameters<T>& p, std::size_t& place) const {
    if constexpr (I < count) {
      place = I;
      const auto out = std::get<I>(layers_).output_shape(in);
      std::get<I>(p) = std::get<I>(layers_).template initialize<T>(in, rng.split(I));
      initialize_from<I + 1, T>(out, rng, p, place);
    }
  }

  Layers layers_;
};

}  // namespace lamina
