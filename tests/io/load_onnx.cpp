#include <lamina/io/load_onnx.hpp>
#include <lamina/io/onnx.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "../lenet.hpp"
#include "../tensors.hpp"
#include "layers_one_by_one.hpp"
#include "loaded_onnx.hpp"
#include "onnx_file.hpp"
#include "random_network.hpp"

#include <lamina/lamina.hpp>
#include <limits>

using namespace lamina;
using namespace loaded_onnx;

namespace {

const std::string not_supported = " not supported:\n  node ";

}  // namespace

TEST_CASE("every layer comes back from an ONNX file, with its options and every bit of what it predicts") {
  const Model model{every_layer, Shape{11, 13, 2}, Rng{1}};
  const auto loaded = load_onnx_bytes(onnx_bytes(model)).model;
  CHECK(predictions(loaded) == predictions(model));
  auto expected = describe(model).layers;
  const auto found = describe(loaded).layers;
  // Dropout is Identity at inference, and pools' own strides are not written.
  expected.erase(expected.begin() + 7);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].type == expected[i].type);
    CHECK(found[i].in == expected[i].in);
    CHECK(found[i].out == expected[i].out);
    if (found[i].type != "LeakyReLU") CHECK(found[i].options == expected[i].options);
  }
  CHECK(found[1].options == ",\"slope\":\"0.10000000149011612\"");  // ONNX's numbers are float
}

TEST_CASE("networks nested, of one layer, on rows and drawn at random come back with every bit") {
  CHECK(comes_back(Model{nested, Shape{7, 11, 2}, Rng{1}}));
  CHECK(comes_back(Model{lenet, Shape{28, 28, 1}, Rng{1}}));
  CHECK(comes_back(Model{Dense{.units = 3}, Shape{5}, Rng{1}}));
  CHECK(comes_back(Model{Network{Dense{.units = 5}, Dropout{}, Flatten{}, Dense{.units = 2}}, Shape{6}, Rng{1}}));
  CHECK(comes_back(Model{Sequential{Conv{.filters = 3}, Flatten{}, ReLU{}}, Shape{6, 5, 2}, Rng{1}}));
  CHECK(comes_back(Model{Network{Flatten{}, Dropout{}, Softmax{}}, Shape{2, 3, 4}, Rng{1}}));
  CHECK(comes_back(
      Model{Sequential{ReLU{}, Flatten{}, Flatten{}, Dense{.units = 4}, Dense{.units = 4}}, Shape{2, 3, 4}, Rng{1}}));
  for (const Layers& layers : one_by_one()) {
    Network network;
    for (const auto& layer : layers) std::visit([&](const auto& own) { network.push_back(own); }, layer);
    CHECK(comes_back(Model{network, Shape{6, 9, 3}, Rng{1}}));
  }
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto [network, sample] = random_network(Rng{500 + seed});
    INFO("network " << seed);
    CHECK(comes_back(Model{network, sample, Rng{seed}}));
  }
}

TEST_CASE("a model of double comes back as one of double or of float, rounded as ONNX has it") {
  BasicModel<double> model{nested, Shape{7, 11, 2}, Rng{1}};
  const auto file = onnx_bytes(model);
  const auto expected = predictions(model), found = predictions(load_onnx_bytes<double>(file).model);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(0).margin(1e-6));
  CHECK(load_onnx_bytes(file).model.parameter_count() == model.parameter_count());
}

TEST_CASE("the metadata comes back, and a damaged one or another model's is refused") {
  const Scratch scratch("load-onnx");
  const Metadata metadata{{{0.5, 0.25}, {2, 3}}, {"a", "b", "c"}, {}};
  const Model model{nested, Shape{7, 11, 2}, Rng{1}};
  export_onnx(model, scratch.path / "m.onnx", metadata);
  const auto loaded = load_onnx(scratch.path / "m.onnx");
  CHECK(loaded.metadata.class_names == metadata.class_names);
  CHECK(loaded.metadata.normalisation.mean == metadata.normalisation.mean);
  CHECK(loaded.metadata.normalisation.deviation == metadata.normalisation.deviation);
  CHECK(loaded.metadata.version == library_version);
  CHECK(load_onnx_bytes(dense().bytes()).metadata.version.empty());

  const auto with = [](const std::string& key, const std::string& value) {
    Proto entry, props;
    entry.text(1, key);
    entry.text(2, value);
    props.message(14, entry);
    auto file = dense().bytes();
    file.insert(file.end(), props.bytes().begin(), props.bytes().end());
    return why(file);
  };
  CHECK(with("other.class_names", "[") == "nothing was refused");
  CHECK(with("lamina.class_names", "[").find("its metadata is damaged: ") == 0);
  CHECK(with("lamina.class_names", R"(["a","b","c"])") ==
        "its metadata is not of this model: metadata: expects 2 class names, one for each output, but got 3");
}

