#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "../core/error.hpp"

namespace lamina::detail {

/// What cannot name anything of a program's own: C++20's keywords and alternative tokens, `main` and `std`.
inline constexpr std::string_view cpp_reserved[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
    "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept", "const",
    "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double",
    "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if",
    "inline", "int", "long", "main", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
    "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "return",
    "short", "signed", "sizeof", "static", "static_assert", "static_cast", "std", "struct", "switch", "template",
    "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
    "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq"};
static_assert(std::is_sorted(std::begin(cpp_reserved), std::end(cpp_reserved)));

/// Throws OptionError unless a namespace of C++ can have this name: letters and digits, and underscores neither at its
/// beginning nor two in a row, as such names belong to the compiler.
inline void check_namespace(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  const auto refuse = [&](std::string_view why) {
    throw OptionError(message("export_cpp: expects a name that can be a namespace of C++ but got \"", name, "\"", why));
  };
  if (std::binary_search(std::begin(cpp_reserved), std::end(cpp_reserved), name))
    refuse(", which means something in C++; name the file otherwise");
  if (name.empty() || !letter(name[0]) || !std::all_of(name.begin(), name.end(), allowed) ||
      name.find("__") != std::string::npos)
    refuse("; name the file with letters, digits and single underscores, a letter first");
}

}  // namespace lamina::detail
