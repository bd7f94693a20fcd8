#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "../../core/files.hpp"
#include "../../core/text.hpp"
#include "../csv.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A reader of the records of a CSV text, one after another.
class CsvRecords {
 public:
  CsvRecords(std::string_view text, char delimiter, std::string_view name)
      : text_(text), name_(name), delimiter_(delimiter) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);  // a byte order mark
    if (delimiter == '"' || delimiter == '\n' || delimiter == '\r')
      throw OptionError("read_csv: expects a .delimiter that is neither a quote nor an end of line");
  }

  /// Reads the next record; empty lines are none. Returns false at the end of the text.
  bool next() {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) end_line();
    if (at_ >= text_.size()) return false;
    line_ = lines_;
    count_ = 0;
    for (;;) {
      if (count_ == most_fields) refuse(str_cat("has more than ", most_fields, " fields"));
      if (count_ == fields_.size()) fields_.emplace_back();
      read_field(fields_[count_++]);
      if (at_ >= text_.size()) return true;
      if (text_[at_] != delimiter_) {
        end_line();
        return true;
      }
      ++at_;
    }
  }

  std::span<const std::string> fields() const { return {fields_.data(), count_}; }

  /// Throws DataError, which names the line.
  [[noreturn]] void refuse(std::string_view what) const {
    throw DataError(str_cat(name_, ": line ", line_, ": ", what));
  }

 private:
  static constexpr std::size_t most_fields = 100'000;

  void end_line() {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++lines_;
  }

  void read_field(std::string& field) {
    field.clear();
    if (at_ < text_.size() && text_[at_] == '"') return read_quoted(field);
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n' && text_[at_] != '\r')
      field += text_[at_++];
  }

  void read_quoted(std::string& field) {
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) refuse("a quote is opened and not closed");
      if (text_[at_] == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] == delimiter_ || text_[at_] == '\n' || text_[at_] == '\r') return;
        if (text_[at_] != '"')
          refuse("a quoted field has text behind its closing quote; double a quote that is part of it");
      }
      if (text_[at_] == '\n') ++lines_;
      field += text_[at_];
    }
  }

  std::string_view text_, name_;
  char delimiter_;
  std::size_t at_ = 0, count_ = 0;
  Index lines_ = 1, line_ = 1;  // at the place read next, and where the record begins
  std::vector<std::string> fields_;
};

/// A reader of a whole table.
class CsvTable {
 public:
  CsvTable(std::string_view text, const CsvOptions& options, std::string_view name, bool with_targets)
      : records_(text, options.delimiter, name), size_(text.size()), name_(name), with_targets_(with_targets) {
    csv_.options = options;
    read_header();
    choose_columns();
    while (first_is_data_ || records_.next()) {
      first_is_data_ = false;
      read_row();
    }
    if (rows_ == 0)
      throw DataError(
          str_cat(name_, ": expects at least one row of values but got none",
                  csv_.skipped > 0 ? str_cat("; ", csv_.skipped, " were left out for missing values") : ""));
  }

  /// Returns the samples (N, F), when all rows are known.
  Tensor<float, 2> samples() {
    settle_words();
    settle_means();
    const Index F = std::ssize(csv_.feature_names);
    if (F > 0 &&
        static_cast<std::uint64_t>(rows_) > (std::uint64_t{25} * size_ + (1U << 16)) / static_cast<std::uint64_t>(F))
      throw DataError(str_cat(name_, ": its words make ", F, " columns of ", rows_,
                              " rows, much more than the file holds; leave out a column "
                              "of .categories that has a word of its own for nearly every row"));
    Tensor<float, 2> x(rows_, F);
    float* to = x.data();
    for (Index n = 0; n < rows_; ++n)
      for (std::size_t f = 0; f < features_.size(); ++f) {
        const Feature& feature = features_[f];
        const std::size_t at = static_cast<std::size_t>(n);
        if (feature.category < 0) {
          const float value = feature.numbers[at];
          *to++ = std::isnan(value) ? csv_.options.means[f] : value;
        } else {
          const auto& words = csv_.options.categories[static_cast<std::size_t>(feature.category)].words;
          const auto own = order_[f][static_cast<std::size_t>(feature.words[at])];
          for (std::size_t w = 0; w < words.size(); ++w) *to++ = static_cast<std::ptrdiff_t>(w) == own;
        }
      }
    return x;
  }

