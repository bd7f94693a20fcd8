#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onnx_tensor.hpp"

namespace LAMINA_NAMESPACE::detail {

/// What an ONNX file holds, in the messages of onnx.proto3: views of its bytes, which must outlive it.
struct OnnxGraph {
  Index opset = 0;                                 // of ONNX's own operators
  std::map<std::string, std::string> metadata;     // what lamina wrote there
  std::vector<std::span<const std::byte>> nodes;   // NodeProto, in the file's order
  std::map<std::string_view, OnnxTensor> tensors;  // the initializers by their names
  OnnxFiles files;                                 // beside the file
  std::string_view input, output;
  Index batch = 0;            // of the input, where the file has it fixed; else 0
  std::vector<Index> sample;  // the input's other extents as here: {H, W, C}, or {F}

  /// Throws DataError when there is one of this name.
  void add_tensor(std::string_view name, const OnnxTensor& tensor);
};

/// ValueInfoProto: what a graph takes or gives.
struct OnnxValue {
  std::string_view name;
  std::uint64_t type = 0;              // see OnnxType
  std::vector<Index> extents;          // 0 where one is free
  std::vector<std::string_view> axes;  // what free ones are called
};

/// Reads TensorShapeProto.Dimension.
void read_onnx_extent(std::span<const std::byte> bytes, OnnxValue& value);

OnnxValue read_onnx_value(std::span<const std::byte> bytes);

/// What the graph takes: images (N, C, H, W) or rows (N, F), of fixed extents but for N. Throws DataError for other
/// inputs.
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
