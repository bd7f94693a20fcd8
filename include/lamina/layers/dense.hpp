#pragma once

#include "../kernels/dense_layers.hpp"
#include "any_initializer.hpp"
#include "bf16_passes.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// The parameters of a Dense with any initializers.
template <typename T>
struct DenseParameters {
  Tensor<T, 2> weight;   // (U, F)
  Tensor<T, 1> bias;     // (U)
  bool has_bias = true;  // otherwise it is zero, is not trained and stands in no file

  template <typename Visitor, typename First, typename... Self>
  static void visit(Visitor&& visitor, First& first, Self&... self) {
    visitor("weight", first.weight, self.weight...);
    if (first.has_bias) visitor("bias", first.bias, self.bias...);
  }

  /// Returns parameters without numbers that have the same tensors.
  DenseParameters empty_like() const {
    DenseParameters none;
    none.has_bias = has_bias;
    return none;
  }
};

/// A fully connected layer: every unit sums over all features with its own weights.
///
///   y[n,u] = b[u] + Σ_f x[n,f] · w[u,f]
///
///   x (N, F)    w (U, F)    b (U)    y (N, U)
///
/// `Dense` draws its weights by He et al. and starts its biases at zero, or with `.bias = false` has none;
/// BasicDense<GlorotUniform> and the like do otherwise.
template <Initializer W = HeNormal, Initializer B = Zeros>
struct BasicDense {
  Index units = 1;   // U
  bool bias = true;  // false: b = 0
  [[no_unique_address]] W weight_initializer{};
  [[no_unique_address]] B bias_initializer{};

