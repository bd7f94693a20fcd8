// A layer that measures: in steps, runs, files, averages, and frozen.
#include <lamina/callbacks/checkpoint_folder.hpp>
#include <lamina/io/load_model.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/summary.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../tensors.hpp"
#include "kept.hpp"
#include "measuring_layer.hpp"

using namespace small;

namespace {

const auto network = Sequential{Dense{.units = 4}, Centre{}, Tanh{}, Dense{.units = 2}};

Model measuring_model() { return {network, Shape{5}, Rng{7}}; }

/// The buffer of the layer at a place.
std::vector<double> running_mean(const Model& model, std::string_view name = "1.running_mean") {
  const auto& mean = model.parameters().tensor<1>(name);
  return {mean.data(), mean.data() + mean.size()};
}

template <typename T = float>
Batch<Tensor<T, 2>> rows(Index count) {
  std::vector<Index> all;
  for (Index n = 0; n < count; ++n) all.push_back(n);
  Batch<Tensor<T, 2>> batch;
  gather(curve(count), all, batch);
  return batch;
}

/// The mean of each feature of some rows of x.
std::vector<double> means(const Tensor<float, 2>& x, Index first, Index last) {
  std::vector<double> all;
  for (Index f = 0; f < x.dimension(1); ++f) {
    float sum = 0;
    for (Index n = first; n < last; ++n) sum += x(n, f);
    all.push_back(sum / static_cast<float>(last - first));
  }
  return all;
}

/// A digest of what is trained and what is measured.
std::uint64_t whole_digest(const Model& model) {
  std::uint64_t bits = digest(model);
  for (const double number : running_mean(model)) bits = bits * 31 + std::bit_cast<std::uint64_t>(number);
  return bits;
}

/// y = x. Counts its passes.
struct Counting {
  struct Passes {
    int forward = 0, infer = 0, backward = 0;
  };
  Passes* passes;
  static constexpr std::string_view name = "Counting";
  template <typename>
  using Parameters = None;
  template <AnyTensor X>
  using Workspace = None;
  Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  None initialize(const Shape<2>&, Rng) const {
    return {};
  }
  template <typename T>
  void forward(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    ++passes->forward;
    y = x;
  }
  template <typename T>
  void forward_inference(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    ++passes->infer;
    y = x;
  }
  template <typename T>
  void backward(const None&, const Tensor<T, 2>&, const Tensor<T, 2>&, const Tensor<T, 2>& dy, None&, Tensor<T, 2>* dx,
                None&) const {
    ++passes->backward;
    if (dx) *dx = dy;
  }
};

/// A layer whose backward pass forgets its buffer.
struct Forgetful : Centre {
  static constexpr std::string_view name = "Forgetful";
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>& y, const Tensor<T, 2>& dy,
                Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>* dx, Parameters<T>& dp, const Context& context) const {
    const auto before = dp.running_mean;
    Centre::backward(p, x, y, dy, ws, dx, dp, context);
    dp.running_mean = before;
  }
};

}  // namespace

TEST_CASE("the gradients of a layer that measures are right, also as it runs when it is frozen") {
  for (const bool training : {true, false})
    for (const Index samples : {1, 2, 7}) {
      const auto report = check_gradient(Sequential{Tanh{}, Centre{}, Tanh{}}, Shape{samples, 3},
                                         {.tolerance = 1e-8, .training = training});
      CAPTURE(report, training, samples);
      CHECK(report.passed() == (samples > 1 || !training));  // the mean of one sample takes everything
    }
  CHECK(refusal<ShapeError>([] { check_gradient(Forgetful{}, Shape{3, 2}); }) ==
        "Forgetful: expects backward to write to dp's buffers what it measured");
  CHECK(check_gradient(Forgetful{}, Shape{3, 2}, {.training = false}).passed());
}

