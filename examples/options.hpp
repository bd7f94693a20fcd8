#pragma once

// What the examples' main functions share: the command line, `--name value` or `--name=value`, where what is mistyped is
// explained, and what is done about errors.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <locale>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace examples {

/// A command line that cannot be understood. Its text says why, and what would be.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws UsageError unless an option's value is as it has to be.
template <typename Value>
void require(bool fits, const char* option, const char* expected, const Value& value) {
  if (fits) return;
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << option << " expects " << expected << " but got " << value;
  throw UsageError(text.str());
}

/// The same for numbers that count something.
template <std::integral Number>
void require_at_least_one(const char* option, Number value) {
  require(value >= 1, option, "a whole number of at least 1", value);
}

/// Throws UsageError when there is no folder for a file that is to be written. Nothing given is fine.
inline void require_folder_of(const char* option, const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (!file.empty() &&
      (std::filesystem::is_directory(file) || (!folder.empty() && !std::filesystem::is_directory(folder))))
    throw UsageError(std::string(option) + " " + file + ": expects a file in a folder that exists");
}

class Options {
 public:
  /// The first lines of --help.
  explicit Options(std::string about) : about_(std::move(about)) {}

  /// An option that takes a value, which is put where it belongs.
  template <typename Target>
  void add(const char* name, const char* value, const char* help, Target& target) {
    options_.push_back({name, value, help, &target, [](const Option& option, std::string_view text) {
                          option.read(text, *static_cast<Target*>(option.target));
                        }});
  }

  /// An option that stands alone and makes its target true.
  void add(const char* name, const char* help, bool& target) {
    options_.push_back({name, "", help, &target, [](const Option& option, std::string_view) {
                          *static_cast<bool*>(option.target) = true;
                        }});
  }

  /// Reads the arguments. Whether to go on: --help is answered here. What does not begin with a dash is put to `others`,
  /// where that is given. Throws UsageError.
  bool read(int count, char** arguments, std::vector<std::string>* others = nullptr) const {
    for (int i = 1; i < count; ++i) {
      const std::string_view argument = arguments[i];
      if (argument == "--help" || argument == "-h") {
        print_help();
        return false;
      }
      if (others && !argument.starts_with('-')) {
        others->emplace_back(argument);
        continue;
      }
      const std::size_t equals = argument.find('=');
      const Option& option = find(argument.substr(0, equals));
      const bool alone = *option.value == '\0';
      if (alone && equals != std::string_view::npos) throw UsageError(std::string(option.name) + " takes no value");
      if (alone)
        option.take(option, {});
      else if (equals != std::string_view::npos)
        option.take(option, argument.substr(equals + 1));
      else if (i + 1 < count)
        option.take(option, arguments[++i]);
      else
        throw UsageError(std::string(option.name) + " expects " + option.value + " behind it");
    }
    return true;
  }

 private:
  struct Option {
    const char *name, *value, *help;
    void* target;
    void (*take)(const Option&, std::string_view);  // knows what the target is

    void read(std::string_view text, std::string& into) const {
      if (text.empty()) throw UsageError(std::string(name) + " expects " + value + " but got nothing");
      into = text;
    }
    template <typename Number>
    void read(std::string_view text, std::optional<Number>& into) const {
      read(text, into.emplace());
    }
    template <typename Number>
    void read(std::string_view text, Number& into) const {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
      if (error == std::errc() && end == text.data() + text.size()) return;
      refuse(std::floating_point<Number>      ? "a number"
             : std::unsigned_integral<Number> ? "a whole number of at least 0"
                                              : "a whole number",
             error == std::errc::result_out_of_range, text);
    }
    [[noreturn]] void refuse(const char* expected, bool too_large, std::string_view text) const {
      throw UsageError(std::string(name) + " expects " + expected + (too_large ? " of a sensible size" : "") +
                       " but got '" + std::string(text) + "'");
    }
  };

  const Option& find(std::string_view name) const {
    for (const Option& option : options_)
      if (option.name == name) return option;
    std::string nearest;
    std::size_t least = 4;  // letters: more is another word
    for (const Option& option : options_)
      if (const std::size_t letters = distance(name, option.name); letters < least) {
        nearest = option.name;
        least = letters;
      }
    throw UsageError("'" + std::string(name) + "' is not an option" +
                     (nearest.empty() ? "" : "; is it " + nearest + "?") + " (--help lists them)");
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
    std::vector<std::string> left;
    for (const Option& option : options_) left.push_back(std::string(option.name) + " " + option.value);
    left.push_back("--help");
    std::size_t width = 0;
    for (const std::string& text : left) width = std::max(width, text.size());
    std::cout << about_ << "\n\n";
    for (std::size_t i = 0; i < left.size(); ++i)
      std::cout << "  " << left[i] << std::string(width - left[i].size(), ' ') << "  "
                << (i < options_.size() ? options_[i].help : "show this") << '\n';
  }

  std::string about_;
  std::vector<Option> options_;
};

/// The number of this process among those that mpirun or srun started, by its environment; -1 if it was started alone.
inline int started_as() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* rank = std::getenv(name)) return std::atoi(rank);
  return -1;
}

/// A program's main: body(), and the exit code: 0, or 2 for a command line that cannot be understood, or 1 for any other
/// error. Errors are told under the program's name. Of several processes only the first one prints, but each tells its errors.
template <typename Body>
int run(const std::string& program, const Body& body) {
  const auto tell = [&](std::string_view text) {
    const std::string prefix = program + ": ";
    std::cout.flush();
    std::cerr << (text.starts_with(prefix) ? "" : prefix) << text << std::endl;  // a function of lamina may be its namesake
  };
  if (started_as() > 0) std::cout.setstate(std::ios::failbit);
  try {
    body();
    return 0;
  } catch (const UsageError& error) {
    if (started_as() <= 0)
      tell(error.what());
    else
      std::this_thread::sleep_for(std::chrono::seconds(1));  // all have the same command line: the first one tells
    return 2;
  } catch (const std::exception& error) {
    tell(error.what());
    return 1;
  }
}

}  // namespace examples
