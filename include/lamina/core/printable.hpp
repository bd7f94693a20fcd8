#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// Returns text from outside, such as a class name or a file name, in a form that is safe to show. The result moves no
/// cursor, changes no colour, and keeps to its line and its direction. Control characters become \n, \t, \r or \x1b,
/// bytes that are not UTF-8 become \xe9, and invisible or direction-changing marks become \u202e. Everything else stays,
/// as do the ASCII control characters in `kept`.
///
///   std::cout << printable(data.class_name(k)) << '\n';
std::string printable(std::string_view text, std::string_view kept = "");

namespace detail {

/// Returns the length in bytes of the UTF-8 character at the front if `printable` escapes it as \u202e, otherwise 0.
std::size_t hidden_character(std::string_view text);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/printable.ipp"
#endif