  Csv finish() && {
    Tensor<float, 2> x = samples();
    if (!csv_.options.label.empty()) {
      const std::vector<std::int32_t> labels = settle_classes();
      csv_.data = Dataset<1>(std::move(x), labels, {.class_names = csv_.options.class_names});
    } else {
      Tensor<float, 2> y(rows_, std::ssize(targets_));
      std::copy(target_rows_.begin(), target_rows_.end(), y.data());
      csv_.data = Dataset<1>(std::move(x), std::move(y), {.class_names = csv_.options.targets});
    }
    return std::move(csv_);
  }

 private:
  struct Feature {
    std::size_t column;
    Index category = -1;           // its place in .categories; −1 for numbers
    std::vector<float> numbers{};  // NaN where one is missing
    std::vector<Index> words{};    // by their order of appearance
    std::map<std::string, Index> appearance{};
  };

  void read_header() {
    if (!records_.next()) throw DataError(str_cat(name_, ": expects a table but it is empty"));
    for (const std::string& field : records_.fields())
      columns_.push_back(csv_.options.header ? std::string(trimmed(field)) : std::to_string(columns_.size()));
    first_is_data_ = !csv_.options.header;
    std::set<std::string> seen;
    for (const std::string& column : columns_)
      if (!seen.insert(column).second)
        throw DataError(str_cat(name_, ": has two columns called ", quoted(column),
                                "; rename one, or read it with .header = false"));
  }

  void choose_columns() {
    CsvOptions& options = csv_.options;
    if (with_targets_ && options.targets.empty() == options.label.empty())
      throw OptionError("read_csv: expects either .targets, columns of numbers, or .label, the column of the classes");
    const auto is_target = [&](const std::string& column) {
      return column == options.label ||
             std::find(options.targets.begin(), options.targets.end(), column) != options.targets.end();
    };
    if (options.features.empty())
      for (const std::string& column : columns_)
        if (!is_target(column)) options.features.push_back(column);
    if (options.features.empty()) throw OptionError(str_cat(name_, ": has no column beside the target"));
    for (const std::string& column : options.features) {
      if (is_target(column))
        throw OptionError(str_cat("read_csv: column ", quoted(column), " is a feature and the target"));
      features_.push_back({find(column, ".features")});
    }
    for (std::size_t c = 0; c < options.categories.size(); ++c) {
      const std::string& column = options.categories[c].column;
      const auto place = std::find(options.features.begin(), options.features.end(), column);
      if (place == options.features.end()) {
        find(column, ".categories");
        throw OptionError(str_cat("read_csv: category ", quoted(column), " is none of the features"));
      }
      features_[static_cast<std::size_t>(place - options.features.begin())].category = static_cast<Index>(c);
    }
    if (!options.means.empty() && options.means.size() != features_.size())
      throw OptionError(str_cat("read_csv: expects a number in .means for each of ", features_.size(),
                                " features but got ", options.means.size()));
    if (!with_targets_) return;
    for (const std::string& column : options.targets) targets_.push_back(find(column, ".targets"));
    if (!options.label.empty()) label_ = find(options.label, ".label");
  }

  std::size_t find(const std::string& column, const char* option) const {
    const auto place = std::find(columns_.begin(), columns_.end(), column);
    if (place != columns_.end()) return static_cast<std::size_t>(place - columns_.begin());
    std::string list;
    for (std::size_t c = 0; c < columns_.size() && c < 20; ++c) list += str_cat(c > 0 ? ", " : "", quoted(columns_[c]));
    throw OptionError(str_cat("read_csv: ", option, " has no column ", quoted(column), " in ", name_, "; there are ",
                              list, columns_.size() > 20 ? ", …" : ""));
  }

