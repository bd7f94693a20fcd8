#pragma once

#include "../onnx_graph.hpp"

#include "../protobuf_reader.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void OnnxGraph::add_tensor(std::string_view name, const OnnxTensor& tensor) {
  if (!tensors.emplace(name, tensor).second)
    throw DataError(str_cat("has two initializers of the name ", quoted(name)));
}

LAMINA_FUNC void read_onnx_extent(std::span<const std::byte> bytes, OnnxValue& value) {
  if (value.extents.size() == 8) throw DataError(str_cat(quoted(value.name), " has more than eight axes"));
  Index extent = 0;
  std::string_view axis;
  read_protobuf(bytes, [&](const ProtobufField& field) {
    if (field.number == 1) extent = static_cast<Index>(field.whole());
    if (field.number == 2) axis = field.text();
  });
  value.extents.push_back(extent);
  value.axes.push_back(axis);
}

LAMINA_FUNC OnnxValue read_onnx_value(std::span<const std::byte> bytes) {
  OnnxValue value;
  // In type.tensor_type, elem_type is field 1 and shape is field 2.
  const auto read_tensor = [&](const ProtobufField& field) {
    if (field.number == 1) value.type = field.whole();
    if (field.number != 2) return;
    read_protobuf(field.message(), [&](const ProtobufField& extent) {
      if (extent.number == 1) read_onnx_extent(extent.message(), value);
    });
  };
  read_protobuf(bytes, [&](const ProtobufField& field) {
    if (field.number == 1) value.name = field.text();
    if (field.number != 2) return;
    read_protobuf(field.message(), [&](const ProtobufField& type) {
      if (type.number == 1) read_protobuf(type.message(), read_tensor);
    });
  });
  return value;
}

LAMINA_FUNC void read_onnx_input(OnnxGraph& graph, const OnnxValue& value) {
  const auto& extents = value.extents;
  const std::string name = "its input " + quoted(value.name);
  if (!is_real_onnx_type(value.type))
    throw DataError(
        str_cat(name, " is of the type ", value.type, " of ONNX; expects FLOAT, DOUBLE, FLOAT16 or BFLOAT16"));
  if (extents.size() != 2 && extents.size() != 4)
    throw DataError(str_cat(name, " has ", extents.size(), " axes; expects images (N, C, H, W) or rows (N, F)"));
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    if (extents[axis] < 0 || (axis > 0 && extents[axis] == 0))
      throw DataError(str_cat(name, " has no fixed extent along axis ", axis, ", ",
                              extents[axis] < 0 ? std::to_string(extents[axis]) : quoted(value.axes[axis]),
                              "; export it with fixed extents, of which only the first may be free"));
  }
  graph.input = value.name;
  graph.batch = extents[0];
  if (extents.size() == 2)
    graph.sample = {extents[1]};
  else
    graph.sample = {extents[2], extents[3], extents[1]};
}

LAMINA_FUNC void read_onnx_graph(std::span<const std::byte> bytes, OnnxGraph& graph) {
  std::vector<std::span<const std::byte>> inputs;
  std::size_t outputs = 0;
  read_protobuf(bytes, [&](const ProtobufField& field) {
    switch (field.number) {
      case 1:
        graph.nodes.push_back(field.message());
        break;
      case 5: {
        const OnnxTensor tensor = read_onnx_tensor(field.message(), &graph.files);
        graph.add_tensor(tensor.name, tensor);
        break;
      }
      case 11:
        inputs.push_back(field.message());
        break;
      case 12:
        graph.output = read_onnx_value(field.message()).name;
        ++outputs;
        break;
      default:
        break;
    }
  });
  std::size_t given = 0;  // up to IR 3, initializers are also inputs
  for (const auto& input : inputs) {
    const OnnxValue value = read_onnx_value(input);
    if (!graph.tensors.contains(value.name) && ++given == 1) read_onnx_input(graph, value);
  }
  if (given != 1 || outputs != 1)
    throw DataError(str_cat("has ", given, " inputs and ", outputs, " outputs; expects one of each"));
}

LAMINA_FUNC OnnxGraph read_onnx_model(std::span<const std::byte> bytes, const std::filesystem::path& folder) {
  OnnxGraph graph;
  graph.files = OnnxFiles(folder);
  std::size_t graphs = 0;
  std::span<const std::byte> own;
  const auto read_field = [&](const ProtobufField& field) {
    if (field.number == 7) own = field.message(), ++graphs;
    if (field.number == 8) {  // opset_import
      std::string_view domain;
      Index version = 0;
      read_protobuf(field.message(), [&](const ProtobufField& opset) {
        if (opset.number == 1) domain = opset.text();
        if (opset.number == 2) version = static_cast<Index>(opset.whole());
      });
      if (domain.empty() || domain == "ai.onnx") graph.opset = version;
    }
    if (field.number == 14) {  // metadata_props
      std::string_view key, value;
      read_protobuf(field.message(), [&](const ProtobufField& entry) {
        if (entry.number == 1) key = entry.text();
        if (entry.number == 2) value = entry.text();
      });
      if (key.starts_with("lamina")) graph.metadata[std::string(key)] = std::string(value);
    }
  };
  try {
    read_protobuf(bytes, read_field);
  } catch (const DataError& error) {
    if (graphs > 0) throw;
    const bool zip = bytes.size() > 1 && bytes[0] == std::byte{'P'} && bytes[1] == std::byte{'K'};
    throw DataError(str_cat(error.what(), zip ? "; it begins as a ZIP archive, such as torch.save writes: write it with torch.onnx.export"
                                              : "; is it an ONNX file?"));
  }
  if (graphs != 1) throw DataError(str_cat("has ", graphs, " graphs; expects one; is it an ONNX file?"));
  if (graph.opset < 7 || graph.opset > 21)
    throw DataError(
        str_cat("is of opset ", graph.opset, "; expects one of 7 to 21; export it with opset 17, for example"));
  read_onnx_graph(own, graph);
  return graph;
}

}  // namespace lamina::detail
