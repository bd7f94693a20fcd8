#pragma once

#include "../gradient_check.hpp"

#include <limits>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<Index> DifferenceQuotients::coordinates(Index size) {
  std::vector<Index> places(static_cast<std::size_t>(size));
  for (Index i = 0; i < size; ++i) places[static_cast<std::size_t>(i)] = i;
  shuffle(places, rng_.split(static_cast<std::uint64_t>(size)));
  places.resize(static_cast<std::size_t>((std::min)(size, options_.probes)));
  return places;
}

LAMINA_FUNC void DifferenceQuotients::record(const std::string& where, double analytic, double numeric,
                                             double largest) {
  const double scale = (std::max)({std::abs(analytic), std::abs(numeric), 0.01 * largest, 1e-30});
  double error = std::abs(analytic - numeric) / scale;
  if (std::isnan(error)) error = std::numeric_limits<double>::infinity();  // not written, or kinks everywhere
  if (analytic != 0 || numeric != 0) report_.zero = false;
  if (report_.checked++ == 0 || error > report_.worst) {
    report_.worst = error;
    report_.where = where;
    report_.analytic = analytic;
    report_.numeric = numeric;
  }
}

}  // namespace lamina::detail
