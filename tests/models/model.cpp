#include <lamina/models/model.hpp>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/sequential.hpp>

#include <atomic>
#include <thread>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr auto network = Sequential{
    Conv{.filters = 4, .kernel = 3, .padding = 1},
    ReLU{},
    MaxPool{},
    Flatten{},
    Dense{.units = 8},
    Sigmoid{},
    Dense{.units = 3},
};
constexpr Shape sample{8, 6, 2};

Model make() { return Model{network, sample, Rng{1}}; }

}  // namespace

TEST_CASE("a model knows its shapes and counts its parameters") {
  const auto model = make();
  CHECK(std::ranges::equal(model.sample_extents(), sample.extents));
  CHECK(std::ranges::equal(model.output_extents(), Shape{3}.extents));
  CHECK(model.input_shape<4>(5) == Shape{5, 8, 6, 2});
  CHECK(model.output_shape<2>(5) == Shape{5, 3});
  CHECK(refusal<ShapeError>([&] { model.input_shape<2>(5); }) ==
        "Model: its samples are (8, 6, 2), so that a batch has 4 axes, but it was asked for 2");
  CHECK(model.parameter_count() == 9 * 2 * 4 + 4 + 48 * 8 + 8 + 24 + 3);
  CHECK(shape(model(drawn<float>(Shape{5, 8, 6, 2}, Rng{2}))) == Shape{5, 3});
}

TEST_CASE("a model starts from its seed and from nothing else") {
  const auto x = drawn<float>(Shape{2, 8, 6, 2}, Rng{2});
  CHECK(same_bits(make()(x), make()(x)));
  CHECK_FALSE(same_bits(make()(x), Model{network, sample, Rng{2}}(x)));
}

TEST_CASE("a copy of a model has parameters of its own") {
  auto model = make();
  const auto copy = model;
  const auto x = drawn<float>(Shape{2, 8, 6, 2}, Rng{2});
  const auto before = model(x);
  CHECK(same_bits(copy(x), before));
  visit_parameters([](auto& tensor) { tensor.setZero(); }, model.parameters());
  CHECK(largest(model(x)) == 0);
  CHECK(same_bits(copy(x), before));
}

TEST_CASE("one const model serves many threads at once, each with the same bits") {
  const auto model = make();
  const auto x = drawn<float>(Shape{17, 8, 6, 2}, Rng{2});
  const auto expected = model(x);
  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        if (!same_bits(model(x), expected)) ++different;
    });
  for (auto& thread : threads) thread.join();
  CHECK(different == 0);
}

TEST_CASE("probabilities of logits are their softmax, classes their largest") {
  const auto model = make();
  const auto x = drawn<float>(Shape{6, 8, 6, 2}, Rng{2});
  const auto logits = model(x), p = model.probabilities(x);
  const auto classes = model.classes(x);
  REQUIRE(classes.size() == 6);
  for (Index n = 0; n < 6; ++n) {
    double sum = 0;
    for (Index k = 0; k < 3; ++k) sum += std::exp(static_cast<double>(logits(n, k)));
    for (Index k = 0; k < 3; ++k) {
      CHECK(p(n, k) == Approx(std::exp(static_cast<double>(logits(n, k))) / sum).epsilon(1e-5));
      CHECK(logits(n, classes[static_cast<std::size_t>(n)]) >= logits(n, k));
    }
  }
}

TEST_CASE("the first of equal logits is the class") {
  auto model = Model{Dense{.units = 4}, Shape{2}, Rng{1}};
  model.parameters().tensor<2>("weight").setZero();
  model.parameters().tensor<1>("bias").setValues({0, 7, 7, 1});
  CHECK(model.classes(Tensor<float, 2>(3, 2).setZero()) == std::vector<std::int32_t>{1, 1, 1});
}