TEST_CASE("a step gives a buffer what the shards measured, weighted by their samples") {
  const auto batch = rows(10);
  for (const Index shards : {1, 2, 3, 10}) {
    Model model{Sequential{Centre{.momentum = 0.25}, Dense{.units = 2}}, Shape{5}, Rng{7}};
    model.parameters().tensor<1>("0.running_mean").setConstant(2);
    Trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1, .weight_decay = 0.5}}.step(
        model, batch, {.shards = shards, .clip = {.norm = 1e-3}});
    std::vector<double> expected(5, 0);
    for (Index s = 0; s < shards; ++s) {
      const Index first = 10 * s / shards, last = 10 * (s + 1) / shards;
      const auto own = means(batch.x, first, last);
      for (std::size_t f = 0; f < 5; ++f) expected[f] += static_cast<double>(last - first) / 10 * (0.75 * 2 + 0.25 * own[f]);
    }
    CAPTURE(shards);
    CHECK(distance(running_mean(model, "0.running_mean"), expected) < 1e-6);
  }
}

TEST_CASE("a layer measures all samples of a shard, however many there are") {
  const auto batch = rows(700);
  Model model{Sequential{Centre{.momentum = 1}, Dense{.units = 2}}, Shape{5}, Rng{7}};
  Trainer{MeanSquaredError{}, SGD{}}.step(model, batch, {.shards = 1});
  CHECK(distance(running_mean(model, "0.running_mean"), means(batch.x, 0, 700)) < 1e-7);

  // With accumulated batches the shards of all of them are averaged.
  Model summed{Sequential{Centre{.momentum = 1}, Dense{.units = 2}}, Shape{5}, Rng{7}};
  Trainer{MeanSquaredError{}, SGD{}}.fit(summed, curve(700),
                                         {.epochs = 1, .batch_size = 350, .accumulate = 2, .shards = 1});
  CHECK(distance(running_mean(summed, "0.running_mean"), means(batch.x, 0, 700)) < 1e-6);
}

TEST_CASE("networks that measure come to the same bits for any number of threads") {
  std::vector<std::uint64_t> bits;
  for (const Index threads : {1, 2, 3, 4}) {
    Model model = measuring_model();
    Trainer{MeanSquaredError{}, Adam{}}.fit(model, curve(90), {.epochs = 3, .batch_size = 24, .threads = threads});
    bits.push_back(whole_digest(model));
    CHECK(running_mean(model) != running_mean(measuring_model()));
  }
  CHECK(std::equal(bits.begin() + 1, bits.end(), bits.begin()));
}

TEST_CASE("inference uses what was measured, for each sample alone, and measures nothing") {
  Model model = measuring_model();
  Trainer{MeanSquaredError{}, SGD{}}.fit(model, curve(60), {.epochs = 4, .batch_size = 20});
  const auto before = running_mean(model);
  const Tensor<float, 2> x = rows(8).x, y = model(x);
  for (Index n = 0; n < 8; ++n) {
    Tensor<float, 2> one(1, 5);
    std::copy_n(x.data() + n * 5, 5, one.data());
    const Tensor<float, 2> alone = model(one);
    CHECK(std::equal(alone.data(), alone.data() + 2, y.data() + n * 2));
  }
  evaluate_regression(model, curve(30));
  CHECK(running_mean(model) == before);
}

