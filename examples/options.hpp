#pragma once

// The command line of the examples: `--name value` or `--name=value`. What is mistyped is explained.

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

/// A command line that cannot be understood. Its text says why, and what would be.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Options {
 public:
  /// The first lines of --help.
  explicit Options(std::string about) : about_(std::move(about)) {}

  /// An option that takes a value, which is put where it belongs.
  void add(std::string name, std::string value, std::string help, std::string& target) {
    options_.push_back({name, value, help, [&target](std::string_view text) { target = text; }});
  }
  template <typename Number>
    requires std::integral<Number> || std::floating_point<Number>
  void add(std::string name, std::string value, std::string help, Number& target) {
    options_.push_back({name, value, help, [name, &target](std::string_view text) { target = number<Number>(name, text); }});
  }
  template <typename Number>
  void add(std::string name, std::string value, std::string help, std::optional<Number>& target) {
    options_.push_back({name, value, help, [name, &target](std::string_view text) { target = number<Number>(name, text); }});
  }

  /// Reads the arguments. Whether to go on: --help is answered here. Throws UsageError.
  bool read(int count, char** arguments) const {
    for (int i = 1; i < count; ++i) {
      const std::string_view argument = arguments[i];
      if (argument == "--help" || argument == "-h") {
        print_help();
        return false;
      }
      const std::size_t equals = argument.find('=');
      const Option& option = find(argument.substr(0, equals));
      if (equals != std::string_view::npos)
        option.take(argument.substr(equals + 1));
      else if (i + 1 < count)
        option.take(arguments[++i]);
      else
        throw UsageError(option.name + " expects " + option.value + " behind it");
    }
    return true;
  }

 private:
  struct Option {
    std::string name, value, help;
    std::function<void(std::string_view)> take;
  };

  template <typename Number>
  static Number number(const std::string& name, std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
    const char* expected = std::floating_point<Number> ? "a number" : std::unsigned_integral<Number> ? "a whole number of at least 0" : "a whole number";
    throw UsageError(name + " expects " + expected + (error == std::errc::result_out_of_range ? " of a sensible size" : "") +
                     " but got '" + std::string(text) + "'");
  }

  const Option& find(std::string_view name) const {
    for (const Option& option : options_)
      if (option.name == name) return option;
    const auto nearest = std::min_element(options_.begin(), options_.end(), [&](const Option& a, const Option& b) {
      return distance(name, a.name) < distance(name, b.name);
    });
    std::string text = "'" + std::string(name) + "' is not an option";
    if (distance(name, nearest->name) <= 3) text += "; is it " + nearest->name + "?";
    throw UsageError(text + " (--help lists them)");
  }

  /// How many letters are added, left out or changed from one word to the other (Levenshtein 1966).
  static std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= to.size(); ++j) {
        const std::size_t changed = diagonal + (from[i - 1] != to[j - 1]);
        diagonal = row[j];
        row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
      }
    }
    return row[to.size()];
  }

  void print_help() const {
    std::size_t width = 0;
    for (const Option& option : options_) width = std::max(width, option.name.size() + option.value.size() + 1);
    std::cout << about_ << "\n\n";
    for (const Option& option : options_) {
      std::string left = option.name + " " + option.value;
      left.resize(width, ' ');
      std::cout << "  " << left << "  " << option.help << '\n';
    }
    std::string left = "--help";
    left.resize(width, ' ');
    std::cout << "  " << left << "  show this\n";
  }

  std::string about_;
  std::vector<Option> options_;
};

}  // namespace examples
