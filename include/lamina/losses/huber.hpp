#pragma once

#include <cmath>

#include "loss_of_errors.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

/// Huber's loss (Huber 1964, "Robust estimation of a location parameter"), torch.nn.HuberLoss: the squared error for
/// small errors, the absolute error for large ones. Its gradient never exceeds delta / K, so that outliers do not
/// dominate the steps.
///
///   ℓ = (1/K)·Σ_k h(z[k] − y[k])        h(e) = e²/2             where |e| ≤ delta
///                                       h(e) = delta·(|e| − delta/2)   elsewhere
///   ∂ℓ/∂z[k] = min(max(z[k] − y[k], −delta), delta) / K
///
///   z (N, K)    y: rows (N, K), or N class numbers, read as one-hot rows    dz (N, K)
///
/// Derivation: h′(e) = e inside and delta·sign(e) outside. At |e| = delta both pieces have the value delta²/2 and the
/// slope ±delta. Therefore h has a continuous derivative, which is e clipped to ±delta.
struct Huber {
  double delta = 1.0;

  static constexpr std::string_view name = "Huber";
  static constexpr bool expects_logits = false;
  static constexpr bool is_regression = true;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("delta", self.delta...);
  }

  /// Returns the loss of a shard and writes its gradient to dz. Throws OptionError unless delta is finite and above 0,
  /// and ShapeError and DataError, see Loss.
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    if (!(std::isfinite(delta) && delta > 0))
      throw OptionError(str_cat("Huber: expects a finite delta above 0 but got ", delta));
    const T limit = static_cast<T>(delta);
    return detail::loss_of_errors<T>(
        name, z, y, batch, dz,
        [this](double error) {
          const double size = std::abs(error);
          return size > delta ? delta * (size - delta / 2) : size * size / 2;
        },
        [limit](T error) { return error > limit ? limit : error < -limit ? -limit : error; });
  }

  template <typename T>
  double correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) const {
    return detail::categorical_correct(z, y);
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
