#include <lamina/training/divergence.hpp>

#include <cmath>
#include <lamina/models/network.hpp>
#include <limits>
#include <numeric>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

template <typename Action>
DivergenceError divergence(Action action) {
  try {
    action();
  } catch (const DivergenceError& error) {
    return error;
  }
  return {"nothing diverged", -1, -1};
}

/// A batch of rows that perceptron_model takes.
Batch<Tensor<float, 2>> rows(Index count) {
  const auto data = curve(count);
  Batch<Tensor<float, 2>> batch;
  std::vector<Index> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), Index{0});
  gather(data, all, batch);
  return batch;
}

}  // namespace

TEST_CASE("a learning rate that is far too large ends the run, with epoch, batch, layer and what to try") {
  for (const Index threads : {1, 2}) {
    auto model = convolutional_model();
    const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e20}};
    const auto error =
        divergence([&] { trainer.fit(model, bars(64), {.epochs = 3, .batch_size = 16, .threads = threads}); });
    CHECK(std::string(error.what()) ==
          "fit: the loss stopped being finite in epoch 1, batch 2; the first layer concerned is layer 3 (Conv), whose "
          "output is not finite; try a smaller learning rate (it was 1e+20) or inputs scaled to about −1 … 1");
    CHECK(error.epoch == 0);
    CHECK(error.batch == 1);
    CHECK(model.steps() == 1);  // the step before
  }
}

TEST_CASE("a weight that explodes in the update itself ends the run in that batch") {
  auto model = perceptron_model();
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 1}};
  const Schedule late = [](double done) { return done < 0.6 ? 1e-3 : 1e38; };
  auto data = curve(40);
  auto targets = data.targets();
  for (Index i = 0; i < targets.size(); ++i) targets.data()[i] *= 1e4F;
  const Dataset<1> steep(data.floats(), Shape{5}, targets);
  const auto error = divergence([&] { trainer.fit(model, steep, {.epochs = 5, .batch_size = 10, .schedule = late}); });
  CHECK(std::string(error.what()) ==
        "fit: the parameters stopped being finite in epoch 4, batch 1; the first layer concerned is layer 0 (Dense), "
        "whose parameters are not finite; try a smaller learning rate (it was 1e+38) or inputs scaled to about −1 … 1");
  CHECK(error.epoch == 3);
  CHECK(error.batch == 0);
}

TEST_CASE("a pixel that is not a number is found in the data, and its sample named") {
  const auto clean = bars(50);
  for (const float bad : {not_a_number, std::numeric_limits<float>::infinity()}) {
    std::vector<float> pixels(clean.floats().begin(), clean.floats().end());
    pixels[37 * 64 + 20] = bad;
    const Dataset<3> data(pixels, image, clean.labels());
    const auto order = epoch_order(50, Rng{6}.split(0));
    const Index batch = (std::find(order.begin(), order.end(), 37) - order.begin()) / 10;
    auto model = convolutional_model();
    const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}};
    const auto error = divergence([&] { trainer.fit(model, data, {.batch_size = 10, .seed = 6}); });
    CHECK(error.batch == batch);
    CHECK(error.epoch == 0);
    CHECK_THAT(error.what(), Catch::Matchers::EndsWith(
        str_cat(" in epoch 1, batch ", batch + 1,
                "; sample 37 of the training set holds numbers that are not finite: correct it or leave it out")));
  }
}

TEST_CASE("a weight that is no number, in a layer behind others, is found in its layer") {
  auto model = convolutional_model();
  model.parameters().tensor<2>("6.weight")(2, 1) = not_a_number;
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}};
  const auto error = divergence([&] { trainer.fit(model, bars(20), {.batch_size = 20}); });
  CHECK(std::string(error.what()) ==
        "fit: the loss stopped being finite in epoch 1, batch 1; the first layer concerned is layer 6 (Dense), whose "
        "parameters are not finite; try a smaller learning rate (it was 0.01) or inputs scaled to about −1 … 1");
  CHECK(model.steps() == 0);
}

