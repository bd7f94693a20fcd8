#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "layer.hpp"

/// @file
/// The checks of a layer that enters a Sequential, a Network or a Model. An error of one line says which member is missing or
/// cannot be called. The checks return what they found, so that the caller leaves out code that would fail for the same reason.
namespace LAMINA_NAMESPACE::detail {

struct LayerNames {
  int output_shape, initialize, forward, backward, forward_inference, infer, prepare, share_prepared;
};
struct SameNames {
  int output_shape, initialize, forward, backward, forward_inference, infer, prepare, share_prepared;
};

/// A class in which a name is ambiguous if L has a member of that name, of whatever kind. A final class counts as having
/// all the members, because nothing can be derived from it.
template <typename L>
struct WithLayerNames : std::conditional_t<!std::is_class_v<L>, None, std::conditional_t<std::is_final_v<L>, SameNames, L>>,
                        LayerNames {};

template <typename L>
inline constexpr bool has_output_shape = !requires(WithLayerNames<L>& layer) { layer.output_shape; };
template <typename L>
inline constexpr bool has_initialize = !requires(WithLayerNames<L>& layer) { layer.initialize; };
template <typename L>
inline constexpr bool has_forward = !requires(WithLayerNames<L>& layer) { layer.forward; };
template <typename L>
inline constexpr bool has_backward = !requires(WithLayerNames<L>& layer) { layer.backward; };
template <typename L>
inline constexpr bool has_forward_inference = !requires(WithLayerNames<L>& layer) { layer.forward_inference; };

// Members that have other names now.
template <typename L>
inline constexpr bool has_infer = std::is_class_v<L> && !std::is_final_v<L> && !requires(WithLayerNames<L>& layer) { layer.infer; };
template <typename L>
inline constexpr bool has_prepare = std::is_class_v<L> && !std::is_final_v<L> && !requires(WithLayerNames<L>& layer) { layer.prepare; };
template <typename L>
inline constexpr bool has_share_prepared =
    std::is_class_v<L> && !std::is_final_v<L> && !requires(WithLayerNames<L>& layer) { layer.share_prepared; };

template <typename L>
inline constexpr bool has_name = requires {
  { L::name } -> std::convertible_to<std::string_view>;
};
template <typename L>
inline constexpr bool has_parameters = requires { typename L::template Parameters<float>; };
template <typename L>
inline constexpr bool has_workspace = requires { typename L::template Workspace<Tensor<float, 2>>; } ||
                                      requires { typename L::template Workspace<Tensor<float, 4>>; };
template <typename L>
inline constexpr bool is_layer = has_output_shape<L> || has_forward<L> || has_backward<L> || has_parameters<L>;

/// Checks the members of a layer that do not depend on its input. Returns whether L has all of them.
template <typename L>
consteval bool check_layer_members() {
  static_assert(is_layer<L>, "this is no layer: a layer is an object such as Dense{.units = 10}, or of a class of your own "
                             "with the members that layers/layer.hpp lists");
  if constexpr (is_layer<L>) {
    static_assert(std::copyable<L>, "a layer cannot be copied or assigned: leave out const members and references");
    static_assert(has_name<L>, "a layer lacks `name`: static constexpr std::string_view name = \"Mine\"");
    static_assert(has_parameters<L>, "a layer lacks `Parameters`: template <typename T> struct Parameters, or, when it learns "
                                     "nothing, template <typename> using Parameters = None");
    static_assert(has_workspace<L>, "a layer lacks `Workspace`: template <AnyTensor X> struct Workspace, or, when it records "
                                    "nothing, template <AnyTensor> using Workspace = None");
    static_assert(has_output_shape<L>, "a layer lacks `output_shape`: Shape<2> output_shape(const Shape<2>& in) const");
    static_assert(has_initialize<L>, "a layer lacks `initialize`: template <typename T> Parameters<T> initialize(const "
                                     "Shape<2>& in, Rng rng) const");
    static_assert(has_forward<L>, "a layer lacks `forward`: template <typename T> void forward(const Parameters<T>& p, const "
                                  "X& x, Workspace<X>& ws, Y& y) const, X and Y being Tensor<T, 2> or Tensor<T, 4>");
    static_assert(has_backward<L>, "a layer lacks `backward`: template <typename T> void backward(const Parameters<T>& p, "
                                   "const X& x, const Y& y, const Y& dy, Workspace<X>& ws, X* dx, Parameters<T>& dp) const, "
                                   "X and Y being Tensor<T, 2> or Tensor<T, 4>");
    static_assert(!has_infer<L>, "a layer's `infer` is called `forward_inference` now");
    static_assert(!has_prepare<L>, "a layer's `prepare` is called `pack_weights` now");
    static_assert(!has_share_prepared<L>, "a layer's `share_prepared` is called `share_packed` now");
    return !has_infer<L> && !has_prepare<L> && !has_share_prepared<L> && std::copyable<L> && has_name<L> && has_parameters<L> && has_workspace<L> && has_output_shape<L> &&
           has_initialize<L> && has_forward<L> && has_backward<L>;
  } else {
    return false;
  }
}

template <typename L, int Rank>
inline constexpr bool takes_rank = requires(const L& layer, const Shape<Rank>& in) { layer.output_shape(in); };
template <typename L, AnyTensor X>
inline constexpr bool has_workspace_for = requires { typename L::template Workspace<X>; };
template <typename L, AnyTensor X>
inline constexpr bool can_initialize = requires(const L& layer, const Shape<rank_v<X>>& in, Rng rng) {
  { layer.template initialize<scalar_t<X>>(in, rng) } -> std::same_as<parameters_t<L, X>>;
};
template <typename L, AnyTensor X>
inline constexpr bool can_forward =
    !draws<L, X> || requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y,
                             const Context& context) { layer.forward(p, x, ws, y, context); };
