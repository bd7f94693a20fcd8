#pragma once

#include "../specificity.hpp"

#include <vector>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC PerClass specificity(const ConfusionMatrix& confusion) {
  const Index samples = detail::check_counted("specificity", confusion);
  std::vector<double> values;
  std::vector<Index> support;
  for (Index c = 0; c < confusion.classes(); ++c) {
    const Index others = samples - confusion.labelled(c), taken = confusion.predicted(c) - confusion(c, c);
    values.push_back(others == 0 ? 0.0 : static_cast<double>(others - taken) / static_cast<double>(others));
    support.push_back(confusion.labelled(c));
  }
  return detail::averaged(std::move(values), support);
}

}  // namespace lamina
