#pragma once

#include <string_view>
#include <tuple>
#include <utility>

#include "../layers/layer.hpp"
#include "stage_chain.hpp"

namespace LAMINA_NAMESPACE {

/// Layers one after another: the output of each is the input of the next. Itself a layer, so that blocks nest.
///
///   constexpr auto network = Sequential{Flatten{}, Dense{.units = 30}, Sigmoid{}, Dense{.units = 10}};
///
/// y = f_L(… f_2(f_1(x))). Backward is the chain rule from the last layer to the first: with a_0 = x and a_l = f_l(a_{l−1}),
///
///   da_L = dy        da_{l−1}, dp_l = backward of layer l from da_l        dx = da_0
///
/// Parameters is a tuple with one entry per layer, also for those that learn nothing: "3.weight" belongs to layer 3.
/// Errors say the place: "layer 3: Dense: expects …".
template <typename... Ls>
class Sequential {
  static_assert(sizeof...(Ls) > 0, "Sequential: expects at least one layer");

  using Layers = std::tuple<Ls...>;
  static constexpr std::size_t count = sizeof...(Ls);

  template <std::size_t I>
  using layer_t = std::tuple_element_t<I, Layers>;

  template <std::size_t I>
  static constexpr bool normalised_twice() {
    if constexpr (I + 1 < count)
      return std::string_view(layer_t<I>::name) == "Softmax" && std::string_view(layer_t<I + 1>::name) == "Softmax";
    else
      return false;
  }
  static_assert(![]<std::size_t... I>(std::index_sequence<I...>) { return (normalised_twice<I>() || ...); }(
                    std::make_index_sequence<count>{}),
                "Softmax follows Softmax: its input would be probabilities already; remove one of the two");

 public:
  static constexpr std::string_view name = "Sequential";
  static constexpr bool gives_probabilities = lamina::gives_probabilities<layer_t<count - 1>>();

  template <typename T>
  using Parameters = std::tuple<typename Ls::template Parameters<T>...>;
  template <AnyTensor X>
  using Workspace = detail::StageChain<0, X, Ls...>;

  constexpr Sequential(Ls... layers) : layers_(std::move(layers)...) {}

  constexpr const Layers& layers() const { return layers_; }
  static constexpr std::size_t size() { return count; }

  /// Throws ShapeError, which names the layer's place, where a layer cannot take what comes.
  template <int Rank>
  constexpr auto output_shape(const Shape<Rank>& in) const {
    return placed([&](std::size_t& place) { return shape_after<0>(in, place); });
  }

  template <int Rank>
  constexpr Index multiply_adds(const Shape<Rank>& in) const {
    return placed([&](std::size_t& place) { return multiply_adds_from<0>(in, place); });
  }

  /// Layer i draws from the i-th stream: what one layer draws depends on no other.
  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng rng) const {
    Parameters<T> p;
    placed([&](std::size_t& place) { initialize_from<0, T>(in, rng, p, place); });
    return p;
  }

  /// Adds the layers, and the stages that run them, to a program: what detail::lower asks.
  template <AnyTensor X, typename Lowering>
  void lower(Lowering& to) const {
    detail::StageChain<0, X, Ls...>::lower(layers_, to, 0);
  }

  /// Appends the layers to a list of layers.
  template <typename Network>
  void append_to(Network& network) const {
    std::apply([&](const auto&... layer) { (network.push_back(layer), ...); }, layers_);
  }

  /// Runs the layers. The context may be left out where none of them draws.
  template <typename P, AnyTensor X, AnyTensor Y>
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context) const {
    placed([&](std::size_t& place) { ws.template run<detail::Pass::training>(layers_, p, x, y, context, 0, place); });
  }
  template <typename P, AnyTensor X, AnyTensor Y>
    requires(!detail::StageChain<0, X, Ls...>::any_draws())
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y) const {
    forward(p, x, ws, y, Context{});
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void infer(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context = {}) const {
    placed([&](std::size_t& place) { ws.template run<detail::Pass::inference>(layers_, p, x, y, context, 0, place); });
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void backward(const P& p, const X& x, const Y& y, const Y& dy, Workspace<X>& ws, X* dx, P& dp,
                const Context& context = {}) const {
    ws.backward(layers_, p, x, y, dy, dx, dp, context, 0);
  }

 private:
  /// Does something that says at which layer it is; what it throws says so, too.
  template <typename Action>
  static constexpr decltype(auto) placed(Action&& action) {
    std::size_t place = 0;
    try {
      return action(place);
    } catch (const ShapeError& error) {
      detail::refuse_layer(place, error);
    }
  }

  template <std::size_t I, int Rank>
  constexpr auto shape_after(const Shape<Rank>& in, std::size_t& place) const {
    if constexpr (I == count) {
      return in;
    } else {
      static_assert(
          requires { std::get<I>(layers_).output_shape(in); },
          "Sequential: a layer cannot take the output of the one before it: Dense and Softmax take rows (N, F), "
          "Conv and pools take images (N, H, W, C); put Flatten{} between images and rows");
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
