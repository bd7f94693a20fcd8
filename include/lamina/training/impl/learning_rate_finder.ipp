#pragma once

#include "../learning_rate_finder.hpp"

#include <array>
#include <charconv>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<std::string> LearningRateCurve::plot() const {
  constexpr Index width = 60, height = 12;
  if (points.empty()) return {"no learning rate was tried"};
  const auto [low, high] = std::minmax_element(points.begin(), points.end(),
                                               [](const Point& a, const Point& b) { return a.smooth < b.smooth; });
  // Losses far above the first one only show that the rate was too large.
  const double floor = low->smooth, ceiling = (std::min)(high->smooth, (std::max)(1.2 * points.front().smooth, floor));
  const double span = (std::max)(ceiling - floor, 1e-12);
  const auto column = [&](double rate) {
    const double first = points.front().learning_rate, whole = std::log(points.back().learning_rate / first);
    return whole > 0 ? static_cast<std::size_t>(std::log(rate / first) / whole * (width - 1) + 0.5) : 0;
  };
  std::vector<std::string> lines(height, std::string(width, ' '));
  for (const Point& point : points) {
    const double share = std::clamp((ceiling - point.smooth) / span, 0.0, 1.0);
    lines[static_cast<std::size_t>(share * (height - 1) + 0.5)][column(point.learning_rate)] = '*';
  }
  for (std::string& line : lines) line.insert(0, "           | ");
  const auto label = [](double value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::general, 4).ptr;
    return align_right({digits.data(), end}, 10).substr(0, 10);
  };
  lines.front().replace(0, 10, label(ceiling));
  lines.back().replace(0, 10, label(floor));
  lines.push_back("      loss +" + std::string(width + 1, '-'));
  if (suggestion > 0) lines.push_back(std::string(13 + column(suggestion), ' ') + "^");
  lines.push_back(
      str_cat("             learning rate ", points.front().learning_rate, " … ", points.back().learning_rate,
              "; suggested: ", suggestion > 0 ? str_cat(suggestion) : std::string("none, the loss did not fall")));
  return lines;
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double tenth_of_the_best(const std::vector<LearningRateCurve::Point>& points) {
  if (points.empty()) return 0;
  const auto least =
      std::min_element(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.smooth < b.smooth; });
  const double first = points.front().smooth, fall = first - least->smooth;
  if (!(least->smooth < 0.9 * first)) return 0;
  // A small set is learned while the rate grows: its loss is flat long before it is least.
  return std::find_if(points.begin(), least, [&](const auto& point) { return first - point.smooth >= 0.9 * fall; })->learning_rate / 10;
}

LAMINA_FUNC void check_search(const LearningRateSearch& search) {
  if (!(std::isfinite(search.to) && search.from > 0 && search.from < search.to))
    throw OptionError(str_cat("find_learning_rate: expects 0 < .from < .to but got ", search.from, " and ", search.to));
  if (search.steps < 10)
    throw OptionError(str_cat("find_learning_rate: expects at least 10 steps but got ", search.steps));
}

}  // namespace lamina::detail
