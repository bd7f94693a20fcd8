#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "../core/function_ref.hpp"

namespace LAMINA_NAMESPACE {

/// Reads JSON whose layout is known in advance, from front to back: objects, arrays, strings and integers.
/// Strict: everything else is refused, and so are an object's second member of one name and bytes that are not UTF-8.
/// The reader never goes deeper than the code that asks. Every error is a DataError that says where.
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

  /// An integer from 0 to 2⁶⁴ − 1, without sign, fraction, exponent or leading zeros.
  std::uint64_t number() {
    skip_space();
    return digits("an unsigned integer");
  }

  /// An integer that may have a minus sign: the sign, and a number as above.
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

  /// Throws unless nothing but white space follows.
  void end() {
    skip_space();
    if (at_ != text_.size()) refuse("nothing more");
  }

  /// A text from a file, fit for an error's text: control characters replaced, not overly long.
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

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/json_reader.ipp"
#endif
