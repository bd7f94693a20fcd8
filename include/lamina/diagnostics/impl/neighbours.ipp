#pragma once

#include "../neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "../../layers/dense.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Tensor<float, 2> compared(const SampleTable& table) {
  const Index side = table.images ? (std::max<Index>)(1, ((std::max)(table.H, table.W) + 15) / 16) : 1;
  const Index h = (table.H + side - 1) / side, w = (table.W + side - 1) / side, C = table.C;
  Tensor<float, 2> rows(table.size(), h * w * C);
  rows.setZero();
  const float weight = 1.0F / static_cast<float>(side * side);
  for (Index n = 0; n < table.size(); ++n) {
    const float* value = table.row(n);
    for (Index y = 0; y < table.H; ++y)
      for (Index i = 0; i < table.W * C; ++i)
        rows.data()[n * h * w * C + ((y / side) * w + i / C / side) * C + i % C] += weight * *value++;
  }
  return rows;
}

LAMINA_FUNC Neighbours nearest(const SampleTable& table, Index k) {
  const Tensor<float, 2> rows = compared(table);
  const Index N = table.size(), F = rows.dimension(1), block = 64;
  Neighbours found{.k = (std::min)(k, N - 1)};
  if (found.k < 1) return {};
  Dense products{.units = N};
  Dense::Parameters<float> p{rows, Tensor<float, 1>(N)};
  for (Index n = 0; n < N; ++n) {
    p.bias(n) = 0;
    for (Index f = 0; f < F; ++f) p.bias(n) -= 0.5F * rows(n, f) * rows(n, f);  // bias(n) = −|n|²/2
  }
  std::vector<float> y(static_cast<std::size_t>((std::min)(block, N) * N));  // ⟨a, b⟩ − |b|²/2
  std::vector<Index> order(static_cast<std::size_t>(N));
  PackedWorkspace<float> ws;
  for (Index from = 0; from < N; from += block) {
    const Index rows_here = (std::min)(block, N - from);
    products.forward(p, rows_here, F, rows.data() + from * F, y.data(), ws, {});
    for (Index i = 0; i < rows_here; ++i) {
      float* near = y.data() + i * N;
      near[from + i] = -std::numeric_limits<float>::infinity();  // itself comes last
      std::iota(order.begin(), order.end(), Index{0});
      std::partial_sort(order.begin(), order.begin() + found.k, order.end(),
                        [&](Index a, Index b) { return near[a] != near[b] ? near[a] > near[b] : a < b; });
      for (Index j = 0; j < found.k; ++j) {
        const Index other = order[static_cast<std::size_t>(j)];
        const double squared = -2.0 * (static_cast<double>(p.bias(from + i)) + static_cast<double>(near[other]));
        found.who.push_back(other);
        found.distance.push_back(std::sqrt((std::max)(0.0, squared)));
      }
    }
  }
  return found;
}

}  // namespace lamina::detail
