#pragma once

#include "../stored_tensors.hpp"

#include "../../layers/batch_norm.hpp"
#include "../../layers/group_norm.hpp"
#include "../../layers/layer_norm.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Appends a tensor after the others.
[[gnu::cold]] inline void store(std::vector<StoredTensor>& stored, std::string name, std::string_view dtype,
                                FileLayout layout) {
  SafeTensors::Entry entry{std::move(name), std::string(dtype)};
  entry.shape.assign(layout.shape.begin(), layout.shape.end());
  entry.begin = stored.empty() ? 0 : stored.back().entry.end;
  entry.end = entry.begin + SafeTensors::byte_count(entry);
  stored.push_back({std::move(entry), std::move(layout)});
}

/// Returns Keras's name of a layer's tensor.
template <typename T>
[[gnu::cold]] std::string_view keras_name(const LayerNode<T>& node, std::string_view name) {
  if (name == "weight" && (node.template get_if<Conv>() || node.template get_if<ConvTranspose>() || node.template get_if<Dense>())) return "kernel";
  if (node.template get_if<PReLU>()) return "alpha";
  if (!node.template get_if<BatchNorm>() && !node.template get_if<GroupNorm>() && !node.template get_if<LayerNorm>()) return name;
  return name == "weight" ? "gamma" : name == "bias" ? "beta" : name == "running_mean" ? "moving_mean" : "moving_variance";
}

template <typename T>
[[gnu::cold]] std::vector<StoredTensor> stored_tensors(const BasicModel<T>& model, const Naming& naming,
                                                       std::vector<LayerText>* texts) {
  std::vector<StoredTensor> stored;
  const std::vector<RowImage> images = row_images<T>(model.layers());
  std::size_t with_tensors = 0;
  const bool keras = naming.convention == WeightLayout::keras;
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const auto& layer = model.layers()[i];
    const LayerNode<T>& node = *layer.node;
    const std::size_t before = stored.size();
    std::string place = keras ? std::to_string(with_tensors) : naming.places ? naming.places->at(i) : layer.path;
    if (!place.empty()) place += ".";
    model.parameters().each_tensor(i, [&](std::string_view name, TensorPointer<T> tensor) {
      store(stored, place + std::string(keras ? keras_name(node, name) : name), dtype_of<T>(), file_layout(node, tensor, naming.convention, images[layer.inputs[0]]));
    });
    with_tensors += stored.size() > before;
    if (texts) texts->push_back({layer.path, std::string(node.name()), options_json(node.options())});
  }
  return stored;
}

}  // namespace lamina::detail