TEST_CASE("a network that ends in Softmax or Sigmoid gives its probabilities as they are") {
  const auto x = drawn<float>(Shape{3, 5}, Rng{2});
  const Model with_softmax{Sequential{Dense{.units = 4}, Softmax{}}, Shape{5}, Rng{1}};
  const Model with_sigmoid{Sequential{Dense{.units = 4}, Sigmoid{}}, Shape{5}, Rng{1}};
  CHECK(same_bits(with_softmax.probabilities(x), with_softmax(x)));
  CHECK(same_bits(with_sigmoid.probabilities(x), with_sigmoid(x)));
}

TEST_CASE("a batch of other samples is refused") {
  const auto model = make();
  CHECK(refusal<ShapeError>([&] { model(Tensor<float, 4>(5, 6, 8, 2)); }) ==
        "Model: expects a batch of (8, 6, 2) samples but got (5, 6, 8, 2); height and width are exchanged: an image is (height, width, channels) here");
}

TEST_CASE("a model that cannot be is refused where it is made") {
  CHECK(refusal<ShapeError>([] { Model{network, Shape{8, 0, 2}, Rng{1}}; }) ==
        "Model: expects samples of extents of at least 1 but got (8, 0, 2)");
  CHECK(refusal<ShapeError>([] { Model{network, Shape{1, 1, 2}, Rng{1}}; }).substr(0, 17) == "layer 2: MaxPool:");
}

TEST_CASE("a batch without samples has an output without rows") {
  CHECK(shape(make()(Tensor<float, 4>(0, 8, 6, 2))) == Shape{0, 3});
}

TEST_CASE("a model counts the steps that were made with it") {
  auto model = make();
  CHECK(model.steps() == 0);
  model.count_step();
  CHECK(model.steps() == 1);
}

TEST_CASE("a class whose score is NaN loses to every class that has a score") {
  const float nan = std::nanf("");
  Tensor<float, 2> scores(3, 3);
  scores.setValues({{nan, -2, -1}, {nan, nan, nan}, {0, nan, 0}});
  CHECK(argmax(scores) == std::vector<std::int32_t>{2, 0, 0});
}

TEST_CASE("models of different networks have one type and stand in one vector") {
  std::vector<Model> several{make(), Model{lamina::Network{Flatten{}, Dense{.units = 3}}, sample, Rng{2}}};
  several.emplace_back(Sequential{Flatten{}, Dense{.units = 3}, Softmax{}}, sample, Rng{3});
  const auto x = drawn<float>(Shape{2, 8, 6, 2}, Rng{2});
  for (const Model& model : several) CHECK(shape(model(x)) == Shape{2, 3});
  CHECK(several[1].layers().size() == 2);
  several[1] = several[0];
  CHECK(same_bits(several[1](x), several[0](x)));
  CHECK(several[1].layers().size() == 7);
}

TEST_CASE("parameters are asked for by name and number of axes, and a wrong one is told what there is") {
  auto model = make();
  auto& p = model.parameters();
  CHECK(p.size() == 6);
  CHECK(shape(p.tensor<4>("0.weight")) == Shape{3, 3, 2, 4});
  CHECK(shape(std::as_const(p).tensor<1>("6.bias")) == Shape{3});
  CHECK(refusal<OptionError>([&] { p.tensor<2>("weight"); }) ==
        "parameters: there is no tensor \"weight\"; the network has 0.weight, 0.bias, 4.weight, 4.bias, 6.weight, 6.bias");
  CHECK(refusal<OptionError>([&] { p.tensor<2>("0.weight"); }) ==
        "parameters: \"0.weight\" has 4 axes but was asked for with 2; write tensor<4>(\"0.weight\")");
}

