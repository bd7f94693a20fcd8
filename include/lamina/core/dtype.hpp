#pragma once

#include <concepts>
#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the name of this number type in files, as in safetensors: "F32".
template <typename T>
constexpr std::string_view dtype_of() {
  static_assert(std::same_as<T, float> || std::same_as<T, double> || (std::signed_integral<T> && sizeof(T) == 8));
  return std::same_as<T, float> ? "F32" : std::same_as<T, double> ? "F64" : "I64";
}

}  // namespace lamina::detail
