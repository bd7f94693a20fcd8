#pragma once

#include <string>
#include <vector>

#include "dataset.hpp"
#include "normalisation.hpp"

// Networks learn targets with mean 0 and deviation 1; these functions convert to and from them.
namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns mean and deviation of each column, measured as scikit-learn's StandardScaler does. Throws DataError if there
/// are no rows, or if a column is constant. `names` are those of the columns, or empty.
Normalisation measure_columns(const Tensor<float, 2>& targets, const std::vector<std::string>& names);

}  // namespace detail

/// Returns the mean and the deviation of each target of a data set. Pass it to normalise_targets of this set and of every
/// other set that the network sees. Throws DataError for an empty set, for class numbers, and for a target that is the
/// same in all samples.
template <int Rank>
Normalisation measure_target_normalisation(const Dataset<Rank>& dataset) {
  if (dataset.has_labels() && dataset.size() > 0)
    throw DataError(
        "measure_target_normalisation: expects target rows but the data set has class numbers, which stay as they are");
  return detail::measure_columns(dataset.targets(), dataset.class_names());
}

/// Returns predictions (N, K) in the units of the targets: z·deviation + mean. Throws OptionError unless there is one
/// mean and one deviation, for all outputs or for each.
///
///   denormalise_targets(model(x), metadata.target_normalisation)
///   denormalise_targets(predict_outputs(model, test), test.target_normalisation())
template <typename T>
Tensor<T, 2> denormalise_targets(Tensor<T, 2> predictions, const Normalisation& normalisation) {
  const auto [N, K] = shape(predictions);
  detail::check_target_normalisation("denormalise_targets", normalisation, K);
  const auto& [mean, deviation] = normalisation;
  for (Index n = 0; n < N; ++n)
    for (Index k = 0; k < K; ++k) {
      T& z = predictions.data()[n * K + k];
      const auto at = static_cast<std::size_t>(k);
      z = static_cast<T>(static_cast<double>(z) * deviation[deviation.size() > 1 ? at : 0] +
                         mean[mean.size() > 1 ? at : 0]);
    }
  return predictions;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/target_normalisation.ipp"
#endif
