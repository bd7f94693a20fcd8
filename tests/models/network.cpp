#include <lamina/models/mlp.hpp>
#include <lamina/models/network.hpp>

#include <lamina/io/saved_model.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/models/summary.hpp>
#include <lamina/testing/gradient_check.hpp>
#include <lamina/training/trainer.hpp>
#include <lamina/training/divergence.hpp>

#include <sstream>
#include <string_view>

#include "../benchmark/workloads.hpp"
#include "../catch.hpp"
#include "../parameters.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

static_assert(Layer<Network, Tensor<float, 4>> && Layer<Network, Tensor<double, 4>>);
static_assert(Layer<Network, Tensor<float, 2>> && HasInference<Network, Tensor<double, 2>>);

/// The layers of a Sequential, listed.
template <typename... Ls>
Network listed(const Sequential<Ls...>& layers) {
  Network same;
  std::apply([&](const auto&... each) { (same.push_back(each), ...); }, layers.layers());
  return same;
}

template <typename P>
std::vector<std::string> names(const P& p) {
  std::vector<std::string> all;
  detail::visit_named_parameters([&](const std::string& name, const auto&) { all.push_back(name); }, p);
  return all;
}

/// Everything that a network's passes write.
template <typename L, int Rank>
struct Passes {
  using X = Tensor<double, Rank>;
  workspace_t<L, X> ws;
  parameters_t<L, X> p, dp;
  Tensor<double, 2> y, inferred;
  X dx;

  Passes(const L& layer, const Shape<Rank>& in) : p(layer.template initialize<double>(in, Rng{3})) { run(layer, in); }

  void run(const L& layer, const Shape<Rank>& in) {
    const X x = drawn(in, Rng{1});
    detail::forward(layer, p, x, ws, y, {});
    detail::backward(layer, p, x, y, drawn(layer.output_shape(in), Rng{2}), ws, &dx, dp, {});
    workspace_t<L, X> other;
    forward_inference(layer, p, x, other, inferred);
  }
};

/// Sequentials with every layer of the library, and with every fused layer.
template <typename Visitor>
void for_every_network(Visitor&& visit) {
  workloads::for_each([&](const char* name, const auto& layers, const auto& sample, workloads::Cut) {
    if (std::string_view(name) != "cifar-vgg") visit(layers, detail::batch_shape(3, sample));
  });
  visit(Sequential{Conv{.filters = 3, .kernel = {3, 2}, .padding = 1}, LeakyReLU{.slope = 0.2}, AvgPool{.window = 2},
                   Conv{.filters = 4, .kernel = 2}, ReLU{}, Sigmoid{}, Flatten{}, Tanh{}, Dense{.units = 4}, Softmax{}},
        Shape{3, 8, 9, 2});
  visit(Sequential{BasicConv<GlorotUniform, StandardNormal>{.filters = 3, .kernel = 3}, ReLU{},
                   MaxPool{.window = 3, .stride = 2, .padding = 1}, MaxPool{.window = 2, .stride = 1}, Flatten{},
                   BasicDense<StandardNormal, GlorotUniform>{.units = 4}},
        Shape{2, 9, 10, 1});
  visit(Sequential{Conv{.filters = 2}, Flatten{}}, Shape{2, 5, 4, 3});
  visit(Sequential{Dense{.units = 2}}, Shape{2, 5});
}

}  // namespace

TEST_CASE("a Network gives the bits of the Sequential of its layers: parameters, outputs and gradients") {
  for_every_network([](const auto& layers, const auto& in) {
    const Network same = listed(layers);
    CAPTURE(in);
    CHECK(same.output_shape(in) == layers.output_shape(in));
    CHECK(same.multiply_adds(in) == layers.multiply_adds(in));
    const Passes a(layers, in);
    const Passes b(same, in);
    CHECK(numbers(b.p) == numbers(a.p));
    CHECK(names(b.p) == names(a.p));
    CHECK(same_bits(b.y, a.y));
    CHECK(same_bits(b.inferred, a.inferred));
    CHECK(same_bits(b.dx, a.dx));
    CHECK(numbers(b.dp) == numbers(a.dp));
  });
}

