#pragma once

#include <concepts>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>

#include "../layers/pool.hpp"
#include "../layers/window.hpp"
#include "../models/any_initializer.hpp"
#include "format_safetensors.hpp"
#include "number_text.hpp"

namespace LAMINA_NAMESPACE::detail {

// A layer's hyper-parameters as JSON, both ways by one walk, L::visit_options:
//
//   ,"filters":6,"kernel":[5,5],"stride":[1,1],"padding":[2,2],"weight_initializer":"HeNormal",…
//
// An option that a file does not have keeps its default: it was not there when the file was written. So a default never
// changes what it means.

/// The names of AnyInitializer's choices, in their order.
inline constexpr std::string_view initializer_names[] = {"HeNormal", "GlorotUniform", "StandardNormal", "Zeros"};
static_assert(std::size(initializer_names) == std::variant_size_v<decltype(AnyInitializer::choice)>);

/// Returns an option in JSON; nothing for one that is as if it were not given, and for an initializer that is not the
/// library's, as no file can bring it.
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
    static_assert(
        Initializer<Option>,
        "visit_options: an option is a whole number, a floating one, a Size, a PoolStride, a std::string or an "
        "initializer; leave out what is none");
  return {};
}

/// A layer's options as members of an object, each with a comma before it.
template <typename L>
[[gnu::cold]] std::string options_json(const L& layer) {
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

}  // namespace lamina::detail
