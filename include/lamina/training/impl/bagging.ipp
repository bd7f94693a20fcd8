#pragma once

#include "../bagging.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<Index> bootstrap_sample(Index N, Rng rng) {
  std::vector<Index> samples(static_cast<std::size_t>(N));
  for (Index& sample : samples) sample = rng.below(N);
  return samples;
}

}  // namespace lamina
