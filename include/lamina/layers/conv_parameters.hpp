#pragma once

#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

/// The parameters of a Conv, or of a ConvTranspose, with any initializers.
template <typename T>
struct ConvParameters {
  Tensor<T, 4> weight;   // (R, S, C, K), of a ConvTranspose (R, S, K, C)
  Tensor<T, 1> bias;     // (K)
  bool has_bias = true;  // otherwise it is zero, is not trained and stands in no file

  template <typename Visitor, typename First, typename... Self>
  static void visit(Visitor&& visitor, First& first, Self&... self) {
    visitor("weight", first.weight, self.weight...);
    if (first.has_bias) visitor("bias", first.bias, self.bias...);
  }

  /// Returns parameters without numbers that have the same tensors.
  ConvParameters empty_like() const {
    ConvParameters none;
    none.has_bias = has_bias;
    return none;
  }

  /// Changes the parameters so that the layer gives scale[k]·y[k] + offset[k] instead of y[k]:
  ///
  ///   w[r,s,c,k] ← scale[k]·w[r,s,c,k]        b[k] ← scale[k]·b[k] + offset[k]
  void rescale(const double* scale, const double* offset) {
    const Index K = bias.size();
    for (Index i = 0; i < weight.size(); ++i)
      weight.data()[i] = static_cast<T>(static_cast<double>(weight.data()[i]) * scale[i % K]);
    for (Index k = 0; k < K; ++k) bias(k) = static_cast<T>(static_cast<double>(bias(k)) * scale[k] + offset[k]);
  }
};

}  // namespace lamina
