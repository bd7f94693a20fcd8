#include <lamina/data/geometric_transforms.hpp>
#include <lamina/io/load_model.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/layers/global_pool.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/training/fine_tuning.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

constexpr SGD with_momentum{.learning_rate = 0.05, .momentum = 0.9};

/// A network with a block, batch normalisation and Dropout before the last layer, a little trained.
Model trained() {
  Model model{Sequential{Conv{.filters = 6, .kernel = 3, .padding = 1}, BatchNorm{}, ReLU{},
                         Residual{Sequential{Conv{.filters = 6, .kernel = 3, .padding = 1}, ReLU{}}}, Flatten{},
                         Dense{.units = 12}, ReLU{}, Dropout{.rate = 0.5}, Dense{.units = classes}},
              Shape{8, 8, 1}, Rng{1}};
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(model, bars(60), {.epochs = 1});
  return model;
}

/// The same network, whose trunk ends in what is before the Dropout.
constexpr std::size_t tensors_of_trunk = 10;  // 0: 2, 1: 4, 3: 2, 5: 2

/// A layer of the user's own.
struct Twice : Tanh {
  static constexpr std::string_view name = "Twice";
};

std::vector<std::vector<float>> numbers_of(const Model& model) {
  std::vector<std::vector<float>> all;
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    model.parameters()[i].visit(
        [&](const auto& tensor) { all.emplace_back(tensor.data(), tensor.data() + tensor.size()); });
  return all;
}

}  // namespace

TEST_CASE("the last layer is replaced, all other parameters and measurements stay") {
  const Model model = trained();
  const Model other = replace_last_layer(model, Dense{.units = 5}, Rng{9});
  CHECK(other.outputs() == 5);
  CHECK(other.sample_extents().size() == 3);
  const auto before = numbers_of(model), after = numbers_of(other);
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < tensors_of_trunk; ++i) CHECK(after[i] == before[i]);
  CHECK(after[tensors_of_trunk].size() == 60);
  CHECK(numbers_of(replace_last_layer(model, Dense{.units = 5}, Rng{9})) == after);
  CHECK(numbers_of(replace_last_layer(model, Dense{.units = 5}, Rng{8})) != after);

  // A copy of the last layer gives the same outputs: nothing else differs.
  Model same = replace_last_layer(model, Dense{.units = classes}, Rng{9});
  same.parameters().tensor<2>(same.parameters().names()[tensors_of_trunk]) = model.parameters().tensor<2>("8.weight");
  same.parameters().tensor<1>(same.parameters().names()[tensors_of_trunk + 1]) = model.parameters().tensor<1>("8.bias");
  const auto data = bars(40, 7);
  const auto wanted = predict_outputs(model, data), got = predict_outputs(same, data);
  for (Index i = 0; i < wanted.size(); ++i) CHECK(got.data()[i] == wanted.data()[i]);
}

TEST_CASE("several layers take the place of the last one and of what is behind it") {
  Model model{Sequential{Dense{.units = 4}, ReLU{}, Dense{.units = 3}, Softmax{}}, Shape{5}, Rng{1}};
  const Model other = replace_last_layer(model, Network{Dense{.units = 7}, Tanh{}, Dense{.units = 2}}, Rng{2});
  CHECK(other.layers().size() == 5);
  CHECK(other.outputs() == 2);
  CHECK(!other.gives_probabilities());
  CHECK(numbers_of(other)[0] == numbers_of(model)[0]);
}

TEST_CASE("training the last layer alone equals fit with the others frozen") {
  const auto data = bars(90), others = bars(50, 3);
  Model quick{Sequential{Conv{.filters = 6, .kernel = 3, .padding = 1}, BatchNorm{}, ReLU{}, Flatten{},
                         Dense{.units = 12}, ReLU{}, Dense{.units = classes}},
              Shape{8, 8, 1}, Rng{1}};
  Model whole = quick;
  const FitOptions<3> options{.epochs = 4, .batch_size = 20, .seed = 5, .threads = 2, .validation = &others};
  const History by_head = fit_last_layer(Trainer{SoftmaxCrossEntropy{}, with_momentum}, quick, data, options);
  const History by_fit =
      Trainer{SoftmaxCrossEntropy{}, with_momentum, freeze_all_but_last(whole, 1)}.fit(whole, data, options);
  for (std::size_t e = 0; e < 4; ++e) {
    CHECK(by_head.epochs[e].loss == Approx(by_fit.epochs[e].loss).epsilon(1e-4));
    CHECK(by_head.epochs[e].validation_loss.value() == Approx(by_fit.epochs[e].validation_loss.value()).epsilon(1e-4));
  }
  const auto a = numbers_of(quick), b = numbers_of(whole);
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < a[i].size(); ++k) CHECK(a[i][k] == Approx(b[i][k]).margin(1e-4));
  CHECK(quick.steps() == whole.steps());
}

TEST_CASE("training the last layer learns, keeps the others, and sets what the model means") {
  Model model = trained();
  const auto before = numbers_of(model);
  const auto with_names = bars(120);
  const Dataset named{std::vector<float>(with_names.floats().begin(), with_names.floats().end()),
                      Shape{8, 8, 1},
                      with_names.labels(),
                      {.class_names = {"down", "across", "slanted"}}};
  const double accuracy = evaluate(model, named).accuracy;
  fit_last_layer(Trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.02}}, model, named, {.epochs = 30});
  CHECK(evaluate(model, named).accuracy > accuracy);
  const auto after = numbers_of(model);
  for (std::size_t i = 0; i < tensors_of_trunk; ++i) CHECK(after[i] == before[i]);
  CHECK(after[tensors_of_trunk] != before[tensors_of_trunk]);
  CHECK(model.class_names().size() == 3);
  CHECK(model.class_names()[2] == "slanted");
}

