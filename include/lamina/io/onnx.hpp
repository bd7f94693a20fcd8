#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/version.hpp"
#include "onnx_nodes.hpp"
#include "protobuf_writer.hpp"
#include "saved_model.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns a TensorProto with numbers as FLOAT. Throws DataError for a number that is too large for it.
template <typename T>
ProtobufWriter onnx_tensor(const std::string& name, const FileLayout& layout, const T* numbers, Index size) {
  std::string raw(static_cast<std::size_t>(size) * sizeof(float), '\0');
  layout.for_each_place([&](Index at, Index in_memory) {
    const T number = numbers[in_memory];
    if (std::isfinite(number) && std::abs(number) > static_cast<T>((std::numeric_limits<float>::max)()))
      throw DataError(str_cat(name, ": holds ", number, ", which is too large for ONNX's FLOAT"));
    write_number(static_cast<float>(number), reinterpret_cast<std::byte*>(raw.data()) + at * Index{sizeof(float)});
  });
  ProtobufWriter tensor;
  for (const Index extent : layout.shape) tensor.number(1, extent);  // dims
  tensor.number(2, 1);                                               // data_type: FLOAT
  tensor.text(8, name);
  tensor.text(9, raw);  // raw_data
  return tensor;
}

/// Returns the TensorProto of an initializer that belongs to a node.
ProtobufWriter onnx_initializer(const std::string& name, const OnnxConstant& constant);

/// Adds a node, or the several that a layer is, with these inputs before its initializers.
void add_node(ProtobufWriter& graph, const OnnxNode& own, std::vector<std::string> inputs, const std::string& to);

/// Returns a ValueInfoProto: a tensor FLOAT (N, …), images (N, C, H, W), for samples of these extents.
ProtobufWriter onnx_value(std::string_view name, std::span<const Index> sample);

/// Adds nodes, from "input" to "output". The value that a node makes has its name.
void add_nodes(ProtobufWriter& graph, const std::vector<OnnxNode>& nodes);

/// Returns a GraphProto with a model's layers and numbers.
template <typename T>
ProtobufWriter onnx_graph(const BasicModel<T>& model);

/// Throws DataError if there are more parameters than a Protocol Buffers message can hold.
void check_onnx_size(Index parameters);

}  // namespace detail

/// Returns the bytes of an ONNX file (opset 17, IR 8) of a model at inference, for ONNX Runtime and other readers:
/// "input" (N, C, H, W), or rows, to "output"; N is free. Numbers are FLOAT; those of a model of double are rounded. The
/// metadata is in metadata_props: "lamina", "lamina.outputs", "lamina.normalisation", "lamina.target_normalisation",
/// "lamina.class_names". Throws OptionError for a layer of the user's own and for metadata that does not fit the model, and
/// DataError for numbers outside the range of FLOAT.
template <typename T>
std::vector<std::byte> onnx_bytes(const BasicModel<T>& model, const Metadata& metadata = {}) {
  detail::check_own_metadata(metadata, model);
  detail::check_onnx_size(model.parameter_count());
  std::map<std::string, std::string> entries;
  detail::write_metadata(metadata, entries);
  entries["lamina.outputs"] = detail::meaning_text(model.meaning());
  detail::ProtobufWriter file, opset;
  file.number(1, 8);  // ir_version
  file.text(2, "lamina");
  file.text(3, library_version);  // producer_version
  file.message(7, detail::onnx_graph(model));
  opset.number(2, 17);     // version of the domain without a name
  file.message(8, opset);  // opset_import
  for (const auto& [key, value] : entries) {
    detail::ProtobufWriter entry;
    entry.text(1, key);
    entry.text(2, value);
    file.message(14, entry);  // metadata_props
  }
  return {file.bytes().begin(), file.bytes().end()};
}

/// Writes a model as an ONNX file; see onnx_bytes. The file is written completely or not at all. Throws DataError, which
/// names the file, if it cannot be written.
///
///   export_onnx(model, "lenet.onnx", metadata_of(train));
template <typename T>
void export_onnx(const BasicModel<T>& model, const std::filesystem::path& path, const Metadata& metadata = {}) {
  write_file(path, detail::for_file(path, [&] { return onnx_bytes(model, metadata); }));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/onnx.ipp"
#endif
