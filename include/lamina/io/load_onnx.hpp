#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "load_model.hpp"
#include "onnx_chain.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Reads a model's parameters from where they stand in the file.
template <typename T>
void read_onnx_numbers(const std::vector<OnnxBuilder::Source>& sources, ModelParameters<T>& p) {
  Places<T> places;
  p.find(places);
  for (std::size_t i = 0; i < places.begins.size(); ++i) {
    const auto& [tensor, layout] = sources[i];
    if (!tensor) {
      std::fill_n(places.begins[i], places.sizes[i], T(0));
      continue;
    }
    for_tensor(std::string(tensor->name), [&, from = tensor, &to = layout] {
      read_numbers_of(onnx_type(from->type)->dtype, to, from->bytes().data(), places.begins[i]);
    });
  }
}

}  // namespace detail

/// Builds a model from the bytes of an ONNX file (opset 7 to 21; https://onnx.ai/onnx/operators): what onnx_bytes
/// writes, what torch.onnx.export writes of an nn.Sequential, and whatever else is a chain of these operators:
///
///   Conv, Gemm, MatMul and Add, MaxPool, AveragePool, GlobalMaxPool, GlobalAveragePool, Relu, LeakyRelu, Sigmoid,
///   Tanh, Clip, HardSigmoid, HardSwish, Elu, Softplus, PRelu, Gelu, Softmax, BatchNormalization, LayerNormalization, Flatten,
///   Reshape to rows, Dropout, Identity and a Pad of nothing (which become no layer), Transpose and Constant where these serve
///   them, and of the patterns in onnx_patterns.hpp
///
/// The model takes images (N, H, W, C), of a file that takes (N, C, H, W), or rows.
/// The card is that which lamina wrote, an empty one in other files. Parameters are FLOAT, DOUBLE, FLOAT16 or BFLOAT16.
/// Throws DataError for a file that is damaged, for one that asks for more than the limits allow, and for one with
/// nodes that are not supported: their names, operators and reasons, all of them. Nothing of a file is left out or
/// guessed.
template <std::floating_point T = float>
LoadedModel<T> load_onnx_bytes(std::span<const std::byte> bytes, const ModelLimits& limits = {}) {
  detail::OnnxGraph graph = detail::read_onnx_model(bytes);
  ModelCard card = detail::read_card(graph.metadata);
  const detail::OnnxBuilder built = detail::OnnxChain(graph, limits.layers).read();
  try {
    // No number takes less than a byte, and biases that are not there are at most as many as weights.
    const Index most = 2 * static_cast<Index>(bytes.size());
    LoadedModel<T> loaded{detail::model_of<T>(built.network(), graph.sample, limits, most), std::move(card)};
    detail::check_read_card(loaded.card, std::as_const(loaded.model));
    loaded.model.set_meaning(detail::meaning_in(graph.metadata, loaded.model, loaded.card));
    detail::take_class_names(loaded.model, loaded.card.class_names);
    detail::read_onnx_numbers(built.sources(), loaded.model.parameters());
    return loaded;
  } catch (const std::invalid_argument& error) {  // ShapeError, OptionError
    throw DataError(error.what());
  }
}

/// Builds a model from an ONNX file, as load_onnx_bytes. Throws DataError, which names the file.
///
///   auto [model, card] = load_onnx("net.onnx");
template <std::floating_point T = float>
LoadedModel<T> load_onnx(const std::filesystem::path& path, const ModelLimits& limits = {}) {
  const std::vector<std::byte> bytes = read_file(path);
  return detail::for_file(path, [&] { return load_onnx_bytes<T>(bytes, limits); });
}

}  // namespace lamina