TEST_CASE("layers in blocks are named by their path") {
  Model model{Sequential{Sequential{Flatten{}, Dense{.units = 4}}, Sequential{Tanh{}, Dense{.units = 3}}}, image,
              Rng{1}};
  model.parameters().tensor<1>("1.1.bias")(0) = not_a_number;
  const auto error = divergence([&] { Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, bars(20)); });
  CHECK_THAT(error.what(),
             Catch::Matchers::Contains("the first layer concerned is layer 1.1 (Dense), whose parameters"));
}

TEST_CASE("a step that diverges says so without an epoch, and a loss that is not finite leaves the parameters alone") {
  auto model = perceptron_model();
  Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.5}};
  auto batch = rows(12);
  batch.x(7, 1) = not_a_number;
  const auto before = digest(model);
  CHECK(std::string(divergence([&] { trainer.step(model, batch); }).what()) ==
        "step: the loss stopped being finite; sample 7 of the batch holds numbers that are not finite: correct it or "
        "leave it out");
  batch = rows(12);
  batch.targets(3, 0) = not_a_number;
  CHECK(std::string(divergence([&] { trainer.step(model, batch); }).what()) ==
        "step: the loss stopped being finite; every layer's output is finite but the loss of it is not: look at the "
        "targets");
  CHECK(digest(model) == before);
  CHECK(model.steps() == 0);
  CHECK_NOTHROW(trainer.step(model, rows(12)));
}

TEST_CASE("a refused batch leaves the parameters as they were before it: numbers that are not finite, whatever hides them") {
  const auto clean = bars(60);
  const float infinite = std::numeric_limits<float>::infinity();
  const std::vector<Network> networks{
      Network{Flatten{}, Dense{.units = classes}},
      Network{Flatten{}, Dense{.units = 5}, ReLU{}, Dense{.units = classes}},
      Network{Flatten{}, Dense{.units = 5}, Tanh{}, Dense{.units = classes}},
      Network{Flatten{}, Dense{.units = 5}, Sigmoid{}, Dense{.units = classes}},
      Network{Conv{.filters = 3, .kernel = 3, .padding = 1}, Tanh{}, MaxPool{}, Flatten{}, Dense{.units = classes}},
      Network{MaxPool{}, Flatten{}, Dense{.units = 5}, Tanh{}, Dense{.units = classes}}};
  for (std::size_t n = 0; n < networks.size(); ++n)
    for (const float bad : {infinite, -infinite, not_a_number})
      for (const bool clips : {false, true}) {
        if (n == 5 && bad != infinite) continue;  // MaxPool passes the others by
        CAPTURE(n, bad, clips);
        std::vector<float> pixels(clean.floats().begin(), clean.floats().end());
        pixels[37 * 64 + 20] = bad;
        const Dataset<3> data(pixels, image, clean.labels(), {.classes = classes});
        const GradientClipping clip = clips ? GradientClipping{.norm = 0.5} : GradientClipping{};
        Model model{networks[n], image, Rng{3}}, looped = model;
        std::uint64_t before = digest(model);
        const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
        const auto error = divergence([&] {
          trainer.fit(model, data, {.batch_size = 20, .seed = 5, .threads = 2, .clip = clip,
                                    .on_batch = [&](BatchEnd&) { before = digest(model); }});
        });
        CHECK_THAT(error.what(), Catch::Matchers::EndsWith("; sample 37 of the training set holds numbers that are not finite: "
                                                           "correct it or leave it out"));
        CHECK(digest(model) == before);
        Trainer stepping{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
        for (const auto& batch : batches(data, {.batch_size = 60})) {
          before = digest(looped);
          CHECK(divergence([&] { stepping.step(looped, batch, {.clip = clip}); }).epoch == 0);
          CHECK(digest(looped) == before);
          CHECK(looped.steps() == 0);
        }
      }
}

TEST_CASE("labels that are no class and samples of other extents leave the parameters as they were") {
  const auto data = bars(24);
  auto model = convolutional_model();
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
  Batch<Tensor<float, 4>> good;
  for (const auto& batch : batches(data, {.batch_size = 24})) good = batch;
  trainer.step(model, good);
  const auto before = digest(model);
  for (const std::int32_t label : {-1, 3, std::numeric_limits<std::int32_t>::max()}) {
    auto batch = good;
    batch.labels[20] = label;
    CHECK_THROWS_AS(trainer.step(model, batch), DataError);
  }
  auto batch = good;
  batch.labels.pop_back();
  CHECK_THROWS_AS(trainer.step(model, batch), ShapeError);
  batch = good;
  batch.x = Tensor<float, 4>(24, 8, 9, 1);
  CHECK_THROWS_AS(trainer.step(model, batch), ShapeError);
  CHECK_THROWS_AS(trainer.step(model, rows(24)), ShapeError);
  CHECK_THROWS_AS(trainer.fit(model, curve(24)), ShapeError);
  CHECK_THROWS_AS(trainer.fit(model, Dataset<3>(data.floats(), image, data.labels(), {.classes = 5})), DataError);
  CHECK(digest(model) == before);
}

namespace {

/// MeanSquaredError whose gradient has one number that is infinite.
struct Steep : MeanSquaredError {
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    const double loss = MeanSquaredError::operator()(z, y, batch, dz);
    dz(0, 1) = std::numeric_limits<T>::infinity();
    return loss;
  }
};

}  // namespace

