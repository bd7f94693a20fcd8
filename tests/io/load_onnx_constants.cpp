// What nodes compute with constants, pads, axes that change places and axes of one number, read from ONNX files.
#include <array>
#include <lamina/io/load_onnx.hpp>
#include <limits>

#include "../catch.hpp"
#include "loaded_onnx.hpp"

using namespace lamina;
using namespace loaded_onnx;

namespace {

/// The layers of nodes behind images (N, 2, 6, 5), made into rows, or why they are refused.
std::string layers_behind(std::vector<Node> nodes, std::initializer_list<std::string> constants = {}, std::vector<Index> input = {0, 2, 6, 5}) {
  OnnxFile file{std::move(input)};
  file.floats("s", {}, {0.5F}).floats("c", {2, 1, 1}, {2, 4}).floats("n", {1, 2, 1, 1}, {-1, 0}).floats("f", {2}, {3, 5}).floats("z", {2, 1, 1}, {1, 0});
  file.floats("w", {3, 2, 3, 3}, counting(54)).floats("b", {3}, {1, 2, 3}).floats("b1", {3, 1, 1}, {1, 2, 3}).floats("low", {}, {-std::numeric_limits<float>::infinity()});
  file.wholes("around", {0, 0, 1, 0, 0, 0, 2, 1}).wholes("back", {0, 0, 0, 0, 0, 0, 1, 1}).wholes("axes", {2, -1}).wholes("two", {1, 0, 1, 2}).wholes("cut", {0, 0, -1, 0, 0, 0, 0, 0}).wholes("whole", {1});
  auto constant = constants.begin();
  for (Node& node : nodes) {
    const bool takes = node.op == "Add" || node.op == "Sub" || node.op == "Mul" || node.op == "Div" || node.op == "Conv";
    const bool pads = node.op == "Pad";
    std::string first = takes || pads ? *constant++ : "";
    if (pads && first == "low")
      file.node(std::move(node), {"back", "low"});
    else if (pads && first == "axes")
      file.node(std::move(node), {"two", "", "axes"});
    else if (takes || pads)
      file.node(std::move(node), {first});
    else
      file.node(std::move(node));
  }
  file.node(Node{"GlobalMaxPool"}).node(Node{"Flatten"});
  const std::string text = refusal<DataError>([&] { throw DataError(layers_of(file)); });
  const auto end = text.find(",GlobalMaxPool,Flatten");
  return end == std::string::npos ? text : text.substr(0, end);
}

/// The parameters of a layer.
std::vector<float> numbers_of(const Model& model, const std::string& name) {
  const auto& tensor = model.parameters().template tensor<1>(name);
  return numbers(tensor);
}

}  // namespace

