#pragma once

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../layers/check_layer.hpp"
#include "../layers/layer.hpp"
#include "../losses/target_view.hpp"

namespace LAMINA_NAMESPACE {

/// The options of a gradient check.
struct GradientCheckOptions {
  double tolerance = 1e-7;  // the largest relative error that passes
  double step = 1e-4;       // how far a coordinate is moved to each side
  Index probes = 64;        // coordinates tried per tensor; all if there are fewer
  std::uint64_t seed = 1;   // decides the test point, dy and the choice of coordinates
  bool training = true;     // false: checks the layer as it runs when it is frozen, see Context
};

/// The result of a gradient check. Prints as one line.
struct GradientReport {
  double worst = 0;                // the largest relative error
  std::string where = "nothing";   // its coordinate: "x[17]", "0.weight[3]"
  double analytic = 0, numeric = 0;  // the two derivatives at that coordinate
  Index checked = 0;               // number of coordinates tried
  bool zero = true;                // every derivative was 0: nothing was tested
  double tolerance = 0;

  /// Returns whether the gradient is right. A check in which everything was zero proves nothing and fails.
  bool passed() const { return checked > 0 && !zero && worst <= tolerance; }

  friend std::ostream& operator<<(std::ostream& out, const GradientReport& report) {
    out << (report.passed() ? "passed" : "FAILED") << ": worst relative error " << report.worst << " at "
        << report.where;
    out << " (backward " << report.analytic << ", differences " << report.numeric << "), " << report.checked
        << " coordinates";
    return report.zero ? out << ", every derivative zero" : out;
  }
};

namespace detail {

/// A comparison of the derivatives of backward with central differences of a function of some tensors.
///
/// The difference quotient D(h) = (f(v + h) − f(v − h)) / 2h has an error of O(h²); two of them are extrapolated (Richardson):
///
///   D = (4·D(h/2) − D(h)) / 3,  error O(h⁴)
///
/// If the two differ by much more than that, a kink (a ReLU at 0, a tie in a pool) lies between v − h and v + h. A kink
/// at v itself shows in the bend B(h) = (f(v + h) − 2·f(v) + f(v − h)) / h, which halves with h unless the slope jumps.
/// The test point is then moved, and backward is run again.
class DifferenceQuotients {
 public:
  explicit DifferenceQuotients(const GradientCheckOptions& options)
      : options_(options), rng_(Rng(options.seed).split(7)) {
    report_.tolerance = options.tolerance;
  }

  /// Compares the gradient of one tensor. It moves `values` and restores them, except to leave a kink. `gradient` is the
  /// result of backward, which `differentiate` recomputes; `value` returns f.
  template <int Rank, typename Value, typename Differentiate>
  void compare(const std::string& name, Tensor<double, Rank>& values, const Tensor<double, Rank>& gradient,
               const Value& value, const Differentiate& differentiate) {
    for (const Index i : coordinates(values.size())) {
      double numeric = quotient(values.data()[i], value, largest(gradient));
      for (int moves = 0; std::isnan(numeric) && moves < 20; ++moves) {
        values.data()[i] += rng_.uniform(-0.3, 0.3);
        differentiate();
        numeric = quotient(values.data()[i], value, largest(gradient));
      }
      record(name + "[" + std::to_string(i) + "]", gradient.data()[i], numeric, largest(gradient));
    }
  }

  const GradientReport& report() const { return report_; }

 private:
  std::vector<Index> coordinates(Index size);

  /// Returns the extrapolated difference quotient, or NaN if a kink is near.
  template <typename Value>
  double quotient(double& v, const Value& value, double scale) const {
    const double here = v, middle = value();
    const auto differences = [&](double h) {
      v = here + h;
      const double above = value();
      v = here - h;
      const double below = value();
      v = here;
      return std::pair((above - below) / (2 * h), (above - 2 * middle + below) / h);
    };
    const auto [wide, wide_bend] = differences(options_.step);
    const auto [narrow, narrow_bend] = differences(options_.step / 2);
    const double kink = (std::max)(std::abs(wide - narrow), std::abs(wide_bend - 2 * narrow_bend));
    if (kink > 1e-5 * (std::max)({std::abs(narrow), 0.1 * scale, 1e-3})) return std::nan("");
    return (4 * narrow - wide) / 3;
  }

  template <int Rank>
  static double largest(const Tensor<double, Rank>& gradient) {
    double most = 0;
    for (Index i = 0; i < gradient.size(); ++i) most = (std::max)(most, std::abs(gradient.data()[i]));
    return most;
  }

  /// Records one comparison. The error is relative to the derivative, or to a hundredth of the tensor's largest if that
  /// is more: below it, differences only show the rounding of f.
  void record(const std::string& where, double analytic, double numeric, double largest);

