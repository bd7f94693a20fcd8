#pragma once

#include "../target_normalisation.hpp"

#include <algorithm>
#include <cmath>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Normalisation measure_columns(const Tensor<float, 2>& targets, const std::vector<std::string>& names) {
  const Index N = targets.dimension(0), K = targets.dimension(1);
  if (N == 0)
    throw DataError("measure_target_normalisation: expects at least one sample but got an empty data set");
  const auto columns = static_cast<std::size_t>(K);
  Normalisation result{std::vector<double>(columns), std::vector<double>(columns)};
  for (std::size_t k = 0; k < columns; ++k) {
    const float* const first = targets.data() + k;
    const auto at = [&](Index n) { return static_cast<double>(first[n * K]); };
    const double begin = at(0), count = static_cast<double>(N);  // so that the mean of a constant is exact
    double sum = 0, squares = 0;
    for (Index n = 0; n < N; ++n) sum += at(n) - begin;
    const double mean = begin + sum / count;
    for (Index n = 0; n < N; ++n) squares += (at(n) - mean) * (at(n) - mean);
    result.mean[k] = mean;
    result.deviation[k] = std::sqrt(squares / count);
    if (!(result.deviation[k] > 1e-12 * std::abs(mean)))
      throw DataError(str_cat("measure_target_normalisation: target ", k,
                              names.empty() ? std::string() : " (" + printable(names[k]) + ")", " is ", begin, " in all ", N,
                              " samples; there is nothing to learn: leave it out"));
  }
  return result;
}

}  // namespace lamina::detail
