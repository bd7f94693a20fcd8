#pragma once

#include <string_view>

#include "../core/error.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Throws OptionError, for a normalisation of this name, unless its scale can begin so: finite, and 1 if it is not trained.
constexpr void check_initial_scale(std::string_view layer, double scale, bool affine) {
  if (scale == 1 || (affine && scale > -1e30 && scale < 1e30)) return;
  throw OptionError(str_cat(layer, ": expects an initial_scale ", affine ? "between -1e30 and 1e30" : "of 1, as it is not affine,",
                            " but got ", scale));
}

}  // namespace detail

/// The scale and the offset of a normalisation without running statistics.
template <typename T>
struct NormParameters {
  Tensor<T, 1> weight;  // γ (C)
  Tensor<T, 1> bias;    // β (C)
  bool affine = true;   // false: γ = 1 and β = 0, which are neither trained nor saved

  template <typename Visitor, typename First, typename... Self>
  static void visit(Visitor&& visitor, First& first, Self&... self) {
    if (!first.affine) return;
    visitor("weight", first.weight, self.weight...);
    visitor("bias", first.bias, self.bias...);
  }

  /// Returns parameters with the same tensors, all of them empty.
  NormParameters empty_like() const {
    NormParameters none;
    none.affine = affine;
    return none;
  }

  /// Sets the initial values for C channels: γ = scale, β = 0.
  void start(Index C, bool is_affine, double scale = 1) {
    reshape(weight, Shape<1>{{C}});
    reshape(bias, Shape<1>{{C}});
    weight.setConstant(static_cast<T>(scale));
    bias.setZero();
    affine = is_affine;
  }

  /// Throws ShapeError if the parameters do not fit an input of this shape.
  template <int Rank>
  void check(std::string_view layer, const Shape<Rank>& in) const {
    if (weight.size() == in[Rank - 1]) return;
    throw ShapeError(str_cat(layer, ": expects (N, …, ", weight.size(), ") but got ", in,
                             "; give it the channels that its parameters were made for"));
  }
};

}  // namespace lamina