TEST_CASE("fit trains a Network to the bits of the Sequential, by any number of threads, and both save the same file") {
  const auto data = workloads::noise(70, workloads::digit);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01, .momentum = 0.9}};
  Model compiled{workloads::lenet, workloads::digit, Rng{4}};
  trainer.fit(compiled, data, {.epochs = 2, .batch_size = 16, .threads = 1});
  for (const Index threads : {1, 3}) {
    Model model{listed(workloads::lenet), workloads::digit, Rng{4}};
    trainer.fit(model, data, {.epochs = 2, .batch_size = 16, .threads = threads});
    CHECK(numbers(model.parameters()) == numbers(compiled.parameters()));
    CHECK(save_bytes(model) == save_bytes(compiled));
    CHECK(predict_classes(model, data) == predict_classes(compiled, data));

    Model loaded{listed(workloads::lenet), workloads::digit, Rng{5}};
    load_bytes(loaded, save_bytes(compiled));
    CHECK(numbers(loaded.parameters()) == numbers(compiled.parameters()));
  }
}

TEST_CASE("layers that draw get in a Network the keys that they get in a Sequential") {
  const Sequential layers{Dropout{.rate = 0.2}, Flatten{},         Dense{.units = 30}, Dropout{.rate = 0.5}, Tanh{},
                          Dropout{.rate = 0.3}, Dense{.units = 10}};
  const auto data = workloads::noise(40, workloads::digit);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}};
  Model compiled{layers, workloads::digit, Rng{4}};
  trainer.fit(compiled, data, {.batch_size = 16, .seed = 2, .threads = 1, .shards = 3});
  for (const Index threads : {1, 3}) {
    Model model{listed(layers), workloads::digit, Rng{4}};
    trainer.fit(model, data, {.batch_size = 16, .seed = 2, .threads = threads, .shards = 3});
    CHECK(numbers(model.parameters()) == numbers(compiled.parameters()));
  }
  CHECK(check_gradient(listed(layers), Shape{2, 3, 4, 1}, {.probes = 20}).passed());
}

TEST_CASE(
    "what a Network's convolutions prepare of their weights is prepared once, shared, and changes no bit of training") {
  const auto data = workloads::noise(40, workloads::digit);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}};
  Model compiled{workloads::mnist_deep, workloads::digit, Rng{4}};
  const Model start{listed(workloads::mnist_deep), workloads::digit, Rng{4}};
  trainer.fit(compiled, data, {.batch_size = 16, .threads = 1, .shards = 3});
  for (const Index threads : {1, 2, 3}) {
    Model model = start;
    trainer.fit(model, data, {.batch_size = 16, .threads = threads, .shards = 3});
    CHECK(numbers(model.parameters()) == numbers(compiled.parameters()));
  }

  const auto& program = start.program();
  Model::Workspace first, second;
  program.make_ready(first);
  CHECK(!program.share_packed(first, second));
  for (const Index worker : {0, 1}) {
    RoundRobin turns{.worker = worker, .workers = 2};
    program.pack_weights(start.parameters().of_layers(), first, turns);
  }
  const bool served = std::string_view(kernels::best<float>().key) != "baseline";  // which has nothing to prepare
  CHECK(program.share_packed(first, second) == served);
  const auto x = drawn<float>(detail::batch_shape(2, workloads::digit), Rng{2});
  Tensor<float, 2> y;
  start.forward_inference(x, second, y);
  CHECK(same_bits(y, start(x)));
}

TEST_CASE("Winograd's algorithm is used, and can be turned off, as in a Sequential") {
  const Sequential layers{Conv{.filters = 16, .kernel = 3, .padding = 1}, ReLU{}, Conv{.filters = 16, .kernel = 3},
                          Flatten{}, Dense{.units = 3}};
  const Shape sample{12, 12, 16};
  const Model compiled{layers, sample, Rng{1}};
  const Model model{listed(layers), sample, Rng{1}};
  const auto x = drawn<float>(detail::batch_shape(4, sample), Rng{2});
  Predictor with{model}, without{model, {.winograd = false}};
  Predictor compiled_with{compiled}, compiled_without{compiled, {.winograd = false}};
  CHECK(same_bits(with(x), compiled_with(x)));
  CHECK(same_bits(without(x), compiled_without(x)));
  const bool served = std::string_view(kernels::best<float>().key) != "baseline";  // which does without it
  CHECK(same_bits(with(x), without(x)) != served);
}

