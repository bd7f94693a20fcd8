#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "../core/error.hpp"
#include "../core/shape.hpp"

namespace lamina {

/// What is taken off the values and what they are divided by then: (v − mean) / deviation. One number for all, or one
/// per channel (per entry of the last axis: of an image's colours, of a row's features). Bytes count as 0 … 1 here.
///
///   train.normalise({.mean = {0.1307}, .deviation = {0.3081}});
struct Normalisation {
  std::vector<double> mean{0.0};
  std::vector<double> deviation{1.0};
};

namespace detail {

/// A value as the network sees it is scale · v + offset; one of each for all channels, or one per channel.
struct Affine {
  std::vector<double> scale{1.0};
  std::vector<double> offset{0.0};
};

/// The same as one product and one sum. `unit` is what a stored 1 stands for: 1/255 for bytes. Throws OptionError.
inline Affine affine(const Normalisation& normalisation, Index channels, double unit) {
  const auto& [mean, deviation] = normalisation;
  const auto fits = [&](std::size_t size) { return size == 1 || static_cast<Index>(size) == channels; };
  if (!fits(mean.size()) || !fits(deviation.size()))
    throw OptionError(message("normalise: expects one mean and one deviation for all, or one for each of the ",
                              channels, " channels, but got ", mean.size(), " and ", deviation.size()));
  for (const double m : mean)
    if (!std::isfinite(m)) throw OptionError(message("normalise: expects a finite mean but got ", m));
  for (const double d : deviation)
    if (!std::isfinite(d) || d <= 0.0)
      throw OptionError(
          message("normalise: expects a deviation above 0 but got ", d, "; a channel that is constant keeps 1"));
  const std::size_t C = std::max(mean.size(), deviation.size());
  Affine result{std::vector<double>(C), std::vector<double>(C)};
  for (std::size_t c = 0; c < C; ++c) {
    const double m = mean[c % mean.size()], d = deviation[c % deviation.size()];
    result.scale[c] = unit / d;
    result.offset[c] = -m / d;
  }
  return result;
}

}  // namespace detail
}  // namespace lamina
