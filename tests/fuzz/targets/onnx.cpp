// Models built from ONNX files: within the limits, and what was built is exported and built the same.

#include <lamina/io/load_onnx.hpp>
#include <lamina/io/onnx.hpp>

#include "../../io/onnx_file.hpp"
#include "../../io/parameter_bytes.hpp"
#include "../target.hpp"

namespace {

using namespace lamina;
using Node = detail::OnnxNode;

void load(std::span<const std::byte> file) {
  const auto [model, metadata] = load_onnx_bytes(file, {.layers = 20, .numbers = 1 << 12, .multiply_adds = 1 << 18});
  const auto expected = parameter_bytes(model);
  const auto rebuilt = load_model_bytes(save_bytes(model, metadata));  // and runs it, for its self-test
  fuzz::require(parameter_bytes(rebuilt.model) == expected, "a model that was saved is not rebuilt the same");
  const auto is_dropout = [](const auto& layer) { return layer.node->name() == "Dropout"; };
  if (std::ranges::all_of(model.layers(), is_dropout)) return;  // all of them are Identity in ONNX
  const auto again = load_onnx_bytes(onnx_bytes(model, metadata));
  fuzz::require(parameter_bytes(again.model) == expected, "a model that was exported is not built again the same");
  fuzz::require(again.metadata.class_names == metadata.class_names, "metadata that was exported is not read again the same");
}

void read(std::span<const std::byte> file) {
  fuzz::read_in_any_way([&] { load(file); });
}

/// As torch.onnx.export writes a network, and with whatever else is read.
fuzz::Bytes foreign() {
  OnnxFile file{{0, 1, 4, 4}};
  file.floats("w", {1, 1, 2, 2}, {1, 2, 3, 4})
      .floats("u", {1, 2}, {1, -1})
      .floats("b", {2}, {0, 1})
      .wholes("to", {0, -1});
  file.wholes("p", {0, 0, 0, 0, 0, 0, 0, 0}).floats("r", {}, {0.25F});
  file.node(Node{"Conv"}.ints("dilations", {1, 1}).whole("group", 1), {"w"}).node(Node{"Pad"}, {"p"});
  file.node(Node{"AveragePool"}.ints("kernel_shape", {2, 2}).whole("ceil_mode", 0)).node(Node{"GlobalMaxPool"});
  file.node(Node{"Dropout"}, {"r"}).node(Node{"Reshape"}, {"to"}).node(Node{"MatMul"}, {"u"}).node(Node{"Add"}, {"b"});
  return file.bytes();
}

std::vector<fuzz::Bytes> seeds() {
  const Metadata metadata{.normalisation = {{0.25}, {2}}, .class_names = {"cat", "d\"og\n", "\xC3\xA9"}};
  const Network images{Conv{.filters = 2, .kernel = 2, .stride = 1, .padding = 1}, LeakyReLU{}, MaxPool{.window = 2},
                       Flatten{}, Dense{.units = 3}};
  const Network pooled{AvgPool{.window = 3, .stride = 2, .padding = 1}, Tanh{}, Flatten{}, Sigmoid{}};
  const Network rows{Dense{.units = 3}, ReLU{}, Dropout{}, Dense{.units = 2}, Softmax{}};
  return {onnx_bytes(Model{images, Shape{4, 5, 1}, Rng{1}}, metadata), onnx_bytes(Model{pooled, Shape{5, 4, 2}, Rng{2}}),
          onnx_bytes(Model{rows, Shape{4}, Rng{3}}), foreign()};
}

/// Of the limits: numbers on the way, in and out of each layer, and the kernels' room. A node or an initializer of a
/// few bytes takes a few dozen times as many.
const fuzz::Known known({"onnx", read, [](std::size_t size) { return 64 * size + (std::size_t{1} << 21); }, seeds});

}  // namespace
