#include <cstring>
#include <lamina/core/files.hpp>
#include <lamina/io/onnx.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/sequential.hpp>
#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "layers_one_by_one.hpp"
#include "protobuf_message.hpp"
#include "scale.hpp"

using namespace lamina;

namespace {

/// "name=1,2": an attribute.
std::string attribute_text(const Protobuf& attribute) {
  std::string text = attribute.text(1) + "=";
  switch (attribute.number(20)) {
    case 1: return text + str_cat(attribute.real(2));
    case 2: return text + str_cat(attribute.number(3));
    case 7:
      for (const std::uint64_t number : attribute.numbers.at(8))
        text += (text.back() == '=' ? "" : ",") + str_cat(number);
      return text;
    default: return text + "?";
  }
}

/// "y: Op(x, w) a=1": what a node says.
std::string node_text(const Protobuf& node) {
  std::string text = node.text(2) + ": " + node.text(4) + "(", separator;
  for (const std::string& input : node.list(1)) text += std::exchange(separator, ", ") + input;
  text += ")";
  for (const Protobuf& attribute : node.messages(5)) text += " " + attribute_text(attribute);
  return text;
}

std::vector<std::string> nodes_of(const Protobuf& file) {
  std::vector<std::string> nodes;
  for (const Protobuf& node : file.message(7).messages(1)) nodes.push_back(node_text(node));
  return nodes;
}

/// "input N,2,11,13"
std::string value_text(const Protobuf& value) {
  const Protobuf tensor = value.message(2).message(1);
  CHECK(tensor.number(1) == 1);
  std::string text = value.text(1) + " ";
  for (const Protobuf& extent : tensor.message(2).messages(1))
    text += (text.back() == ' ' ? "" : ",") + (extent.texts.empty() ? str_cat(extent.number(1)) : extent.text(2));
  return text;
}

std::vector<float> numbers_of(const Protobuf& tensor) {
  const std::string raw = tensor.text(9);
  std::vector<float> numbers(raw.size() / sizeof(float));
  std::memcpy(numbers.data(), raw.data(), raw.size());
  return numbers;
}

}  // namespace

TEST_CASE("each layer is the node of ONNX that computes it, from input to output") {
  const Model model{every_layer, Shape{11, 13, 2}, Rng{1}};
  const Protobuf file = Protobuf::of(onnx_bytes(model)), graph = file.message(7);
  CHECK(file.number(1) == 8);
  CHECK(file.text(2) == "lamina");
  CHECK(file.text(3) == library_version);
  CHECK(file.message(8).number(2) == 17);
  CHECK(graph.text(2) == "lamina");
  CHECK(value_text(graph.message(11)) == "input N,2,11,13");
  CHECK(value_text(graph.message(12)) == "output N,3");
  CHECK(nodes_of(file) ==
        std::vector<std::string>{
            "0.0.Conv: Conv(input, 0.0.weight, 0.0.bias) kernel_shape=3,2 strides=2,1 pads=0,3,0,3",
            "0.1.LeakyReLU: LeakyRelu(0.0.Conv) alpha=0.1",
            "1.MaxPool: MaxPool(0.1.LeakyReLU) kernel_shape=2,3 strides=1,2 pads=1,0,1,0",
            "2.Tanh: Tanh(1.MaxPool)",
            "3.AvgPool: AveragePool(2.Tanh) kernel_shape=3,3 strides=3,3 pads=1,1,1,1 count_include_pad=0",
            "4.ReLU: Relu(3.AvgPool)",
            "5.Flatten: Flatten(4.ReLU) axis=1",
            "6.Dropout: Identity(5.Flatten)",
            "7.Dense: Gemm(6.Dropout, 7.weight, 7.bias) transB=1",
            "8.Sigmoid: Sigmoid(7.Dense)",
            "9.Dense: Gemm(8.Sigmoid, 9.weight, 9.bias) transB=1",
            "output: Softmax(9.Dense) axis=1",
        });
  for (const Protobuf& node : graph.messages(1)) CHECK((node.text(2) == node.text(3) || node.text(2) == "output"));
}

