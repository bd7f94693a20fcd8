#pragma once

#include "../architecture.hpp"

#include "../../models/library_layer.hpp"
#include "../option_json.hpp"

namespace LAMINA_NAMESPACE::detail {

template <typename T>
[[gnu::cold]] Architecture describe(const BasicModel<T>& model) {
  const auto sample = model.sample_extents();
  Architecture network{{sample.begin(), sample.end()}, model.inputs(), {}};
  for (const auto& layer : model.layers()) {
    LayerDescription one{layer.path, std::string(layer.node->name()), detail::options_json(layer.node->options()), {},
                         layer.in, layer.out, layer.inputs};
    detail::visit_library_layer(*layer.node, [&](const auto& own) { one.layer = AnyLayer<>(detail::listed(own)); });
    network.layers.push_back(std::move(one));
  }
  return network;
}

}  // namespace lamina::detail
