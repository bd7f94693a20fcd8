#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../core/random.hpp"

namespace LAMINA_NAMESPACE {

/// Hyper-parameters by name: one point of a search. Prints as: learning_rate 0.05, units 30
class TrialSettings {
 public:
  TrialSettings() = default;
  TrialSettings(std::vector<std::pair<std::string, double>> values) : values_(std::move(values)) {}

  /// Returns a setting. Throws OptionError if there is none of this name.
  double operator[](std::string_view name) const;

  /// Returns a setting that is a whole number. Throws OptionError if it is missing or not whole.
  Index whole(std::string_view name) const;

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

/// A setting and its possible values.
struct Choices {
  std::string name;
  std::vector<double> values;
};

/// A setting drawn from [low, high): uniformly, log-uniformly, or as a whole number from low to high inclusive.
struct UniformRange {
  enum class Kind { even, logarithmic, whole };

  std::string name;
  double low = 0, high = 1;
  Kind kind = Kind::even;
};

using Interval [[deprecated("Interval is called UniformRange now")]] = UniformRange;

/// A setting of a random search.
using ParameterRange = std::variant<UniformRange, Choices>;

namespace detail {

void check_setting(const Choices& choices);

void check_setting(const UniformRange& range);

void check_names(const std::vector<std::string>& names);

inline double draw(const Choices& choices, Rng& rng) {
  return choices.values[static_cast<std::size_t>(rng.below(static_cast<Index>(choices.values.size())))];
}
double draw(const UniformRange& range, Rng& rng);

}  // namespace detail

/// Returns every combination; the last setting changes fastest. Throws OptionError for a setting that occurs twice or has
/// no value, and for more than a million combinations.
///
///   grid_settings({{"learning_rate", {0.01, 0.05}}, {"units", {30, 100}}})   // four
std::vector<TrialSettings> grid_settings(const std::vector<Choices>& axes);

/// Returns so many random combinations, with each setting drawn independently. If only few settings matter, they find
/// more than a grid: Bergstra and Bengio 2012, "Random search for hyper-parameter optimization". Throws OptionError for a
/// setting that occurs twice or is invalid, and for a negative count.
///
///   random_settings({UniformRange{"learning_rate", 1e-3, 1, UniformRange::Kind::logarithmic}, Choices{"units", {30, 100}}}, 20, Rng{1})
std::vector<TrialSettings> random_settings(const std::vector<ParameterRange>& settings, Index count, Rng rng);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/trial_settings.ipp"
#endif