TEST_CASE("a network that is listed at run time is the same file") {
  const Model fixed{Sequential{Conv{.filters = 2}, Tanh{}, Flatten{}, Dense{.units = 3}}, Shape{5, 4, 2}, Rng{7}};
  const Model listed{Network{Conv{.filters = 2}, Tanh{}, Flatten{}, Dense{.units = 3}}, Shape{5, 4, 2}, Rng{7}};
  CHECK(onnx_bytes(fixed) == onnx_bytes(listed));
}

TEST_CASE("weights lie in PyTorch's order, a dense layer's behind a flattened image too") {
  Model model{
      Sequential{Conv{.filters = 3, .kernel = {1, 2}}, ReLU{}, Flatten{}, Tanh{}, Dense{.units = 2}, Dense{.units = 2}},
      Shape{2, 3, 2}, Rng{1}};
  auto& p = model.parameters();
  auto& conv = p.tensor<4>("0.weight");    // (1, 2, 2, 3)
  auto& dense = p.tensor<2>("4.weight");   // (2, 2·2·3)
  auto& second = p.tensor<2>("5.weight");  // (2, 2)
  for (auto* all : {&dense, &second})
    for (Index i = 0; i < all->size(); ++i) all->data()[i] = static_cast<float>(i);
  for (Index i = 0; i < conv.size(); ++i) conv.data()[i] = static_cast<float>(i);
  p.tensor<1>("0.bias").setConstant(0.5F);
  std::map<std::string, Protobuf> tensors;
  for (const Protobuf& tensor : Protobuf::of(onnx_bytes(model)).message(7).messages(5)) {
    CHECK(tensor.number(2) == 1);
    tensors.emplace(tensor.text(8), tensor);
  }
  REQUIRE(tensors.size() == 6);
  using Extents = std::vector<std::uint64_t>;
  using Numbers = std::vector<float>;
  CHECK(tensors.at("0.weight").numbers.at(1) == Extents{3, 2, 1, 2});
  CHECK(numbers_of(tensors.at("0.weight")) == Numbers{0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11});
  CHECK(tensors.at("0.bias").numbers.at(1) == Extents{3});
  CHECK(numbers_of(tensors.at("0.bias")) == Numbers{0.5F, 0.5F, 0.5F});
  CHECK(tensors.at("4.weight").numbers.at(1) == Extents{2, 12});
  CHECK(numbers_of(tensors.at("4.weight")) ==
        Numbers{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23});
  CHECK(numbers_of(tensors.at("5.weight")) == Numbers{0, 1, 2, 3});
}

TEST_CASE("flattened images that reach the output leave in the order that they have here") {
  const auto ops = [](const auto& network, const auto& sample) {
    return nodes_of(Protobuf::of(onnx_bytes(Model{network, sample, Rng{1}})));
  };
  CHECK(ops(Sequential{ReLU{}, Flatten{}, Softmax{}}, Shape{2, 3, 4}) ==
        std::vector<std::string>{"0.ReLU: Relu(input)", "1.Flatten.Transpose: Transpose(0.ReLU) perm=0,2,3,1",
                                 "1.Flatten: Flatten(1.Flatten.Transpose) axis=1",
                                 "output: Softmax(1.Flatten) axis=1"});
  CHECK(ops(Sequential{Flatten{}, Flatten{}, Dense{.units = 1}, Flatten{}}, Shape{2, 3, 4}) ==
        std::vector<std::string>{"0.Flatten: Flatten(input) axis=1", "1.Flatten: Flatten(0.Flatten) axis=1",
                                 "2.Dense: Gemm(1.Flatten, 2.weight, 2.bias) transB=1",
                                 "output: Flatten(2.Dense) axis=1"});
}

TEST_CASE("a network that is one layer, rows and images come out by their names") {
  const Protobuf dense = Protobuf::of(onnx_bytes(Model{Dense{.units = 3}, Shape{5}, Rng{1}}));
  CHECK(nodes_of(dense) == std::vector<std::string>{"output: Gemm(input, weight, bias) transB=1"});
  CHECK(value_text(dense.message(7).message(11)) == "input N,5");
  const Protobuf images = Protobuf::of(onnx_bytes(Model{Sequential{Conv{.filters = 4}}, Shape{5, 6, 2}, Rng{1}}));
  CHECK(value_text(images.message(7).message(12)) == "output N,4,3,4");
}

