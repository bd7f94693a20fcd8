#pragma once

#include <vector>

#include "confusion_matrix.hpp"
#include "per_class.hpp"

namespace lamina {

/// Of the samples that are not of a class, the share that was not taken for it: the recall of the rest.
///
///   specificity = TN / (TN + FP)        0 where every sample is of the class
///
/// With N samples, of which T are of the class, Y were taken for it and C both: TN + FP = N − T and FP = Y − C. Throws
/// DataError when nothing was counted.
inline PerClass specificity(const ConfusionMatrix& confusion) {
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
