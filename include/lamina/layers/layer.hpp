#pragma once

#include <concepts>
#include <string_view>
#include <tuple>
#include <utility>

#include "../core/crew.hpp"
#include "../core/parameters.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

/// @file
/// THE CONTRACT.
///
/// A layer is a constant: a literal aggregate of hyper-parameters whose member functions are all const. What it learns
/// is a value beside it, Parameters<T>; what its forward pass leaves for its backward pass is another, Workspace<X>.
/// With
///
///   y = forward(p, x)    and    f(p, x) = ⟨y, dy⟩ = Σᵢ yᵢ·dyᵢ
///
/// backward gives dx = ∂f/∂x and dp = ∂f/∂p. That sentence is the definition, and testing/gradient_check.hpp is its test.
///
///   | letter        | is                                                                             |
///   |---------------|--------------------------------------------------------------------------------|
///   | N             | samples in a batch, or in the part of it that one call sees                    |
///   | H, W, C       | height, width, channels of an image; h, w, c count along them                  |
///   | P, Q, K       | height, width, channels of a layer's output image; K: classes of a loss        |
///   | R, S          | height and width of a kernel or a window; r, s count along them                |
///   | F, U          | features of a row; units of a dense layer                                      |
///   | x, y          | input and output; z: a sum before its activation, a logit; a: the activation   |
///   | w, b          | weight and bias                                                                |
///   | dx, dw, db, … | ∂loss/∂x, ∂loss/∂w, ∂loss/∂b: always the shape of what they belong to          |
///   | p, dp         | parameters, and the gradient with respect to them: values of one type          |
///   | ws            | the workspace                                                                  |

/// What a layer makes of an input of type X.
template <typename L, AnyTensor X>
using output_t = Tensor<scalar_t<X>, decltype(std::declval<const L&>().output_shape(std::declval<Shape<rank_v<X>>>()))::rank>;

template <typename L, AnyTensor X>
using parameters_t = typename L::template Parameters<scalar_t<X>>;

template <typename L, AnyTensor X>
using workspace_t = typename L::template Workspace<X>;

/// L is a layer on inputs of type X. Dense is one on (N, F), not on (N, H, W, C).
///
///   name                                   what it is called in summaries and errors
///   output_shape(in)                       infers, and checks the hyper-parameters; throws ShapeError
///   initialize<T>(in, rng)                 parameters to start from, for inputs of shape `in`
///   forward (p, x, ws, y)                  records in ws what backward will need
///   backward(p, x, y, dy, ws, dx, dp)      dx may be null: what nobody asks for is not computed
///
/// Outputs are given their shape and overwritten, never added to. What is not a number is not hidden: a NaN in a sample
/// reaches that sample's output, and no other sample's.
template <typename L, typename X>
concept Layer =
    std::copyable<L> && AnyTensor<X> &&
    requires(const L& layer, const Shape<rank_v<X>>& in, Rng rng) {
      { L::name } -> std::convertible_to<std::string_view>;
      layer.output_shape(in);
      { layer.template initialize<scalar_t<X>>(in, rng) } -> std::same_as<parameters_t<L, X>>;
    } &&
    requires(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& y, const output_t<L, X>& dy,
             workspace_t<L, X>& ws, output_t<L, X>& out, X* dx, parameters_t<L, X>& dp) {
      layer.forward(p, x, ws, out);
      layer.backward(p, x, y, dy, ws, dx, dp);
    };

/// A layer for which inference is another function than the forward pass of training: cheaper, as for a pool that need
/// not remember its winners, or different, as for layers that draw or measure while training.
template <typename L, typename X>
concept Infers = Layer<L, X> && requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws,
                                         output_t<L, X>& y) { layer.infer(p, x, ws, y); };

/// y as inference wants it: nobody will call backward.
template <typename L, AnyTensor X>
  requires Layer<L, X>
void infer(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y) {
  if constexpr (Infers<L, X>)
    layer.infer(p, x, ws, y);
  else
    layer.forward(p, x, ws, y);
}

namespace detail {

/// visit(own) for the workspace of every layer and stage of a network.
template <typename W, typename Visitor>
void each_workspace(W& ws, const Visitor& visit) {
  visit(ws);
  if constexpr (requires { ws.conv; }) each_workspace(ws.conv, visit);            // a stage's
  if constexpr (requires { ws.workspace; }) each_workspace(ws.workspace, visit);  // a Sequential's, and those after it
  if constexpr (requires { ws.next; }) each_workspace(ws.next, visit);
}

}  // namespace detail

/// Says to every convolution of a network, by its workspace, whether it may use Winograd's algorithm: faster where it
/// suits, and in float off by up to about 1e-5 of the largest result. It may unless told otherwise.
template <typename W>
void allow_winograd(W& ws, bool allowed) {
  detail::each_workspace(ws, [allowed](auto& own) {
    if constexpr (requires { own.winograd; }) own.winograd = allowed;
  });
}