TEST_CASE("sums and products with constants are one layer of a factor and an offset for each channel") {
  OnnxFile file{{0, 2, 3, 3}};
  file.floats("mean", {1, 2, 1, 1}, {0.5F, -1}).floats("deviation", {2, 1, 1}, {2, 0.25F}).floats("two", {}, {2}).floats("one", {1}, {1}).floats("zero", {1, 1}, {0});
  file.node(Node{"Sub"}, {"mean"}).node(Node{"Div"}, {"deviation"}).node(Node{"Mul"}, {"one"}).node(Node{"Add"}, {"zero"}).node(Node{"Cast"}.whole("to", 1)).node(Node{"Add"}, {"two"});
  file.node(Node{"GlobalMaxPool"}).node(Node{"Flatten"});
  const auto model = load_onnx_bytes(file.bytes()).model;
  CHECK(layers_of(file).find(R"(Conv,"filters":2,"kernel":[1,1],"stride":[1,1],"padding":[0,0])") == 0);
  CHECK(numbers(model.parameters().template tensor<4>("0.weight")) == std::vector<float>{0.5F, 4});
  CHECK(numbers_of(model, "0.bias") == std::vector<float>{1.75F, 6});
  CHECK(comes_back(model));

  // Of rows, and of a value that is subtracted. In the file the numbers of images are (c, h, w).
  OnnxFile rows{{0, 2, 2, 1}};
  rows.floats("f", {4}, {1, 2, 3, 4}).floats("w", {4, 1}, {1, 1, 1, 1}).node(Node{"Flatten"}).node(Node{"Mul"}, {"f"}).node(Node{"MatMul"}, {"w"});
  const auto of_rows = load_onnx_bytes(rows.bytes()).model;
  CHECK(numbers_of(of_rows, "1.weight") == std::vector<float>{1, 3, 2, 4});
  CHECK(numbers_of(of_rows, "1.bias") == std::vector<float>(4, 0));
  CHECK(numbers_of(of_rows, "1.running_var") == std::vector<float>(4, 1));
  const auto x = tensor<float>(Shape{1, 2, 1, 2}, {10, 100, 1000, 10000});
  CHECK(of_rows(x)(0, 0) == 10 * 1 + 1000 * 2 + 100 * 3 + 10000 * 4);  // to the bit

  Graph from{OnnxFile{{0, 2}}};
  from.file.floats("f", {1, 2}, {7, 0.5F}).floats("s", {1}, {4});
  from.node("Sub", {"f", "input"}, {"a"}).node("Mul", {"s", "a"}, {"output"});
  const auto turned = load_onnx_bytes(from.bytes()).model;
  CHECK(numbers_of(turned, "0.weight") == std::vector<float>{-4, -4});
  CHECK(numbers_of(turned, "0.bias") == std::vector<float>{28, 2});
  CHECK(turned(tensor<float>(Shape{1, 2}, {1, 2}))(0, 0) == 24);

  OnnxFile many{{0, 2}};  // at most 64 of them are one layer
  many.floats("f", {2}, {1, -1});
  for (int i = 0; i < 130; ++i) many.node(Node{"Mul"}, {"f"});
  const auto factors = load_onnx_bytes(many.bytes()).model;
  CHECK(factors.layers().size() == 3);
  CHECK(factors(tensor<float>(Shape{1, 2}, {3, 4}))(0, 1) == 4);
}

TEST_CASE("a constant behind a Conv or Dense without a bias is that, and others are layers of their own") {
  const auto bias = layers_behind({Node{"Conv"}, Node{"Add"}}, {"w", "b1"});
  CHECK(bias.find("\"bias\":0") == std::string::npos);
  CHECK(bias.find("Conv", 1) == std::string::npos);
  const auto scalar = layers_behind({Node{"Conv"}, Node{"Add"}}, {"w", "s"});
  CHECK(scalar.find("\"bias\":0") != std::string::npos);
  CHECK(scalar.find("Conv,\"filters\":3,\"kernel\":[1,1]") != std::string::npos);
  const auto twice = layers_behind({Node{"Conv"}, Node{"Add"}, Node{"Add"}}, {"w", "b1", "b1"});
  CHECK(twice.find("Conv,\"filters\":3,\"kernel\":[1,1]") != std::string::npos);
  const auto refused = [](std::vector<Node> nodes, std::initializer_list<std::string> constants) {
    const std::string text = layers_behind(std::move(nodes), constants);
    return text.substr(text.find(": ", text.find("node ")) + 2);
  };
  const std::string expected = "expects one real number, or one for each of 2 channels (C, 1, 1), but got ";
  CHECK(refused({Node{"Mul"}}, {"f"}) == "Mul: " + expected + "\"f\" (2)");  // along the width
  CHECK(refused({Node{"Sub"}}, {"b1"}) == "Sub: " + expected + "\"b1\" (3, 1, 1)");
  CHECK(refused({Node{"Add"}}, {"w"}) == "Add: " + expected + "\"w\" (3, 2, 3, 3)");
  CHECK(refused({Node{"Add"}}, {"whole"}) == "Add: computes with whole numbers");
  CHECK(layers_behind({Node{"Div"}}, {"z"}) == "\"z\": makes numbers that are too large, or none: Div by 0");
  CHECK(why(wired({"input>a Relu", "a,input>output Sub"})).find("Sub: takes two values that nodes make; expects a constant") != std::string::npos);
  Graph over{OnnxFile{{0, 2}}};
  over.file.floats("f", {2}, {1, 2});
  CHECK(why(over.node("Div", {"f", "input"}, {"output"}).bytes()).find("Div: divides a constant by a value") != std::string::npos);
  CHECK(why(OnnxFile{{0, 2}}.node(Node{"Cast"}.whole("to", 10)).node(Node{"Relu"})).find("Cast: makes numbers of the type 10 of ONNX; expects FLOAT or DOUBLE") !=
        std::string::npos);
}

