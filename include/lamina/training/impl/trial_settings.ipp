#pragma once

#include "../trial_settings.hpp"

#include <cmath>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC double TrialSettings::operator[](std::string_view name) const {
  std::string known;
  for (const auto& [own, value] : values_) {
    if (own == name) return value;
    known += (known.empty() ? "" : ", ") + own;
  }
  throw OptionError(str_cat("TrialSettings: there is no ", name, "; there are: ", known));
}

LAMINA_FUNC Index TrialSettings::whole(std::string_view name) const {
  const double value = (*this)[name];
  if (!(std::abs(value) < 1e15) || value != std::floor(value))
    throw OptionError(str_cat("TrialSettings: expects ", name, " to be a whole number but it is ", value));
  return static_cast<Index>(value);
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_setting(const Choices& choices) {
  if (choices.values.empty()) throw OptionError(str_cat("Choices: expects at least one value of ", choices.name));
}

LAMINA_FUNC void check_setting(const UniformRange& range) {
  const auto refuse = [&](const char* what) {
    throw OptionError(
        str_cat("UniformRange: expects ", what, " for ", range.name, " but got ", range.low, " and ", range.high));
  };
  if (!std::isfinite(range.low) || !std::isfinite(range.high) || range.low > range.high)
    refuse("finite limits, low ≤ high,");
  if (range.kind == UniformRange::Kind::logarithmic && range.low <= 0) refuse("limits above 0");
  if (range.kind == UniformRange::Kind::whole &&
      (std::ceil(range.low) != range.low || std::ceil(range.high) != range.high || range.low < -1e15 ||
       range.high > 1e15))
    refuse("whole limits");
}

LAMINA_FUNC void check_names(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (names[i] == names[j]) throw OptionError(str_cat("settings: ", names[i], " is there twice"));
}

LAMINA_FUNC double draw(const UniformRange& range, Rng& rng) {
  switch (range.kind) {
    case UniformRange::Kind::logarithmic:
      return std::exp(rng.uniform(std::log(range.low), std::log(range.high)));
    case UniformRange::Kind::whole:
      return range.low + static_cast<double>(rng.below(static_cast<Index>(range.high - range.low) + 1));
    default:
      return rng.uniform(range.low, range.high);
  }
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<TrialSettings> grid_settings(const std::vector<Choices>& axes) {
  std::vector<std::string> names;
  std::vector<std::vector<std::pair<std::string, double>>> grid(1);
  for (const Choices& axis : axes) {
    detail::check_setting(axis);
    names.push_back(axis.name);
    if (grid.size() * axis.values.size() > 1000000)
      throw OptionError("grid_settings: expects at most a million combinations; draw some with random_settings");
    std::vector<std::vector<std::pair<std::string, double>>> finer;
    for (const auto& point : grid)
      for (const double value : axis.values) {
        finer.push_back(point);
        finer.back().emplace_back(axis.name, value);
      }
    grid = std::move(finer);
  }
  detail::check_names(names);
  return {grid.begin(), grid.end()};
}

LAMINA_FUNC std::vector<TrialSettings> random_settings(const std::vector<ParameterRange>& settings, Index count, Rng rng) {
  if (count < 0) throw OptionError(str_cat("random_settings: expects a count of at least 0 but got ", count));
  std::vector<std::string> names;
  for (const ParameterRange& setting : settings)
    std::visit(
        [&](const auto& own) {
          detail::check_setting(own);
          names.push_back(own.name);
        },
        setting);
  detail::check_names(names);
  std::vector<TrialSettings> drawn;
  for (Index i = 0; i < count; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    std::vector<std::pair<std::string, double>> values;
    for (std::size_t s = 0; s < settings.size(); ++s)
      values.emplace_back(names[s],
                          std::visit([&](const auto& setting) { return detail::draw(setting, own); }, settings[s]));
    drawn.emplace_back(std::move(values));
  }
  return drawn;
}

}  // namespace lamina