/// Lends a crew to every layer of a network that can share a forward pass out among threads, until nullptr takes it back;
/// layers where that would not pay leave it alone. Results are the same bits. Not to be called by one of the crew.
template <typename W>
void lend_crew(W& ws, Crew* crew) {
  detail::each_workspace(ws, [crew](auto& own) {
    if constexpr (requires { own.crew; }) own.crew = crew;
  });
}

/// Takes turns: workers that walk over the same network together do each thing once.
struct Turns {
  Index worker, workers;
  Index next = 0;
  bool mine() { return next++ % workers == worker; }
};

/// What every pass would make of the parameters anew (Winograd's transform of a kernel), made once, in ws, until the
/// parameters change. A layer that has such a thing has a member of this name; several workers may call it at once, each
/// with its own turns, once make_ready was called: layers that are listed at run time give ws its parts there.
/// share_prepared then hands what is in a workspace to others; it says whether there is anything.
template <typename L, typename P, typename W>
void prepare(const L& layer, const P& p, W& ws, Turns& turns) {
  if constexpr (requires { layer.prepare(p, ws, turns); }) layer.prepare(p, ws, turns);
}
template <typename L, typename W>
void make_ready(const L& layer, W& ws) {
  if constexpr (requires { layer.make_ready(ws); }) layer.make_ready(ws);
}
template <typename W>
bool share_prepared(const W& from, W& to) {
  bool any = false;
  if constexpr (requires { to.take_prepared(from); }) any = to.take_prepared(from);  // of layers listed at run time
  if constexpr (requires { to.shared; }) {
    to.shared = &from.prepared;
    any = from.prepared.size() > 0;
  }
  if constexpr (requires { to.conv; }) any = share_prepared(from.conv, to.conv) || any;
  if constexpr (requires { to.workspace; }) any = share_prepared(from.workspace, to.workspace) || any;
  if constexpr (requires { to.next; }) any = share_prepared(from.next, to.next) || any;
  return any;
}

/// What a layer that draws while it trains finds in its workspace, as `key`: whoever runs the step hands it out, so that
/// what is drawn depends on the seed, the step, the layer and the sample, and on nothing else: not on threads, shards,
/// or what was drawn before.
struct DrawKey {
  Rng rng{};        // of the run, the step and the layer
  Index first = 0;  // the place in the whole batch of the first sample that the layer is given

  /// For the n-th sample that the layer is given.
  Rng sample(Index n) const { return rng.split(static_cast<std::uint64_t>(first + n)); }
};

/// Whether a layer with this workspace, or one inside it, may draw.
template <typename W>
constexpr bool draws() {
  if constexpr (requires(W& ws) { ws.key; })
    return true;
  else if constexpr (requires(W& ws) { ws.workspace; ws.next; })  // a Sequential's, and those after it
    return draws<decltype(W::workspace)>() || draws<decltype(W::next)>();
  else if constexpr (requires(W& ws) { ws.workspace; })
    return draws<decltype(W::workspace)>();
  else
    return false;
}

/// Gives every layer of a network that draws a key of its own: in a Sequential, the i-th of those that do has rng's i-th
/// stream. `first` is the place in the whole batch of the first sample that the network is shown next.
template <typename W>
void hand_out_keys(W& ws, const Rng& rng, Index first, std::uint64_t given = 0) {
  if constexpr (requires { ws.key; }) {
    ws.key = DrawKey{rng, first};
  } else if constexpr (requires { ws.workspace; }) {
    if constexpr (draws<decltype(W::workspace)>()) hand_out_keys(ws.workspace, rng.split(given++), first);
    if constexpr (requires { ws.next; }) hand_out_keys(ws.next, rng, first, given);
  }
}

/// Two things that a layer need not say, but must to be rebuilt from a file: its hyper-parameters, by
///
///   static void visit_options(visitor, self…)     calls visitor("filters", self.filters…) for each, as Parameters::visit
///
/// and parameter_count(in), how many numbers initialize(in) will make, where it makes any.
template <typename L>
concept VisitsOptions = requires(L& layer) { L::visit_options([](std::string_view, auto&) {}, layer); };

/// Whether the numbers a layer gives are probabilities already, so that a loss on logits must not follow.
template <typename L>
constexpr bool gives_probabilities() {
  if constexpr (requires { L::gives_probabilities; })
    return L::gives_probabilities;
  else
    return false;
}

/// Multiply-adds of one forward pass over `in`; 0 where a layer does not say.
template <typename L, int Rank>
constexpr Index multiply_adds(const L& layer, const Shape<Rank>& in) {
  if constexpr (requires { layer.multiply_adds(in); })
    return layer.multiply_adds(in);
  else
    return 0;
}

namespace detail {

/// Returns the layer that computes what a layer does: of a Conv or Dense, the one with the usual initializers, so that all
/// share one program.
template <typename L>
constexpr decltype(auto) plain(const L& layer) {
  if constexpr (requires { layer.plain(); })
    return layer.plain();
  else
    return (layer);
}
template <typename L>
using plain_t = std::remove_cvref_t<decltype(plain(std::declval<const L&>()))>;

}  // namespace detail
}  // namespace lamina