TEST_CASE("a Pad is the padding of the Conv or pool behind it, where that is the same") {
  const auto options = [](std::vector<Node> nodes, std::initializer_list<std::string> constants, const std::string& type) {
    const std::string text = layers_behind(std::move(nodes), constants);
    const auto at = text.find(type + ",");
    return at == std::string::npos ? text : text.substr(text.find("\"padding\"", at), 30);
  };
  const auto pool = [](const char* op) { return Node{op}.ints("kernel_shape", {4, 4}); };
  CHECK(options({Node{"Pad"}, Node{"Conv"}}, {"around", "w"}, "Conv").find(R"("padding":[1,0,2,1])") == 0);
  CHECK(options({Node{"Pad"}, Node{"Pad"}, Node{"Conv"}}, {"around", "back", "w"}, "Conv").substr(0, 19) == R"("padding":[1,0,3,2])");
  CHECK(options({Node{"Pad"}, Node{"Conv"}.ints("pads", {0, 1, 0, 0})}, {"around", "w"}, "Conv").find(R"("padding":[1,1,2,1])") == 0);
  CHECK(options({Node{"Pad"}, Node{"Conv"}}, {"axes", "w"}, "Conv").find(R"("padding":[1,0,1,2])") == 0);
  CHECK(options({Node{"Pad"}, Node{"Transpose"}.ints("perm", {0, 2, 3, 1}), Node{"Transpose"}.ints("perm", {0, 3, 1, 2}), Node{"Conv"}}, {"around", "w"}, "Conv")
            .find(R"("padding":[1,0,2,1])") == 0);
  CHECK(options({Node{"Pad"}, pool("AveragePool")}, {"around"}, "AvgPool").find(R"("padding":[1,0,2,1],)") == 0);
  CHECK(layers_behind({Node{"Pad"}, pool("AveragePool")}, {"around"}).find("\"count_include_pad\":1") != std::string::npos);
  CHECK(options({Node{"Relu"}, Node{"Pad"}, pool("MaxPool")}, {"around"}, "MaxPool").find(R"("padding":[1,0,2,1])") == 0);
  CHECK(options({Node{"Pad"}, pool("MaxPool")}, {"low"}, "MaxPool").find(R"("padding":[0,0,1,1])") == 0);
  // SAME of the padded image: 6 + 3 rows by steps of 2 are 5, which take 10.
  Node same = Node{"Conv"}.text("auto_pad", "SAME_UPPER").ints("strides", {2, 2});
  CHECK(options({Node{"Pad"}, std::move(same)}, {"around", "w"}, "Conv").find(R"("padding":[2,0,3,2])") == 0);

  const std::string separate = "is behind a separate padding; expects that right before a Conv or a pool";
  const auto refused = [](std::vector<Node> nodes, std::initializer_list<std::string> constants) {
    const std::string text = layers_behind(std::move(nodes), constants);
    return text.substr(text.find(": ", text.find("node ")) + 2);
  };
  CHECK(refused({Node{"Pad"}, pool("MaxPool")}, {"around"}).find("MaxPool: " + separate) == 0);  // of numbers below 0
  CHECK(refused({Node{"Relu"}, Node{"Pad"}, pool("MaxPool").whole("ceil_mode", 1)}, {"around"}).find("MaxPool: " + separate) == 0);
  CHECK(refused({Node{"Pad"}, Node{"Conv"}}, {"low", "w"}).find("Conv: " + separate) == 0);
  CHECK(refused({Node{"Pad"}, pool("AveragePool")}, {"low"}).find("AveragePool: " + separate) == 0);
  CHECK(refused({Node{"Pad"}, pool("AveragePool").ints("pads", {1, 1, 1, 1})}, {"around"}) == "AveragePool: is behind a separate padding, and has one that does not count");
  CHECK(refused({Node{"Pad"}, Node{"Relu"}}, {"around"}).find("Relu: " + separate) == 0);
  CHECK(refused({Node{"Pad"}, Node{"Mul"}}, {"around", "c"}).find("Mul: " + separate) == 0);
  CHECK(refused({Node{"Pad"}}, {"around"}).find("GlobalMaxPool: " + separate) == 0);
  CHECK(refused({Node{"Pad"}, Node{"Pad"}, Node{"Conv"}}, {"around", "low", "w"}).find("Pad: " + separate) == 0);
  CHECK(refused({Node{"Pad"}.text("mode", "reflect"), Node{"Conv"}}, {"around", "w"}).find("Pad: is none that is read; expects rows and columns of zeros") == 0);
  CHECK(refused({Node{"Pad"}, Node{"Conv"}}, {"cut", "w"}).find("Pad: is none that is read") == 0);
  CHECK(refused({Node{"Pad"}, Node{"Conv"}.ints("strides", {0, 1})}, {"around", "w"}) == "Conv: Pad: expects a stride of at least 1 but got 0x1");
  CHECK(refused({Node{"Pad"}, Node{"Conv"}.ints("pads", {Index{1} << 62, 0, 0, 0})}, {"around", "w"}).find("a padding of at most 1073741824") != std::string::npos);
  CHECK(why(OnnxFile{{0, 2, 3, 3}}.wholes("p", {0, 0, 1, 1, 0, 0, 1, 1}).node(Node{"Relu"}).node(Node{"Pad"}, {"p"})).find(separate) != std::string::npos);
}

