#pragma once

#include <string_view>

#include "../core/error.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

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

  /// Sets the initial values for C channels: γ = 1, β = 0.
  void start(Index C, bool is_affine) {
    reshape(weight, Shape<1>{{C}});
    reshape(bias, Shape<1>{{C}});
    weight.setConstant(1);
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
