#pragma once

#include <string_view>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// The mean and the deviation that normalise values: (v − mean) / deviation. There is one number for all, or one per
/// channel (per entry of the last axis: a colour of an image, a feature of a row). Bytes count as 0 … 1 here.
///
///   train.normalise({.mean = {0.1307}, .deviation = {0.3081}});
struct Normalisation {
  std::vector<double> mean{0.0};
  std::vector<double> deviation{1.0};
};

namespace detail {

/// The normalisation as scale · v + offset, with one of each for all channels, or one per channel.
struct Affine {
  std::vector<double> scale{1.0};
  std::vector<double> offset{0.0};
};

/// Returns whether this leaves values unchanged.
bool is_identity(const Normalisation& normalisation);

/// Writes (x − mean) / deviation of K numbers to y. The normalisation has one mean and deviation, or K.
template <typename T>
void normalise_row(const float* x, Index K, const Normalisation& normalisation, T* y) {
  const auto& [mean, deviation] = normalisation;
  for (std::size_t k = 0; k < static_cast<std::size_t>(K); ++k)
    y[k] = static_cast<T>((static_cast<double>(x[k]) - mean[mean.size() > 1 ? k : 0]) /
                          deviation[deviation.size() > 1 ? k : 0]);
}

/// Throws OptionError, in the name of `who`, unless there is one mean and one deviation for all targets, or one for each of
/// the K, finite and with deviations above 0.
void check_target_normalisation(std::string_view who, const Normalisation& normalisation, Index K);

/// Returns the normalisation as one product and one sum. `unit` is the value of a stored 1: 1/255 for bytes. Throws OptionError.
Affine affine(const Normalisation& normalisation, Index channels, double unit);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/normalisation.ipp"
#endif