TEST_CASE("files of images (N, H, W, C) are known by the Transpose at their beginning") {
  const auto loaded = [](std::vector<Index> input, std::vector<Node> nodes) {
    OnnxFile file{std::move(input)};
    file.floats("c", {2}, {1, 2}).floats("f", {1, 1, 1, 2}, {1, 2}).wholes("grey", {-1, 1, 4, 3}).wholes("row", {-1, 24});
    for (Node& node : nodes) {
      const bool takes = node.op == "Sub" || node.op == "Mul", reshapes = node.op == "Reshape";
      const std::string other = node.op == "Sub" ? "c" : node.op == "Mul" ? "f" : "grey";
      if (takes || reshapes)
        file.node(std::move(node), {other});
      else
        file.node(std::move(node));
    }
    return refusal<DataError>([&] {
      const auto model = load_onnx_bytes(file.bytes()).model;
      const auto sample = model.sample_extents();
      throw DataError(detail::format_shape(sample) + " " + layers_of(file).substr(0, 4));
    });
  };
  const auto first = [] { return Node{"Transpose"}.ints("perm", {0, 3, 1, 2}); };
  CHECK(loaded({0, 4, 3, 2}, {first(), Node{"GlobalMaxPool"}, Node{"Flatten"}}) == "(4, 3, 2) Glob");
  CHECK(loaded({0, 4, 3, 2}, {Node{"Sub"}, Node{"Mul"}, first(), Node{"GlobalMaxPool"}, Node{"Flatten"}}) == "(4, 3, 2) Conv");
  CHECK(loaded({0, 4, 3, 2}, {Node{"Cast"}.whole("to", 1), first(), Node{"Relu"}, Node{"Flatten"}}).find("ends with the numbers of images") == 0);
  CHECK(loaded({0, 4, 3, 2}, {first(), Node{"Relu"}, Node{"Transpose"}.ints("perm", {0, 2, 3, 1}), Node{"Flatten"}}) == "(4, 3, 2) ReLU");
  CHECK(loaded({0, 4, 3, 1}, {Node{"Reshape"}, Node{"GlobalMaxPool"}, Node{"Flatten"}}) == "(4, 3, 1) Glob");
  CHECK(loaded({0, 4, 3, 2}, {first(), first(), Node{"Flatten"}}).find("Transpose: expects perm 0, 2, 3, 1, or 0, 3, 1, 2 behind that") != std::string::npos);
  CHECK(loaded({0, 4, 3, 2}, {Node{"Sub"}, Node{"Flatten"}}).find("for each of 4 channels (C, 1, 1)") != std::string::npos);  // (N, C, H, W)
}

