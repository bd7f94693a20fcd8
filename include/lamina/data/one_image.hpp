#pragma once

#include <cstdint>

#include "../core/tensor.hpp"
#include "convert.hpp"
#include "normalisation.hpp"

namespace LAMINA_NAMESPACE {

/// One image (H, W, C) as a network sees it: a batch (1, H, W, C), bytes as 0 … 1, normalised as its training set was.
/// Throws OptionError where the normalisation is of other channels.
///
///   const auto probabilities = model.probabilities(one_image(read_image("cat.jpg"), card.normalisation));
template <typename T = float>
Tensor<T, 4> one_image(const Tensor<std::uint8_t, 3>& pixels, const Normalisation& normalisation = {}) {
  Tensor<T, 4> batch(batch_shape(1, shape(pixels)).extents);
  detail::convert(pixels.data(), batch.data(), pixels.size(),
                  detail::affine(normalisation, pixels.dimension(2), 1.0 / 255));
  return batch;
}

}  // namespace lamina
