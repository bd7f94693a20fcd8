#pragma once

#include "../normalisation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool is_identity(const Normalisation& normalisation) {
  const auto all = [](const std::vector<double>& numbers, double value) {
    return std::all_of(numbers.begin(), numbers.end(), [&](double number) { return number == value; });
  };
  return all(normalisation.mean, 0) && all(normalisation.deviation, 1);
}

LAMINA_FUNC void check_target_normalisation(std::string_view who, const Normalisation& normalisation, Index K) {
  const auto& [mean, deviation] = normalisation;
  const auto fits = [&](std::size_t size) { return size == 1 || static_cast<Index>(size) == K; };
  if (!fits(mean.size()) || !fits(deviation.size()))
    throw OptionError(str_cat(who, ": expects one mean and one deviation for all targets, or one for each of the ", K,
                              ", but got ", mean.size(), " and ", deviation.size()));
  for (const double m : mean)
    if (!std::isfinite(m)) throw OptionError(str_cat(who, ": expects a finite mean of the targets but got ", m));
  for (const double d : deviation)
    if (!std::isfinite(d) || d <= 0)
      throw OptionError(str_cat(who, ": expects a finite deviation of the targets above 0 but got ", d));
}

LAMINA_FUNC Affine affine(const Normalisation& normalisation, Index channels, double unit) {
  const auto& [mean, deviation] = normalisation;
  const auto fits = [&](std::size_t size) { return size == 1 || static_cast<Index>(size) == channels; };
  if (!fits(mean.size()) || !fits(deviation.size()))
    throw OptionError(str_cat("normalise: expects one mean and one deviation for all, or one for each of the ",
                              channels, " channels, but got ", mean.size(), " and ", deviation.size()));
  for (const double m : mean)
    if (!std::isfinite(m)) throw OptionError(str_cat("normalise: expects a finite mean but got ", m));
  for (const double d : deviation)
    if (!std::isfinite(d) || d <= 0.0)
      throw OptionError(
          str_cat("normalise: expects a deviation above 0 but got ", d, "; use 1 for a constant channel"));
  const std::size_t C = (std::max)(mean.size(), deviation.size());
  Affine result{std::vector<double>(C), std::vector<double>(C)};
  for (std::size_t c = 0; c < C; ++c) {
    const double m = mean[c % mean.size()], d = deviation[c % deviation.size()];
    result.scale[c] = unit / d;
    result.offset[c] = -m / d;
  }
  return result;
}

}  // namespace lamina::detail
