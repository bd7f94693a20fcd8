#pragma once

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "../layers/window.hpp"
#include "../models/any_layer.hpp"
#include "format_safetensors.hpp"
#include "json_reader.hpp"
#include "number_text.hpp"

namespace lamina::detail {

// A layer's hyper-parameters as JSON, both ways by one walk, L::visit_options:
//
//   ,"filters":6,"kernel":[5,5],"stride":[1,1],"padding":[2,2],"weight_initializer":"HeNormal",…
//
// An option that a file does not have keeps its default: it was not there when the file was written. So a default never
// changes what it means.

/// Of AnyInitializer's choices, in their order.
inline constexpr std::string_view initializer_names[] = {"HeNormal", "GlorotUniform", "StandardNormal", "Zeros"};
static_assert(std::size(initializer_names) == std::variant_size_v<decltype(AnyInitializer::choice)>);

/// What an option is in JSON; nothing for one that is as if it were not given.
template <typename Option>
std::string option_json(const Option& option) {
  if constexpr (std::integral<Option>)
    return std::to_string(option);
  else if constexpr (std::floating_point<Option>)
    return json_string(number_text(static_cast<double>(option)));
  else if constexpr (std::same_as<Option, Size>)
    return message("[", option.height, ",", option.width, "]");
  else if constexpr (std::same_as<Option, PoolStride>)
    return option ? option_json(*option) : std::string();
  else if constexpr (std::same_as<Option, std::string>)
    return json_string(option);
  else if constexpr (std::convertible_to<Option, AnyInitializer>)
    return json_string(initializer_names[AnyInitializer(option).choice.index()]);
  else
    static_assert(Initializer<Option>,
                  "visit_options: an option is a whole number, a floating one, a Size, a PoolStride, a std::string or an "
                  "initializer; leave out what is none");
  return {};
}

/// Reads what option_json wrote. Throws DataError for anything else, and for numbers out of range.
template <typename Option>
void read_option(JsonReader& json, Option& option) {
  if constexpr (std::integral<Option>) {
    const std::uint64_t number = json.number(), most = std::uint64_t{std::numeric_limits<Option>::max()};
    if (number > most) throw DataError(message("expects at most ", most, " but got ", number));
    option = static_cast<Option>(number);
  } else if constexpr (std::floating_point<Option>) {
    option = static_cast<Option>(read_number_text(json));
  } else if constexpr (std::same_as<Option, Size>) {
    Index numbers[2] = {};
    std::size_t count = 0;
    json.array([&] {
      if (count == 2) throw DataError("expects a height and a width but got more numbers");
      read_option(json, numbers[count++]);
    });
    if (count != 2) throw DataError(message("expects a height and a width but got ", count, " numbers"));
    option = {numbers[0], numbers[1]};
  } else if constexpr (std::same_as<Option, PoolStride>) {
    Size stride = 1;
    read_option(json, stride);
    option = PoolStride(stride.height, stride.width);
  } else if constexpr (std::same_as<Option, std::string>) {
    option = json.string();
  } else {
    const std::string name = json.string();
    if (name == option_json(option)) return;
    if constexpr (std::same_as<Option, AnyInitializer>) {
      constexpr std::pair<std::string_view, AnyInitializer> known[] = {{initializer_names[0], HeNormal{}},
                                                                       {initializer_names[1], GlorotUniform{}},
                                                                       {initializer_names[2], StandardNormal{}},
                                                                       {initializer_names[3], Zeros{}}};
      for (const auto& [its_name, initializer] : known)
        if (name == its_name) {
          option = initializer;
          return;
        }
      throw DataError(message("\"", JsonReader::printable(name), "\" is no initializer of this version"));
    }
  }
}

/// A layer's options as members of an object, each with a comma before it.
template <typename L>
std::string options_json(const L& layer) {
  std::string text;
  if constexpr (VisitsOptions<L>)
    L::visit_options(
        [&](std::string_view name, const auto& option) {
          const std::string value = option_json(option);
          if (!value.empty()) text.append(",").append(json_string(name)).append(":").append(value);
        },
        layer);
  return text;
}

/// Reads the option of this name; whether the layer has one.
template <typename L>
bool read_option_of(L& layer, const std::string& wanted, JsonReader& json) {
  bool found = false;
  if constexpr (VisitsOptions<L>)
    L::visit_options(
        [&](std::string_view name, auto& option) {
          if (name != wanted) return;
          found = true;
          try {
            read_option(json, option);
          } catch (const DataError& error) {
            throw DataError(message(wanted, ": ", error.what()));
          }
        },
        layer);
  return found;
}

}  // namespace lamina::detail