  static constexpr std::string_view name = "Dense";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("units", self.units...);
    if (detail::shows_option<Self...>((!self.bias || ...))) visitor("bias", self.bias...);
    visitor("weight_initializer", self.weight_initializer...);
    visitor("bias_initializer", self.bias_initializer...);
  }

  template <typename T>
  using Parameters = DenseParameters<T>;

  template <AnyTensor X>
  using Workspace = detail::PackedWorkspace<scalar_t<X>>;  // for products of bfloat16 numbers; backward gets x again

  constexpr Shape<2> output_shape(const Shape<2>& in) const {
    if (units < 1) throw ShapeError(str_cat("Dense: expects units of at least 1 but got ", units));
    if (in[1] < 1) throw ShapeError(str_cat("Dense: expects rows of at least one feature but got ", in));
    const Shape<2> out{{in[0], units}};
    if (!out.is_countable() || !Shape<2>{{units, in[1]}}.is_countable())
      throw ShapeError(str_cat("Dense: ", units, " units on rows ", in,
                               " make more numbers than an index can count; make them fewer"));
    return out;
  }

  constexpr Index multiply_adds(const Shape<2>& in) const { return Shape{in[0], in[1], units}.size(); }

  constexpr Index parameter_count(const Shape<2>& in) const { return Shape{output_shape(in)[1], in[1]}.size() + (bias ? units : 0); }

  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng rng) const {
    const Index U = output_shape(in)[1], F = in[1];
    Parameters<T> p;
    reshape(p.weight, Shape<2>{{U, F}});
    reshape(p.bias, Shape<1>{{U}});
    lamina::initialize(p.weight, weight_initializer, {.in = F, .out = U}, rng.split(0));
    p.has_bias = bias;
    if (bias)
      lamina::initialize(p.bias, bias_initializer, {.in = F, .out = U}, rng.split(1));
    else
      p.bias.setZero();
    return p;
  }

  /// Computes one product and adds the bias to each of its rows:
  ///
  ///   y = x · wᵀ + b        (N, U) = (N, F) · (F, U)
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y, const Context& context = {}) const {
    check(p, shape(x));
    reshape(y, output_shape(shape(x)));
    forward(p, x.dimension(0), x.dimension(1), x.data(), y.data(), ws, context);
  }

  /// Computes dx, dw and db. f = Σ_{n,u} y[n,u]·dy[n,u] is linear in x, in w and in b. Its derivatives are the factors of each:
  ///
  ///   ∂f/∂x[n,f] = Σ_u dy[n,u]·w[u,f]      dx = dy · w        (N, F) = (N, U) · (U, F)
  ///   ∂f/∂w[u,f] = Σ_n dy[n,u]·x[n,f]      dw = dyᵀ · x       (U, F) = (U, N) · (N, F)
  ///   ∂f/∂b[u]   = Σ_n dy[n,u]             db = Σ_n dy[n]     (U)
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>& /*y*/, const Tensor<T, 2>& dy, Workspace<Tensor<T, 2>>& ws,
                Tensor<T, 2>* dx, Parameters<T>& dp, const Context& context = {}) const {
    reshape(dx, shape(x));
    backward(p, x.dimension(0), x.dimension(1), x.data(), dy.data(), detail::data_or_null(dx), ws, dp, context);
  }

  /// Precomputes the weights in the order in which products of bfloat16 numbers read them, if they are used.
  template <typename T>
  void pack_weights(const Parameters<T>& p, detail::PackedWorkspace<T>& ws, RoundRobin& turns, const Context& context = {}) const {
    if constexpr (std::is_same_v<T, float>) {
      auto extents = bf16_shape<T>(1, p.weight.dimension(1), context);
      extents.inference = !context.training;
      if (extents.bf16) detail::pack_bf16(extents, kernels::WeightOrder::units_first, p.weight.data(), ws.packed, turns);
    }
  }

  template <typename T>
  bool share_packed(const detail::PackedWorkspace<T>& from, detail::PackedWorkspace<T>& to) const {
    to.shared = &from.packed;
    return from.packed.size() > 0;
  }

  /// Computes the same on plain arrays: N rows of F numbers.
  template <typename T>
  void forward(const Parameters<T>& p, Index N, Index F, const T* x, T* y, detail::PackedWorkspace<T>& ws, const Context& context) const {
    if (context.bf16 && forward_bf16(p, N, F, x, y, ws, context)) return;
    const auto& kernels = kernels::dense_layers<T>();
    // The time of one row is that of reading its weights, so each worker reads those of other units.
    share(context, N, F, N == 1 ? units : N / 8, [&](Index part, Index parts) {
      const Index all = N == 1 ? units : N, first = all * part / parts, count = all * (part + 1) / parts - first;
      if (N == 1)
        kernels.dense_forward(1, F, count, x, p.weight.data() + first * F, p.bias.data() + first, y + first);
      else
        kernels.dense_forward(count, F, units, x + first * F, p.weight.data(), p.bias.data(), y + first * units);
    });
  }
  template <typename T>
  void backward(const Parameters<T>& p, Index N, Index F, const T* x, const T* dy, T* dx, detail::PackedWorkspace<T>& ws, Parameters<T>& dp,
                const Context& context) const {
    const auto& kernels = kernels::dense_layers<T>();
    reshape(dp.weight, shape(p.weight));
    reshape(dp.bias, shape(p.bias));
    dp.has_bias = p.has_bias;
    if (context.bf16 && backward_bf16(p, N, F, x, dy, dx, ws, dp, context)) return;
    share(context, N, F, units, [&](Index part, Index parts) {  // each a part of dx and of dw
      const Index row = N * part / parts, rows = N * (part + 1) / parts - row;
      const Index first = units * part / parts, count = units * (part + 1) / parts - first;
      if (dx) kernels.dense_input_gradient(rows, F, units, p.weight.data(), dy + row * units, dx + row * F);
      kernels.dense_weight_gradient(N, F, units, first, count, x, dy, dp.weight.data(), dp.bias.data());
    });
  }

  /// Writes the parameters with which the layer gives scale[u]·y[u] + offset[u]:
  ///
  ///   w[u,f] ← scale[u]·w[u,f]        b[u] ← scale[u]·b[u] + offset[u]
  template <typename T>
  static void rescale(const Parameters<T>& p, const double* scale, const double* offset, Parameters<T>& to) {
    to.weight = p.weight;
    to.bias = p.bias;
    const auto [U, F] = shape(p.weight);
    for (Index i = 0; i < U * F; ++i) to.weight.data()[i] = static_cast<T>(static_cast<double>(p.weight.data()[i]) * scale[i / F]);
    for (Index u = 0; u < U; ++u) to.bias(u) = static_cast<T>(static_cast<double>(p.bias(u)) * scale[u] + offset[u]);
  }

  /// Throws ShapeError if these parameters are not for rows of this shape.
  template <typename T>
  void check(const Parameters<T>& p, const Shape<2>& in) const {
    if (shape(p.weight) == Shape<2>{{units, in[1]}}) return;
    throw ShapeError(str_cat("Dense: expects (N, ", p.weight.dimension(1), ") but got ", in,
                             "; put Flatten{} before it or change units"));
  }

  /// Returns a layer that computes the same, with the default initializers. Initializers no longer matter once the
  /// parameters are drawn.
  constexpr BasicDense<> plain() const { return {units, bias, {}, {}}; }

 private:
  /// Returns the layer as a convolution. Its kernels are null if it is computed in T, see Precision.
  template <typename T>
  kernels::ConvShape bf16_shape(Index N, Index F, const Context& context) const {
    auto g = detail::dense_shape(N, F, units);
    g.bf16 = detail::bf16_for<T>(context, g);
    return g;
  }

  /// Computes y from products of bfloat16 numbers. Returns false if the layer is to be computed in T.
  template <typename T>
  bool forward_bf16(const Parameters<T>& p, Index N, Index F, const T* x, T* y, detail::PackedWorkspace<T>& ws, const Context& context) const {
    const auto g = bf16_shape<T>(N, F, context);
    if constexpr (std::is_same_v<T, float>) {
      if (g.bf16)
        detail::share_bf16(g, context.training, ws.scratch, context, [&](const kernels::ConvShape& part, float* scratch) {
          g.bf16->forward(part, kernels::WeightOrder::units_first, x, p.weight.data(), ws.packed_data(), p.bias.data(), y, scratch);
        });
    }
    return g.bf16;
  }
  template <typename T>
  bool backward_bf16(const Parameters<T>& p, Index N, Index F, const T* x, const T* dy, T* dx, detail::PackedWorkspace<T>& ws, Parameters<T>& dp,
                     const Context& context) const {
    const auto g = bf16_shape<T>(N, F, context);
    if constexpr (std::is_same_v<T, float>) {
      if (g.bf16)
        detail::share_bf16(g, true, ws.scratch, context, [&](const kernels::ConvShape& part, float* scratch) {
          g.bf16->backward(part, kernels::WeightOrder::units_first, {x, nullptr, dy, dx, dp.weight.data(), dp.bias.data()}, p.weight.data(),
                           ws.packed_data(), scratch);
        });
    }
    return g.bf16;
  }

  /// Calls work(part, parts) for each part of a pass over N rows of F numbers: for one if it is not worth more threads.
  template <typename Work>
  void share(const Context& context, Index N, Index F, Index most, const Work& work) const {
    // Of one row, memory limits the speed.
    const Index worthwhile = (std::min)(most, N * F * units / (N == 1 ? 250'000 : 500'000));
    const Index parts = context.thread_pool ? (std::min)(context.thread_pool->size(), worthwhile) : 0;
    if (parts < 2) return work(0, 1);
    context.thread_pool->parallel_for(parts, [&](Index, Index part) { work(part, parts); });
  }
};

using Dense = BasicDense<>;

}  // namespace lamina