TEST_CASE("one workspace serves networks of other layers and batches of other ranks in turn") {
  const Network images{Conv{.filters = 3}, ReLU{}, MaxPool{}, Tanh{}, Flatten{}, Dense{.units = 4}};
  const Network rows{Dense{.units = 6}, Tanh{}, Softmax{}};
  const Shape in{2, 6, 7, 2};
  const Shape row_in{3, 5};
  const Passes fresh(images, in);
  const Passes fresh_rows(rows, row_in);
  auto used = fresh;
  decltype(used.dp) none;
  used.dp.swap(none);
  Tensor<double, 2> y;
  rows.forward(fresh_rows.p, drawn(row_in, Rng{1}), used.ws, y, {});
  CHECK(same_bits(y, fresh_rows.y));
  auto others = fresh_rows.p;
  used.dp.swap(others);
  used.run(images, in);
  CHECK(same_bits(used.y, fresh.y));
  CHECK(same_bits(used.dx, fresh.dx));
  CHECK(numbers(used.dp) == numbers(fresh.dp));
}

TEST_CASE("layers can be appended to any depth, and are then there to be looked at") {
  Network deep{Flatten{}};
  for (Index i = 0; i < 12; ++i) {
    deep.push_back(Dense{.units = 5 + i});
    deep.push_back(ReLU{});
  }
  deep.push_back(Dense{.units = 3});
  CHECK(deep.size() == 26);
  CHECK(std::get<1>(deep[25]).units == 3);
  CHECK(deep.output_shape(Shape{2, 3, 4, 1}) == Shape{2, 3});
  CHECK(names(deep.initialize<float>(Shape{2, 3, 4, 1}, Rng{1})).back() == "25.bias");
  CHECK(check_gradient(deep, Shape{2, 3, 4, 1}, {.probes = 5}).passed());
  std::string all;
  for (const auto& layer : Network{Conv{}, ReLU{}, Flatten{}}) {
    all += std::visit([](const auto& own) { return std::string_view(own.name); }, layer);
    all += ' ';
  }
  CHECK(all == "Conv ReLU Flatten ");
}

TEST_CASE("what does not fit is refused with the layer's place") {
  const auto error = [](const Network& layers, const auto& in) {
    return refusal<ShapeError>([&] { layers.output_shape(in); });
  };
  CHECK(error(Network{}, Shape{1, 2}) == "Network: expects at least one layer");
  CHECK(error(Network{Conv{}, ReLU{}, Dense{.units = 3}}, Shape{2, 5, 6, 1}) ==
        "layer 2: Dense: expects rows (N, F) but got images (2, 3, 4, 1); put Flatten{} before it");
  CHECK(error(Network{Flatten{}, MaxPool{}}, Shape{2, 5, 6, 1}) ==
        "layer 1: MaxPool: expects images (N, H, W, C) but got rows (2, 30); put it before Flatten{}");
  CHECK(error(Network{Conv{}, Tanh{}}, Shape{2, 5, 6, 1}) ==
        "Network: expects to end in rows (N, K) but its last layer gives images (2, 3, 4, 1); put Flatten{} behind it");
  CHECK(error(Network{ReLU{}, Conv{.kernel = 9}, Flatten{}}, Shape{2, 5, 6, 1}).starts_with(
      "layer 1: Conv: expects images at least as large as its 9x9 kernel but got (2, 5, 6, 1)"));
  CHECK(error(Network{Dense{.units = 4}, Softmax{}, Softmax{}}, Shape{2, 5}) ==
        "layer 2: Softmax: follows Softmax: its input would be probabilities already; remove one of the two");
}

