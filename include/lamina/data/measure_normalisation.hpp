#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dataset.hpp"
#include "normalisation.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns the mean and the deviation of each channel. The deviation divides by the number of values. It makes two
/// passes, because a sum of squares with a large mean would cancel in one.
template <typename V, int Rank>
Normalisation measure(const Dataset<Rank>& dataset, double unit) {
  const std::size_t C = static_cast<std::size_t>(dataset.sample_shape()[Rank - 1]);
  std::vector<V> values(static_cast<std::size_t>(dataset.sample_shape().size()));  // of one sample
  const double count = static_cast<double>(dataset.size()) * static_cast<double>(values.size() / C);
  Normalisation result{std::vector<double>(C), std::vector<double>(C)};
  for (Index n = 0; n < dataset.size(); ++n) {
    dataset.read_stored(n, values.data());
    for (std::size_t i = 0; i < values.size(); i += C)
      for (std::size_t c = 0; c < C; ++c) result.mean[c] += unit * static_cast<double>(values[i + c]);
  }
  for (double& mean : result.mean) mean /= count;
  for (Index n = 0; n < dataset.size(); ++n) {
    dataset.read_stored(n, values.data());
    for (std::size_t i = 0; i < values.size(); i += C)
      for (std::size_t c = 0; c < C; ++c) {
        const double centred = unit * static_cast<double>(values[i + c]) - result.mean[c];
        result.deviation[c] += centred * centred;
      }
  }
  for (std::size_t c = 0; c < C; ++c) {
    const double deviation = std::sqrt(result.deviation[c] / count);
    const double rounding = 1e-12 * (std::max)(1.0, std::abs(result.mean[c]));  // of the mean of a constant
    result.deviation[c] = deviation > rounding ? deviation : 1.0;
  }
  return result;
}

}  // namespace detail

/// Returns the mean and the deviation of each channel of a data set, bytes as 0 … 1. Pass it to `normalise` of this set
/// and of every other set that the network sees. A constant channel has deviation 1. Throws DataError for an empty set.
template <int Rank>
Normalisation measure_normalisation(const Dataset<Rank>& dataset) {
  if (dataset.size() == 0)
    throw DataError("measure_normalisation: expects at least one sample but got an empty data set");
  return dataset.holds_bytes() ? detail::measure<std::uint8_t>(dataset, 1.0 / 255.0) : detail::measure<float>(dataset, 1.0);
}

}  // namespace lamina
