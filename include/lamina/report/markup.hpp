#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// Text as it may stand in HTML, XML and SVG, between tags or as an attribute in quotes: & < > " ' are written as
/// entities; what is not UTF-8, or a character that XML 1.0 does not know, becomes U+FFFD; marks that turn the direction of
/// text or show nothing become \u202e.
std::string escape_markup(std::string_view text);

/// Bytes as text (RFC 4648, section 4).
std::string base64(std::span<const std::byte> bytes);

namespace detail {

/// Text, or a number as text: what `joined` takes. No templates, as the writers of pages have a great deal of it.
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

/// The words, one after another.
std::string joined(std::initializer_list<Word> words);

/// The places of numbers, those of the least first, what is no number last; equal ones keep their order.
std::vector<std::size_t> ascending(std::span<const double> numbers);

/// How many bytes the UTF-8 character at the front takes; 1 where there is none.
std::size_t first_character(std::string_view text);

/// About how wide a character is, in parts of the font's size; as DejaVu Sans has it, which is wider than most. Chinese
/// and the like are square.
double character_width(std::string_view text);

/// About how wide text is in a font of this size.
double drawn_width(std::string_view text, double font_size);

/// Text that is about as wide as this in a font of this size; where it is wider, it ends in an ellipsis.
std::string fitted(std::string_view text, double width, double font_size);

/// Text of at most this many columns; where it is longer, it ends in an ellipsis. At least one column.
std::string shortened(std::string_view text, Index columns);

}  // namespace detail

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/markup.ipp"
#endif
