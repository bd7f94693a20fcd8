#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The words that cannot name a namespace: C++20's keywords and alternative tokens, `main` and `std`.
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

/// Throws OptionError unless the name is valid for a C++ namespace: letters, digits and underscores, beginning with a
/// letter. Two underscores in a row are reserved for the compiler.
void check_namespace(const std::string& name);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/cpp_namespace.ipp"
#endif
