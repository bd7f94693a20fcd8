#pragma once

#include <vector>

#include "dataset.hpp"

namespace LAMINA_NAMESPACE {

/// Returns class weights that give every class the same total weight in a loss, whatever the number of its samples:
///
///   w[k] = N / (classes present · samples of class k),  0 for a class without samples
///
/// The weights of all samples sum to N. King and Zeng 2001; scikit-learn's class_weight = "balanced". Throws OptionError
/// if the set has target rows instead of class numbers.
///
///   SoftmaxCrossEntropy{.class_weights = balanced_class_weights(train)}
template <int Rank>
std::vector<double> balanced_class_weights(const Dataset<Rank>& dataset) {
  if (!dataset.has_labels())
    throw OptionError("balanced_class_weights: expects class numbers but the data set has target rows");
  const std::vector<Index> counts = dataset.class_counts();
  double present = 0;
  for (const Index count : counts) present += count > 0;
  std::vector<double> weights;
  for (const Index count : counts)
    weights.push_back(count > 0 ? static_cast<double>(dataset.size()) / (present * static_cast<double>(count)) : 0);
  return weights;
}

}  // namespace lamina