template <typename L, AnyTensor X>
inline constexpr bool can_backward =
    requires(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& y, workspace_t<L, X>& ws, X* dx,
             parameters_t<L, X>& dp) { layer.backward(p, x, y, y, ws, dx, dp); } ||
    requires(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& y, workspace_t<L, X>& ws, X* dx,
             parameters_t<L, X>& dp, const Context& context) { layer.backward(p, x, y, y, ws, dx, dp, context); };
template <typename L, AnyTensor X>
inline constexpr bool can_forward_inference =
    requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y,
             const Context& context) { layer.forward_inference(p, x, ws, y, context); } ||
    requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y) {
      layer.forward_inference(p, x, ws, y);
    };

/// Tells whether a layer's forward_inference serves inputs of some number of axes; for the others its forward serves.
template <typename L, AnyTensor X>
consteval bool infers_some() {
  if constexpr (can_forward_inference<L, X>) return true;
  else if constexpr (rank_v<X> == 4 && takes_rank<L, 2>) return can_forward_inference<L, Tensor<scalar_t<X>, 2>>;
  else if constexpr (rank_v<X> == 2 && takes_rank<L, 4>) return can_forward_inference<L, Tensor<scalar_t<X>, 4>>;
  else return false;
}
template <typename P>
inline constexpr bool can_visit = requires(P& p) { P::visit([](std::string_view, auto&...) {}, p); };
template <typename P>
  requires(std::same_as<P, None> || layer_count<P> > 0)
inline constexpr bool can_visit<P> = true;
template <typename W>
inline constexpr bool has_key = requires(W& ws) { ws.key; };

/// Checks whether a layer's members can be called for inputs of type X. Returns whether they can.
template <typename L, AnyTensor X>
consteval bool check_calls() {
  static_assert(has_workspace_for<L, X>, "a layer's `Workspace` is none for its input: template <AnyTensor X> struct Workspace");
  static_assert(can_initialize<L, X>, "a layer's `initialize` cannot be called as initialize<T>(in, rng), or does not return "
                                      "Parameters<T>: template <typename T> Parameters<T> initialize(const Shape<2>& in, Rng "
                                      "rng) const");
  static_assert(can_visit<parameters_t<L, X>>, "a layer's `Parameters` cannot be visited: template <typename V, typename... "
                                               "P> static void visit(V&& visitor, P&... p) { visitor(\"weight\", p.weight...); }");
  if constexpr (has_workspace_for<L, X>) {
    static_assert(can_forward<L, X>, "a layer's `forward` cannot be called as forward(p, x, ws, y), or with a context behind: "
                                     "void forward(const Parameters<T>& p, const X& x, Workspace<X>& ws, Y& y) const, Y having "
                                     "the rank that output_shape gives");
    static_assert(can_backward<L, X>, "a layer's `backward` cannot be called as backward(p, x, y, dy, ws, dx, dp), or with a "
                                      "context behind: void backward(const Parameters<T>& p, const X& x, const Y& y, const Y& "
                                      "dy, Workspace<X>& ws, X* dx, Parameters<T>& dp) const");
    static_assert(!has_forward_inference<L> || infers_some<L, X>(),
                  "a layer's `forward_inference` would never be called, as it cannot be called as forward_inference(p, x, ws, "
                  "y), or with a context behind: void forward_inference(const Parameters<T>& p, const X& x, Workspace<X>& ws, "
                  "Y& y) const");
    static_assert(!has_key<workspace_t<L, X>>,
                  "a layer that draws has no key in its workspace any more: let forward take a const Context& as its last "
                  "argument, and draw from context.sample(n)");
    return can_initialize<L, X> && can_visit<parameters_t<L, X>> && can_forward<L, X> && can_backward<L, X> &&
           (!has_forward_inference<L> || infers_some<L, X>()) && !has_key<workspace_t<L, X>>;
  } else {
    return false;
  }
}

/// Checks a layer for inputs of type X; a network checks all its layers. Returns whether L is a layer.
template <typename L, AnyTensor X>
consteval bool check_layer() {
  if constexpr (!check_layer_members<L>()) {
    return false;
  } else if constexpr (requires { L::template check<X>(); }) {
    return L::template check<X>();
  } else {
    static_assert(takes_rank<L, rank_v<X>>,
                  "a layer cannot take an input of this number of axes: Conv and pools take images (N, H, W, C), Dense and "
                  "Softmax take rows (N, F); a sample's shape has no N");
    if constexpr (takes_rank<L, rank_v<X>>)
      return check_calls<L, X>();
    else
      return false;
  }
}

/// The output shape of a network that failed these checks. It converts to any shape, so that no further errors follow.
struct RefusedShape {
  template <int Rank>
  constexpr operator Shape<Rank>() const {
    return {};
  }
  template <int Rank>
  friend constexpr bool operator==(const RefusedShape&, const Shape<Rank>&) {
    return true;
  }
};

}  // namespace lamina::detail
