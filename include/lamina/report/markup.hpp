#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns text for HTML, XML and SVG, between tags or in a quoted attribute. & < > " ' become entities. Invalid UTF-8
/// and characters that XML 1.0 does not allow become U+FFFD. Invisible or direction-changing marks become \u202e.
std::string escape_markup(std::string_view text);

/// Returns bytes as base64 text (RFC 4648, section 4).
std::string base64(std::span<const std::byte> bytes);

/// A text, or a number as text, for `joined`. It avoids templates, because writers of pages use it a great deal.
class Word {
 public:
  Word(const char* text) : text_(text) {}
  Word(std::string_view text) : text_(text) {}
  Word(const std::string& text) : text_(text) {}
  Word(long number) : digits_(std::to_string(number)) {}
  Word(long long number) : digits_(std::to_string(number)) {}
  Word(int number) : digits_(std::to_string(number)) {}
  Word(std::size_t number) : digits_(std::to_string(number)) {}

  void append_to(std::string& all) const { all.append(digits_).append(text_); }

 private:
  std::string_view text_;
  std::string digits_;
};

/// Returns the words one after another.
std::string joined(std::initializer_list<Word> words);

/// Returns the indices of numbers in ascending order, NaN last; equal ones keep their order.
std::vector<std::size_t> ascending(std::span<const double> numbers);

/// Returns the length in bytes of the UTF-8 character at the front; 1 if there is none.
std::size_t first_character(std::string_view text);

/// Returns the approximate width of a character, relative to the font's size. It is that of DejaVu Sans, which is wider
/// than most; Chinese and similar characters are square.
double character_width(std::string_view text);

/// Returns the approximate width of text in a font of this size.
double drawn_width(std::string_view text, double font_size);

/// Returns text shortened, with an ellipsis, to about this width in a font of this size.
std::string fitted(std::string_view text, double width, double font_size);

/// Returns text shortened, with an ellipsis, to at most this many columns, at least one.
std::string shortened(std::string_view text, Index columns);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/markup.ipp"
#endif
