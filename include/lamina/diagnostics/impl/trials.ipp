#pragma once

#include "../trials.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void add_changes(const std::vector<std::vector<double>>& before,
                             const std::vector<std::vector<double>>& after, std::vector<WeightLook>& looks) {
  for (std::size_t t = 0; t < looks.size(); ++t) {
    double change = 0, size = 0;
    for (std::size_t i = 0; i < before[t].size(); ++i) {
      change += (after[t][i] - before[t][i]) * (after[t][i] - before[t][i]);
      size += before[t][i] * before[t][i];
    }
    if (size > 0) looks[t].update = (std::max)(looks[t].update, std::sqrt(change / size));
  }
}

}  // namespace lamina::detail
