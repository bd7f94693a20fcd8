#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset.hpp"

namespace LAMINA_NAMESPACE {

/// A column of words. It becomes one column per word, of 0 and 1.
struct CsvCategory {
  std::string column;
  std::vector<std::string> words{};  // in the order of the columns; empty: those of the file, sorted
};

/// The treatment of missing values of features: an empty field, NA, N/A, NaN, null or ?.
enum class MissingValues : unsigned char {
  refuse,  // throws DataError, which names the line and the column
  skip,    // leaves the row out
  mean     // takes the mean of the column
};

/// The options of `read_csv`: which columns are the features of a sample, and which its target. Other columns than
/// these may hold anything. `read_csv` returns them completed, so that other files can be read in the same way.
struct CsvOptions {
  std::vector<std::string> targets{};      // columns of numbers, the target row; or …
  std::string label{};                     // … the column of the classes, words or numbers
  std::vector<std::string> features{};     // columns of numbers or categories, in this order; empty: all others
  std::vector<CsvCategory> categories{};   // those of the features that hold words
  std::vector<std::string> class_names{};  // in their order; empty: those of the file, sorted, numbers by their value
  MissingValues missing = MissingValues::refuse;
  std::vector<float> means{};  // of the features, for MissingValues::mean; empty: those of the file
  char delimiter = ',';
  bool header = true;  // the first line names the columns; otherwise they are "0", "1", …
};

/// A data set from a CSV file.
struct Csv {
  Dataset<1> data;
  CsvOptions options;                      // completed: give them to read_csv for files of the same columns
  std::vector<std::string> feature_names;  // of a sample's numbers: "age", "city=Rome"
  Index skipped = 0;                       // rows left out for missing values
};

/// Reads a table of numbers and words from the text of a CSV file (RFC 4180): fields may stand in quotes, a quote
/// within them is doubled, and lines end in LF or CRLF. Numbers have a decimal point in every locale. Throws DataError,
/// which names the line and the column, for what is not of that form, for rows of another length, for a field that
/// should be a number and is none, and for a word or a class that the options do not have. Throws OptionError for
/// options that name no column of the file. Errors show `name`. It takes no more memory than the text justifies.
Csv parse_csv(std::string_view text, const CsvOptions& options, std::string_view name);

/// Reads the samples (N, F) of such a text without targets, to predict them. Rows cannot be skipped. Throws as
/// parse_csv.
Tensor<float, 2> parse_csv_features(std::string_view text, const CsvOptions& options, std::string_view name);

/// Reads a data set from a CSV file. Throws as parse_csv, and DataError if the file cannot be read.
///
///   const Csv houses = read_csv("houses.csv", {.targets = {"price"}, .categories = {{"city"}}});
///   const Csv test = read_csv("test.csv", houses.options);
///   const Csv iris = read_csv("iris.csv", {.label = "species"});
Csv read_csv(const std::filesystem::path& path, const CsvOptions& options);

/// Reads the samples (N, F) of a CSV file without targets. Throws as read_csv.
///
///   const auto prices = model(read_csv_features("new.csv", houses.options));
Tensor<float, 2> read_csv_features(const std::filesystem::path& path, const CsvOptions& options);

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/csv.ipp"
#endif
