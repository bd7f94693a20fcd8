#pragma once

#include "../evaluate.hpp"

#include <utility>

#include "../../models/model.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC ConfusionMatrix confuse(std::vector<std::string> names, Index classes,
                                    const std::vector<std::int32_t>& labels,
                                    const std::vector<std::int32_t>& predicted) {
  if (names.empty())
    for (Index k = 0; k < classes; ++k) names.push_back(std::to_string(k));
  ConfusionMatrix confusion(std::move(names));
  confusion.add(labels, predicted);
  return confusion;
}

}  // namespace lamina::detail