TEST_CASE("axes of one number come and go, and reductions keep them or not, as every opset has it") {
  const auto reduced = [](Index opset, Node node, bool input, Node next = Node{"Flatten"}) {
    OnnxFile file{{0, 3, 4, 5}};
    file.opset = opset;
    file.wholes("axes", {-1, 2});
    if (input)
      file.node(std::move(node), {"axes"});
    else
      file.node(std::move(node));
    return refusal<DataError>([&] { throw DataError(layers_of(file.node(std::move(next)))); });
  };
  CHECK(reduced(7, Node{"ReduceMean"}.ints("axes", {2, 3}), false) == "GlobalAveragePool,Flatten");
  CHECK(reduced(21, Node{"ReduceMean"}, true) == "GlobalAveragePool,Flatten");
  CHECK(reduced(18, Node{"ReduceMean"}.whole("keepdims", 0), true, Node{"Softmax"}) == "GlobalAveragePool,Flatten,Softmax");
  CHECK(reduced(18, Node{"ReduceMax"}.whole("keepdims", 0).whole("noop_with_empty_axes", 0), true, Node{"Relu"}) == "GlobalMaxPool,Flatten,ReLU");
  CHECK(reduced(13, Node{"ReduceMax"}.ints("axes", {-2, -1}), false, Node{"Squeeze"}.ints("axes", {2, 3})) == "GlobalMaxPool,Flatten");
  CHECK(reduced(17, Node{"ReduceMean"}.ints("axes", {1, 2}), false).find("ReduceMean: expects axes 2, 3, height and width") != std::string::npos);
  CHECK(reduced(17, Node{"ReduceMean"}, false).find("ReduceMean: expects axes 2, 3, height and width") != std::string::npos);
  for (const Index opset : {6, 22}) CHECK(reduced(opset, Node{"ReduceMean"}, true).find("expects one of 7 to 21") != std::string::npos);
  CHECK(why(OnnxFile{{0, 3}}.node(Node{"ReduceMean"}.ints("axes", {2, 3}))).find("ReduceMean: expects images (N, C, H, W) but gets rows") != std::string::npos);
  CHECK(reduced(17, Node{"GlobalMaxPool"}, false, Node{"Squeeze"}.ints("axes", {1, 2})).find("Squeeze: expects to take away axes 2 and 3") != std::string::npos);
  // A LayerNormalization of images is over their channels behind a Transpose, and over their rows without one.
  OnnxFile square{{0, 3, 3, 3}};
  square.floats("g", {3}, {1, 2, 3});
  CHECK(why(square.node(Node{"LayerNormalization"}, {"g"}).node(Node{"GlobalMaxPool"}).node(Node{"Flatten"}))
            .find("LayerNormalization: normalises the rows of images (N, C, H, W)") != std::string::npos);
}

TEST_CASE("rows that were images of one pixel are images again for a Conv, unless something else takes them") {
  const auto excited = [](bool shared) {
    Graph graph{OnnxFile{{0, 2, 3, 3}}};
    graph.file.floats("w", {2, 2, 1, 1}, counting(4)).wholes("to", {0, 2, 1, 1});
    graph.node("GlobalAveragePool", {"input"}, {"a"}).node("Flatten", {"a"}, {"b"}).node("Reshape", {"b", "to"}, {"c"}).node("Conv", {"c", "w"}, {"d"});
    graph.node("Mul", {"input", "d"}, {"e"}).node("GlobalMaxPool", {"e"}, {"f"}).node("Flatten", {"f"}, {shared ? "g" : "output"});
    if (shared) graph.node("Add", {"g", "b"}, {"output"});
    return graph;
  };
  CHECK(excited(false).layers() == "GlobalAveragePool Conv Mul GlobalMaxPool Flatten ");
  CHECK(why(excited(true).bytes()).find("Conv: expects images (N, C, H, W) but gets rows") != std::string::npos);
}

