#pragma once

#include "../exec/layer_node.hpp"
#include "any_layer.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Calls visitor(layer) with the layer of a node as one of the library's types; a Conv or Dense has the default
/// initializers. Returns whether it is one of them.
template <typename T, typename Visitor>
bool visit_library_layer(const LayerNode<T>& node, const Visitor& visitor) {
  const auto visit = [&]<typename L>(std::type_identity<L>) {
    const L* const layer = node.template get_if<L>();
    if (layer) visitor(*layer);
    return layer != nullptr;
  };
  return [&]<typename... Ls>(std::type_identity<std::variant<Ls...>>) {
    return (visit(std::type_identity<plain_t<Ls>>{}) || ...);
  }(std::type_identity<AnyLayer<>>{});
}

}  // namespace lamina::detail
