#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "../layers/any_initializer.hpp"
#include "../layers/conv_geometry.hpp"
#include "format_safetensors.hpp"
#include "json_reader.hpp"
#include "number_text.hpp"
#include "option_json.hpp"

namespace LAMINA_NAMESPACE::detail {

// read_option reads what option_json wrote. It throws DataError for anything else, and for numbers out of range.

template <std::integral Whole>
Whole in_range(JsonReader::Integer number) {
  const auto [negative, size] = number;
  const std::uint64_t most = static_cast<std::uint64_t>((std::numeric_limits<Whole>::max)()) + (negative ? 1 : 0);
  if (size > most)
    throw DataError(
        str_cat("expects at ", negative ? "least -" : "most ", most, " but got ", negative ? "-" : "", size));
  return static_cast<Whole>(negative ? 0 - size : size);
}

template <std::integral Whole>
void read_option(JsonReader& json, Whole& option) {
  option = in_range<Whole>(std::is_signed_v<Whole> ? json.integer() : JsonReader::Integer{false, json.number()});
}

template <std::floating_point Real>
void read_option(JsonReader& json, Real& option) {
  option = static_cast<Real>(read_number_text(json));
}

void read_option(JsonReader& json, Size2D& option);

void read_option(JsonReader& json, std::vector<Index>& option);

void read_option(JsonReader& json, PoolStride& option);

void read_option(JsonReader& json, Padding& option);

inline void read_option(JsonReader& json, std::string& option) { option = json.string(); }

void read_option(JsonReader& json, AnyInitializer& option);

/// Reads an initializer that the layer's type fixes. Throws DataError for another one, which means another layer's file.
template <Initializer I>
void read_option(JsonReader& json, I& option) {
  AnyInitializer read;
  read_option(json, read);
  std::string_view own;
  if constexpr (std::convertible_to<I, AnyInitializer>) {
    own = AnyInitializer(option).name();
    if (read.name() == own) {
      option = read.as<I>();
      return;
    }
  }
  const std::string expected = own.empty() ? "no name, as it is none of the library's initializers,"
                                           : str_cat("\"", own, "\", which is the layer's own,");
  throw DataError(str_cat("expects ", expected, " but got \"", read.name(), "\""));
}

/// Reads the option of this name. Returns whether the layer has one.
template <typename L>
bool read_option_of(L& layer, const std::string& wanted, JsonReader& json) {
  bool found = false;
  if constexpr (VisitsOptions<L>)
    L::visit_options(
        [&](std::string_view name, auto& option) {
          if (name != wanted) return;
          found = true;
          try {
            detail::read_option(json, option);
          } catch (const DataError& error) {
            throw DataError(str_cat(wanted, ": ", error.what()));
          }
        },
        layer);
  return found;
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/layer_options.ipp"
#endif
