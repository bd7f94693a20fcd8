#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../exec/lowering.hpp"
#include "../layers/fusions.hpp"
#include "../layers/layer.hpp"

namespace LAMINA_NAMESPACE::detail {

enum class Pass { training, inference };

/// The fusion that begins with the I-th of some layers.
template <std::size_t I, typename L, typename... Ls>
struct RunAt : RunAt<I - 1, Ls...> {};
template <typename L, typename... Ls>
struct RunAt<0, L, Ls...> {
  using type = FusionOf<L, Ls...>;
};

[[noreturn, gnu::cold]] void refuse_layer(std::size_t place, const ShapeError& error);

template <std::size_t I, AnyTensor X, typename... Ls>
struct FusedChain;

/// The output of a fused layer and its gradient, and the chain from the next fused layer on. The last fused layer writes into the caller's memory.
template <std::size_t I, AnyTensor Y, typename... Ls>
struct StageRest {
  Y y, dy;
  FusedChain<I, Y, Ls...> next;
};

/// The workspace of a Sequential of layers Ls, from the fused layer at layer I on, for inputs of type X. It runs the fused layers, and
/// adds them to programs.
template <std::size_t I, AnyTensor X, typename... Ls>
struct FusedChain {
  using Layers = std::tuple<Ls...>;
  using R = typename RunAt<I, Ls...>::type;
  using Fused = typename R::fused;
  using Y = output_t<Fused, X>;
  static constexpr std::size_t after = I + R::count;  // begin of the next fused layer
  static constexpr std::size_t owner = I + R::owner;  // the layer whose parameters the fused layer uses
  static constexpr bool is_last = after == sizeof...(Ls);
  using Rest = typename std::conditional_t<is_last, std::type_identity<None>, std::type_identity<StageRest<after, Y, Ls...>>>::type;

  workspace_t<Fused, X> workspace;
  Rest rest;

  /// Returns whether this fused layer or a later one draws random numbers.
  static constexpr bool any_draws() {
    if constexpr (is_last)
      return draws<Fused, X>;
    else
      return draws<Fused, X> || decltype(rest.next)::any_draws();
  }

  /// Runs the fused layers. `draw` counts the earlier fused layers that draw random numbers; `place` is the layer that errors name.
  template <Pass pass>
  void run(const Layers& layers, const auto& p, const X& x, auto& out, const Context& context, std::uint64_t draw,
           std::size_t& place) {
    place = owner;
    if constexpr (is_last) {
      run_fused<pass>(layers, p, x, out, context, draw);
    } else {
      run_fused<pass>(layers, p, x, rest.y, context, draw);
      rest.next.template run<pass>(layers, p, std::as_const(rest.y), out, context, next_draw(draw), place);
    }
  }

  /// Computes the gradients after `run`, from the last fused layer to the first.
  void backward(const Layers& layers, const auto& p, const X& x, const auto& out, const auto& dout, X* dx, auto& dp,
                const Context& context, std::uint64_t draw) {
    if constexpr (is_last) {
      backward_stage(layers, p, x, out, dout, dx, dp, context, draw);
    } else {
      rest.next.backward(layers, p, std::as_const(rest.y), out, dout, &rest.dy, dp, context, next_draw(draw));
      backward_stage(layers, p, x, std::as_const(rest.y), std::as_const(rest.dy), dx, dp, context, draw);
    }
  }

  /// Adds the layers, and the fused layers that run them, to a program.
  static void lower(const Layers& layers, auto& to, std::uint64_t draw) {
    if constexpr (R::count == 1) {
      to.enter(I, draw);
      detail::lower<X>(std::get<I>(layers), to);
      to.leave();
    } else {
      add_layers<X, I>(layers, to);
      to.enter(owner, draw);
      to.template run_fused<X>(fused(layers), R::count, R::owner);
      to.leave();
    }
    if constexpr (!is_last) decltype(rest.next)::lower(layers, to, next_draw(draw));
  }

 private:
  /// Returns the fused layer: the layer itself, or one made of its layers.
  static constexpr decltype(auto) fused(const Layers& layers) {
    if constexpr (R::count == 1)
      return std::get<I>(layers);
    else
      return [&]<std::size_t... J>(std::index_sequence<J...>) {
        return Fused{detail::plain(std::get<I + J>(layers))...};
      }(std::make_index_sequence<R::count>{});
  }

  static std::uint64_t next_draw(std::uint64_t draw) { return draw + (draws<Fused, X> ? 1 : 0); }

  static Context own(const Context& context, std::uint64_t draw) { return draws<Fused, X> ? context.child(draw) : context; }

  template <Pass pass>
  void run_fused(const Layers& layers, const auto& p, const X& x, Y& y, const Context& context, std::uint64_t draw) {
    if constexpr (pass == Pass::training)
      detail::forward(fused(layers), std::get<owner>(p), x, workspace, y, own(context, draw));
    else
      lamina::forward_inference(fused(layers), std::get<owner>(p), x, workspace, y, own(context, draw));
  }

  void backward_stage(const Layers& layers, const auto& p, const X& x, const Y& y, const Y& dy, X* dx, auto& dp,
                      const Context& context, std::uint64_t draw) {
    detail::backward(fused(layers), std::get<owner>(p), x, y, dy, workspace, dx, std::get<owner>(dp), own(context, draw));
  }

  /// Adds the layers of the fused layer, from layer J on.
  template <AnyTensor Z, std::size_t J>
  static void add_layers(const Layers& layers, auto& to) {
    to.enter(J, 0);
    to.template add<Z>(std::get<J>(layers));
    to.leave();
    if constexpr (J + 1 < after) add_layers<output_t<std::tuple_element_t<J, Layers>, Z>, J + 1>(layers, to);
  }
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/fused_chain.ipp"
#endif
