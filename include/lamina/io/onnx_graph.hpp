#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onnx_tensor.hpp"
#include "protobuf_writer.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The content of an ONNX file, in the messages of onnx.proto3. It holds views of the file's bytes, which must outlive it.
struct OnnxGraph {
  Index opset = 0;                                 // version of ONNX's own operators
  std::map<std::string, std::string> metadata;     // metadata that lamina wrote
  std::vector<std::span<const std::byte>> nodes;   // NodeProto, in the file's order
  std::map<std::string_view, OnnxTensor> tensors;  // initializers by name
  std::list<ProtobufWriter> written;               // those that the file has in another form, as attributes of nodes
  OnnxFiles files;                                 // beside the file
  std::string_view input, output;
  Index batch = 0;            // fixed batch size of the input, or 0 if it is free
  std::vector<Index> sample;  // the input's other extents as here: {H, W, C}, or {F}

  /// Adds an initializer. Throws DataError if there is one of this name.
  void add_tensor(std::string_view name, const OnnxTensor& tensor);
};

/// A ValueInfoProto: an input or output of a graph.
struct OnnxValue {
  std::string_view name;
  std::uint64_t type = 0;              // see OnnxType
  std::vector<Index> extents;          // 0 for a free extent
  std::vector<std::string_view> axes;  // names of free extents
};

/// Reads TensorShapeProto.Dimension.
void read_onnx_extent(std::span<const std::byte> bytes, OnnxValue& value);

OnnxValue read_onnx_value(std::span<const std::byte> bytes);

/// Reads the graph's input: images (N, C, H, W) or rows (N, F), with fixed extents except N. Throws DataError for other inputs.
void read_onnx_input(OnnxGraph& graph, const OnnxValue& value);

/// Reads a GraphProto.
void read_onnx_graph(std::span<const std::byte> bytes, OnnxGraph& graph);

/// Reads a ModelProto. Throws DataError, which says what is wrong, for what is none, for versions that are not known,
/// and for graphs that do not take one tensor and give one. Holds a few times the file's size at most.
/// Tensors may have their numbers in files of the folder, if there is one.
OnnxGraph read_onnx_model(std::span<const std::byte> bytes, const std::filesystem::path& folder = {});

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_graph.ipp"
#endif