TEST_CASE("a ConvTranspose has pads, or those that follow from auto_pad and output_shape, as ONNX Runtime has them") {
  const auto read = [](Node node, std::vector<Index> dims = {2, 3, 4, 3}, bool bias = false) {
    OnnxFile file{{0, 2, 5, 4}};
    Index count = 1;
    for (const Index extent : dims) count *= extent;
    file.floats("w", dims, counting(static_cast<std::size_t>(count))).floats("b", {3}, {1, 2, 3});
    node.op = "ConvTranspose";
    if (bias)
      file.node(std::move(node), {"w", "b"});
    else
      file.node(std::move(node), {"w"});
    file.node(Node{"GlobalMaxPool"}).node(Node{"Flatten"});
    const std::string text = refusal<DataError>([&] { throw DataError(layers_of(file)); });
    const auto end = text.find(",\"weight_init"), why = text.find("ConvTranspose: ");
    return why != std::string::npos ? text.substr(why + 15) : text.substr(0, end);
  };
  const std::string begin = R"(ConvTranspose,"filters":3,"kernel":[4,3],"stride":)", free = R"(,"bias":0)";
  CHECK(read(Node{""}) == begin + R"([1,1],"padding":[0,0])" + free);
  CHECK(read(Node{""}, {2, 3, 4, 3}, true) == begin + R"([1,1],"padding":[0,0])");
  CHECK(read(Node{""}.ints("strides", {2, 3}).ints("pads", {0, 1, 2, 0}).ints("output_padding", {1, 2}).ints("kernel_shape", {4, 3})) ==
        begin + R"([2,3],"padding":[0,1,2,0],"output_padding":[1,2])" + free);
  CHECK(read(Node{""}.ints("dilations", {2, 1}).whole("group", 2).text("auto_pad", "VALID")) ==
        R"(ConvTranspose,"filters":6,"kernel":[4,3],"stride":[1,1],"padding":[0,0],"dilation":[2,1],"groups":2)" + free);
  // 5 rows of stride 2 are 10 of 12, 4 columns of stride 2 are 8 of 9: the odd column is cut off where the name says.
  CHECK(read(Node{""}.ints("strides", {2, 2}).text("auto_pad", "SAME_UPPER")) == begin + R"([2,2],"padding":[1,0,1,1])" + free);
  CHECK(read(Node{""}.ints("strides", {2, 2}).text("auto_pad", "SAME_LOWER")) == begin + R"([2,2],"padding":[1,1,1,0])" + free);
  CHECK(read(Node{""}.ints("strides", {2, 2}).ints("output_shape", {9, 8})) == begin + R"([2,2],"padding":[2,1,1,0])" + free);
  CHECK(read(Node{""}.ints("strides", {2, 2}).ints("output_shape", {-1, 3, 9, 8}).text("auto_pad", "SAME_UPPER").ints("output_padding", {1, 0})) ==
        begin + R"([2,2],"padding":[2,0,2,1],"output_padding":[1,0])" + free);
  CHECK(read(Node{""}.ints("strides", {2, 2}).ints("output_shape", {13, 9})) == begin + R"([2,2],"padding":[0,0],"output_padding":[1,0])" + free);
  CHECK(read(Node{""}.ints("strides", {2, 2}).ints("output_shape", {14, 9})).find("expects an output_padding of at least 0 and smaller than the stride 2x2") !=
        std::string::npos);
  CHECK(read(Node{""}.ints("strides", {5, 2}).text("auto_pad", "SAME_UPPER"))
            .find("has auto_pad SAME_UPPER and a kernel smaller than its stride, where runtimes differ; expects pads") == 0);
  CHECK(read(Node{""}.text("auto_pad", "SAME")).find("has auto_pad \"SAME\"") == 0);
  CHECK(read(Node{""}.text("auto_pad", "SAME_LOWER").ints("pads", {1, 0, 0, 0})).find("has auto_pad SAME_LOWER, and pads") == 0);
  CHECK(read(Node{""}.ints("output_shape", {0, 9})).find("expects an output_shape of two numbers of at least 1") == 0);
  CHECK(read(Node{""}.ints("output_shape", {9})).find("expects an output_shape of two numbers of at least 1") == 0);
  CHECK(read(Node{""}.ints("kernel_shape", {3, 3})).find("has another kernel_shape than its weights") == 0);
  CHECK(read(Node{""}.whole("group", 0)).find("has group 0 on images of 2 channels") == 0);
  CHECK(read(Node{""}.whole("group", 3)).find("has group 3 on images of 2 channels") == 0);
  CHECK(read(Node{""}.whole("group", std::numeric_limits<Index>::max())).find("has group 9223372036854775807 on images of 2 channels") == 0);
  CHECK(read(Node{""}, {3, 3, 4, 3}).find("expects weights \"w\" for images of 2 channels but got (3, 3, 4, 3)") == 0);
  CHECK(read(Node{""}.ints("strides", {std::numeric_limits<Index>::max(), 1}).text("auto_pad", "SAME_UPPER")).find("of at most 1073741824") != std::string::npos);
  // An Add behind it is its bias; a Pad before it is not its padding.
  OnnxFile added{{0, 2, 5, 4}};
  added.floats("w", {2, 3, 1, 1}, counting(6)).floats("b", {3, 1, 1}, {1, 2, 3}).wholes("around", {0, 0, 1, 1, 0, 0, 1, 1});
  OnnxFile padded = added;
  CHECK(layers_of(added.node(Node{"ConvTranspose"}, {"w"}).node(Node{"Add"}, {"b"}).node(Node{"GlobalMaxPool"}).node(Node{"Flatten"})).find("\"bias\":0") == std::string::npos);
  CHECK(why(padded.node(Node{"Pad"}, {"around"}).node(Node{"ConvTranspose"}, {"w"}).node(Node{"Flatten"})).find("ConvTranspose: is behind a separate padding") !=
        std::string::npos);
}

