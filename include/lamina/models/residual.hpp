#pragma once

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../exec/lowering.hpp"
#include "../layers/check_layer.hpp"
#include "../layers/layer.hpp"
#include "branches.hpp"

namespace LAMINA_NAMESPACE {

/// A residual block: it adds its input to the output of a Sequential or Network. He et al. 2016, "Deep residual learning
/// for image recognition", eq. 1.
///
///   y = x + g(x)        x, y of one shape; g the body
///
/// x is used twice, so its gradient is a sum of two:
///
///   dx = dy + ∂⟨g(x), dy⟩/∂x        dp is that of g
///
///   Sequential{Conv{.filters = 8, .padding = 1}, ReLU{},
///              Residual{Sequential{Conv{.filters = 8, .padding = 1}, ReLU{}, Conv{.filters = 8, .padding = 1}}}, ReLU{}, …}
///
/// The parameters are the body's, "2.0.weight". A model lists the body's layers among the others; the sum is an Add.
/// Throws ShapeError if the body changes the shape. A body that turns images into rows does not compile.
///
/// If the body changes the shape, a shortcut s must change it in the same way, He et al. 2016, eq. 2: y = g(x) + s(x),
/// dx = ∂⟨g(x), dy⟩/∂x + ∂⟨s(x), dy⟩/∂x. The parameters are then "2.0.0.weight" of the body and "2.1.weight" of the shortcut.
///
///   Residual{Sequential{Conv{.filters = 16, .kernel = 3, .stride = 2, .padding = 1}, ReLU{}, Conv{.filters = 16, .padding = 1}},
///            Conv{.filters = 16, .kernel = 1, .stride = 2}}
template <typename Body, typename Shortcut = void>
class Residual : public detail::Branches<detail::ListedAdd, Body, Shortcut> {
 public:
  static constexpr std::string_view name = "Residual";
  constexpr explicit Residual(Body body, Shortcut shortcut)
      : detail::Branches<detail::ListedAdd, Body, Shortcut>(std::move(body), std::move(shortcut)) {}
};

template <typename Body>
class Residual<Body, void> {
  static_assert(requires(const Body& body) { body.size(); }, "Residual: expects a Sequential or a Network as its body");

 public:
  static constexpr std::string_view name = "Residual";

  template <typename T>
  using Parameters = typename Body::template Parameters<T>;
  template <AnyTensor X>
  struct Workspace {
    workspace_t<Body, X> inner;
    X own, down;  // the body's output, and its gradient for x
  };

  constexpr explicit Residual(Body body) : body_(std::move(body)) {}

  constexpr const Body& body() const { return body_; }

  /// Checks the body while compiling. Returns whether its output can be added to its input.
  template <AnyTensor X>
  static consteval bool check() {
    if constexpr (detail::check_layer<Body, X>())
      return check_rank<rank_v<X>>();
    else
      return false;
  }

  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    if constexpr (check_rank<Rank>()) {
      const Shape<Rank> out = body_.output_shape(in);
      if (out != in)
        throw ShapeError(str_cat("Residual: expects a body that keeps the shape, but it makes ", out, " of ", in,
                                 "; change the filters, units or padding of its layers, or change the other path likewise: "
                                 "Residual{body, shortcut}"));
    }
    return in;
  }

  template <int Rank>
  constexpr Index multiply_adds(const Shape<Rank>& in) const {
    return lamina::multiply_adds(body_, in);
  }

  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, const Rng& rng) const {
    output_shape(in);
    return body_.template initialize<T>(in, rng);
  }

  /// Adds the body's layers, and the sum, to a program; detail::lower calls it.
  template <AnyTensor X, typename Lowering>
  void lower(Lowering& to) const {
    Shape<rank_v<X>> in;
    std::copy(to.extents().begin(), to.extents().end(), in.extents.begin());
    output_shape(in);
    const std::size_t before = to.size();
    detail::lower<X>(body_, to);
    to.enter(body_.size(), 0);
    to.merge(detail::ListedAdd(static_cast<Index>(to.size() - before)));
    to.leave();
  }

  /// Appends the body's layers, and the sum, to a list of layers.
  template <typename Network>
  void append_to(Network& network) const {
    const std::size_t before = network.size();
    network.push_back(body_);
    network.push_back(detail::ListedAdd(static_cast<Index>(network.size() - before)));
  }

  /// Runs the block. The context may be left out if the body draws no random numbers.
  template <typename P, AnyTensor X>
  void forward(const P& p, const X& x, Workspace<X>& ws, X& y, const Context& context) const {
    detail::forward(body_, p, x, ws.inner, ws.own, context);
    add(x, ws.own, y);
  }
  template <typename P, AnyTensor X>
    requires(!detail::draws<Body, X>)
  void forward(const P& p, const X& x, Workspace<X>& ws, X& y) const {
    forward(p, x, ws, y, Context{});
  }

  template <typename P, AnyTensor X>
  void forward_inference(const P& p, const X& x, Workspace<X>& ws, X& y, const Context& context = {}) const {
    lamina::forward_inference(body_, p, x, ws.inner, ws.own, context);
    add(x, ws.own, y);
  }

  template <typename P, AnyTensor X>
  void backward(const P& p, const X& x, const X& /*y*/, const X& dy, Workspace<X>& ws, X* dx, P& dp,
                const Context& context = {}) const {
    detail::backward(body_, p, x, std::as_const(ws.own), dy, ws.inner, dx ? &ws.down : nullptr, dp, context);
    if (dx) add(dy, ws.down, *dx);
  }

 private:
  template <int Rank>
  static consteval bool check_rank() {
    constexpr bool keeps = std::is_convertible_v<decltype(std::declval<const Body&>().output_shape(Shape<Rank>{})), Shape<Rank>>;
    static_assert(keeps, "Residual: its body makes rows of images, so that the two cannot be added; leave Flatten{} out");
    return keeps;
  }

  template <AnyTensor X>
  static void add(const X& a, const X& b, X& sum) {
    reshape(sum, shape(a));
    for (Index i = 0; i < a.size(); ++i) sum.data()[i] = a.data()[i] + b.data()[i];
  }

  Body body_;
};

template <typename Body>
Residual(Body) -> Residual<Body>;
template <typename Body, typename Shortcut>
Residual(Body, Shortcut) -> Residual<Body, Shortcut>;

}  // namespace lamina
