#pragma once

#include <string>
#include <vector>

#include "../models/model.hpp"
#include "fit_work.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the names and shapes of a model's parameters, in the order in which they are trained.
template <typename T>
[[gnu::cold]] std::vector<NamedTensor> named_tensors(const BasicModel<T>& model) {
  std::vector<NamedTensor> all;
  const ModelParameters<T>& p = model.parameters();
  for (std::size_t i = 0; i < p.size(); ++i)
    all.push_back({p.names()[i], p[i].visit([](const auto& tensor) {
                     const auto extents = shape(tensor).extents;
                     return std::vector<std::uint64_t>(extents.begin(), extents.end());
                   })});
  return all;
}

}  // namespace lamina::detail