TEST_CASE("a Resize by whole factors is an Upsample, in every way that says the same") {
  const auto resized = [](Index opset, const std::string& op, const std::vector<std::string>& more, Node with, std::vector<float> scales = {1, 1, 2, 3}) {
    Graph graph{OnnxFile{{0, 2, 4, 3}}};
    graph.file.floats("roi", {0}, {}).floats("scales", {static_cast<Index>(scales.size())}, scales).wholes("sizes", {-1, 2, 8, 9}).wholes("two", {8, 9}).wholes("axes", {0, 1});
    graph.node("Shape", {"input"}, {"shape"}).node("Slice", {"shape", "axes0", "axes2"}, {"front"}).node("Concat", {"front", "two"}, {"computed"}, Node{""}.whole("axis", 0));
    graph.file.wholes("axes0", {0}).wholes("axes2", {2});
    std::vector<std::string> inputs{"input"};
    inputs.insert(inputs.end(), more.begin(), more.end());
    graph.node(op, inputs, {"a"}, std::move(with)).node("GlobalMaxPool", {"a"}, {"b"}).node("Flatten", {"b"}, {"output"});
    const std::string text = refusal<DataError>([&] { throw DataError(graph.layers("Upsample", opset)); });
    return text.find("Resize: ") == std::string::npos ? text.substr(0, text.find(" Glob")) : text.substr(text.find("Resize: ") + 8);
  };
  const auto attributes = [](const char* mode, const char* places, const char* rounding) {
    return Node{""}.text("mode", mode).text("coordinate_transformation_mode", places).text("nearest_mode", rounding);
  };
  const std::string nearest = R"(Upsample,"scale_factor":[2,3])", linear = R"(Upsample,"scale_factor":[2,3],"bilinear":1)";
  CHECK(resized(13, "Resize", {"roi", "scales"}, attributes("nearest", "asymmetric", "floor")) == nearest);
  CHECK(resized(13, "Resize", {"", "scales"}, attributes("nearest", "half_pixel", "round_prefer_floor")) == nearest);
  CHECK(resized(13, "Resize", {"", "scales"}, Node{""}) == nearest);
  CHECK(resized(19, "Resize", {"", "scales"}, attributes("nearest", "half_pixel", "round_prefer_ceil").whole("antialias", 0)) == nearest);
  CHECK(resized(13, "Resize", {"", "", "computed"}, attributes("linear", "half_pixel", "floor")) == linear);
  CHECK(resized(18, "Resize", {"", "", "two"}, attributes("linear", "pytorch_half_pixel", "floor").ints("axes", {2, -1})) == linear);
  CHECK(resized(10, "Resize", {"scales"}, Node{""}) == nearest);
  CHECK(resized(9, "Upsample", {"scales"}, Node{""}.text("mode", "nearest")) == nearest);
  CHECK(resized(13, "Resize", {"", "scales"}, Node{""}, {1, 1, 1, 1}).find("GlobalMaxPool") == 0);
  const std::string modes = "; expects nearest with asymmetric and floor, or linear with half_pixel";
  for (const auto& [mode, places, rounding] : std::vector<std::array<const char*, 3>>{{"nearest", "asymmetric", "ceil"}, {"nearest", "half_pixel", "floor"},
                                                                                     {"nearest", "align_corners", "floor"}, {"linear", "align_corners", "floor"},
                                                                                     {"linear", "asymmetric", "floor"}, {"cubic", "half_pixel", "floor"}})
    CHECK(resized(13, "Resize", {"", "scales"}, attributes(mode, places, rounding)).find(modes) != std::string::npos);
  CHECK(resized(18, "Resize", {"", "scales"}, attributes("linear", "half_pixel", "floor").whole("antialias", 1)).find(modes) != std::string::npos);
  CHECK(resized(10, "Resize", {"scales"}, Node{""}.text("mode", "linear")).find(modes) != std::string::npos);
  const std::string factors = "expects constant whole factors, of height and width alone";
  for (const std::vector<float>& scales : std::vector<std::vector<float>>{{1, 1, 2}, {1, 1, 2, 0.5F}, {1, 1, 1.5F, 2}, {1, 2, 2, 2}, {2, 1, 2, 2}, {1, 1, 2, 1e9F}, {1, 1, 2, -1}, {}})
    CHECK(resized(13, "Resize", {"", "scales"}, Node{""}, scales) == factors);
  CHECK(resized(13, "Resize", {"", "", "sizes"}, Node{""}) == factors);  // of the samples, too
  CHECK(resized(13, "Resize", {"", "", "two"}, Node{""}) == factors);
  CHECK(resized(13, "Resize", {"roi"}, Node{""}) == factors);
  CHECK(resized(18, "Resize", {"", "", "two"}, Node{""}.ints("axes", {2, 2})) == factors);
  CHECK(resized(18, "Resize", {"", "", "two"}, Node{""}.ints("axes", {2, 4})).find("has axis 4, which its input does not have") == 0);
  CHECK(why(OnnxFile{{0, 3}}.node(Node{"Resize"})).find("Resize: expects images (N, C, H, W) but gets rows") != std::string::npos);
}

