#pragma once

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
template <typename P>
void read_onnx_numbers(const std::vector<OnnxBuilder::Source>& sources, P& p) {
  auto source = sources.begin();
  visit_parameters(
      [&](auto& numbers) {
        const OnnxTensor* tensor = source->tensor;
        const FileLayout& layout = source++->layout;
        if (!tensor) {
          numbers.setZero();
          return;
        }
        for_tensor(std::string(tensor->name), [&] {
          read_numbers_of(onnx_type(tensor->type)->dtype, layout, tensor->bytes().data(), numbers.data());
        });
      },
      p);
}

}  // namespace detail

/// Builds a model from the bytes of an ONNX file (opset 7 to 21; https://onnx.ai/onnx/operators): what onnx_bytes
/// writes, what torch.onnx.export writes of an nn.Sequential, and whatever else is a chain of these operators:
///
///   Conv, Gemm, MatMul and Add, MaxPool, AveragePool, GlobalMaxPool, GlobalAveragePool, Relu, LeakyRelu, Sigmoid,
///   Tanh, Softmax, Flatten, Reshape to rows, Dropout, Identity and a Pad of nothing (which become no layer), and
///   Transpose and Constant where these serve them
///
/// The model takes images (N, H, W, C), of a file that takes (N, C, H, W), or rows; Rank is that of a sample, 3 or 1.
/// The card is that which lamina wrote, an empty one in other files. Parameters are FLOAT, DOUBLE, FLOAT16 or BFLOAT16.
/// Throws DataError for a file that is damaged, for one that asks for more than the limits allow, and for one with
/// nodes that are not supported: their names, operators and reasons, all of them. Nothing of a file is left out or
/// guessed.
template <int Rank = 3, std::floating_point T = float>
LoadedModel<Network, Tensor<T, Rank + 1>> load_onnx_bytes(std::span<const std::byte> bytes,
                                                          const ModelLimits& limits = {}) {
  detail::OnnxGraph graph = detail::read_onnx_model(bytes);
  ModelCard card = detail::read_card(graph.metadata);
  const auto sample = detail::sample_of<Rank>(graph.sample, "load_onnx");
  const detail::OnnxBuilder built = detail::OnnxChain(graph, limits.layers).read();
  try {
    // No number takes less than a byte, and biases that are not there are at most as many as weights.
    detail::check_extents(built.network(), batch_shape(1, sample), limits, 2 * static_cast<Index>(bytes.size()));
    LoadedModel<Network, Tensor<T, Rank + 1>> loaded{{built.network(), sample, Rng{}}, std::move(card)};
    detail::check_read_card(loaded.card, std::as_const(loaded.model));
    detail::read_onnx_numbers(built.sources(), loaded.model.parameters());
    return loaded;
  } catch (const std::invalid_argument& error) {  // ShapeError, OptionError
    throw DataError(error.what());
  }
}

/// Builds a model from an ONNX file, as load_onnx_bytes. Throws DataError, which names the file.
///
///   auto [model, card] = load_onnx("net.onnx");       // images
///   auto [model, card] = load_onnx<1>("net.onnx");    // rows
template <int Rank = 3, std::floating_point T = float>
LoadedModel<Network, Tensor<T, Rank + 1>> load_onnx(const std::filesystem::path& path, const ModelLimits& limits = {}) {
  const std::vector<std::byte> bytes = read_file(path);
  return detail::for_file(path, [&] { return load_onnx_bytes<Rank, T>(bytes, limits); });
}

}  // namespace lamina