TEST_CASE("the metadata travels in metadata_props, and metadata that is not this model's is refused") {
  const Model model{Dense{.units = 2}, Shape{5}, Rng{1}};
  const auto entries = [&](const Metadata& metadata) {
    std::string text;
    for (const Protobuf& entry : Protobuf::of(onnx_bytes(model, metadata)).messages(14))
      text += entry.text(1) + ": " + entry.text(2) + "\n";
    return text;
  };
  CHECK(entries({}) == str_cat("lamina: ", library_version, "\nlamina.outputs: softmax\n"));
  CHECK(entries({.normalisation = {{0.5}, {0.25}}, .class_names = {"cat", "\"dog\""}}) ==
        str_cat("lamina: ", library_version, "\nlamina.class_names: [\"cat\",\"\\\"dog\\\"\"]\n",
                "lamina.normalisation: {\"mean\":[\"0.5\"],\"deviation\":[\"0.25\"]}\nlamina.outputs: softmax\n"));
  CHECK(refusal<OptionError>([&] { onnx_bytes(model, {.class_names = {"a", "b", "c"}}); }) ==
        "metadata: expects 2 class names, one for each output, but got 3");
}

TEST_CASE("a model of double is exported as FLOAT, rounded, or refused where it is too large") {
  BasicModel<double> model{Sequential{Dense{.units = 1}}, Shape{2}, Rng{1}};
  auto& weight = model.parameters().tensor<2>("0.weight");
  weight(0, 0) = 0.1;
  weight(0, 1) = std::numeric_limits<double>::infinity();
  CHECK(numbers_of(Protobuf::of(onnx_bytes(model)).message(7).messages(5)[0]) ==
        std::vector<float>{0.1F, std::numeric_limits<float>::infinity()});
  weight(0, 1) = -1e39;
  const Scratch scratch("onnx-too-large");
  CHECK(refusal<DataError>([&] { export_onnx(model, scratch.path / "net.onnx"); }) ==
        (scratch.path / "net.onnx").string() + ": 0.weight: holds -1e+39, which is too large for ONNX's FLOAT");
  CHECK(std::filesystem::is_empty(scratch.path));
  CHECK_NOTHROW(detail::check_onnx_size(500'000'000));
  CHECK(refusal<DataError>([] { detail::check_onnx_size(536'000'000); }) ==
        "is too large for ONNX: expects at most 535822336 parameters, of 2 GiB, but got 536000000");
}

TEST_CASE("a layer of one's own is refused by its place, and no file is written") {
  const Scratch scratch("onnx-own-layer");
  const auto refused = [&](const auto& model) {
    return refusal<OptionError>([&] { export_onnx(model, scratch.path / "net.onnx"); });
  };
  CHECK(refused(Model{Sequential{Dense{.units = 3}, Sequential{ReLU{}, Scale{}}}, Shape{4}, Rng{1}}) ==
        "export_onnx: layer 1.1: Scale: is not one of the library's layers, so that ONNX has no operator for it");
  CHECK(refused(Model{Scale{}, Shape{4}, Rng{1}}) ==
        "export_onnx: Scale: is not one of the library's layers, so that ONNX has no operator for it");
  CHECK(std::filesystem::is_empty(scratch.path));
}

TEST_CASE("the file holds the bytes, and replaces what was there") {
  const Scratch scratch("onnx-file");
  const Model model{Dense{.units = 2}, Shape{5}, Rng{1}};
  for (int i = 0; i < 2; ++i) {
    export_onnx(model, scratch.path / "net.onnx");
    CHECK(detail::read_file(scratch.path / "net.onnx") == onnx_bytes(model));
  }
  CHECK(refusal<DataError>([&] { export_onnx(model, scratch.path / "no" / "net.onnx"); }).find("cannot be written") !=
        std::string::npos);
}
