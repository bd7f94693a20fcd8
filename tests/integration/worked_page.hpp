#pragma once

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../../examples/by_hand/worksheet.hpp"

// Reads the ```text blocks of a page: tables of numbers, and lines of arithmetic, which it works out.

/// What stands in the blocks of a page.
struct WorkedPage {
  std::vector<by_hand::Worksheet> tables;
  std::vector<std::string> equations;  // lines with = or ≈
  std::vector<std::string> rows;       // of the page's own tables, which begin with |

  explicit WorkedPage(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    bool text = false;
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("```"))
        text = line == "```text";
      else if (text)
        read(line);
      else if (line.starts_with("| "))
        rows.push_back(line);
    }
  }

 private:
  void read(const std::string& line) {
    if (line.empty()) return;
    if (line.find('=') != std::string::npos || line.find("≈") != std::string::npos) return equations.push_back(line);
    if (line[0] != ' ') return begin(line);
    for (const char* place = line.c_str();;) {
      char* end = nullptr;
      const double number = std::strtod(place, &end);
      if (end == place) break;
      tables.back().numbers.push_back(number);
      place = end;
    }
  }

  /// "dw2 (3, 4)" or "J"
  void begin(const std::string& line) {
    const std::size_t bracket = line.rfind(" (");
    tables.push_back({line.substr(0, bracket), {}, {}});
    if (bracket == std::string::npos) return;
    for (const char* place = line.c_str() + bracket + 2; *place != '\0'; ++place) {
      char* end = nullptr;
      tables.back().extents.push_back(std::strtol(place, &end, 10));
      place = end;
    }
  }
};

/// Works out what is written in numbers, + - · / ( ), ln(…), exp(…) and entries of tables, as x[1,2]. Throws what it is
/// that it cannot read.
class Arithmetic {
 public:
  explicit Arithmetic(const std::vector<by_hand::Worksheet>& tables) {
    for (const by_hand::Worksheet& table : tables) tables_.emplace(table.name, &table);
  }

  double operator()(std::string_view text) {
    text_ = text;
    const double value = sum();
    skip_spaces();
    if (!text_.empty()) throw std::runtime_error("cannot read " + std::string(text_));
    return value;
  }

 private:
  double sum() {
    double value = product();
    for (;;)
      if (take("+"))
        value += product();
      else if (take("-"))
        value -= product();
      else
        return value;
  }
  double product() {
    double value = factor();
    for (;;)
      if (take("·"))
        value *= factor();
      else if (take("/"))
        value /= factor();
      else
        return value;
  }
  double factor() {
    if (take("-")) return -factor();
    if (take("(")) return bracketed();
    if (take("ln(")) return std::log(bracketed());
    if (take("exp(")) return std::exp(bracketed());
    skip_spaces();
    std::size_t length = 0;
    if (!text_.empty() && text_[0] >= '0' && text_[0] <= '9') {
      const double number = std::stod(std::string(text_), &length);
      text_.remove_prefix(length);
      return number;
    }
    while (length < text_.size() && std::isalnum(static_cast<unsigned char>(text_[length]))) ++length;
    const auto table = tables_.find(std::string(text_.substr(0, length)));
    if (table == tables_.end()) throw std::runtime_error("there is no table for " + std::string(text_));
    text_.remove_prefix(length);
    return entry(*table->second);
  }
  double bracketed() {
    const double value = sum();
    expect(")");
    return value;
  }
  double entry(const by_hand::Worksheet& table) {
    std::size_t place = 0;
    for (std::size_t axis = 0; axis < table.extents.size(); ++axis) {
      expect(axis == 0 ? "[" : ",");
      const auto extent = static_cast<std::size_t>(table.extents[axis]), index = static_cast<std::size_t>(factor());
      if (index >= extent) throw std::runtime_error("an index beyond " + table.name);
      place = place * extent + index;
    }
    if (!table.extents.empty()) expect("]");
    return table.numbers.at(place);
  }

  void skip_spaces() { text_.remove_prefix(std::min(text_.find_first_not_of(' '), text_.size())); }
  bool take(std::string_view word) {
    skip_spaces();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) throw std::runtime_error("expected " + std::string(word) + " before " + std::string(text_));
  }

  std::map<std::string, const by_hand::Worksheet*> tables_;
  std::string_view text_;
};
