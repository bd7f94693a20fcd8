#pragma once

#include "../onnx.hpp"

#include "../../models/library_layer.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void add_nodes(ProtobufWriter& graph, const std::vector<OnnxNode>& nodes) {
  std::string from = "input";
  for (const OnnxNode& own : nodes) {
    const std::string to = &own == &nodes.back() ? "output" : own.name;
    ProtobufWriter node;
    if (own.inputs.empty()) node.text(1, from);  // input
    for (const std::string& name : own.inputs) node.text(1, name);
    for (const std::string& name : own.initializers) node.text(1, name);
    node.text(2, to);  // output
    node.text(3, own.name);
    node.text(4, own.op);  // op_type
    node.merge(own.attributes);
    graph.message(1, node);
    from = to;
  }
}

LAMINA_FUNC ProtobufWriter onnx_integers(const std::string& name, std::span<const Index> numbers) {
  ProtobufWriter tensor;
  tensor.number(1, static_cast<Index>(numbers.size()));            // dims
  tensor.number(2, 7);                                             // data_type: INT64
  for (const Index number : numbers) tensor.number(7, number);     // int64_data
  tensor.text(8, name);
  return tensor;
}

LAMINA_FUNC void check_onnx_size(Index parameters) {
  constexpr Index most = (Index{1} << 29) - (Index{1} << 20);
  if (parameters > most)
    throw DataError(
        message("is too large for ONNX: expects at most ", most, " parameters, of 2 GiB, but got ", parameters));
}

LAMINA_FUNC ProtobufWriter onnx_value(std::string_view name, std::span<const Index> sample) {
  std::vector<Index> numbers(sample.begin(), sample.end());
  if (numbers.size() == 3) std::rotate(numbers.begin(), numbers.end() - 1, numbers.end());
  ProtobufWriter batch, extents, tensor, type, value;
  batch.text(2, "N");  // dim_param
  extents.message(1, batch);
  for (const Index number : numbers) {
    ProtobufWriter extent;
    extent.number(1, number);  // dim_value
    extents.message(1, extent);
  }
  tensor.number(1, 1);         // elem_type: FLOAT
  tensor.message(2, extents);  // shape
  type.message(1, tensor);     // tensor_type
  value.text(1, name);
  value.message(2, type);
  return value;
}

/// Returns whether a row's numbers stand in another order in ONNX, (c, h, w), than here, (h, w, c).
[[gnu::cold]] inline bool is_reordered(const RowImage& image) { return image && (*image)[0] * (*image)[1] > 1 && (*image)[2] > 1; }

/// Returns whether numbers of images have to stand as here, (h, w, c), from the Flatten on: no Dense takes the rows that
/// it made of them, or rows of another origin meet them.
template <typename T>
[[gnu::cold]] bool transposes_images(std::span<const typename Program<T>::Layer> layers, const std::vector<RowImage>& images) {
  if (images.back()) return true;
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i].inputs.size() > 1 && !images[i + 1])
      for (const std::size_t value : layers[i].inputs)
        if (is_reordered(images[value])) return true;
  return false;
}

template <typename T>
[[gnu::cold]] ProtobufWriter onnx_graph(const BasicModel<T>& model) {
  ProtobufWriter graph, initializers;
  std::vector<OnnxNode> nodes;
  const auto layers = model.layers();
  const std::vector<RowImage> images = row_images<T>(layers);  // in ONNX (c, h, w), here (h, w, c)
  const bool transposes = transposes_images<T>(layers, images);
  std::vector<std::string> names{"input"};  // of the values
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    const std::string name(layer.node->name()), place = layer.path.empty() ? layer.path : layer.path + ".";
    names.push_back(place + name);
    if (layer.node->merge() == Merge::from) continue;
    std::vector<std::string> inputs;
    for (const std::size_t value : layer.inputs) inputs.push_back(names[value]);
    if (transposes && layer.node->template get_if<Flatten>() && layer.in.size() == 4) {
      nodes.push_back(OnnxNode{"Transpose", names.back() + ".Transpose"}.ints("perm", {0, 2, 3, 1}));
      nodes.back().inputs = std::move(inputs);
      inputs = {nodes.back().name};
    }
    for (std::size_t k = 0; k < layer.inputs.size() && layer.inputs.size() > 1 && layer.out.size() == 4; ++k) {
      const auto& extents = layer.inputs[k] == 0 ? layers[0].in : layers[layer.inputs[k] - 1].out;
      if (extents.size() == 4) continue;  // a factor for each channel: (N, C) becomes (N, C, 1, 1)
      OnnxNode node{"Unsqueeze", names.back() + ".Unsqueeze"};
      node.inputs = {inputs[k]};
      node.integers = {{2, 3}};  // axes
      inputs[k] = node.name;
      nodes.push_back(std::move(node));
    }
    const bool known = visit_library_layer(*layer.node, [&](const auto& own) { nodes.push_back(OnnxNodeOf{}(own)); });
    if (!known)
      throw OptionError(message("export_onnx: ", layer.path.empty() ? "" : message("layer ", layer.path, ": "), name,
                                ": is not one of the library's layers, so that ONNX has no operator for it"));
    OnnxNode& node = nodes.back();
    node.name = names.back();
    node.inputs = std::move(inputs);
    if (const Subsample* sample = layer.node->template get_if<Subsample>()) {
      const Index H = layer.in[1], W = layer.in[2], C = layer.in[3], more = layer.out[3] - C, front = sample->front(C);
      OnnxNode slice{"Slice", node.name + ".Slice"};
      slice.inputs = std::exchange(node.inputs, std::vector<std::string>{slice.name});
      slice.integers = {{0, 0}, {H, W}, {2, 3}, {sample->stride.height, sample->stride.width}};  // starts, ends, axes, steps
      node.integers = {{0, front, 0, 0, 0, more - front, 0, 0}};                                // pads
      nodes.insert(nodes.end() - 1, std::move(slice));
      continue;
    }
    model.parameters().each_tensor(i, [&](std::string_view its_name, TensorPointer<T> tensor) {
      node.initializers.push_back(place + std::string(its_name));
      const FileLayout layout =
          file_layout(*layer.node, tensor, Convention::pytorch, transposes ? RowImage() : images[layer.inputs[0]]);
      tensor.visit([&](const auto& numbers) {
        initializers.message(5, onnx_tensor(node.initializers.back(), layout, numbers.data(), numbers.size()));
      });
    });
  }
  for (OnnxNode& node : nodes)
    for (const auto& numbers : node.integers) {
      node.initializers.push_back(message(node.name, ".", node.initializers.size()));
      initializers.message(5, onnx_integers(node.initializers.back(), numbers));
    }
  add_nodes(graph, nodes);
  graph.text(2, "lamina");  // name
  graph.merge(initializers);
  graph.message(11, onnx_value("input", model.sample_extents()));
  graph.message(12, onnx_value("output", model.output_extents()));
  return graph;
}

}  // namespace lamina::detail
