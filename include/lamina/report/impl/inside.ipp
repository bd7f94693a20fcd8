#pragma once

#include "../inside.hpp"

#include <cmath>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<Picture> filter_pictures(const std::vector<float>& weights, const Shape<3>& extents) {
  float reach = 1e-30F;
  for (const float weight : weights)
    if (std::isfinite(weight)) reach = std::max(reach, std::abs(weight));
  std::vector<Picture> all;
  const auto n = static_cast<std::size_t>(extents.size());
  for (std::size_t begin = 0; begin + n <= weights.size(); begin += n)
    all.push_back({.pixels = weights_picture(std::span(weights).subspan(begin, n), extents, reach)});
  return all;
}

LAMINA_FUNC std::vector<Picture> channel_pictures(const std::vector<float>& values, const Shape<3>& extents) {
  const Tones tones = Tones::of(values);
  std::vector<Picture> all;
  const auto n = static_cast<std::size_t>(extents.size());
  for (std::size_t begin = 0; begin + n <= values.size(); begin += n)
    all.push_back({.pixels = toned(std::span(values).subspan(begin, n), extents, tones)});
  return all;
}

LAMINA_FUNC std::string shown_of(std::string_view what, Index shown, Index all) {
  return shown == all ? message(all, " ", what) : message("the first ", shown, " of ", format_count(all), " ", what);
}

}  // namespace lamina::detail