TEST_CASE("buffers are saved, loaded, copied and told from what is trained") {
  const Scratch scratch("buffers");
  Model model = measuring_model();
  Trainer{MeanSquaredError{}, SGD{}}.fit(model, curve(60), {.epochs = 2, .batch_size = 20});
  save(model, scratch.path / "model.safetensors");
  Model loaded = measuring_model();
  load(loaded, scratch.path / "model.safetensors");
  CHECK(whole_digest(loaded) == whole_digest(model));
  CHECK(running_mean(loaded) == running_mean(model));

  Model copy = model;
  CHECK(running_mean(copy) == running_mean(model));
  copy.reset_parameters(Rng{7});
  CHECK(running_mean(copy) == std::vector<double>(4, 0));

  const auto names = model.parameters().names();
  CHECK(std::vector<std::string>(names.begin(), names.end()) ==
        std::vector<std::string>{"0.weight", "0.bias", "1.gain", "1.running_mean", "3.weight", "3.bias"});
  CHECK(model.parameter_count() == 5 * 4 + 4 + 4 + 4 * 2 + 2);
  std::vector<std::string> trained;
  detail::visit_named_parameters([&](const auto& name, const auto&) { trained.emplace_back(name); }, model.parameters());
  CHECK(trained == std::vector<std::string>{"0.weight", "0.bias", "1.gain", "3.weight", "3.bias"});
  int buffers = 0;
  detail::visit_buffers([&](const auto& mean) { buffers += static_cast<int>(mean.size()); }, model.parameters());
  CHECK(buffers == 4);
  const auto zeros = detail::zeros_like(model.parameters());
  CHECK(std::as_const(zeros).tensor<1>("1.running_mean")(0) == 0);

  const Summary made_of = summary(model);
  CHECK(made_of.parameters == model.parameter_count());
  CHECK(made_of.rows[1].parameters == 4);
  CHECK(str_cat(made_of).find("38 parameters (168 bytes with 4 measured numbers)") != std::string::npos);
}

TEST_CASE("a reducer sees what was measured, and a step that it ends measures nothing") {
  const auto batch = rows(12);
  Model model = measuring_model();
  const auto before = whole_digest(model);
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1}};
  Trainer one = trainer;
  CHECK_THROWS_AS(one.step(model, batch, {.reduce = [](StepGradient<float>&) { throw std::runtime_error("lost"); }}),
                  std::runtime_error);
  CHECK(whole_digest(model) == before);

  Trainer two = trainer;
  std::vector<std::string> names;
  two.step(model, batch, {.reduce = [&](StepGradient<float>& gradient) {
    for (const auto& tensor : gradient.tensors) names.emplace_back(tensor.name);
    REQUIRE(gradient.buffers.size() == 1);
    CHECK(gradient.buffers[0].name == "1.running_mean");
    for (float& number : gradient.buffers[0].values) number = 42;
  }});
  CHECK(names == std::vector<std::string>{"0.weight", "0.bias", "1.gain", "3.weight", "3.bias"});
  CHECK(running_mean(model) == std::vector<double>(4, 42));
}

TEST_CASE("the moving average follows buffers, too") {
  Model model = measuring_model();
  std::vector<double> average;
  FitOptions<1> options{.epochs = 2, .batch_size = 20, .average = EMA{.decay = 0.75}};
  options.on_batch = [&](BatchEnd&) {
    const auto now = running_mean(model);
    if (average.empty()) average = now;
    for (std::size_t f = 0; f < 4; ++f) average[f] = 0.75 * average[f] + 0.25 * now[f];
  };
  Trainer{MeanSquaredError{}, SGD{.learning_rate = 0.2}}.fit(model, curve(60), options);
  CHECK(distance(running_mean(model), average) < 1e-6);
}

TEST_CASE("best weights and checkpoints have the buffers") {
  const auto train = curve(60), validation = curve(20, 9);
  Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.3}};
  Model model = measuring_model();
  std::vector<std::uint64_t> epochs;
  FitOptions<1> options{.epochs = 6, .batch_size = 20, .validation = &validation, .early_stopping = EarlyStopping{.patience = 5}};
  options.on_epoch = [&](EpochEnd&) { epochs.push_back(whole_digest(model)); };
  const History history = trainer.fit(model, train, options);
  CHECK(whole_digest(model) == epochs[static_cast<std::size_t>(*history.best_epoch)]);

  const Scratch scratch("buffers-run");
  Model whole = measuring_model(), begun = measuring_model(), resumed = measuring_model();
  Trainer{MeanSquaredError{}, Adam{}}.fit(whole, train, {.epochs = 4, .batch_size = 16, .average = EMA{.decay = 0.5}});
  FitOptions<1> part{.epochs = 4, .batch_size = 16, .average = EMA{.decay = 0.5}};
  {
    CheckpointFolder folder{scratch.path / "run"};
    part.checkpoint = folder;
    Index batches = 6;
    part.on_batch = [&](BatchEnd& end) { end.stop_training = --batches == 0; };
    Trainer{MeanSquaredError{}, Adam{}}.fit(begun, train, part);
  }
  CheckpointFolder folder{scratch.path / "run"};
  REQUIRE(folder.position());
  part.checkpoint = folder;
  part.on_batch = nullptr;
  Trainer{MeanSquaredError{}, Adam{}}.fit(resumed, train, part);
  CHECK(whole_digest(resumed) == whole_digest(whole));
}

