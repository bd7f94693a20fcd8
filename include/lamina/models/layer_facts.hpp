#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/parameters.hpp"
#include "../core/text.hpp"
#include "basic_model.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns a hyper-parameter as text; nothing for what cannot be written.
template <typename Value>
[[gnu::cold]] std::string option_text(const Value& value) {
  if constexpr (std::is_arithmetic_v<Value>) {
    return shortest(static_cast<double>(value));
  } else if constexpr (requires { value.begin(), value.end(); }) {
    std::string list;
    for (const auto& one : value) list.append(list.empty() ? "" : " ").append(option_text(one));
    return list;
  } else if constexpr (requires(std::ostream& out) { out << value; }) {
    return message(value);
  } else {
    return {};
  }
}

/// Returns the hyper-parameters of a layer, a loss or an optimizer that tells of them.
template <typename Thing>
[[gnu::cold]] std::vector<std::pair<std::string_view, std::string>> option_texts(const Thing& thing) {
  std::vector<std::pair<std::string_view, std::string>> options;
  const auto tell = [&](std::string_view name, const auto& value) { options.emplace_back(name, option_text(value)); };
  if constexpr (requires { Thing::visit_options(tell, thing); }) Thing::visit_options(tell, thing);
  return options;
}

/// Tells what a layer is, of each that it is shown by `walk`.
struct TellFacts {
  FunctionRef<void(const LayerFacts&)> tell;

  template <typename L, int Rank, typename P>
  [[gnu::cold]] void operator()(const std::string& path, const L& layer, const Shape<Rank>& in, const P& p) const {
    const auto out = sample_shape(layer.output_shape(in));
    LayerFacts facts{path, std::string_view(L::name), {out.extents.begin(), out.extents.end()}, option_texts(layer), {}};
    if constexpr (!std::is_same_v<std::remove_const_t<P>, None>)
      P::visit([&](std::string_view name, const auto& tensor) { facts.add_tensor(name, shape(tensor).extents); }, p);
    tell(facts);
  }
};

}  // namespace lamina::detail
