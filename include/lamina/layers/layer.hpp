#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../core/parameters.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "../core/thread_pool.hpp"
#include "../kernels/conv_shape.hpp"

namespace LAMINA_NAMESPACE {

/// @file
/// The contract of a layer.
///
/// A layer is a constant: a literal aggregate of hyper-parameters whose member functions are all const. What it learns is
/// a separate value, Parameters<T>; what its forward pass records for its backward pass is another, Workspace<X>. With
///
///   y = forward(p, x)    and    f(p, x) = ⟨y, dy⟩ = Σᵢ yᵢ·dyᵢ
///
/// backward computes dx = ∂f/∂x and dp = ∂f/∂p. This sentence is the definition, and testing/gradient_check.hpp tests it.
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

/// The output type of a layer for an input of type X.
template <typename L, AnyTensor X>
using output_t = Tensor<scalar_t<X>, decltype(std::declval<const L&>().output_shape(std::declval<Shape<rank_v<X>>>()))::rank>;

template <typename L, AnyTensor X>
using parameters_t = typename L::template Parameters<scalar_t<X>>;

template <typename L, AnyTensor X>
using workspace_t = typename L::template Workspace<X>;

/// The settings of one pass, which the code that runs a network passes down to its layers. A layer that draws random
/// numbers in training, and a layer made of others that may, takes it as the last argument of `forward`. It has no
/// default there, so that forgetting it does not compile. Such a layer passes context.child(i) to its part i.
///
///   void forward(const Parameters<T>& p, const X& x, Workspace<X>& ws, X& y, const Context& context) const {
///     drop.forward(p.drop, x, ws.drop, ws.half, context.child(0));
///     …
///
/// Random numbers depend only on the seed, the step, the layer and the sample: not on threads, shards, or earlier draws.
struct Context {
  bool training = true;               // false: inference; nothing is drawn or measured. `backward` is then called for frozen layers
  bool winograd = true;               // allows Winograd's algorithm for convolutions: faster; float errors up to about 1e-5 of the largest result
  const kernels::Bf16Products* bf16 = nullptr;  // multiplies bfloat16 numbers in convolutions and dense layers, see Precision
  ThreadPool* thread_pool = nullptr;  // threads to share a pass among: the caller and others that do nothing else
  Rng draws{};                        // the random stream of this layer, run and step
  Index first = 0;                    // the place in the whole batch of the layer's first sample

  /// Returns the context of part i of a layer, with its own random stream.
  Context child(std::uint64_t i) const {
    Context part = *this;
    part.draws = draws.split(i);
    return part;
  }

  /// Returns the same context for a pass of inference.
  Context for_inference() const {
    Context same = *this;
    same.training = false;
    return same;
  }

  /// Returns the random stream of the layer's n-th sample.
  Rng sample(Index n) const { return draws.split(static_cast<std::uint64_t>(first + n)); }
};

/// A type L that is a layer for inputs of type X. Dense is one for (N, F), not for (N, H, W, C).
///
///   name                                   its name in summaries and errors
///   output_shape(in)                       returns the output shape and checks the hyper-parameters; throws ShapeError
///   initialize<T>(in, rng)                 returns first parameters for inputs of shape `in`
///   forward (p, x, ws, y)                  records in ws what backward needs
///   backward(p, x, y, dy, ws, dx, dp)      dx may be null: then it is not computed
///
/// forward, forward_inference (below) and backward may take a Context as a further argument. A layer that measures has a
/// Buffer among its parameters, see core/parameters.hpp. Outputs get their shape and are overwritten, never added to. NaNs are
/// not hidden: a NaN in a sample reaches that sample's output, and no other sample's.
template <typename L, typename X>
concept Layer =
    std::copyable<L> && AnyTensor<X> &&
    requires(const L& layer, const Shape<rank_v<X>>& in, Rng rng) {
      { L::name } -> std::convertible_to<std::string_view>;
      layer.output_shape(in);
      { layer.template initialize<scalar_t<X>>(in, rng) } -> std::same_as<parameters_t<L, X>>;
    } &&
    (
        requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& out) {
          layer.forward(p, x, ws, out);
        } ||
        requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& out,
                 const Context& context) { layer.forward(p, x, ws, out, context); }) &&
    (
        requires(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& y, workspace_t<L, X>& ws,
                 X* dx, parameters_t<L, X>& dp) { layer.backward(p, x, y, y, ws, dx, dp); } ||
        requires(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& y, workspace_t<L, X>& ws,
                 X* dx, parameters_t<L, X>& dp, const Context& context) { layer.backward(p, x, y, y, ws, dx, dp, context); });