TEST_CASE("a frozen layer keeps what it measured and runs as in inference, wherever it stands") {
  const auto batch = rows(12);
  const std::vector<std::vector<std::string>> groups{{"1"}, {"1.gain"}, {"1.gain", "1.running_mean"}};
  std::vector<std::uint64_t> bits;
  for (const auto& names : groups) {
    Model model = measuring_model();
    model.parameters().tensor<1>("1.running_mean").setConstant(0.5F);
    Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1}, {{.parameters = names, .frozen = true}}};
    const StepResult result = trainer.step(model, batch);
    CHECK(running_mean(model) == std::vector<double>(4, 0.5));
    bits.push_back(digest(model));

    // The loss is that of inference.
    Model before = measuring_model();
    before.parameters().tensor<1>("1.running_mean").setConstant(0.5F);
    Tensor<float, 2> y = before(batch.x), dy;
    CHECK(std::abs(MeanSquaredError{}(y, TargetView<float>(batch.targets), 12, dy) - result.loss) < 1e-6);
  }
  CHECK(std::equal(bits.begin() + 1, bits.end(), bits.begin()));

  // A buffer may be kept while the layer goes on centring by the batch.
  Model model = measuring_model();
  Trainer{MeanSquaredError{}, SGD{}, {{.parameters = {"1.running_mean"}, .frozen = true}}}.step(model, batch);
  CHECK(running_mean(model) == std::vector<double>(4, 0));
}

TEST_CASE("nothing runs backward below the lowest layer that is trained") {
  const auto batch = rows(12);
  Counting::Passes low, middle, high;
  const auto layers = Sequential{Counting{&low}, Dense{.units = 4}, Centre{}, Counting{&middle},
                                 Dense{.units = 3}, Counting{&high}, Dense{.units = 2}};
  Model model{layers, Shape{5}, Rng{7}}, all{layers, Shape{5}, Rng{7}};
  const auto before = model.parameters();
  Trainer{MeanSquaredError{}, SGD{}, {{.parameters = {"1", "2"}, .frozen = true}}}.step(model, batch, {.shards = 1});
  CHECK((low.forward == 0 && low.infer == 1 && low.backward == 0));
  CHECK((middle.forward == 0 && middle.infer == 1 && middle.backward == 0));
  CHECK((high.forward == 1 && high.infer == 0 && high.backward == 1));
  CHECK(same_bits(model.parameters().tensor<2>("1.weight"), before.tensor<2>("1.weight")));
  CHECK(!same_bits(model.parameters().tensor<2>("4.weight"), before.tensor<2>("4.weight")));

  // Without frozen layers, all do.
  Trainer{MeanSquaredError{}, SGD{}}.step(all, batch, {.shards = 1});
  CHECK((low.forward == 1 && low.infer == 1 && low.backward == 1));

  // What is above comes to the same as when what is below is trained at a rate of almost nothing.
  Model slow{Sequential{Dense{.units = 4}, Tanh{}, Dense{.units = 2}}, Shape{5}, Rng{7}}, frozen = slow;
  Trainer{MeanSquaredError{}, SGD{}, {{.parameters = {"0"}, .rate = 1e-30}}}.step(slow, batch);
  Trainer{MeanSquaredError{}, SGD{}, {{.parameters = {"0"}, .frozen = true}}}.step(frozen, batch);
  CHECK(same_bits(slow.parameters().tensor<2>("2.weight"), frozen.parameters().tensor<2>("2.weight")));
  CHECK(same_bits(slow.parameters().tensor<1>("2.bias"), frozen.parameters().tensor<1>("2.bias")));
}