  void read_row() {
    const auto fields = records_.fields();
    if (fields.size() != columns_.size())
      records_.refuse(str_cat("expects ", columns_.size(), " fields but got ", fields.size()));
    if (csv_.options.missing == MissingValues::skip)
      for (const Feature& feature : features_)
        if (is_missing(fields[feature.column])) {
          if (!with_targets_)
            records_.refuse(str_cat("column ", quoted(columns_[feature.column]),
                                    ": the value is missing, and the row cannot be skipped"));
          ++csv_.skipped;
          return;
        }
    for (Feature& feature : features_) {
      const std::string& field = fields[feature.column];
      const bool missing = is_missing(field);
      if (missing && (csv_.options.missing == MissingValues::refuse || feature.category >= 0))
        refuse(feature.column, feature.category >= 0
                                   ? "the word is missing; .missing = MissingValues::skip leaves such rows out"
                                   : "the value is missing; .missing = MissingValues::mean or skip allows it");
      if (feature.category < 0)
        feature.numbers.push_back(missing ? std::numeric_limits<float>::quiet_NaN() : number(feature.column, field));
      else
        feature.words.push_back(word(feature, field));
    }
    for (const std::size_t column : targets_) {
      if (is_missing(fields[column])) refuse(column, "the target is missing");
      target_rows_.push_back(number(column, fields[column]));
    }
    if (label_) classes_.push_back(class_of(trimmed(fields[*label_])));
    ++rows_;
  }

  /// Returns the number of a word, by the order of appearance or by the words that are given.
  Index word(Feature& feature, const std::string& field) {
    const std::string own(trimmed(field));
    const auto& words = csv_.options.categories[static_cast<std::size_t>(feature.category)].words;
    if (!words.empty() && std::find(words.begin(), words.end(), own) == words.end())
      refuse(feature.column, str_cat("the word ", quoted(own), " is none of the ", words.size(), " of this category"));
    return feature.appearance.emplace(own, std::ssize(feature.appearance)).first->second;
  }

  Index class_of(std::string_view field) {
    const std::string own(field);
    if (own.empty()) refuse(*label_, "the class is missing");
    const auto& names = csv_.options.class_names;
    if (!names.empty() && std::find(names.begin(), names.end(), own) == names.end())
      refuse(*label_, str_cat("the class ", quoted(own), " is none of the ", names.size(), " of .class_names"));
    return class_appearance_.emplace(own, std::ssize(class_appearance_)).first->second;
  }

  float number(std::size_t column, const std::string& field) const {
    std::string_view text = trimmed(field);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const float result = static_cast<float>(value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(result))
      refuse(column, str_cat("expects a number but got ", quoted(field),
                             "; name a column of words in .categories, or leave it out of .features"));
    return result;
  }

  [[noreturn]] void refuse(std::size_t column, std::string_view what) const {
    records_.refuse(str_cat("column ", quoted(columns_[column]), ": ", what));
  }

  /// Sorts the words of categories for which none were given, and finds the place of each word.
  void settle_words() {
    order_.resize(features_.size());
    for (std::size_t f = 0; f < features_.size(); ++f) {
      const Feature& feature = features_[f];
      if (feature.category < 0) {
        csv_.feature_names.push_back(csv_.options.features[f]);
        continue;
      }
      auto& words = csv_.options.categories[static_cast<std::size_t>(feature.category)].words;
      if (words.empty())
        for (const auto& [word, appearance] : feature.appearance) words.push_back(word);
      order_[f] = places_of(feature.appearance, words);
      for (const std::string& word : words) csv_.feature_names.push_back(csv_.options.features[f] + "=" + word);
    }
  }

