#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// Returns text from elsewhere, such as the name of a class or a file, as it may be shown: it moves no cursor, changes no
/// colour and keeps to its line and its direction. Control characters become \n, \t, \r or \x1b, bytes that are not UTF-8
/// \xe9, marks that turn the direction or show nothing \u202e. All else stays, as do the ASCII control characters in `kept`.
///
///   std::cout << printable(data.class_name(k)) << '\n';
std::string printable(std::string_view text, std::string_view kept = "");

namespace detail {

/// Returns how many bytes the UTF-8 character at the front takes that `printable` escapes as \u202e; 0 where it is another.
std::size_t hidden_character(std::string_view text);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/printable.ipp"
#endif
