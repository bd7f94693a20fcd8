#pragma once

#include <span>

#include "../core/tensor.hpp"
#include "convert.hpp"
#include "normalisation.hpp"

namespace LAMINA_NAMESPACE {

/// Returns one row of features as a batch (1, F) as a network sees it: normalised as its training set. Throws OptionError if
/// the normalisation has another number of features.
///
///   const auto rent = model(preprocess_row(std::vector<float>{80, 3}, metadata.normalisation));
template <typename T = float>
Tensor<T, 2> preprocess_row(std::span<const float> features, const Normalisation& normalisation = {}) {
  Tensor<T, 2> batch(1, std::ssize(features));
  detail::convert(features.data(), batch.data(), batch.size(), detail::affine(normalisation, batch.size(), 1));
  return batch;
}

}  // namespace lamina
