#pragma once

#include "../cpp_namespace.hpp"

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_namespace(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  const auto refuse = [&](std::string_view why) {
    throw OptionError(str_cat("export_cpp: expects a name that can be a namespace of C++ but got \"", name, "\"", why));
  };
  if (std::binary_search(std::begin(cpp_reserved), std::end(cpp_reserved), name))
    refuse(", which means something in C++; name the file otherwise");
  if (name.empty() || !letter(name[0]) || !std::all_of(name.begin(), name.end(), allowed) ||
      name.find("__") != std::string::npos)
    refuse("; name the file with letters, digits and single underscores, a letter first");
}

}  // namespace lamina::detail
