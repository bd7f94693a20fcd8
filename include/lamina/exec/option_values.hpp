#pragma once

#include <concepts>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/text.hpp"
#include "../layers/any_initializer.hpp"
#include "../layers/conv_geometry.hpp"
#include "../layers/pool.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns a hyper-parameter as text; an empty text if it cannot be written.
template <typename Value>
[[gnu::cold]] std::string option_text(const Value& value) {
  if constexpr (std::is_arithmetic_v<Value>) {
    return shortest(static_cast<double>(value));
  } else if constexpr (requires { value.begin(), value.end(); }) {
    std::string list;
    for (const auto& one : value) list.append(list.empty() ? "" : " ").append(detail::option_text(one));
    return list;
  } else if constexpr (requires(std::ostream& out) { out << value; }) {
    return lamina::str_cat(value);
  } else {
    return {};
  }
}

/// Returns the hyper-parameters of a layer, a loss or an optimizer that has visit_options.
template <typename Thing>
[[gnu::cold]] std::vector<std::pair<std::string_view, std::string>> option_texts(const Thing& thing) {
  std::vector<std::pair<std::string_view, std::string>> options;
  const auto tell = [&](std::string_view name, const auto& value) { options.emplace_back(name, detail::option_text(value)); };
  if constexpr (requires { Thing::visit_options(tell, thing); }) Thing::visit_options(tell, thing);
  return options;
}

/// A hyper-parameter of a layer without its type.
struct OptionValue {
  enum class Kind { integer, integers, real, size, sizes, text, initializer, absent, other };

  std::string_view name;  // "filters"
  std::string text;       // see option_text
  Kind kind = Kind::other;
  std::string exact = {};  // of an integer, all digits; of several, or of sizes, "[1,0,2,1]"; of a library's initializer, see AnyInitializer::text
  double real = 0;
  Size2D size = 0;
};

/// Returns a hyper-parameter without its type.
template <typename Option>
[[gnu::cold]] OptionValue option_value(std::string_view name, const Option& option) {
  using Kind = OptionValue::Kind;
  OptionValue value{.name = name, .text = detail::option_text(option)};
  if constexpr (std::same_as<Option, PoolStride>) {
    value.kind = option ? Kind::size : Kind::absent;
    if (option) value.size = *option;
  } else if constexpr (std::integral<Option>) {
    value.kind = Kind::integer;
    value.exact = std::to_string(option);
  } else if constexpr (std::same_as<Option, std::vector<Index>>) {
    value.kind = Kind::integers;
    for (const Index one : option) value.exact.append(value.exact.empty() ? "[" : ",").append(std::to_string(one));
    value.exact.append(option.empty() ? "[]" : "]");
  } else if constexpr (std::floating_point<Option>) {
    value.kind = Kind::real;
    value.real = static_cast<double>(option);
  } else if constexpr (std::same_as<Option, Size2D>) {
    value.kind = Kind::size;
    value.size = option;
  } else if constexpr (std::same_as<Option, Padding>) {
    value.kind = option.same ? Kind::text : option.is_symmetric() ? Kind::size : Kind::sizes;
    value.size = Size2D(option.top, option.left);
    value.exact = str_cat("[", option.top, ",", option.left, ",", option.bottom, ",", option.right, "]");
  } else if constexpr (std::same_as<Option, std::string>) {
    value.kind = Kind::text;
  } else if constexpr (std::convertible_to<Option, AnyInitializer>) {
    value.kind = Kind::initializer;
    value.exact = AnyInitializer(option).text();
  } else if constexpr (Initializer<Option>) {
    value.kind = Kind::initializer;
  }
  return value;
}

/// Returns the hyper-parameters of a layer that has visit_options.
template <typename L>
[[gnu::cold]] std::vector<OptionValue> option_values(const L& layer) {
  std::vector<OptionValue> values;
  const auto tell = [&](std::string_view name, const auto& option) { values.push_back(detail::option_value(name, option)); };
  if constexpr (requires { L::visit_options(tell, layer); }) L::visit_options(tell, layer);
  return values;
}

}  // namespace lamina::detail
