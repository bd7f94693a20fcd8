#pragma once

#include <cstddef>
#include <lamina/core/parameters.hpp>
#include <span>
#include <vector>

/// All numbers of a model, in memory's order, to the bit.
template <typename M>
std::vector<std::byte> parameter_bytes(const M& model) {
  std::vector<std::byte> all;
  lamina::visit_parameters(
      [&](const auto& tensor) {
        const auto bytes = std::as_bytes(std::span(tensor.data(), static_cast<std::size_t>(tensor.size())));
        all.insert(all.end(), bytes.begin(), bytes.end());
      },
      model.parameters());
  return all;
}
