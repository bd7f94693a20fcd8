#pragma once

#include "../json_reader.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "../../core/error.hpp"
#include "../../core/utf8.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC JsonReader::JsonReader(std::string_view text) : text_(text) {
  at_ = utf8_length(text);
  if (at_ != text.size()) refuse("UTF-8");
  at_ = 0;
}

LAMINA_FUNC void JsonReader::object(FunctionRef<void(const std::string&)> member) {
  std::vector<std::string> keys;
  sequence('{', '}', [&] {
    keys.push_back(string());
    expect(':');
    member(keys.back());
  });
  std::sort(keys.begin(), keys.end());
  const auto twin = std::adjacent_find(keys.begin(), keys.end());
  if (twin != keys.end()) throw DataError(str_cat("\"", printable(*twin), "\" stands twice in one object"));
}

LAMINA_FUNC JsonReader::Integer JsonReader::integer() {
  skip_space();
  const bool negative = peek() == '-';
  if (negative) ++at_;
  return {negative, digits("an integer")};
}

LAMINA_FUNC std::string JsonReader::string() {
  std::string value;
  expect('"', "a string");
  while (peek() != '"') {
    if (at_ == text_.size()) refuse("a string's closing quote");
    if (static_cast<unsigned char>(peek()) < 0x20) refuse("a control character to be escaped");
    if (peek() == '\\')
      escape(value);
    else
      value += text_[at_++];
  }
  ++at_;
  return value;
}

LAMINA_FUNC std::string JsonReader::printable(std::string_view text) {
  std::string shown(text.substr(0, 80));
  shown.resize(utf8_length(shown));  // the cut may have split a character
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return text.size() > shown.size() ? shown + "..." : shown;
}

LAMINA_FUNC void JsonReader::refuse(std::string_view expected) const {
  throw DataError(str_cat("expects ", expected, " at byte ", at_, " of the JSON text"));
}

LAMINA_FUNC void JsonReader::expect(char c, std::string_view name) {
  skip_space();
  if (at_ == text_.size() || peek() != c) refuse(name.empty() ? std::string_view(&c, 1) : name);
  ++at_;
}

LAMINA_FUNC void JsonReader::sequence(char open, char close, FunctionRef<void()> item) {
  expect(open);
  skip_space();
  if (peek() == close) {
    ++at_;
    return;
  }
  for (;;) {
    item();
    skip_space();
    if (peek() == close) break;
    expect(',');
  }
  ++at_;
}

LAMINA_FUNC std::uint64_t JsonReader::digits(std::string_view expected) {
  const std::size_t begin = at_;
  std::uint64_t value = 0;
  for (; is_digit(peek()); ++at_) {
    const auto digit = static_cast<std::uint64_t>(peek() - '0');
    if (value > ((std::numeric_limits<std::uint64_t>::max)() - digit) / 10) refuse("an integer below 2^64");
    value = value * 10 + digit;
  }
  const bool leading_zero = at_ - begin > 1 && text_[begin] == '0';
  if (at_ == begin || leading_zero || peek() == '.' || peek() == 'e' || peek() == 'E') refuse(expected);
  return value;
}

LAMINA_FUNC unsigned JsonReader::four_digits() {
  unsigned value = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = peek();
    const int digit = is_digit(c)            ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) refuse("four hexadecimal digits");
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value;
}

LAMINA_FUNC void JsonReader::escape(std::string& value) {
  constexpr std::string_view names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
  ++at_;
  const char kind = peek();
  const std::size_t place = names.find(kind);
  if (kind != 'u' && place == std::string_view::npos) refuse("an escape");
  ++at_;
  if (kind == 'u')
    append_utf8(value, code_point());
  else
    value += meant[place];
}

LAMINA_FUNC unsigned JsonReader::code_point() {
  const unsigned high = four_digits();
  if (high < 0xD800 || high > 0xDFFF) return high;
  if (high > 0xDBFF || text_.substr(at_, 2) != "\\u") refuse("a pair of surrogates");
  at_ += 2;
  const unsigned low = four_digits();
  if (low < 0xDC00 || low > 0xDFFF) refuse("a pair of surrogates");
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

LAMINA_FUNC void JsonReader::append_utf8(std::string& text, unsigned code) {
  const auto last = [&](int shift) { text += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6)), last(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12)), last(6), last(0);
  } else {
    text += static_cast<char>(0xF0 | (code >> 18)), last(12), last(6), last(0);
  }
}

}  // namespace lamina::detail
