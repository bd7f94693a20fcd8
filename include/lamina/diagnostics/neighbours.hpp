#pragma once

#include <utility>
#include <vector>

#include "../core/tensor.hpp"
#include "sample_table.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The k samples of a table that are nearest to each of its samples, without itself, the nearest first: their places in
/// the table, and the distances.
struct Neighbours {
  Index k = 0;
  std::vector<Index> who{};        // (samples, k)
  std::vector<double> distance{};  // (samples, k)

  Index at(Index i, Index j) const { return who[static_cast<std::size_t>(i * k + j)]; }
  double far(Index i, Index j) const { return distance[static_cast<std::size_t>(i * k + j)]; }
};

/// Returns the features to compare: images averaged over squares so that they have at most 16 × 16 pixels, rows as they are.
Tensor<float, 2> compared(const SampleTable& table);

/// Finds the k nearest samples in Euclidean distance, |a − b|² = |a|² − 2·⟨a, b⟩ + |b|². A Dense computes all inner
/// products at once, with the samples as its weights and half their squared norms, negated, as its biases.
Neighbours nearest(const SampleTable& table, Index k);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/neighbours.ipp"
#endif