TEST_CASE("a gradient that is not finite where the loss is ends the run before the parameters move, and the reducer sees none") {
  auto model = perceptron_model();
  Trainer trainer{Steep{}, SGD{.learning_rate = 0.5}};
  const auto before = digest(model);
  bool reduced = false;
  for (const StepOptions& options :
       {StepOptions{}, StepOptions{.clip = {.norm = 1}},
        StepOptions{.reduce = [&](StepGradient<float>&) { reduced = true; }, .clip = {.value = 1e30}}})
    CHECK(std::string(divergence([&] { trainer.step(model, rows(12), options); }).what()) ==
          "step: the gradient stopped being finite; every layer's output is finite; try a smaller learning rate (it was 0.5) or "
          "inputs scaled to about −1 … 1");
  CHECK(!reduced);
  CHECK(digest(model) == before);
  CHECK(model.steps() == 0);
}

TEST_CASE("a gradient of large finite numbers is one") {
  BasicModel<double> model{Sequential{Dense{.units = 2}}, Shape{5}, Rng{1}};
  Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 1e-200}};
  const auto data = curve(12);
  Batch<Tensor<double, 2>> batch;
  std::vector<Index> all(12);
  std::iota(all.begin(), all.end(), Index{0});
  gather(data, all, batch);
  for (Index i = 0; i < batch.targets.size(); ++i) batch.targets.data()[i] = 1e153;  // whose squares' sum is finite
  for (Index i = 0; i < batch.x.size(); ++i) batch.x.data()[i] = 1e10;
  CHECK_NOTHROW(trainer.step(model, batch, {.clip = {.value = 1e170}}));
}

TEST_CASE("after a step that diverged, parameters that are put right can be trained on, without its momentum") {
  auto model = perceptron_model();
  Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 1e30, .momentum = 0.9}};
  const auto good = model.parameters();
  auto batch = rows(12);
  for (Index i = 0; i < batch.targets.size(); ++i) batch.targets.data()[i] *= 1e12F;
  const auto error = divergence([&] { trainer.step(model, batch); });
  CHECK_THAT(error.what(), Catch::Matchers::StartsWith("step: the parameters stopped being finite; "));
  CHECK_THAT(error.what(), Catch::Matchers::Contains("(it was 1e+30)"));
  model.parameters() = good;
  CHECK_NOTHROW(trainer.step(model, rows(12), {.rate = 1e-32}));
}