  static std::vector<std::ptrdiff_t> places_of(const std::map<std::string, Index>& appearance,
                                               const std::vector<std::string>& words) {
    std::map<std::string_view, std::ptrdiff_t> places;
    for (std::size_t w = 0; w < words.size(); ++w) places.emplace(words[w], static_cast<std::ptrdiff_t>(w));
    std::vector<std::ptrdiff_t> order(appearance.size());
    for (const auto& [word, number] : appearance) order[static_cast<std::size_t>(number)] = places.at(word);
    return order;
  }

  void settle_means() {
    if (!csv_.options.means.empty()) return;
    for (std::size_t f = 0; f < features_.size(); ++f) {
      double sum = 0, count = 0;
      for (const float value : features_[f].numbers)
        if (!std::isnan(value)) sum += static_cast<double>(value), ++count;
      if (features_[f].category < 0 && count == 0)
        throw DataError(str_cat(name_, ": column ", quoted(csv_.options.features[f]),
                                ": all values are missing; leave it out of .features"));
      csv_.options.means.push_back(count > 0 ? static_cast<float>(sum / count) : 0);
    }
  }

  std::vector<std::int32_t> settle_classes() {
    auto& names = csv_.options.class_names;
    if (names.empty()) {
      for (const auto& [name, appearance] : class_appearance_) names.push_back(name);
      const auto value = [](const std::string& text) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc() && end == text.data() + text.size() && std::isfinite(number) ? std::optional(number)
                                                                                                 : std::nullopt;
      };
      if (std::all_of(names.begin(), names.end(), value))
        std::stable_sort(names.begin(), names.end(),
                         [&](const auto& a, const auto& b) { return *value(a) < *value(b); });
    }
    const auto order = places_of(class_appearance_, names);
    std::vector<std::int32_t> labels;
    for (const Index appearance : classes_)
      labels.push_back(static_cast<std::int32_t>(order[static_cast<std::size_t>(appearance)]));
    return labels;
  }

  static std::string_view trimmed(std::string_view text) {
    const auto blank = [](char character) { return character == ' ' || character == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
  }

  static bool is_missing(std::string_view field) {
    const std::string text = small_letters(trimmed(field));
    return text.empty() || text == "na" || text == "n/a" || text == "nan" || text == "null" || text == "?";
  }

  static std::string quoted(std::string_view text) {
    return str_cat('"', printable(text.substr(0, 60)), text.size() > 60 ? "…" : "", '"');
  }

  CsvRecords records_;
  std::size_t size_;
  std::string name_;
  bool with_targets_, first_is_data_ = false;
  Csv csv_{Dataset<1>(Tensor<float, 2>(0, 1), std::vector<std::int32_t>{}), {}, {}};
  std::vector<std::string> columns_;
  std::vector<Feature> features_;
  std::vector<std::size_t> targets_;
  std::optional<std::size_t> label_;
  Index rows_ = 0;
  std::vector<float> target_rows_;
  std::vector<Index> classes_;  // by their order of appearance
  std::map<std::string, Index> class_appearance_;
  std::vector<std::vector<std::ptrdiff_t>> order_;  // of each feature's words: their places
};

/// Returns the text of a file.
LAMINA_FUNC std::string read_csv_text(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace LAMINA_NAMESPACE::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Csv parse_csv(std::string_view text, const CsvOptions& options, std::string_view name) {
  return detail::CsvTable(text, options, name, true).finish();
}

LAMINA_FUNC Tensor<float, 2> parse_csv_features(std::string_view text, const CsvOptions& options,
                                                std::string_view name) {
  return detail::CsvTable(text, options, name, false).samples();
}

LAMINA_FUNC Csv read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  return parse_csv(detail::read_csv_text(path), options, printable(path.string()));
}

LAMINA_FUNC Tensor<float, 2> read_csv_features(const std::filesystem::path& path, const CsvOptions& options) {
  return parse_csv_features(detail::read_csv_text(path), options, printable(path.string()));
}

}  // namespace LAMINA_NAMESPACE
