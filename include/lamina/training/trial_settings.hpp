#pragma once

#include <cmath>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../core/random.hpp"

namespace lamina {

/// Hyper-parameters by name: one point of a search. Printed: learning_rate 0.05, units 30
class TrialSettings {
 public:
  TrialSettings() = default;
  TrialSettings(std::vector<std::pair<std::string, double>> values) : values_(std::move(values)) {}

  /// Throws OptionError when there is none of this name.
  double operator[](std::string_view name) const {
    std::string known;
    for (const auto& [own, value] : values_) {
      if (own == name) return value;
      known += (known.empty() ? "" : ", ") + own;
    }
    throw OptionError(message("TrialSettings: there is no ", name, "; there are: ", known));
  }

  /// A setting that counts something. Throws OptionError also when it is no whole number.
  Index whole(std::string_view name) const {
    const double value = (*this)[name];
    if (!(std::abs(value) < 1e15) || value != std::floor(value))
      throw OptionError(message("TrialSettings: expects ", name, " to be a whole number but it is ", value));
    return static_cast<Index>(value);
  }

  const std::vector<std::pair<std::string, double>>& values() const { return values_; }

  bool operator==(const TrialSettings&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const TrialSettings& settings) {
    for (std::size_t i = 0; i < settings.values_.size(); ++i)
      out << (i > 0 ? ", " : "") << settings.values_[i].first << ' ' << settings.values_[i].second;
    return out;
  }

 private:
  std::vector<std::pair<std::string, double>> values_;
};

/// A setting and the values that it may have.
struct Choices {
  std::string name;
  std::vector<double> values;
};

/// A setting drawn from [low, high): evenly, evenly in its logarithm, or a whole number of low … high, both included.
struct Interval {
  enum class Kind { even, logarithmic, whole };

  std::string name;
  double low = 0, high = 1;
  Kind kind = Kind::even;
};

/// A setting of a random search.
using Drawn = std::variant<Interval, Choices>;

namespace detail {

inline void check_setting(const Choices& choices) {
  if (choices.values.empty()) throw OptionError(message("Choices: expects at least one value of ", choices.name));
}

inline void check_setting(const Interval& range) {
  const auto refuse = [&](const char* what) {
    throw OptionError(
        message("Interval: expects ", what, " for ", range.name, " but got ", range.low, " and ", range.high));
  };
  if (!std::isfinite(range.low) || !std::isfinite(range.high) || range.low > range.high)
    refuse("finite limits, low ≤ high,");
  if (range.kind == Interval::Kind::logarithmic && range.low <= 0) refuse("limits above 0");
  if (range.kind == Interval::Kind::whole &&
      (std::ceil(range.low) != range.low || std::ceil(range.high) != range.high || range.low < -1e15 ||
       range.high > 1e15))
    refuse("whole limits");
}

inline void check_names(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (names[i] == names[j]) throw OptionError(message("settings: ", names[i], " is there twice"));
}

inline double draw(const Choices& choices, Rng& rng) {
  return choices.values[static_cast<std::size_t>(rng.below(static_cast<Index>(choices.values.size())))];
}
inline double draw(const Interval& range, Rng& rng) {
  switch (range.kind) {
    case Interval::Kind::logarithmic:
      return std::exp(rng.uniform(std::log(range.low), std::log(range.high)));
    case Interval::Kind::whole:
      return range.low + static_cast<double>(rng.below(static_cast<Index>(range.high - range.low) + 1));
    default:
      return rng.uniform(range.low, range.high);
  }
}

}  // namespace detail

/// Every combination, the last setting changing fastest. Throws OptionError for a setting that is there twice or has no
/// value, and for more than a million combinations.
///
///   grid_settings({{"learning_rate", {0.01, 0.05}}, {"units", {30, 100}}})   // four
inline std::vector<TrialSettings> grid_settings(const std::vector<Choices>& axes) {
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

/// So many random combinations, each setting drawn by itself. Where few settings matter they find more than a grid:
/// Bergstra and Bengio 2012, "Random search for hyper-parameter optimization". Throws OptionError for a setting that is
/// there twice or cannot be drawn, and for a negative count.
///
///   random_settings({Interval{"learning_rate", 1e-3, 1, Interval::Kind::logarithmic}, Choices{"units", {30, 100}}}, 20, Rng{1})
inline std::vector<TrialSettings> random_settings(const std::vector<Drawn>& settings, Index count, Rng rng) {
  if (count < 0) throw OptionError(message("random_settings: expects a count of at least 0 but got ", count));
  std::vector<std::string> names;
  for (const Drawn& setting : settings)
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