  GradientCheckOptions options_;
  Rng rng_;
  GradientReport report_;
};

/// Throws ShapeError unless a written tensor has the expected shape, since differences are taken number by number.
template <int Rank>
void check_written(std::string_view who, const char* what, const Tensor<double, Rank>& written,
                   const Shape<Rank>& expected) {
  if (shape(written) != expected)
    throw ShapeError(
        str_cat(who, ": expects ", what, " to be given the shape ", expected, " but got ", shape(written)));
}

/// Throws ShapeError unless a buffer was measured: it needs its shape, and numbers instead of the poison.
template <int Rank>
void check_measured(std::string_view who, const Tensor<double, Rank>& measured, const Shape<Rank>& expected) {
  check_written(who, "a buffer", measured, expected);
  if (std::any_of(measured.data(), measured.data() + measured.size(), [](double number) { return std::isnan(number); }))
    throw ShapeError(str_cat(who, ": expects backward to write to dp's buffers what it measured"));
}

template <int Rank>
void fill_normal(Tensor<double, Rank>& tensor, Rng rng) {
  for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = rng.normal();
}

/// Checks a layer's gradients, see check_gradient.
template <typename L, int Rank>
GradientReport check_layer_gradient(const L& layer, const Shape<Rank>& in, const GradientCheckOptions& options) {
  using X = Tensor<double, Rank>;
  const Rng rng(options.seed);

  X x, dx;
  output_t<L, X> y, dy;
  workspace_t<L, X> ws, other;
  reshape(x, in);
  reshape(dx, in);
  const auto out = layer.output_shape(in);
  reshape(y, out);
  reshape(dy, out);
  fill_normal(x, rng.split(0));
  fill_normal(dy, rng.split(1));

  auto p = layer.template initialize<double>(in, rng.split(2));
  std::uint64_t drawn = 3;
  lamina::visit_parameters(
      [&](auto& tensor) {
        const bool empty = std::all_of(tensor.data(), tensor.data() + tensor.size(), [](double v) { return v == 0; });
        if (empty) fill_normal(tensor, rng.split(drawn++));
      },
      p);
  auto dp = p;

  const double nan = std::nan("");
  const Context context{.training = options.training, .draws = rng.split(~std::uint64_t{0})};
  const auto forward = [&](auto& workspace) {
    y.setConstant(nan);
    detail::forward(layer, p, x, workspace, y, context);
    check_written(L::name, "y", y, out);
  };
  const auto value = [&] {
    forward(other);
    double f = 0;
    for (Index i = 0; i < y.size(); ++i) f += y.data()[i] * dy.data()[i];
    return f;
  };
  const auto differentiate = [&] {
    dx.setConstant(nan);
    const auto poison = [&](auto& tensor) { tensor.setConstant(nan); };
    lamina::visit_parameters(poison, dp);
    lamina::detail::visit_buffers(poison, dp);
    forward(ws);
    detail::backward(layer, p, x, y, dy, ws, &dx, dp, context);
    check_written(L::name, "dx", dx, in);
    lamina::visit_parameters([&](auto& v, auto& dv) { check_written(L::name, "dp", dv, shape(v)); }, p, dp);
    if (options.training)
      lamina::detail::visit_buffers([&](auto& v, auto& measured) { check_measured(L::name, measured, shape(v)); }, p, dp);
  };

  differentiate();
  DifferenceQuotients quotients(options);
  quotients.compare("x", x, dx, value, differentiate);
  lamina::detail::visit_named_parameters(
      [&](const std::string& name, auto& values, auto& gradient) {
        quotients.compare(name, values, gradient, value, differentiate);
      },
      p, dp);
  return quotients.report();
}

}  // namespace detail

/// Checks a layer's backward pass against its forward pass, at random parameters and a random input of shape `in`: with
/// f(p, x) = ⟨forward(p, x), dy⟩, dx must be ∂f/∂x and dp must be ∂f/∂p. Outputs are poisoned with NaN beforehand.
///
///   const GradientReport report = check_gradient(Conv{.filters = 5, .stride = 2, .padding = 1}, Shape{2, 7, 10, 3});
///   assert(report.passed());
///
/// Biases and other parameters that start at zero are drawn too, because zeros would hide errors. A layer that draws
/// random numbers gets one context for the whole check. `.training = false` checks a layer as it runs when it is frozen.
/// Measured buffers have no derivative, but must be written.
template <typename L, int Rank>
GradientReport check_gradient(const L& layer, const Shape<Rank>& in, const GradientCheckOptions& options = {}) {
  if constexpr (detail::check_layer<L, Tensor<double, Rank>>())
    return detail::check_layer_gradient(layer, in, options);
  else
    return {};
}

/// Checks that the gradient dz of a loss is the derivative of its value, at the point z (N, K) and for targets y, as one
/// shard of a batch of `batch` samples.
template <Loss F>
GradientReport check_loss_gradient(const F& loss, Tensor<double, 2> z, const TargetView<double>& y, Index batch,
                                   const GradientCheckOptions& options = {}) {
  Tensor<double, 2> dz, ignored;
  const auto value = [&] { return loss(z, y, batch, ignored); };
  const auto differentiate = [&] {
    reshape(dz, shape(z));
    dz.setConstant(std::nan(""));
    loss(z, y, batch, dz);
    detail::check_written(F::name, "dz", dz, shape(z));
  };
  differentiate();
  detail::DifferenceQuotients quotients(options);
  quotients.compare("z", z, dz, value, differentiate);
  return quotients.report();
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/gradient_check.ipp"
#endif
