#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "../core/function_ref.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A reader of JSON whose layout is known in advance, from front to back: objects, arrays, strings and integers. It is
/// strict: it rejects everything else, members of an object with the same name, and bytes that are not UTF-8. It never
/// goes deeper than the calling code. Every error is a DataError that says where.
///
///   JsonReader json(text);
///   json.object([&](const std::string& key) { sizes[key] = json.number(); });
///   json.end();
class JsonReader {
 public:
  explicit JsonReader(std::string_view text);

  /// Calls member(key) for each member; it must read the value.
  void object(FunctionRef<void(const std::string&)> member);

  /// Calls element() for each element; it must read the value.
  void array(FunctionRef<void()> element) { sequence('[', ']', element); }

  /// Reads an integer from 0 to 2⁶⁴ − 1, without sign, fraction, exponent or leading zeros.
  std::uint64_t number() {
    skip_space();
    return digits("an unsigned integer");
  }

  /// An integer that may have a minus sign: the sign and its magnitude.
  struct Integer {
    bool negative;
    std::uint64_t size;
  };
  Integer integer();

  std::string string();

  /// Returns whether a string comes next.
  bool is_string() {
    skip_space();
    return peek() == '"';
  }

  /// Throws DataError unless only white space follows.
  void end() {
    skip_space();
    if (at_ != text_.size()) refuse("nothing more");
  }

  /// Returns text from a file in a form for error texts: shortened, with control characters replaced.
  static std::string printable(std::string_view text);

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }

  [[noreturn]] void refuse(std::string_view expected) const;

  void expect(char c, std::string_view name = "");

  void sequence(char open, char close, FunctionRef<void()> item);

  std::uint64_t digits(std::string_view expected);

  unsigned four_digits();

  void escape(std::string& value);

  unsigned code_point();

  static void append_utf8(std::string& text, unsigned code);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/json_reader.ipp"
#endif
