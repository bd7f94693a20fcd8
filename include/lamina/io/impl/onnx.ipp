#pragma once

#include "../onnx.hpp"

#include "../../models/library_layer.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC ProtobufWriter onnx_initializer(const std::string& name, const OnnxConstant& constant) {
  std::string raw;
  const auto add = [&](auto number) {
    std::byte bytes[sizeof(number)];
    write_number(number, bytes);
    raw.append(reinterpret_cast<const char*>(bytes), sizeof(number));
  };
  for (const float number : constant.numbers) add(number);
  for (const Index number : constant.wholes) add(static_cast<std::int64_t>(number));
  ProtobufWriter tensor;
  for (const Index extent : constant.dims) tensor.number(1, extent);
  tensor.number(2, constant.wholes.empty() ? 1 : 7);  // FLOAT or INT64
  tensor.text(8, name);
  tensor.text(9, raw);
  return tensor;
}

LAMINA_FUNC void add_node(ProtobufWriter& graph, const OnnxNode& own, std::vector<std::string> inputs, const std::string& to) {
  const std::string input = inputs[0];
  for (std::size_t i = 0; i <= own.then.size(); ++i) {
    const OnnxNode& part = i == 0 ? own : own.then[i - 1];
    const bool last = i == own.then.size();
    const std::string name = last ? own.name : str_cat(own.name, ".", i, ".", part.op), out = last ? to : name;
    if (part.takes_input) inputs.push_back(input);
    for (std::size_t k = 0; k < part.tensors; ++k) inputs.push_back(own.initializers[part.first_tensor + k]);
    ProtobufWriter node;
    for (const std::string& one : inputs) node.text(1, one);  // input
    for (std::size_t k = 0; k < part.constants.size(); ++k) {
      const std::string constant = str_cat(name, ".constant", part.constants.size() > 1 ? str_cat(k) : "");
      node.text(1, constant);
      graph.message(5, onnx_initializer(constant, part.constants[k]));
    }
    if (own.then.empty())
      for (const std::string& one : own.initializers) node.text(1, one);
    node.text(2, out);  // output
    node.text(3, name);
    node.text(4, part.op);  // op_type
    node.merge(part.attributes);
    graph.message(1, node);
    inputs = {out};
  }
}

LAMINA_FUNC void add_nodes(ProtobufWriter& graph, const std::vector<OnnxNode>& nodes) {
  std::string from = "input";
  for (const OnnxNode& own : nodes) {
    const std::string to = &own == &nodes.back() ? "output" : own.name;
    add_node(graph, own, own.inputs.empty() ? std::vector<std::string>{from} : own.inputs, to);
    from = to;
  }
}

LAMINA_FUNC void check_onnx_size(Index parameters) {
  constexpr Index most = (Index{1} << 29) - (Index{1} << 20);
  if (parameters > most)
    throw DataError(
        str_cat("is too large for ONNX: expects at most ", most, " parameters, of 2 GiB, but got ", parameters));
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
/// it made of them, rows of another origin meet them, or some of them are taken.
template <typename T>
[[gnu::cold]] bool transposes_images(std::span<const typename Program<T>::Layer> layers, const std::vector<RowImage>& images) {
  if (images.back()) return true;
  for (std::size_t i = 0; i < layers.size(); ++i)
    if ((layers[i].inputs.size() > 1 || layers[i].node->template get_if<Narrow>()) && !images[i + 1])
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
      node.constants = {{{2}, {}, {2, 3}}};  // axes
      inputs[k] = node.name;
      nodes.push_back(std::move(node));
    }
    const bool known = visit_library_layer(*layer.node, [&](const auto& own) { nodes.push_back(OnnxNodeOf{layer.in}(own)); });
    if (!known)
      throw OptionError(str_cat("export_onnx: ", layer.path.empty() ? "" : str_cat("layer ", layer.path, ": "), name,
                                ": is not one of the library's layers, so that ONNX has no operator for it"));
    OnnxNode& node = nodes.back();
    node.name = names.back();
    node.inputs = std::move(inputs);
    if (const BatchNorm* norm = layer.node->template get_if<BatchNorm>(); norm && !norm->affine)
      for (const auto& [its_name, value] : {std::pair{"weight", T(1)}, std::pair{"bias", T(0)}}) {
        const std::vector<T> numbers(static_cast<std::size_t>(layer.out.back()), value);
        node.initializers.push_back(place + its_name);
        initializers.message(5, onnx_tensor(node.initializers.back(), file_layout(None{}, Shape<1>{{layer.out.back()}}, {}),
                                            numbers.data(), layer.out.back()));
      }
    model.parameters().each_tensor(i, [&](std::string_view its_name, TensorPointer<T> tensor) {
      node.initializers.push_back(place + std::string(its_name));
      FileLayout layout = file_layout(*layer.node, tensor, WeightLayout::pytorch, transposes ? RowImage() : images[layer.inputs[0]]);
      // What belongs to the channels of images (N, C, H, W) is (C, 1, 1) to operators that do not know of channels.
      if (layer.in.size() == 4 && (layer.node->template get_if<PReLU>() || layer.node->template get_if<GroupNorm>()))
        layout.shape.insert(layout.shape.end(), {1, 1});
      tensor.visit([&](const auto& numbers) {
        initializers.message(5, onnx_tensor(node.initializers.back(), layout, numbers.data(), numbers.size()));
      });
    });
  }
  add_nodes(graph, nodes);
  graph.text(2, "lamina");  // name
  graph.merge(initializers);
  graph.message(11, onnx_value("input", model.sample_extents()));
  graph.message(12, onnx_value("output", model.output_extents()));
  return graph;
}

}  // namespace lamina::detail