TEST_CASE("constants may be whole or real numbers that stand as attributes of a node") {
  Graph graph{OnnxFile{{0, 2, 2, 2}}};
  const auto ints = [](std::string_view name, std::initializer_list<Index> list) { return Node{""}.ints(name, list); };
  graph.node("Constant", {}, {"to"}, ints("value_ints", {0, -1})).node("Constant", {}, {"half"}, Node{""}.real("value_float", 0.5));
  graph.node("Constant", {}, {"start"}, Node{""}.whole("value_int", 1));
  graph.node("GlobalMaxPool", {"input"}, {"a"}).node("Reshape", {"a", "to"}, {"b"}).node("Mul", {"b", "half"}, {"c"});
  graph.node("Shape", {"c"}, {"d"}, Node{""}.whole("start", -1)).node("Concat", {"to", "d"}, {"e"}, Node{""}.whole("axis", 0));
  graph.node("Gather", {"e", "start"}, {"f"}).node("Unsqueeze", {"f", "zero"}, {"g"}).node("Shape", {"c"}, {"h"}, Node{""}.whole("end", 1));
  graph.file.wholes("zero", {0});
  graph.node("Concat", {"h", "g"}, {"i"}, Node{""}.whole("axis", 0)).node("Reshape", {"c", "i"}, {"output"});
  CHECK(graph.layers() == "GlobalMaxPool Flatten BatchNorm ");
}
