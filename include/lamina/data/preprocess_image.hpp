#pragma once

#include <cstdint>

#include "../core/tensor.hpp"
#include "convert.hpp"
#include "normalisation.hpp"

namespace LAMINA_NAMESPACE {

/// Returns an image (H, W, C) as a batch (1, H, W, C) as a network sees it: bytes as 0 … 1, normalised as its training
/// set. Throws OptionError if the normalisation has another number of channels.
///
///   const auto probabilities = model.probabilities(preprocess_image(read_image("cat.jpg"), metadata.normalisation));
template <typename T = float>
Tensor<T, 4> preprocess_image(const Tensor<std::uint8_t, 3>& pixels, const Normalisation& normalisation = {}) {
  Tensor<T, 4> batch(detail::batch_shape(1, shape(pixels)).extents);
  detail::convert(pixels.data(), batch.data(), pixels.size(),
                  detail::affine(normalisation, pixels.dimension(2), 1.0 / 255));
  return batch;
}

template <typename T = float>
[[deprecated("one_image is called preprocess_image now")]] Tensor<T, 4> one_image(const Tensor<std::uint8_t, 3>& pixels,
                                                                                  const Normalisation& normalisation = {}) {
  return preprocess_image<T>(pixels, normalisation);
}

}  // namespace lamina
