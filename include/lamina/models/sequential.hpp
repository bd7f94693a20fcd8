#pragma once

#include <cstdint>
#include <tuple>
#include <utility>

#include "../exec/program.hpp"
#include "../layers/layer.hpp"
#include "../layers/stages.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The stage that begins with the I-th of some layers.
template <std::size_t I, typename L, typename... Ls>
struct RunAt : RunAt<I - 1, Ls...> {};
template <typename L, typename... Ls>
struct RunAt<0, L, Ls...> {
  using type = Run<L, Ls...>;
};

[[noreturn, gnu::cold]] void refuse_layer(std::size_t place, const ShapeError& error);

}  // namespace detail

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
  using run_t = typename detail::RunAt<I, Ls...>::type;
  template <std::size_t I>
  using stage_t = typename run_t<I>::stage;
  template <std::size_t I>
  static constexpr std::size_t after = I + run_t<I>::count;  // where the stage after the one at I begins
  template <std::size_t I>
  static constexpr std::size_t owner = I + run_t<I>::owner;  // whose parameters the stage at I uses

  /// What runs from layer I on: a stage's workspace, its output and that output's gradient, then the rest. The last
  /// stage writes into what the caller gives.
  template <AnyTensor X, std::size_t I>
  struct Chain {
    workspace_t<stage_t<I>, X> workspace;
    output_t<stage_t<I>, X> y, dy;
    Chain<output_t<stage_t<I>, X>, after<I>> next;
  };
  template <AnyTensor X, std::size_t I>
    requires(after<I> == count)
  struct Chain<X, I> {
    workspace_t<stage_t<I>, X> workspace;
  };

  /// Tells whether a layer from I on draws.
  template <AnyTensor X, std::size_t I>
  static constexpr bool any_draws() {
    if constexpr (detail::draws<stage_t<I>, X>)
      return true;
    else if constexpr (after<I> < count)
      return any_draws<output_t<stage_t<I>, X>, after<I>>();
    else
      return false;
  }

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
  using Workspace = Chain<X, 0>;

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
    lower_from<X, 0>(to, 0);
  }

  /// Runs the layers. The context may be left out where none of them draws.
  template <typename P, AnyTensor X, AnyTensor Y>
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context) const {
    placed([&](std::size_t& place) { run<Pass::training, 0>(p, x, ws, y, context, 0, place); });
  }
  template <typename P, AnyTensor X, AnyTensor Y>
    requires(!any_draws<X, 0>())
  void forward(const P& p, const X& x, Workspace<X>& ws, Y& y) const {
    forward(p, x, ws, y, Context{});
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void infer(const P& p, const X& x, Workspace<X>& ws, Y& y, const Context& context = {}) const {
    placed([&](std::size_t& place) { run<Pass::inference, 0>(p, x, ws, y, context, 0, place); });
  }

  template <typename P, AnyTensor X, AnyTensor Y>
  void backward(const P& p, const X& x, const Y& y, const Y& dy, Workspace<X>& ws, X* dx, P& dp,
                const Context& context = {}) const {
    run_backward<0>(p, x, y, dy, ws, dx, dp, context, 0);
  }

 private:
  enum class Pass { training, inference };

  /// The stage at I: the layer itself, or made of its layers.
  template <std::size_t I>
  constexpr decltype(auto) stage() const {
    if constexpr (run_t<I>::count == 1)
      return std::get<I>(layers_);
    else
      return [&]<std::size_t... J>(std::index_sequence<J...>) {
        return stage_t<I>{detail::plain(std::get<I + J>(layers_))...};
      }(std::make_index_sequence<run_t<I>::count>{});
  }

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

  /// `draw`: how many of the stages before it draw.
  template <AnyTensor X, std::size_t I>
  void lower_from(auto& to, std::uint64_t draw) const {
    if constexpr (run_t<I>::count == 1) {
      to.enter(I, draw);
      detail::lower<X>(std::get<I>(layers_), to);
      to.leave();
    } else {
      add_layers<X, I, after<I>>(to);
      to.enter(owner<I>, draw);
      to.template run_stage<X>(stage<I>(), run_t<I>::count, run_t<I>::owner);
      to.leave();
    }
    if constexpr (after<I> < count)
      lower_from<output_t<stage_t<I>, X>, after<I>>(to, draw + (detail::draws<stage_t<I>, X> ? 1 : 0));
  }

  /// Adds the layers I to End − 1 of a stage.
  template <AnyTensor X, std::size_t I, std::size_t End>
  void add_layers(auto& to) const {
    to.enter(I, 0);
    to.template add<X>(std::get<I>(layers_));
    to.leave();
    if constexpr (I + 1 < End) add_layers<output_t<layer_t<I>, X>, I + 1, End>(to);
  }

  /// `draw`: how many of the stages before it draw.
  template <Pass pass, std::size_t I, AnyTensor X>
  void run(const auto& p, const X& x, auto& chain, auto& y, const Context& context, std::uint64_t draw,
           std::size_t& place) const {
    place = owner<I>;
    if constexpr (after<I> == count) {
      run_stage<pass, I>(p, x, chain.workspace, y, context, draw);
    } else {
      run_stage<pass, I>(p, x, chain.workspace, chain.y, context, draw);
      run<pass, after<I>>(p, std::as_const(chain.y), chain.next, y, context,
                          draw + (detail::draws<stage_t<I>, X> ? 1 : 0), place);
    }
  }

  template <Pass pass, std::size_t I, AnyTensor X>
  void run_stage(const auto& p, const X& x, auto& workspace, auto& y, const Context& context, std::uint64_t draw) const {
    const Context own = own_context<I, X>(context, draw);
    if constexpr (pass == Pass::training)
      detail::forward(stage<I>(), std::get<owner<I>>(p), x, workspace, y, own);
    else
      lamina::infer(stage<I>(), std::get<owner<I>>(p), x, workspace, y, own);
  }

  template <std::size_t I, AnyTensor X>
  static Context own_context(const Context& context, std::uint64_t draw) {
    return detail::draws<stage_t<I>, X> ? context.child(draw) : context;
  }

  template <std::size_t I, AnyTensor X>
  void run_backward(const auto& p, const X& x, const auto& y, const auto& dy, auto& chain, X* dx, auto& dp,
                    const Context& context, std::uint64_t draw) const {
    const auto& own = std::get<owner<I>>(p);
    auto& down = std::get<owner<I>>(dp);
    const Context its = own_context<I, X>(context, draw);
    if constexpr (after<I> == count) {
      detail::backward(stage<I>(), own, x, y, dy, chain.workspace, dx, down, its);
    } else {
      run_backward<after<I>>(p, std::as_const(chain.y), y, dy, chain.next, &chain.dy, dp, context,
                             draw + (detail::draws<stage_t<I>, X> ? 1 : 0));
      detail::backward(stage<I>(), own, x, std::as_const(chain.y), std::as_const(chain.dy), chain.workspace, dx, down, its);
    }
  }

  Layers layers_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/sequential.ipp"
#endif
