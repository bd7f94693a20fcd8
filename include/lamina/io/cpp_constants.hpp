#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../models/model.hpp"
#include "layouts.hpp"
#include "number_text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns a number as a C++ constant that is equal to the bit: 0.1f, 3.0. Throws DataError if it is not finite.
template <typename T>
std::string cpp_number(T number) {
  if (!std::isfinite(number)) throw DataError(str_cat("holds ", number, ", for which C++ has no constant"));
  std::string text = number_text(number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return std::is_same_v<T, float> ? text + "f" : text;
}

/// Returns a number as a C++ int. Throws DataError if it may not fit.
std::string cpp_int(Index number);

/// Returns an array definition: static constexpr Number weight_0[] = {0.5f, …};
template <typename T>
std::string cpp_array(const std::string& name, std::span<const T> numbers) {
  std::string text = str_cat("static constexpr Number ", name, "[] = {"), line;
  for (const T number : numbers) {
    line.append(line.empty() ? "\n   " : "").append(" ").append(cpp_number(number)).append(",");
    if (line.size() > 110) {
      text += line;
      line.clear();
    }
  }
  text += line;
  if (!numbers.empty()) text.pop_back();  // the last comma
  return text + "};\n";
}

/// Returns a text as a string literal that is valid in old and new C++.
std::string cpp_string(std::string_view text);

/// Returns all tensors of a model as arrays: weight_0, bias_0, …, numbered by layer, counting through nested ones.
template <typename T>
std::string cpp_arrays(const BasicModel<T>& model);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/cpp_constants.ipp"
#endif
