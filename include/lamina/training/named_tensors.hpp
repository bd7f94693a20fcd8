#pragma once

#include <string>
#include <vector>

#include "../models/basic_model.hpp"
#include "fit_work.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the names and shapes of a model's parameters, in the order in which they are trained.
template <typename T>
[[gnu::cold]] std::vector<NamedTensor> named_tensors(const BasicModel<T>& model) {
  std::vector<NamedTensor> all;
  model.describe_layers([&](const LayerFacts& layer) {
    for (const auto& [name, extents] : layer.tensors)
      all.push_back({(layer.place.empty() ? "" : layer.place + ".") + name, {extents.begin(), extents.end()}});
  });
  return all;
}

}  // namespace lamina::detail