TEST_CASE("a regression's last layer is trained, too") {
  const auto data = curve(80);
  Model model = perceptron_model();
  const double before = evaluate_regression(model, data).rmse;
  fit_last_layer(Trainer{MeanSquaredError{}, Adam{.learning_rate = 0.02}}, model, data, {.epochs = 20});
  CHECK(evaluate_regression(model, data).rmse < before);
  CHECK(model.meaning() == OutputMeaning::values);
}

TEST_CASE("groups for fine-tuning name every layer with parameters") {
  const Model model = trained();
  const auto rates = layerwise_rates(model, 0.5);
  REQUIRE(rates.size() == 5);
  CHECK(rates[4].parameters == std::vector<std::string>{"8.weight", "8.bias"});
  CHECK(rates[4].rate == 1);
  CHECK(rates[0].rate == 1.0 / 16);
  CHECK(rates[1].parameters == std::vector<std::string>{"1.weight", "1.bias"});  // what is measured has no rate
  const auto frozen = freeze_all_but_last(model, 2);
  REQUIRE(frozen.size() == 1);
  CHECK(frozen[0].frozen);
  CHECK(frozen[0].parameters.back() == rates[2].parameters.back());
  CHECK(freeze_all_but_last(model, 5).empty());
  CHECK(freeze_all_but_last(model, 50).empty());
  Model tuned = model;
  Trainer{SoftmaxCrossEntropy{}, with_momentum, freeze_all_but_last(tuned, 2)}.fit(tuned, bars(30), {.epochs = 1});
  const auto before = numbers_of(model), after = numbers_of(tuned);
  for (std::size_t i = 0; i < 8; ++i) CHECK(after[i] == before[i]);
  CHECK(after[8] != before[8]);
  Trainer{SoftmaxCrossEntropy{}, with_momentum, layerwise_rates(tuned, 0.8)}.fit(tuned, bars(30), {.epochs = 1});
  CHECK(numbers_of(tuned)[0] != before[0]);
}

TEST_CASE("fine-tuning refuses what it cannot do, the model untouched") {
  Model model = trained();
  const auto before = digest(model);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  CHECK(refusal<OptionError>([&] { fit_last_layer(trainer, model, bars(30), {.augment = HorizontalFlip{}}); }) ==
        "fit_last_layer: .augment changes the images in each epoch, so that what the frozen layers make of them cannot "
        "be kept; "
        "leave it out, or use fit with freeze_all_but_last");
  CHECK(refusal<OptionError>([&] {
          fit_last_layer(trainer, model, bars(30), {.mix = MixUp{}});
        }).starts_with("fit_last_layer: .mix "));
  CHECK(refusal<OptionError>([&] { fit_last_layer(trainer, model, bars(30), {.epochs = 0}); }).find("epochs") !=
        std::string::npos);
  CHECK(digest(model) == before);
  Model one{Sequential{Flatten{}, Dense{.units = classes}}, Shape{8, 8, 1}, Rng{1}};
  fit_last_layer(trainer, one, bars(30), {});  // Flatten is a trunk
  Model none{Sequential{Dense{.units = 2}}, Shape{5}, Rng{1}};
  CHECK(refusal<OptionError>([&] {
          fit_last_layer(Trainer{MeanSquaredError{}, with_momentum}, none, curve(10));
        }) == "fit_last_layer: the model has no layer before the last one with parameters; use fit");
  Model ends_in_conv{Sequential{Conv{.filters = 4}, ReLU{}, Conv{.filters = classes}, GlobalAveragePool{}, Flatten{}},
                     Shape{8, 8, 1}, Rng{1}};
  CHECK(
      refusal<OptionError>([&] {
        fit_last_layer(trainer, ends_in_conv, bars(30));
      }).starts_with("fit_last_layer: expects rows before the last layer with parameters but layer 2, Conv, takes ("));
  CHECK(
      replace_last_layer(ends_in_conv, Network{Conv{.filters = 7}, GlobalAveragePool{}, Flatten{}}, Rng{1}).outputs() ==
      7);
  const Model own{Sequential{Twice{}, Dense{.units = 2}}, Shape{5}, Rng{1}};
  CHECK(refusal<OptionError>([&] { replace_last_layer(own, Dense{.units = 3}, Rng{1}); }) ==
        "replace_last_layer: layer 0, Twice, is of your own; write the network with its new last layer and load the "
        "parameters into "
        "it");
  const Model without{Sequential{Flatten{}, ReLU{}}, Shape{2, 2, 1}, Rng{1}};
  CHECK(refusal<OptionError>([&] { replace_last_layer(without, Dense{.units = 3}, Rng{1}); }) ==
        "replace_last_layer: expects a model with a layer that has parameters; none of its layers has any");
  CHECK_THROWS_AS(replace_last_layer(ends_in_conv, Dense{.units = 3}, Rng{1}), ShapeError);
  CHECK(refusal<OptionError>([&] { layerwise_rates(model, 0); }) ==
        "layerwise_rates: expects a decay above 0 and at most 1 but got 0");
  CHECK(refusal<OptionError>([&] { freeze_all_but_last(model, 0); }).starts_with("freeze_all_but_last: "));
}
