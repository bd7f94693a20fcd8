#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "load_model.hpp"
#include "onnx_reader.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Reads a model's parameters from their places in the file.
template <typename T>
void read_onnx_numbers(const std::vector<OnnxBuilder::Source>& sources, ModelParameters<T>& p) {
  TensorViews<T> places;
  p.find(places);
  for (std::size_t i = 0; i < places.begins.size(); ++i) {
    const auto& [tensor, layout, role, steps] = sources[i];
    if (!steps.empty()) {
      const auto numbers = onnx_channels(sources[i], places.sizes[i]);
      layout.for_each_place([&](Index at, Index in_memory) {
        places.begins[i][in_memory] = static_cast<T>(numbers[static_cast<std::size_t>(at)]);
      });
      continue;
    }
    if (!tensor) {
      std::fill_n(places.begins[i], places.sizes[i], T(role == OnnxBuilder::Source::Role::ones ? 1 : 0));
      continue;
    }
    for_tensor(std::string(tensor->name), [&, from = tensor, &to = layout] {
      read_numbers_of(onnx_type(from->type)->dtype, to, from->bytes().data(), places.begins[i]);
    });
  }
}

/// Builds a model from a graph of a file of so many bytes.
template <typename T>
LoadedModel<T> load_onnx_graph(OnnxGraph graph, std::size_t size, const ModelLimits& limits) {
  Metadata metadata = detail::read_metadata(graph.metadata);
  const detail::OnnxBuilder built = detail::OnnxReader(graph, limits.layers).read();
  try {
    // Each number takes at least a byte, and there are at most as many missing biases as weights.
    const Index most = 2 * static_cast<Index>(size + graph.files.size());
    LoadedModel<T> loaded{detail::model_of<T>(built.network(), graph.sample, limits, most), std::move(metadata)};
    detail::check_read_card(loaded.metadata, std::as_const(loaded.model));
    loaded.model.set_meaning(detail::meaning_in(graph.metadata, loaded.model, loaded.metadata));
    detail::take_class_names(loaded.model, loaded.metadata.class_names);
    detail::read_onnx_numbers(built.sources(), loaded.model.parameters());
    return loaded;
  } catch (const std::invalid_argument& error) {  // ShapeError, OptionError
    throw DataError(error.what());
  }
}

}  // namespace detail

/// Builds a model from the bytes of an ONNX file (opset 7 to 21; https://onnx.ai/onnx/operators): what onnx_bytes
/// writes, what torch.onnx.export writes of an nn.Sequential or of a network with branches, and whatever else is a graph of these operators:
///
///   Conv, ConvTranspose, Gemm, MatMul and Add, MaxPool, AveragePool, GlobalMaxPool, GlobalAveragePool, ReduceMean and ReduceMax over (H, W), Relu, LeakyRelu,
///   Sigmoid, Tanh, Softmax, Clip, HardSigmoid, HardSwish, Elu, Gelu, Softplus, PRelu, BatchNormalization, LayerNormalization,
///   Flatten, Reshape to rows, Dropout, what PyTorch writes of SiLU, GELU, GroupNorm and ChannelShuffle; Add, Mul and Concat of values;
///   Add, Sub, Mul and Div with constants; Slice of every so many pixels and of channels, Split, Resize, Pad of channels, or
///   before a Conv or pool; Identity, Squeeze, Unsqueeze, Transpose, Constant, Shape, Gather, Cast and further ones where these serve them or
///   compute extents
///
/// The model takes images (N, H, W, C), of a file that takes (N, C, H, W) or begins with a Transpose to that, or rows.
/// The metadata is that which lamina wrote, an empty one in other files. Parameters are FLOAT, DOUBLE, FLOAT16 or BFLOAT16.
/// Throws DataError for a file that is damaged, for one that asks for more than the limits allow, and for one with
/// nodes that are not supported: their names, operators and reasons, all of them. Nothing of a file is left out or
/// guessed.
template <std::floating_point T = float>
LoadedModel<T> load_onnx_bytes(std::span<const std::byte> bytes, const ModelLimits& limits = {}) {
  return detail::load_onnx_graph<T>(detail::read_onnx_model(bytes), bytes.size(), limits);
}

/// Builds a model from an ONNX file, as load_onnx_bytes. Its tensors may have their numbers in other files (external data) of the
/// same folder, or of folders in it. Throws DataError, which names the file.
///
///   auto [model, metadata] = load_onnx("net.onnx");
template <std::floating_point T = float>
LoadedModel<T> load_onnx(const std::filesystem::path& path, const ModelLimits& limits = {}) {
  const std::vector<std::byte> bytes = detail::read_file(path);
  return detail::for_file(path, [&] {
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    return detail::load_onnx_graph<T>(detail::read_onnx_model(bytes, folder), bytes.size(), limits);
  });
}

}  // namespace lamina