TEST_CASE("weights (F, U), biases apart, turned around or absent are a Dense, behind a flattened image too") {
  const std::vector<float> by_unit{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
      by_feature{1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12};
  for (const auto& input : {std::vector<Index>{0, 6}, std::vector<Index>{0, 2, 3, 1}}) {
    const auto start = [&] {
      OnnxFile file{input};
      file.floats("w", {2, 6}, by_unit)
          .floats("wT", {6, 2}, by_feature)
          .floats("b", {2}, {0.5F, 2})
          .floats("row", {1, 2}, {0.5F, 2})
          .floats("0", {2}, {0, 0});
      return file.node(Node{"Flatten"});
    };
    const auto made = [&](OnnxFile file) {
      const auto bytes = file.bytes();
      return predictions(load_onnx_bytes(bytes).model);
    };
    const auto expected = made(start().node(Node{"Gemm"}.whole("transB", 1), {"w", "b"}));
    CHECK(made(start().node(Node{"Gemm"}, {"wT", "b"})) == expected);
    CHECK(made(start().node(Node{"Gemm"}.whole("transB", 0).real("alpha", 1).real("beta", 1), {"wT", "row"})) ==
          expected);
    CHECK(made(start().node(Node{"Gemm"}, {"wT"}).node(Node{"Add"}, {"b"})) == expected);
    CHECK(made(start().node(Node{"MatMul"}, {"wT"}).node(Node{"Add"}, {"row"})) == expected);
    CHECK(made(start().node(Node{"MatMul"}, {"wT"})) == made(start().node(Node{"Gemm"}, {"wT", "0"})));
    CHECK(made(start().node(Node{"MatMul"}, {"wT"})) != expected);
  }
}

TEST_CASE("a bias that stands before what it is added to is the same") {
  OnnxFile file = dense();
  file.nodes = {};
  file.floats("wT", {3, 2}, counting(6));
  Proto graph = file.graph();
  const auto add = [&](const char* op, const char* a, const char* b, const char* to) {
    Proto node;
    node.text(1, a);
    node.text(1, b);
    node.text(2, to);
    node.text(4, op);
    graph.message(1, node);
  };
  add("MatMul", "input", "wT", "y");
  add("Add", "b", "y", "output");
  CHECK(load_onnx_bytes(OnnxFile::of(graph)).model.parameter_count() == 8);
}

TEST_CASE("convolutions without a bias, with their defaults, and VALID are a Conv") {
  const auto conv = [](Node node) {
    return layers_of(images()
                         .floats("w", {2, 1, 3, 2}, counting(12))
                         .floats("u", {1, 2 * 4 * 4}, counting(32))
                         .node(std::move(node), {"w"})
                         .node(Node{"Flatten"})
                         .node(Node{"Gemm"}.whole("transB", 1), {"u"}));
  };
  const std::string expected =
      R"(Conv,"filters":2,"kernel":[3,2],"stride":[1,1],"padding":[0,0],"bias":0,)"
      R"("weight_initializer":"HeNormal","bias_initializer":"Zeros",)"
      R"(Flatten,Dense,"units":1,"bias":0,"weight_initializer":"HeNormal","bias_initializer":"Zeros")";
  const auto text = [](Node node, std::string_view name, std::string_view value) {
    Proto attribute;
    attribute.text(1, name);
    attribute.text(4, value);
    attribute.number(20, 3);
    node.attributes.message(5, attribute);
    return node;
  };
  CHECK(conv(Node{"Conv"}) == expected);
  CHECK(conv(text(Node{"Conv"}, "auto_pad", "VALID")) == expected);
  CHECK(conv(text(Node{"Conv"}.ints("pads", {0, 0, 0, 0}), "auto_pad", "NOTSET")) == expected);
  CHECK(conv(Node{"Conv"}
                 .ints("dilations", {1, 1})
                 .ints("kernel_shape", {3, 2})
                 .ints("strides", {1, 1})
                 .whole("group", 1)) == expected);
}

TEST_CASE("a pool of whole images, an absent stride and a padding that counts where there is none") {
  const auto pool = [](Node node, Index features) {
    const std::vector<float> weights(static_cast<std::size_t>(features), 1);
    const std::string layers = layers_of(images()
                                             .floats("w", {1, features}, weights)
                                             .node(std::move(node))
                                             .node(Node{"Flatten"})
                                             .node(Node{"Gemm"}.whole("transB", 1), {"w"}));
    return layers.substr(0, layers.find(",Flatten"));
  };
  CHECK(pool(Node{"GlobalAveragePool"}, 1) == "GlobalAveragePool");
  CHECK(pool(Node{"GlobalMaxPool"}, 1) == "GlobalMaxPool");
  CHECK(pool(Node{"MaxPool"}.ints("kernel_shape", {2, 2}), 20) ==
        R"(MaxPool,"window":[2,2],"stride":[1,1],"padding":[0,0])");
  CHECK(pool(Node{"MaxPool"}.ints("kernel_shape", {2, 2}).ints("strides", {2, 2}).whole("storage_order", 0), 6) ==
        R"(MaxPool,"window":[2,2],"padding":[0,0])");
  CHECK(pool(Node{"AveragePool"}.ints("kernel_shape", {2, 2}).whole("count_include_pad", 1).whole("ceil_mode", 0),
             20) == R"(AvgPool,"window":[2,2],"stride":[1,1],"padding":[0,0])");
}

TEST_CASE("rows are made by Flatten and by every Reshape that leaves samples apart") {
  const auto reshaped = [](std::vector<Index> to, Index batch = 0) {
    OnnxFile file{{batch, 1, 2, 3}};
    file.floats("w", {1, 6}, counting(6)).wholes("to", to);
    file.node(Node{"Reshape"}, {"to"}).node(Node{"Gemm"}.whole("transB", 1), {"w"});
    return why(file);
  };
  const std::string yes = "nothing was refused";
  for (const auto& to : {std::vector<Index>{0, -1}, {0, 6}, {-1, 6}}) CHECK(reshaped(to) == yes);
  CHECK(reshaped({4, -1}, 4) == yes);
  CHECK(reshaped({4, 6}, 4) == yes);
  CHECK(reshaped({1, -1}) == "1 of its 2 nodes is" + not_supported +
                                 "0 \"n0\": Reshape: makes (1, -1); expects a row of each sample, (0, -1) or (-1, 6)");
  for (const auto& to : {std::vector<Index>{-1, 3}, {-1, -1}, {-1}, {0, 2, 3}, {0, -1, 1}, {}})
    CHECK(reshaped(to) != yes);
  CHECK(reshaped({3, -1}, 4) != yes);
  CHECK(reshaped(std::vector<Index>(9, 1)).find("\"to\" is no list of at most eight INT64") != std::string::npos);

  const auto flattened = [](Node node) {
    return why(OnnxFile{{0, 1, 2, 3}}
                   .floats("w", {1, 6}, counting(6))
                   .node(std::move(node))
                   .node(Node{"Gemm"}.whole("transB", 1), {"w"}));
  };
  CHECK(flattened(Node{"Flatten"}) == yes);
  CHECK(flattened(Node{"Flatten"}.whole("axis", -3)) == yes);
  CHECK(flattened(Node{"Flatten"}.whole("axis", 2)) ==
        "1 of its 2 nodes is" + not_supported +
            "0 \"n0\": Flatten: has axis 2; expects 1, which leaves the samples apart");
}

TEST_CASE("images flattened at the end are read where a Transpose says their order, or it is the same") {
  const auto flattened = [](Index C, Index H, bool transposed) {
    OnnxFile file{{0, C, H, 1}};
    if (transposed) file.node(Node{"Transpose"}.ints("perm", {0, 2, 3, 1}));
    return why(file.node(Node{"Relu"}).node(Node{"Flatten"}));
  };
  CHECK(flattened(2, 3, true) == "nothing was refused");
  CHECK(flattened(1, 3, false) == "nothing was refused");
  CHECK(flattened(2, 1, false) == "nothing was refused");
  CHECK(flattened(2, 3, false) ==
        "ends with the numbers of images in the order (c, h, w), which are (h, w, c) here; put a Transpose "
        "(perm 0, 2, 3, 1) before its Flatten, or a Gemm behind it");
  const auto transposed = [](Node next) {
    return why(images().node(Node{"Transpose"}.ints("perm", {0, 2, 3, 1})).node(std::move(next)));
  };
  CHECK(transposed(Node{"GlobalMaxPool"})
            .find("node 1 \"n1\": GlobalMaxPool: expects images (N, C, H, W) but they are (N, H, W, C) behind a "
                  "Transpose") != std::string::npos);
  CHECK(transposed(Node{"MaxPool"}.ints("kernel_shape", {2, 2})).find("behind a Transpose") != std::string::npos);
  CHECK(transposed(Node{"Transpose"}.ints("perm", {0, 2, 3, 1})).find("Transpose: expects perm 0, 2, 3, 1") != std::string::npos);
  CHECK(why(images().node(Node{"Transpose"}.ints("perm", {0, 1, 3, 2}))).find("Transpose: expects perm 0, 2, 3, 1") != std::string::npos);
}

TEST_CASE("a Dense behind transposed rows has its weights in the order that they have here") {
  OnnxFile file{{0, 2, 2, 1}};
  file.floats("w", {1, 4}, {1, 2, 3, 4})
      .node(Node{"Transpose"}.ints("perm", {0, 2, 3, 1}))
      .node(Node{"Flatten"})
      .node(Node{"Gemm"}.whole("transB", 1), {"w"});
  std::vector<float> weights;
  const auto loaded = load_onnx_bytes(file.bytes());
  visit_parameters(
      [&](const auto& tensor) { weights.insert(weights.end(), tensor.data(), tensor.data() + tensor.size()); },
      loaded.model.parameters());
  CHECK(weights == std::vector<float>{1, 2, 3, 4});
  file.nodes.erase(file.nodes.begin());
  weights.clear();
  const auto direct = load_onnx_bytes(file.bytes());
  visit_parameters(
      [&](const auto& tensor) { weights.insert(weights.end(), tensor.data(), tensor.data() + tensor.size()); },
      direct.model.parameters());
  CHECK(weights == std::vector<float>{1, 3, 2, 4});
}

TEST_CASE("Dropout is a layer of its rate, Identity and a Pad of nothing are none, constants may be nodes") {
  CHECK(layers_of(dense().node(Node{"Dropout"}).node(Node{"Identity"})) ==
        R"(Dense,"units":2,"weight_initializer":"HeNormal","bias_initializer":"Zeros",Dropout,"rate":"0.5")");
  CHECK(layers_of(dense().node(Node{"Dropout"}.real("ratio", 0.25))).find(R"(Dropout,"rate":"0.25")") !=
        std::string::npos);
  CHECK(layers_of(dense().floats("r", {}, {0.75F}).node(Node{"Dropout"}, {"r", ""}))
            .find(R"(Dropout,"rate":"0.75")") != std::string::npos);
  CHECK(why(dense().floats("r", {}, {1.5F}).node(Node{"Dropout"}, {"r"}))
            .find("Dropout: Dropout: expects a rate of at least 0 and below 1 but got 1.5") != std::string::npos);
  CHECK(why(dense().floats("r", {2}, {0, 0}).node(Node{"Dropout"}, {"r"}))
            .find("expects one real number as its ratio but got \"r\"") != std::string::npos);

  const auto padded = [](std::vector<Index> pads) {
    return why(images().wholes("p", pads).node(Node{"Pad"}, {"p"}).node(Node{"Flatten"}));
  };
  CHECK(padded({0, 0, 0, 0, 0, 0, 0, 0}) == "nothing was refused");

  OnnxFile file = images(2, 3);
  Proto value = OnnxFile::tensor("", {2}, 7);
  value.number(7, -1);  // int64_data, one by one
  value.number(7, 6);
  Proto graph;
  graph.message(1, constant("to", value));
  graph.merge(file.node(Node{"Reshape"}, {"to"}).graph());
  CHECK(why(OnnxFile::of(graph)) == "nothing was refused");
}

TEST_CASE("numbers are read in every type and in every place where a tensor may have them") {
  const std::vector<double> numbers{0, 1, -2, 0.5, 1.5, 3};
  const auto loaded = [&](Proto weight) {
    OnnxFile file{{0, 3}};
    const auto model = load_onnx_bytes(file.add(weight).node(Node{"Gemm"}.whole("transB", 1), {"w"}).bytes()).model;
    std::vector<double> found;
    visit_parameters(
        [&](const auto& tensor) {
          for (Index i = 0; i < tensor.size(); ++i) found.push_back(static_cast<double>(tensor.data()[i]));
        },
        model.parameters());
    found.resize(6);
    return found;
  };
  const auto with = [](int type, std::uint32_t field, const std::string& bytes) {
    Proto proto = OnnxFile::tensor("w", {2, 3}, type);
    proto.text(field, bytes);
    return proto;
  };
  const std::vector<float> floats(numbers.begin(), numbers.end());
  const std::vector<std::uint16_t> halves{0, 0x3C00, 0xC000, 0x3800, 0x3E00, 0x4200},
      bfloats{0, 0x3F80, 0xC000, 0x3F00, 0x3FC0, 0x4040};
  CHECK(loaded(with(1, 9, OnnxFile::raw(floats))) == numbers);
  CHECK(loaded(with(11, 9, OnnxFile::raw(numbers))) == numbers);
  CHECK(loaded(with(10, 9, OnnxFile::raw(halves))) == numbers);
  CHECK(loaded(with(16, 9, OnnxFile::raw(bfloats))) == numbers);
  CHECK(loaded(with(1, 4, OnnxFile::raw(floats))) == numbers);     // float_data, packed
  CHECK(loaded(with(11, 10, OnnxFile::raw(numbers))) == numbers);  // double_data
  Proto one_by_one = OnnxFile::tensor("w", {2, 3}), in_whole_numbers = OnnxFile::tensor("w", {2, 3}, 10);
  for (const float number : floats) one_by_one.number(4, number);
  for (const auto number : halves) in_whole_numbers.number(5, number);  // int32_data
  CHECK(loaded(one_by_one) == numbers);
  CHECK(loaded(in_whole_numbers) == numbers);
  CHECK(refusal<DataError>([&] {
          loaded(with(11, 9, OnnxFile::raw(std::vector<double>{1, 1, 1, 1, 1, 1e300})));
        }) == "w: holds 1e+300, which is too large for the model's numbers; make them double");
}

TEST_CASE("initializers that are inputs, too, as old files have them, are no inputs") {
  Proto graph = dense().graph();
  graph.message(11, OnnxFile::value("w", {2, 3}));
  graph.message(11, OnnxFile::value("b", {2}));
  CHECK(why(OnnxFile::of(graph, 7)) == "nothing was refused");
}

namespace {

/// A model whose layers have learned and measured something.
template <typename L, typename S>
Model trained(const L& layers, const S& sample) {
  Model model{layers, sample, Rng{1}};
  detail::visit_buffers(
      [rng = Rng{9}](auto& tensor) mutable {
        for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<float>(rng.uniform(0.5, 2));
      },
      model.parameters());
  for (const std::string& name : model.parameters().names())
    if (name.ends_with("1.weight") || name.ends_with("1.bias")) {
      Rng rng(3);
      auto& tensor = model.parameters().tensor<1>(name);
      for (Index i = 0; i < tensor.size(); ++i) tensor(i) = static_cast<float>(rng.normal());
    }
  return model;
}

}  // namespace

TEST_CASE("batch normalisation comes back, on images, on rows, and on rows that were images") {
  CHECK(comes_back(trained(Sequential{Conv{.filters = 3}, BatchNorm{}, ReLU{}, Flatten{}, Dense{.units = 4}}, Shape{6, 5, 2})));
  CHECK(comes_back(trained(Network{Dense{.units = 5}, BatchNorm{.epsilon = 0.5}, Dense{.units = 3}}, Shape{4})));
  CHECK(comes_back(trained(Sequential{Flatten{}, BatchNorm{}, ReLU{}, Dense{.units = 4}}, Shape{3, 4, 2})));
  CHECK(comes_back(trained(Sequential{Flatten{}, BatchNorm{}}, Shape{3, 4, 2})));
}

TEST_CASE("batch normalisation that cannot be read is refused with the reason") {
  const auto norm = [](Node&& node, std::initializer_list<std::string> inputs = {"s", "o", "m", "v"}) {
    return why(dense().floats("s", {2}, {1, 1}).floats("o", {2}, {0, 0}).floats("m", {2}, {0, 0}).floats("v", {2}, {1, 1})
                   .floats("three", {3}, {1, 1, 1}).node(std::move(node), inputs));
  };
  CHECK(norm(Node{"BatchNormalization"}.real("epsilon", 0.25)) == "nothing was refused");
  CHECK(norm(Node{"BatchNormalization"}.whole("training_mode", 1)).find(
            "is in training mode; expects a network at inference (in PyTorch: model.eval())") != std::string::npos);
  CHECK(norm(Node{"BatchNormalization"}, {"s", "o", "m"}).find("has no constant scale, bias, mean and variance") !=
        std::string::npos);
  CHECK(norm(Node{"BatchNormalization"}, {"s", "three", "m", "v"}).find(
            "expects 2 real numbers for its channels but got \"three\" (3)") != std::string::npos);
  CHECK(norm(Node{"BatchNormalization"}.real("epsilon", -1)).find("BatchNorm: expects an epsilon above 0 but got -1") !=
        std::string::npos);
}

TEST_CASE("all nodes that are not supported are listed, with their names, operators and reasons") {
  OnnxFile file = images();
  file.floats("w", {2, 1, 3, 3}, counting(18)).floats("v", {2}, {1, 1});
  file.node(Node{"Conv"}.whole("group", 2), {"w"})
      .node(Node{"InstanceNormalization"}, {"v", "v"})
      .node(Node{"Relu"});
  file.node(Node{"MaxPool"}.ints("kernel_shape", {2, 2}).ints("dilations", {1, 2}))
      .node(Node{"Frobnicate"})
      .node(Node{"Gemm"}, {"nothing"});
  CHECK(why(file) ==
        "5 of its 6 nodes are not supported:\n"
        "  node 0 \"n0\": Conv: expects weights \"w\" for images of 1 channels in 2 groups but got (2, 1, 3, 3)\n"
        "  node 1 \"n1\": InstanceNormalization: is not a supported operator\n"
        "  node 3 \"n3\": MaxPool: has dilations 1, 2; expects 1, 1\n"
        "  node 4 \"n4\": Frobnicate: is not a supported operator\n"
        "  node 5 \"n5\": Gemm: takes \"nothing\", which is no initializer");
}

TEST_CASE("of thousands of nodes that are not supported two hundred are listed and the others counted") {
  OnnxFile file = images();
  for (int i = 0; i < 5000; ++i) file.node(Node{"Erf"});
  const std::string text = why(file);
  CHECK(text.find("5000 of its 5000 nodes are not supported:\n  node 0 \"n0\": Erf: is not a supported operator\n") ==
        0);
  CHECK(text.substr(text.size() - 60).find("\n  and 4800 more") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 201);
}

TEST_CASE("an attribute whose value no layer has is refused") {
  const auto conv = [](Node node) {
    const std::string text = why(images().floats("w", {2, 1, 3, 3}, counting(18)).node(std::move(node), {"w"}));
    return text.substr(text.find("Conv: ") + 6);
  };
  const auto pool = [](Node node) {
    const std::string text = why(images().node(std::move(node).ints("kernel_shape", {2, 2})));
    return text.substr(text.find("Pool: ") + 6);
  };
  const auto row = [](Node node, std::initializer_list<std::string> others = {}) {
    const std::string text = why(
        OnnxFile{{0, 3}}.floats("w", {3, 2}, counting(6)).floats("b", {2}, {1, 2}).node(std::move(node), others));
    const std::size_t name = text.find("\"n0\": ");
    return text.substr(text.find(": ", name + 6) + 2);
  };
  CHECK(conv(Node{"Conv"}.whole("group", 0)) ==
        "expects weights \"w\" for images of 1 channels in 0 groups but got (2, 1, 3, 3)");
  CHECK(conv(Node{"Conv"}.ints("pads", {1, 1})) == "expects 4 numbers as pads but got 2");
  CHECK(conv(Node{"Conv"}.ints("strides", {1, 1, 1, 1, 1, 1, 1, 1, 1, 1})) ==
        "expects 2 numbers as strides but got more than 8");
  CHECK(conv(Node{"Conv"}.ints("kernel_shape", {2, 2})) == "has another kernel_shape than its weights");
  CHECK(conv(Node{"Conv"}.ints("strides", {0, 1})) == "Conv: expects a stride of at least 1 but got 0x1");
  CHECK(conv(Node{"Conv"}.whole("strides", 1)) == "expects the attribute strides of the type 7 of ONNX but got 2");
  CHECK(conv(Node{"Conv"}.whole("speed", 1)) == "has the attribute \"speed\", which is unknown here or stands twice");
  CHECK(conv(Node{"Conv"}.whole("group", 1).whole("group", 1)) ==
        "has the attribute \"group\", which is unknown here or stands twice");
  CHECK(row(Node{"HardSigmoid"}) == "has alpha 0.2 and beta 0.5; expects 1/6 and 0.5");
  CHECK(row(Node{"Clip"}.real("min", -1).real("max", 1)) == "is between -1 and 1; expects 0 and 6, or 0 and no bound");
  CHECK(row(Node{"PRelu"}, {"b"}) == "expects one real number, or one for each of 3 features (F), but got \"b\" (2)");
  CHECK(row(Node{"LayerNormalization"}.whole("axis", 0), {"b", "b"}) == "has axis 0; expects the last, -1");
  CHECK(pool(Node{"MaxPool"}.ints("dilations", {1, 2})) == "has dilations 1, 2; expects 1, 1");
  CHECK(pool(Node{"MaxPool"}.ints("pads", {2, 2, 2, 2})) ==
        "MaxPool: expects a padding of at most half its 2x2 window but got 2x2");
  CHECK(pool(Node{"MaxPool"}.ints("pads", {-1, 0, -1, 0})) == "MaxPool: expects a padding of at least 0 but got -1x0");
  CHECK(row(Node{"Gemm"}.real("alpha", 0.5), {"w"}) == "scales its terms (alpha, beta); expects 1 for both");
  CHECK(row(Node{"Gemm"}.real("beta", 2), {"w", "b"}) == "scales its terms (alpha, beta); expects 1 for both");
  CHECK(row(Node{"Gemm"}.whole("transA", 1), {"w"}) == "transposes its rows (transA 1); expects transA 0");
  CHECK(row(Node{"Softmax"}.whole("axis", 0)) == "has axis 0; expects the last of rows, 1 or -1");
  CHECK(row(Node{"Add"}, {"b"}) == "expects one real number, or one for each of 3 features (F), but got \"b\" (2)");
  CHECK(row(Node{"MaxPool"}.ints("kernel_shape", {2, 2})) == "expects images (N, C, H, W) but gets rows");
  CHECK(row(Node{"Relu"}, {"w"}) == "has 2 inputs and 1 outputs; expects at most 1, and at least 1");
  CHECK(why(images().node(Node{"Softmax"}))
            .find("Softmax: Softmax: expects rows (N, F) but got images (1, 6, 5, 1); put Flatten{} before it") !=
        std::string::npos);
  CHECK(why(images().floats("w", {30, 2}, counting(60)).node(Node{"Gemm"}, {"w"}))
            .find("Gemm: expects rows (N, F) but gets images; put a Flatten before it") != std::string::npos);
}

TEST_CASE("weights and biases of other extents or types than their places take are refused") {
  const auto gemm = [](Proto weight, Proto bias) {
    const std::string text =
        why(OnnxFile{{0, 3}}.add(weight).add(bias).node(Node{"Gemm"}.whole("transB", 1), {"w", "b"}));
    return text.substr(text.find("Gemm: ") + 6);
  };
  const auto tensor = [](const std::string& name, std::vector<Index> dims, int type = 1) {
    Index size = type == 1 ? 4 : 8;
    for (const Index extent : dims) size *= extent;
    Proto proto = OnnxFile::tensor(name, dims, type);
    proto.text(9, std::string(static_cast<std::size_t>(size), '\0'));
    return proto;
  };
  CHECK(gemm(tensor("w", {2, 4}), tensor("b", {2})) == "expects weights \"w\" for rows of 3 features but got (2, 4)");
  CHECK(gemm(tensor("w", {2, 3}), tensor("b", {3})) == "expects 2 real numbers as its bias but got \"b\" (3)");
  CHECK(gemm(tensor("w", {2, 3}), tensor("b", {2, 1})) == "expects 2 real numbers as its bias but got \"b\" (2, 1)");
  CHECK(gemm(tensor("w", {2, 3}), tensor("b", {2}, 7)) == "expects 2 real numbers as its bias but got \"b\" (2)");
  CHECK(gemm(tensor("w", {2, 3}, 7), tensor("b", {2})) ==
        "expects weights of 2 axes, FLOAT, DOUBLE, FLOAT16 or BFLOAT16, but got \"w\" (2, 3) of the type 7");
  CHECK(gemm(tensor("w", {2, 3}, 3), tensor("b", {2})).find("of the type 3") != std::string::npos);
  CHECK(gemm(tensor("w", {6}), tensor("b", {2})).find("expects weights of 2 axes") == 0);
  CHECK(gemm(tensor("w", {0, 3}), tensor("b", {0})) == "Dense: expects units of at least 1 but got 0");
  const std::string text = why(images().add(tensor("w", {2, 3, 3, 3})).node(Node{"Conv"}, {"w"}));
  CHECK(text.find("Conv: expects weights \"w\" for images of 1 channels but got (2, 3, 3, 3)") != std::string::npos);
}

TEST_CASE("an attribute whose value was left out is 0, as some writers have it, and not the operator's default") {
  const auto without_value = [](Node node, std::string_view name, int type) {
    Proto attribute;
    attribute.text(1, name);
    attribute.number(20, type);
    node.attributes.message(5, attribute);
    return node;
  };
  CHECK(layers_of(dense().node(without_value(Node{"LeakyRelu"}, "alpha", 1))).find(R"(LeakyReLU,"slope":"0")") !=
        std::string::npos);
  CHECK(why(images().node(without_value(Node{"Flatten"}, "axis", 2))).find("Flatten: has axis 0;") !=
        std::string::npos);
  CHECK(why(images().node(without_value(Node{"MaxPool"}, "kernel_shape", 7)))
            .find("expects 2 numbers as kernel_shape but got 0") != std::string::npos);
}

TEST_CASE("graphs whose nodes take what nothing makes, or that make what is not their output, are refused") {
  CHECK(why(wired({"input,w>a MatMul", "a>output Relu"})) == "nothing was refused");
  CHECK(why(wired({"input>a Relu", "input>b Tanh", "a,b>output Add"})) == "nothing was refused");
  CHECK(why(wired({"input>a Relu", "input>lost Frobnicate", "a>output Relu"})) == "nothing was refused");  // nothing needs it
  CHECK(why(wired({"b>a Relu", "a>b Relu"}, "b")) ==
        "1 of its 2 nodes is" + not_supported +
            "0: Relu: takes \"b\", which no node before it makes");
  CHECK(why(wired({"input>a Relu", "a>a Relu", "b>output Tanh"})) ==
        "1 of its 3 nodes is" + not_supported + "2: Tanh: takes \"b\", which no node before it makes");
  CHECK(why(wired({"input>a Relu", "a>a Tanh", "a>output Relu"})).find("node 1: Tanh: makes \"a\", which is there already") !=
        std::string::npos);
  CHECK(why(wired({"input,input>output MatMul"})).find("MatMul: takes \"input\", which is no initializer") !=
        std::string::npos);
  CHECK(why(wired({"input>a Relu"})) == "its output \"output\" is made by none of its nodes");
  CHECK(why(wired({"input> Relu"})).find("has 1 inputs and 0 outputs") != std::string::npos);
  CHECK(why(wired({">output Relu"})).find("takes nothing that a node before it makes") != std::string::npos);
  CHECK(why(wired({"input>output Identity"})) == "has no layer");
  CHECK(why(wired({}, "input")) == "has no layer");
  CHECK(why(wired({"input>output MatMul"})).find("MatMul: has no weights") != std::string::npos);
}

TEST_CASE("a constant without a tensor, or of an initializer's name, and operators of others are refused") {
  CHECK(why(wired({">w Constant", "input>output Relu"})) ==
        "1 of its 2 nodes is" + not_supported + "0: Constant: has no tensor as its value");
  Proto value = OnnxFile::tensor("", {1}), graph, domain;
  value.number(4, 1.0F);
  graph.message(1, constant("w", value));
  graph.merge(dense().graph());
  CHECK(why(OnnxFile::of(graph)) ==
        "1 of its 2 nodes is" + not_supported + "0: Constant: has two initializers of the name \"w\"");
  domain.text(1, "input");
  domain.text(2, "output");
  domain.text(4, "Relu");
  domain.text(7, "com.example");
  Proto other;
  other.message(1, domain);
  other.merge(OnnxFile{{0, 3}}.graph());
  CHECK(why(OnnxFile::of(other)) ==
        "1 of its 1 nodes is" + not_supported + "0: Relu: is an operator of \"com.example\", not of ONNX");
}

TEST_CASE("what a file asks for has limits, and weights that stand once are not used without an end") {
  const auto file = onnx_bytes(Model{nested, Shape{7, 11, 2}, Rng{1}});
  CHECK(why(file) == "nothing was refused");
  CHECK(why(file, {.layers = 4}).find("exceeds the 4 layers that the limits allow") != std::string::npos);
  CHECK(why(file, {.numbers = 100}).find("computes more numbers for one sample than the limits allow") !=
        std::string::npos);
  CHECK(why(file, {.multiply_adds = 100}).find("takes more multiply-adds for one sample than the limits allow") !=
        std::string::npos);
  OnnxFile often{{0, 100}};
  often.floats("w", {100, 100}, counting(10'000));
  for (int i = 0; i < 7; ++i) often.node(Node{"MatMul"}, {"w"});
  CHECK(why(often) == "nothing was refused");  // tied weights
  for (int i = 0; i < 900; ++i) often.node(Node{"MatMul"}, {"w"});
  CHECK(why(often).find("Dense: has more parameters than are left in the file") != std::string::npos);
  OnnxFile huge{{0, 1, Index{1} << 40, Index{1} << 40}};
  CHECK(why(huge.node(Node{"Flatten"})).find("holds more numbers than an index can count") != std::string::npos);
  OnnxFile large{{0, 1, 1 << 20, 1 << 20}};
  CHECK(why(large.node(Node{"Flatten"})) == "computes more numbers for one sample than the limits allow");
}

TEST_CASE("a damaged node and a file cut at any place are refused") {
  auto file = onnx_bytes(Model{nested, Shape{7, 11, 2}, Rng{1}});
  for (std::size_t size = 0; size < file.size(); size += 1 + size / 50)
    CHECK(why(std::vector<std::byte>(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))) !=
          "nothing was refused");
  const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  file[text.find("kernel_shape") - 1] = std::byte{0x7F};  // its length
  CHECK(why(file).find("is cut short or damaged: field ") == 0);
}

TEST_CASE("a file that is not there is named") {
  CHECK(refusal<DataError>([] { load_onnx("nowhere.onnx"); }) == "nowhere.onnx: there is no such file");
}

namespace {

constexpr Conv keeping{.filters = 4, .kernel = 3, .padding = 1};

/// A model whose biases and measured numbers are none of those that a new one has.
template <typename L, typename S>
Model drawn_model(const L& layers, const S& sample) {
  Model model{layers, sample, Rng{1}};
  detail::visit_buffers(
      [rng = Rng{9}](auto& tensor) mutable {
        for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<float>(rng.uniform(0.5, 2));
      },
      model.parameters());
  visit_parameters(
      [rng = Rng{4}](auto& tensor) mutable {
        for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<float>(0.5 * rng.normal());
      },
      model.parameters());
  return model;
}

}  // namespace

TEST_CASE("networks with branches come back from an ONNX file with every bit") {
  const Shape sample{6, 5, 4};
  CHECK(comes_back(drawn_model(Sequential{keeping, Residual{Sequential{keeping, BatchNorm{}, ReLU{}}}, Flatten{}, Dense{.units = 3}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Residual{Sequential{Conv{.filters = 6, .kernel = 3, .stride = 2, .padding = 1}, Tanh{}},
                                                   Subsample{.stride = 2, .channels = 6}},
                                          Flatten{}, Dense{.units = 3}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Concat{Conv{.filters = 2, .kernel = 1}, Identity{}, keeping},
                                          Mul{Identity{}, Sequential{GlobalAveragePool{}, Conv{.filters = 10, .kernel = 1}, Sigmoid{}}},
                                          GlobalMaxPool{}, Flatten{}, Dense{.units = 3}}, sample)));
  // The factors are rows, on either side.
  constexpr Sequential factors{GlobalAveragePool{}, Flatten{}, Dense{.units = 4}, Sigmoid{}};
  CHECK(comes_back(drawn_model(Sequential{Mul{Identity{}, factors}, Flatten{}, Dense{.units = 3}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Mul{factors, Identity{}}, Mul{Tanh{}, Sigmoid{}}, Flatten{}, Dense{.units = 3}}, sample)));
  // Rows that are the numbers of images meet others, and leave as they are.
  CHECK(comes_back(drawn_model(Sequential{Flatten{}, Residual{Sequential{Tanh{}}}, Dense{.units = 3}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Concat{Flatten{}, Sequential{GlobalMaxPool{}, Flatten{}}}, Dense{.units = 3}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Add{Flatten{}, Sequential{Flatten{}, Dense{.units = 120}}}, Dense{.units = 3}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Mul{Sequential{Tanh{}, Flatten{}}, Sequential{Flatten{}, Sigmoid{}}}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Add{Dense{.units = 4}, Identity{}, Tanh{}}, Concat{Identity{}, Dense{.units = 2}}}, Shape{4})));
}

TEST_CASE("constants are computed, and extents that follow from the input's, as PyTorch writes x.view and F.pad") {
  OnnxFile file{{0, 2, 4, 4}};
  file.floats("w", {3, 2}, counting(6));
  for (const auto& [name, numbers] : std::map<std::string, std::vector<Index>>{
           {"zero", {0}}, {"minus", {-1}}, {"pads", {1, 1}}, {"six", {6}}, {"two", {2}}, {"huge", {1 << 30}}, {"axis", {2}}, {"last", {3}},
           {"all", {-1, 2}}, {"far", {-(1 << 30)}}, {"flat", {-1}}})
    file.wholes(name, numbers);
  OnnxFile::Proto graph;
  const auto node = [&](const std::string& op, const std::vector<std::string>& inputs, const std::string& output, Node with = Node{""}) {
    OnnxFile::Proto proto;
    for (const auto& input : inputs) proto.text(1, input);
    proto.text(2, output);
    proto.text(4, op);
    proto.merge(with.attributes);
    graph.message(1, proto);
  };
  node("Slice", {"input", "zero", "huge", "axis", "two"}, "rows");
  node("Slice", {"rows", "zero", "huge", "last", "two"}, "small");
  // (1, 1) and six zeros, turned around: as torch.onnx.export writes F.pad(x, (0, 0, 0, 0, 1, 1))
  node("ConstantOfShape", {"six"}, "zeros");
  node("Concat", {"zeros", "pads"}, "list", Node{""}.whole("axis", 0));
  node("Reshape", {"list", "all"}, "table");
  node("Slice", {"table", "minus", "far", "zero", "minus"}, "turned");
  node("Transpose", {"turned"}, "columns", Node{""}.ints("perm", {1, 0}));
  node("Reshape", {"columns", "flat"}, "row");
  node("Cast", {"row"}, "cast", Node{""}.whole("to", 7));
  node("Relu", {"small"}, "a");
  node("GlobalAveragePool", {"a"}, "pooled");
  node("Shape", {"pooled"}, "shape");
  node("Gather", {"shape", "zero"}, "n", Node{""}.whole("axis", 0));
  node("Concat", {"n", "minus"}, "to", Node{""}.whole("axis", 0));
  node("Reshape", {"pooled", "to"}, "flattened");
  node("Gemm", {"flattened", "w"}, "output", Node{""}.whole("transB", 1));
  graph.merge(file.graph());
  const auto model = load_onnx_bytes(OnnxFile::of(graph)).model;
  std::string layers;
  for (const auto& layer : describe(model).layers) layers += layer.type + " ";
  CHECK(layers == "Subsample ReLU GlobalAveragePool Flatten Dense ");
  CHECK(describe(model).layers[0].options == R"(,"stride":[2,2],"channels":0)");
}

TEST_CASE("branches of a file that do not match, and constants that are not read, are refused with the reason") {
  CHECK(why(wired({"input,w>a MatMul", "a,w>output Mul"})).find("Mul: expects one real number, or one for each of 3 features (F), but got \"w\" (3, 3)") !=
        std::string::npos);
  CHECK(why(wired({"input>a Relu", "a,nothing>output Add"})).find("Add: takes \"nothing\", which no node before it makes") !=
        std::string::npos);
  CHECK(why(wired({"input>a Relu", "a,a,a>output Concat"})) == "nothing was refused");
  CHECK(why(wired({"input>a Relu", "a>b Tanh", "a,b>output Mul"})) == "nothing was refused");
  const auto sliced = [](std::vector<Index> starts, std::vector<Index> ends, std::vector<Index> axes, std::vector<Index> steps) {
    return why(images().wholes("s", starts).wholes("e", ends).wholes("a", axes).wholes("t", steps)
                   .node(Node{"Slice"}, {"s", "e", "a", "t"}).node(Node{"Flatten"}));
  };
  CHECK(sliced({0, 0}, {99, 5}, {2, -1}, {2, 1}) == "nothing was refused");
  CHECK(sliced({1}, {99}, {2}, {2}).find("takes a part of its images") != std::string::npos);
  CHECK(sliced({0}, {4}, {2}, {1}).find("takes a part of its images") != std::string::npos);
  CHECK(sliced({0}, {1}, {1}, {1}) == "nothing was refused");  // the only channel
  CHECK(sliced({0, 0}, {99}, {2}, {2}).find("other numbers of starts, ends and axes") != std::string::npos);
  CHECK(sliced({0, 0}, {99, 99}, {2, -2}, {1, 1}).find("names an axis twice") != std::string::npos);
  CHECK(sliced({0}, {99}, {4}, {1}).find("has axis 4, which its input does not have") != std::string::npos);
  CHECK(sliced({-1}, {1 << 30}, {0}, {1}).find("takes a part of its images") != std::string::npos);  // of the samples
}

TEST_CASE("channels that are parted, shuffled and put together come back with every bit") {
  const Shape sample{6, 5, 4};
  CHECK(comes_back(drawn_model(Sequential{Concat{Narrow{.length = 2}, Sequential{Narrow{.start = 2, .length = 2}, Tanh{}}},
                                          ChannelShuffle{.groups = 2}, keeping, ChannelShuffle{.groups = 4}, Flatten{}, Dense{.units = 3}}, sample)));
  // Rows that are the numbers of images, in the order that they have here.
  CHECK(comes_back(drawn_model(Sequential{Flatten{}, Narrow{.start = 5, .length = 50}, Dense{.units = 3}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Flatten{}, Tanh{}, Narrow{.start = 119, .length = 1}}, sample)));
  CHECK(comes_back(drawn_model(Sequential{Dense{.units = 6}, Concat{Narrow{.start = 3, .length = 3}, Narrow{.length = 3}}, Dense{.units = 2}}, Shape{4})));
}

TEST_CASE("a Split is a Narrow for each part that is used, whatever says how large the parts are") {
  const auto split = [](std::vector<Index> input, Node with, Index opset, const std::vector<std::string>& more = {}) {
    Graph graph{OnnxFile{std::move(input)}};
    graph.file.wholes("parts", {2, 4});
    std::vector<std::string> inputs{"input"};
    inputs.insert(inputs.end(), more.begin(), more.end());
    graph.node("Split", inputs, {"a", "b"}, std::move(with)).node("Relu", {"b"}, {"c"}).node("Concat", {"a", "c"}, {"d"}, Node{""}.whole("axis", 1));
    if (graph.file.input.size() == 4) graph.node("GlobalMaxPool", {"d"}, {"e"});
    graph.node("Flatten", {graph.file.input.size() == 4 ? "e" : "d"}, {"output"});
    return refusal<DataError>([&] { throw DataError(graph.layers("Narrow", opset)); });
  };
  const std::string two_and_four = R"(Narrow,"start":0,"length":2 From Narrow,"start":2,"length":4 ReLU Concat GlobalMaxPool Flatten )";
  const std::string rows = R"(Narrow,"start":0,"length":2 From Narrow,"start":2,"length":4 ReLU Concat Flatten )";
  CHECK(split({0, 6, 3, 2}, Node{""}.whole("axis", 1).ints("split", {2, 4}), 11) == two_and_four);
  CHECK(split({0, 6, 3, 2}, Node{""}.whole("axis", -3), 13, {"parts"}) == two_and_four);
  CHECK(split({0, 6}, Node{""}.whole("axis", -1), 17, {"parts"}) == rows);
  CHECK(split({0, 6}, Node{""}.whole("axis", 1), 13) == R"(Narrow,"start":0,"length":3 From Narrow,"start":3,"length":3 ReLU Concat Flatten )");
  CHECK(split({0, 5}, Node{""}.whole("axis", 1).whole("num_outputs", 2), 18) == R"(Narrow,"start":0,"length":3 From Narrow,"start":3,"length":2 ReLU Concat Flatten )");
  const auto refused = [&](std::vector<Index> input, Node with, const std::vector<std::string>& more = {}) {
    const std::string text = split(std::move(input), std::move(with), 18, more);
    return text.substr(text.find("Split: ") + 7);
  };
  CHECK(refused({0, 6, 3, 2}, Node{""}, {"parts"}) == "has axis 0; expects 1, the channels or features");
  CHECK(refused({0, 6, 4, 2}, Node{""}.whole("axis", 2)) == "has axis 2; expects 1, the channels or features");
  CHECK(refused({0, 6}, Node{""}.whole("axis", 2)) == "has axis 2, which its input does not have");
  CHECK(refused({0, 7}, Node{""}.whole("axis", 1), {"parts"}) == "has parts of 6 channels or features; expects 7 in all");
  CHECK(refused({0, 5}, Node{""}.whole("axis", 1), {"parts"}) == "has parts that are not the 5 channels or features of its input, one for each output");
  CHECK(refused({0, 6}, Node{""}.whole("axis", 1).ints("split", {6})) == "has parts that are not the 6 channels or features of its input, one for each output");
  CHECK(refused({0, 6}, Node{""}.whole("axis", 1).ints("split", {-2, 8})) == "has parts that are not the 6 channels or features of its input, one for each output");
  CHECK(refused({0, 1}, Node{""}.whole("axis", 1)) == "has parts that are not the 1 channels or features of its input, one for each output");
  CHECK(refused({0, 6}, Node{""}.whole("axis", 1).whole("num_outputs", 3)) == "has another number of outputs than num_outputs");
  CHECK(refused({0, 6}, Node{""}.whole("axis", 1), {"input"}) == "takes \"input\", which is no initializer");

  Graph one{OnnxFile{{0, 6}}};  // of one part, and of one that is used
  one.node("Split", {"input"}, {"a"}, Node{""}.whole("axis", 1)).node("Split", {"a"}, {"b", "", "c"}, Node{""}.whole("axis", 1)).node("Relu", {"c"}, {"output"});
  CHECK(one.layers("Narrow") == R"(Narrow,"start":4,"length":2 ReLU )");
}

TEST_CASE("a Slice of channels or features is a Narrow") {
  const auto sliced = [](std::vector<Index> input, std::vector<Index> starts, std::vector<Index> ends, std::vector<Index> axes) {
    OnnxFile file{std::move(input)};
    file.wholes("s", starts).wholes("e", ends).wholes("a", axes).node(Node{"Slice"}, {"s", "e", "a"}).node(Node{"Relu"});
    if (file.input.size() == 4) file.node(Node{"GlobalMaxPool"}).node(Node{"Flatten"});
    return refusal<DataError>([&] { throw DataError(layers_of(file)); });
  };
  CHECK(sliced({0, 6, 3, 2}, {1}, {3}, {1}) == R"(Narrow,"start":1,"length":2,ReLU,GlobalMaxPool,Flatten)");
  CHECK(sliced({0, 6, 3, 2}, {0, -2}, {99, -1}, {2, -3}) == R"(Narrow,"start":4,"length":1,ReLU,GlobalMaxPool,Flatten)");
  CHECK(sliced({0, 6}, {-99}, {5}, {-1}) == R"(Narrow,"start":0,"length":5,ReLU)");
  CHECK(sliced({0, 6}, {3}, {std::numeric_limits<Index>::max()}, {1}) == R"(Narrow,"start":3,"length":3,ReLU)");
  CHECK(sliced({0, 6}, {3}, {3}, {1}).find("takes a part of its images") != std::string::npos);
  CHECK(sliced({0, 6}, {1, 0}, {3, 1}, {1, 0}).find("takes a part of its images") != std::string::npos);
  OnnxFile numbers{{0, 2, 2, 2}};  // (c, h, w) in the file
  numbers.wholes("s", {1}).wholes("e", {3}).wholes("a", {1}).node(Node{"Flatten"}).node(Node{"Slice"}, {"s", "e", "a"});
  CHECK(why(numbers).find("Slice: takes a part of rows that are the numbers of images in the order (c, h, w)") != std::string::npos);
}

TEST_CASE("channels are shuffled by a Transpose between two Reshapes, and by nothing less") {
  const auto shuffled = [](std::vector<Index> parts, std::vector<Index> joined, Node transpose = Node{"Transpose"}.ints("perm", {0, 2, 1, 3, 4})) {
    OnnxFile file{{0, 6, 3, 2}};
    file.wholes("parts", parts).wholes("joined", joined);
    file.node(Node{"Reshape"}, {"parts"}).node(Node{"Relu"}).node(std::move(transpose)).node(Node{"Reshape"}, {"joined"}).node(Node{"GlobalMaxPool"}).node(Node{"Flatten"});
    return refusal<DataError>([&] { throw DataError(layers_of(file)); });
  };
  CHECK(shuffled({0, 2, 3, 3, 2}, {0, 6, 3, 2}) == R"(ReLU,ChannelShuffle,"groups":2,GlobalMaxPool,Flatten)");
  CHECK(shuffled({-1, 3, 2, 3, 2}, {-1, 6, 3, 2}) == R"(ReLU,ChannelShuffle,"groups":3,GlobalMaxPool,Flatten)");
  CHECK(shuffled({0, 2, -1, 3, 2}, {0, -1, 3, 2}) == R"(ReLU,ChannelShuffle,"groups":2,GlobalMaxPool,Flatten)");
  CHECK(shuffled({0, 2, 3, 3, 2}, {0, 6, 3, 2}, Node{"Identity"}) == "ReLU,GlobalMaxPool,Flatten");
  CHECK(shuffled({0, 2, 3, 2, 3}, {0, 6, 3, 2}).find("Reshape: makes (0, 2, 3, 2, 3); expects") != std::string::npos);
  CHECK(shuffled({0, 2, 3, 3, 2}, {0, 6, 2, 3}).find("Reshape: makes (0, 6, 2, 3); expects") != std::string::npos);
  CHECK(shuffled({0, 2, 3, 3, 2}, {0, 6, 3, 2}, Node{"Transpose"}.ints("perm", {0, 1, 2, 4, 3})).find("Transpose: expects perm") != std::string::npos);
  const auto in_groups = [](Node node) {
    const std::string text = why(OnnxFile{{0, 6, 3, 2}}.wholes("parts", {0, 2, 3, 3, 2}).floats("w", {2, 6, 1, 1}, counting(12)).floats("six", {6}, counting(6))
                                     .node(Node{"Reshape"}, {"parts"}).node(std::move(node)));
    return text.find("their channels are in groups behind a Reshape") != std::string::npos;
  };
  CHECK(in_groups(Node{"Relu"}));  // at the end
  CHECK(in_groups(Node{"Flatten"}));
  CHECK(in_groups(Node{"GlobalMaxPool"}));
  CHECK(in_groups(Node{"MaxPool"}.ints("kernel_shape", {1, 1})));
}

TEST_CASE("a value of two names is what both say, whatever is appended to one of them") {
  OnnxFile file{{0, 3}};
  file.floats("w", {3, 2}, counting(6)).floats("b", {2}, {5, 7});
  Graph graph{file};  // the constant belongs to d alone, so that it is no bias
  graph.node("MatMul", {"input", "w"}, {"a"}).node("Identity", {"a"}, {"b2"}).node("Add", {"b2", "b"}, {"d"}).node("Concat", {"a", "d"}, {"output"}, Node{""}.whole("axis", 1));
  CHECK(graph.layers() == "Dense BatchNorm Concat ");
}

TEST_CASE("numbers in another file are read beside the model, and nowhere else") {
  const Scratch scratch("load-onnx-external");
  std::filesystem::create_directories(scratch.path / "models" / "data");
  const std::vector<float> numbers = counting(6);
  const std::string raw = "...." + OnnxFile::raw(numbers);
  for (const auto& place : {scratch.path / "models" / "data" / "w.bin", scratch.path / "outside.bin"})
    write_file(place, std::as_bytes(std::span(raw)));
  std::filesystem::create_symlink("../outside.bin", scratch.path / "models" / "link.bin");
  const auto loaded = [&](const std::string& location, const std::string& offset = "4", const std::string& length = "24") {
    Proto tensor = OnnxFile::tensor("w", {2, 3});
    for (const auto& [key, value] : std::map<std::string, std::string>{{"location", location}, {"offset", offset}, {"length", length}}) {
      Proto entry;
      entry.text(1, key);
      entry.text(2, value);
      if (!value.empty()) tensor.message(13, entry);
    }
    tensor.number(14, 1);
    const auto bytes = OnnxFile{{0, 3}}.add(tensor).node(Node{"Gemm"}.whole("transB", 1), {"w"}).bytes();
    write_file(scratch.path / "models" / "m.onnx", bytes);
    std::string text = refusal<DataError>([&] {
      const auto model = load_onnx(scratch.path / "models" / "m.onnx").model;
      const auto& weight = model.parameters().template tensor<2>("0.weight");
      for (Index i = 0; i < 6; ++i) CHECK(weight.data()[i] == numbers[static_cast<std::size_t>(i)]);
    });
    return text.substr(text.find("w: ") == std::string::npos ? 0 : text.find("w: "));
  };
  CHECK(loaded("data/w.bin") == "nothing was refused");
  CHECK(loaded("data/w.bin", "4", "") == "nothing was refused");
  CHECK(loaded("./data/w.bin") == "nothing was refused");
  const std::string elsewhere = "w: has its numbers in another file, ";
  for (const std::string& out : std::vector<std::string>{"../outside.bin", "data/../../outside.bin", (scratch.path / "outside.bin").string(), ""})
    CHECK(loaded(out) == elsewhere + "\"" + out + "\"; expects a path in the folder of the model");
  CHECK(loaded("link.bin") == elsewhere + "\"link.bin\", which leads out of the folder of the model");
  CHECK(loaded("nowhere.bin") == elsewhere + "\"nowhere.bin\", which is not there");
  CHECK(loaded("data") == elsewhere + "\"data\", which is no file");
  CHECK(loaded("data/w.bin", "8") == elsewhere + "\"data/w.bin\", which is too short for them");
  CHECK(loaded("data/w.bin", "18446744073709551615") == elsewhere + "\"data/w.bin\", which is too short for them");
  CHECK(loaded("data/w.bin", "4", "20") == "w: holds 20 bytes, but FLOAT (2, 3) takes 24");
  CHECK(loaded("data/w.bin", "-1") == "w: has \"-1\" as a place in another file");
}