TEST_CASE("parameters of another network are refused, and nothing changes") {
  auto model = make();
  const auto before = std::as_const(model).parameters();
  const auto refused = [&](const Model& other) {
    return refusal<std::invalid_argument>([&] { model.parameters() = other.parameters(); });
  };
  CHECK(refused(Model{Sequential{Flatten{}, Dense{.units = 3}}, sample, Rng{1}}) ==
        "parameters: expects those of one network but got those of two");
  CHECK(refused(Model{network, Shape{8, 8, 2}, Rng{1}}) ==
        "parameters: 4.weight expects (8, 48) but got (8, 64); they are those of another network");
  CHECK(model.parameters().tensor<2>("6.weight").data()[0] == before.tensor<2>("6.weight").data()[0]);
  model.parameters() = Model{network, sample, Rng{2}}.parameters();
  CHECK(same_bits(model.parameters().tensor<2>("6.weight"), Model{network, sample, Rng{2}}.parameters().tensor<2>("6.weight")));
}

TEST_CASE("a network that ends in images gives them where they are asked for") {
  const Model images{Sequential{Conv{.filters = 2, .kernel = 3}, ReLU{}}, sample, Rng{1}};
  const auto x = drawn<float>(Shape{2, 8, 6, 2}, Rng{2});
  CHECK(shape(images.output<4>(x)) == Shape{2, 6, 4, 2});
  CHECK(refusal<ShapeError>([&] { images(x); }) ==
        "Model: expects a network that ends in rows (N, K) but it gives (1, 6, 4, 2)");
  CHECK(refusal<ShapeError>([&] { make().output<4>(x); }) ==
        "Model: expects a network whose output has 4 axes but it gives (1, 3); ask for output<2>(x)");
}

TEST_CASE("parameters are drawn anew as for a new model") {
  auto model = make();
  model.count_step();
  const auto changes = model.changes();
  model.reset_parameters(Rng{5});
  const Model fresh{network, sample, Rng{5}};
  const auto x = drawn<float>(Shape{2, 8, 6, 2}, Rng{2});
  CHECK(same_bits(model(x), fresh(x)));
  CHECK(model.steps() == 0);
  CHECK(model.changes() > changes);
}

TEST_CASE("a model is asked with the options that a Predictor takes") {
  const Model model{Sequential{Conv{.filters = 96, .kernel = 3, .padding = 1}, ReLU{}, Flatten{}, Dense{.units = 5}},
                    Shape{24, 24, 16}, Rng{1}};
  const auto x = drawn<float>(Shape{1, 24, 24, 16}, Rng{2});
  for (const bool winograd : {true, false})
    for (const Index threads : {1, 2, 3}) {
      const InferenceOptions options{.winograd = winograd, .threads = threads};
      Predictor predict{model, {.winograd = winograd, .threads = threads}};
      CHECK(same_bits(model(x, options), predict(x)));
      CHECK(model.classes(x, options) == predict.classes(x));
      CHECK(same_bits(model.probabilities(x, options), predict.probabilities(x)));
    }
  if (kernels::best<float>().key != std::string("baseline")) CHECK_FALSE(same_bits(model(x), model(x, {.winograd = false})));
  CHECK(refusal<OptionError>([&] { model(x, {.threads = 0}); }) == "Model: expects threads of at least 1 but got 0");
  CHECK(refusal<OptionError>([&] { Predictor(model, {.threads = -1}); }) == "Predictor: expects threads of at least 1 but got -1");
}

TEST_CASE("a model knows what its classes are called, and so do its copies, until its parameters are drawn anew") {
  auto model = make();
  CHECK(model.class_names().empty());
  const Index K = model.outputs();
  const std::vector<std::string> names(static_cast<std::size_t>(K), "name");
  CHECK(refusal<OptionError>([&] { model.set_class_names({"a"}); }) ==
        str_cat("Model: expects a name for each of its ", K, " outputs, or none, but got 1"));
  model.set_class_names(names);
  const Model copy = model;
  CHECK(copy.class_names().size() == names.size());
  Model assigned = make();
  assigned = std::move(model);
  CHECK(assigned.class_names().size() == names.size());
  assigned.reset_parameters(Rng{3});
  CHECK(assigned.class_names().empty());
  Model one{Dense{.units = 1}, Shape{2}, Rng{1}};
  CHECK_NOTHROW(one.set_class_names({"no", "yes"}));
}