TEST_CASE("passes refuse inputs and parameters that are not theirs, by the layer's place") {
  const Network layers{Conv{.filters = 2}, ReLU{}, Flatten{}, Dense{.units = 3}};
  const auto p = layers.initialize<double>(Shape{1, 5, 6, 1}, Rng{1});
  workspace_t<Network, Tensor<double, 4>> ws;
  Tensor<double, 2> y;
  const auto forward = [&](const Network& any, const auto& x) {
    return refusal<ShapeError>([&] { any.forward(p, x, ws, y, {}); });
  };
  CHECK(forward(layers, drawn(Shape{2, 7, 7, 1}, Rng{1})) ==
        "layer 3: Dense: expects (N, 24) but got (2, 50); put Flatten{} before it or change units");
  CHECK(forward(layers, drawn(Shape{2, 6}, Rng{1})).starts_with("layer 0: Conv: expects images"));
  CHECK(forward(Network{Dense{.units = 2}}, drawn(Shape{2, 6}, Rng{1})) ==
        "layer 0: Dense: expects its own parameters but got those of another network");
  CHECK(forward(Network{Conv{.filters = 2}, Tanh{}}, drawn(Shape{2, 5, 6, 1}, Rng{1})).starts_with(
      "Network: expects to end in rows (N, K)"));
  CHECK(forward(Network{}, drawn(Shape{2, 6}, Rng{1})) == "Network: expects at least one layer");
  auto other = Network{Flatten{}, Dense{.units = 3}}.initialize<double>(Shape{1, 5, 6, 1}, Rng{1});
  CHECK(refusal<ShapeError>([&] { visit_parameters([](auto&, auto&) {}, p, other); }) ==
        "parameters: expects those of one network but got those of two");
}

TEST_CASE("a Network that ends in probabilities says so: they stay as they are, and losses on logits are refused") {
  const Network logits = mlp({6, 5, 3});
  CHECK(!logits.ends_in_probabilities());
  Network probable = logits;
  probable.push_back(Softmax{});
  CHECK(probable.ends_in_probabilities());
  Model model{probable, Shape{6}, Rng{1}};
  const Model plain{logits, Shape{6}, Rng{1}};
  const auto x = drawn<float>(Shape{4, 6}, Rng{2});
  CHECK(same_bits(model.probabilities(x), model(x)));
  CHECK(distance(model.probabilities(x), plain.probabilities(x)) < 1e-6);
  Predictor predict{model};
  CHECK(same_bits(predict.probabilities(x), model(x)));

  const Dataset<1> data(Tensor<float, 2>(x), std::vector<std::int32_t>{0, 1, 2, 1});
  const std::string text =
      "SoftmaxCrossEntropy takes logits and applies Softmax or Sigmoid itself: remove the one at the end of "
      "the network, or use a loss on probabilities, CrossEntropy{} or BinaryCrossEntropy{}";
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data); }) == "fit: " + text);
  CHECK(refusal<OptionError>([&] { evaluate(model, data, SoftmaxCrossEntropy{}); }) == "evaluate: " + text);
  for (const auto& batch : batches(data, {.batch_size = 4}))
    CHECK(refusal<OptionError>([&] { trainer.step(model, batch); }) == "step: " + text);
  Trainer{CrossEntropy{}, SGD{.learning_rate = 0.1}}.fit(model, data);
  CHECK(same_bits(predict_probabilities(model, data), predict_outputs(model, data)));
}

TEST_CASE("a Network's summary and its divergence speak of its layers as a Sequential's do") {
  const Model compiled{workloads::lenet, workloads::digit, Rng{4}};
  Model model{listed(workloads::lenet), workloads::digit, Rng{4}};
  std::ostringstream a, b;
  a << summary(compiled);
  b << summary(model);
  CHECK(a.str() == b.str());
  const Model small{Network{Conv{.filters = 2}, Tanh{}, Flatten{}, Dense{.units = 2}}, Shape{4, 5, 1}, Rng{1}};
  const auto x = drawn<float>(Shape{2, 4, 5, 1}, Rng{1});
  std::vector<std::string> seen;
  for (const auto& layer : small.layers()) seen.push_back(layer.path + " " + std::string(layer.node->name()));
  CHECK(seen == std::vector<std::string>{"0 Conv", "1 Tanh", "2 Flatten", "3 Dense"});
  Model broken = small;
  detail::visit_named_parameters(
      [](const std::string& name, auto& tensor) {
        if (name == "3.weight") tensor.data()[0] = std::numeric_limits<float>::infinity();
      },
      broken.parameters());
  CHECK(detail::first_non_finite<float>(broken, x) ==
        "the first layer concerned is layer 3 (Dense), whose parameters are not finite");
}

namespace {

/// A layer of a program's own.
struct Halve : Elementwise<Halve> {
  static constexpr std::string_view name = "Halve";
  template <typename T>
  T value(T x) const {
    return x / 2;
  }
  template <typename T>
  T derivative(T, T) const {
    return T(1) / 2;
  }
};

/// An initializer of a program's own.
struct Halves {
  double operator()(Rng&, detail::Fans) const { return 0.5; }
};

}  // namespace