/// A layer that has a separate function for inference. It is cheaper, as for a pool that need not record its winners, or
/// different, as for layers that draw or measure in training.
template <typename L, typename X>
concept HasInference =
    Layer<L, X> &&
    (
        requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y) {
          layer.forward_inference(p, x, ws, y);
        } ||
        requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y,
                 const Context& context) { layer.forward_inference(p, x, ws, y, context); });

namespace detail {

/// True for a layer that needs a context: it draws random numbers, or is made of layers that may.
template <typename L, AnyTensor X>
inline constexpr bool draws =
    !requires(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y) {
      layer.forward(p, x, ws, y);
    };

/// Runs a layer with a context, whether it takes one or not.
template <typename L, AnyTensor X>
void forward(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y,
             const Context& context) {
  if constexpr (requires { layer.forward(p, x, ws, y, context); })
    layer.forward(p, x, ws, y, context);
  else
    layer.forward(p, x, ws, y);
}
template <typename L, AnyTensor X>
void backward(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& y, const output_t<L, X>& dy,
              workspace_t<L, X>& ws, X* dx, parameters_t<L, X>& dp, const Context& context) {
  if constexpr (requires { layer.backward(p, x, y, dy, ws, dx, dp, context); })
    layer.backward(p, x, y, dy, ws, dx, dp, context);
  else
    layer.backward(p, x, y, dy, ws, dx, dp);
}

}  // namespace detail

/// Computes y for inference, without recording anything for backward.
template <typename L, AnyTensor X>
  requires Layer<L, X>
void forward_inference(const L& layer, const parameters_t<L, X>& p, const X& x, workspace_t<L, X>& ws, output_t<L, X>& y,
           const Context& context = {}) {
  if constexpr (requires { layer.forward_inference(p, x, ws, y, context); })
    layer.forward_inference(p, x, ws, y, context);
  else if constexpr (requires { layer.forward_inference(p, x, ws, y); })
    layer.forward_inference(p, x, ws, y);
  else
    detail::forward(layer, p, x, ws, y, context.for_inference());
}

/// A way to divide the packing of a network's weights among workers that all visit it: each layer is packed by one of them. A
/// layer that can precompute data from its parameters, such as Winograd's transform of a kernel, has two members for it:
///
///   pack_weights(p, ws, turns, context)  computes the data into ws if turns.mine(); several workers may call it at once
///   share_packed(from, to)               lets a workspace use the data in another one; returns whether there is any
struct RoundRobin {
  Index worker, workers;
  Index next = 0;
  bool mine() { return next++ % workers == worker; }
};

namespace detail {

/// A layer that lists its hyper-parameters, which a layer needs only to be rebuilt from a file:
///
///   static void visit_options(visitor, self…)     calls visitor("filters", self.filters…) for each, as Parameters::visit
///
/// A layer with parameters then also needs parameter_count(in), the number of numbers that initialize(in) draws.
template <typename L>
concept VisitsOptions = requires(L& layer) { L::visit_options([](std::string_view, auto&) {}, layer); };

/// Returns whether visit_options should visit an option that a later version added: yes if the visitor can change it, or if it
/// is set. So files of networks that do not use it stay the same.
///
///   if (detail::shows_option<Self...>((!self.bias || ...))) visitor("bias", self.bias...);
template <typename... Self>
constexpr bool shows_option(bool is_set) {
  return is_set || (!std::is_const_v<Self> || ...);
}

}  // namespace detail

/// Returns whether a layer outputs probabilities already, so that a loss on logits must not follow.
template <typename L>
constexpr bool gives_probabilities() {
  if constexpr (requires { L::gives_probabilities; })
    return L::gives_probabilities;
  else
    return false;
}

/// Returns the multiply-adds of one forward pass over `in`; 0 if the layer does not tell.
template <typename L, int Rank>
constexpr Index multiply_adds(const L& layer, const Shape<Rank>& in) {
  if constexpr (requires { layer.multiply_adds(in); })
    return layer.multiply_adds(in);
  else
    return 0;
}

namespace detail {

/// Returns a layer that computes the same. For a Conv or Dense it has the default initializers, so that all share one program.
template <typename L>
constexpr decltype(auto) plain(const L& layer) {
  if constexpr (requires { layer.plain(); })
    return layer.plain();
  else
    return (layer);
}
template <typename L>
using plain_t = std::remove_cvref_t<decltype(detail::plain(std::declval<const L&>()))>;

}  // namespace detail
}  // namespace lamina
