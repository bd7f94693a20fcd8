#pragma once

#include <utility>
#include <vector>

#include "../core/tensor.hpp"
#include "sample_table.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The k samples of a table that are nearest to each of its samples, itself left out, the nearest first: places in the
/// table, and the distances.
struct Neighbours {
  Index k = 0;
  std::vector<Index> who{};        // (samples, k)
  std::vector<double> distance{};  // (samples, k)

  Index at(Index i, Index j) const { return who[static_cast<std::size_t>(i * k + j)]; }
  double far(Index i, Index j) const { return distance[static_cast<std::size_t>(i * k + j)]; }
};

/// What is compared: images as means over squares that make them at most 16 pixels high and wide, rows as they are.
Tensor<float, 2> compared(const SampleTable& table);

/// The k nearest in Euclidean distance, |a − b|² = |a|² − 2·⟨a, b⟩ + |b|². Inner products of all with all are what
/// Dense computes, where the samples are its weights and half their lengths its biases.
Neighbours nearest(const SampleTable& table, Index k);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/neighbours.ipp"
#endif