TEST_CASE("a program's own layers are listed beside the library's") {
  using Mine = BasicNetwork<Halve, BasicDense<Halves>>;
  const Mine mine{Conv{.filters = 2}, Halve{}, Flatten{}, BasicDense<Halves>{.units = 4}, Dense{.units = 3}};
  const Sequential same{Conv{.filters = 2}, Halve{}, Flatten{}, BasicDense<Halves>{.units = 4}, Dense{.units = 3}};
  const Shape in{2, 5, 4, 1};
  const Passes a(same, in);
  const Passes b(mine, in);
  CHECK(same_bits(b.y, a.y));
  CHECK(numbers(b.dp) == numbers(a.dp));
  CHECK(names(b.p) == std::vector<std::string>{"0.weight", "0.bias", "3.weight", "3.bias", "4.weight", "4.bias"});
  CHECK(check_gradient(mine, in).passed());
  const Model model{mine, Shape{5, 4, 1}, Rng{1}};
  const Model compiled{same, Shape{5, 4, 1}, Rng{1}};
  CHECK(save_bytes(model) == save_bytes(compiled));
}

TEST_CASE("layers may have names, which nested blocks put together; others are called by their place") {
  Network body;
  body.push_back(Conv{.filters = 3, .padding = 1}, "conv1");
  body.push_back(ReLU{});
  Network network{ReLU{}};
  network.push_back(Conv{.filters = 3, .padding = 1}, "stem");
  network.push_back(Residual{body}, "layer1");
  network.push_back(body);
  network.push_back(Sequential{BatchNorm{}, ReLU{}}, "layer2.norm");
  network.push_back(Flatten{});
  network.push_back(Dense{.units = 2}, "fc");
  std::vector<std::string> paths;
  const Model model{network, Shape{4, 5, 2}, Rng{1}};
  for (const auto& layer : model.layers()) paths.push_back(layer.path);
  CHECK(paths == std::vector<std::string>{"0", "stem", "layer1.conv1", "layer1.1", "layer1.2", "conv1", "6", "layer2.norm.0", "layer2.norm.1", "9", "fc"});
  CHECK(network.layer_name(1) == "stem");
  CHECK(network.layer_name(9).empty());
  CHECK(Network{ReLU{}}.layer_name(0).empty());
  CHECK(model.parameters().tensor<2>("fc.weight").size() == 2 * 60);

  Network plain{ReLU{}, Conv{.filters = 3, .padding = 1}, Residual{Network{Conv{.filters = 3, .padding = 1}, ReLU{}}},
                Conv{.filters = 3, .padding = 1}, ReLU{}, BatchNorm{}, ReLU{}, Flatten{}, Dense{.units = 2}};
  CHECK(numbers(Model{plain, Shape{4, 5, 2}, Rng{1}}.parameters()) == numbers(model.parameters()));

  const Model nested{Sequential{ReLU{}, network}, Shape{4, 5, 2}, Rng{1}};
  CHECK(nested.layers()[2].path == "1.stem");
}

TEST_CASE("a list appended to itself keeps its layers' names") {
  Network network{ReLU{}};
  network.push_back(network);
  network.push_back(network, "twice");
  CHECK(network.size() == 4);
  CHECK(network.layer_name(1).empty());
  CHECK(network.layer_name(3) == "twice.1");
}

TEST_CASE("a name that is a number, and one that two layers have, are refused") {
  Network network;
  CHECK(refusal<OptionError>([&] { network.push_back(Flatten{}, "0"); }) ==
        "Network: expects a name that begins with a letter but got \"0\"; a layer without a name is called by its place");
  CHECK(refusal<OptionError>([&] { network.push_back(Flatten{}, ""); }).find("but got \"\"") != std::string::npos);
  CHECK(network.size() == 0);
  network.push_back(Flatten{});
  network.push_back(Dense{.units = 2}, "fc");
  network.push_back(Dense{.units = 2}, "fc");
  CHECK(refusal<OptionError>([&] { Model{network, Shape{3, 3, 1}, Rng{1}}; }) ==
        "Network: two layers are called \"fc\"; give one of them, or the block around it, another name");
}
