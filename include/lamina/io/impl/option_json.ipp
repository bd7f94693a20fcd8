#pragma once

#include "../option_json.hpp"

#include "../format_safetensors.hpp"
#include "../number_text.hpp"

namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] LAMINA_FUNC std::string option_json(const OptionValue& option) {
  switch (option.kind) {
    case OptionValue::Kind::integer:
    case OptionValue::Kind::integers:
    case OptionValue::Kind::sizes: return option.exact;
    case OptionValue::Kind::real: return json_string(number_text(option.real));
    case OptionValue::Kind::size: return str_cat("[", option.size.height, ",", option.size.width, "]");
    case OptionValue::Kind::text: return json_string(option.text);
    case OptionValue::Kind::initializer: return option.exact.empty() || option.exact[0] == '{' ? option.exact : json_string(option.exact);
    case OptionValue::Kind::absent: return {};
    case OptionValue::Kind::other: break;
  }
  throw OptionError(str_cat("visit_options: \"", option.name,
                            "\" has a type that files cannot hold: expects a whole number, a list of them, a floating-point number, "
                            "Size, PoolStride, std::string or an initializer; leave other options out"));
}

[[gnu::cold]] LAMINA_FUNC std::string options_json(std::span<const OptionValue> options) {
  std::string text;
  for (const OptionValue& option : options) {
    const std::string value = option_json(option);
    if (!value.empty()) text.append(",").append(json_string(option.name)).append(":").append(value);
  }
  return text;
}

}  // namespace lamina::detail
