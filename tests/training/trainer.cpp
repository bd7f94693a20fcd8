#include <lamina/training/trainer.hpp>

#include <cmath>
#include <numeric>
#include <optional>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

constexpr SGD with_momentum{.learning_rate = 0.05, .momentum = 0.9};

template <int Rank>
auto whole(const Dataset<Rank>& data) {
  Batch<Tensor<float, Rank + 1>> batch;
  std::vector<Index> all(static_cast<std::size_t>(data.size()));
  std::iota(all.begin(), all.end(), Index{0});
  gather(data, all, batch);
  return batch;
}

/// What a trainer that never saw the model makes of it in one step.
template <typename M, typename B>
auto fresh_step(M model, const B& batch) {
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.step(model, batch);
  return digest(model);
}

}  // namespace

TEST_CASE("a step is the textbook's: forward, a - y, its products with x, and theta minus rate times their mean") {
  constexpr Index N = 4, F = 3, K = 2;
  BasicModel<double> model{Sequential{Dense{.units = K}}, Shape{F}, Rng{3}};
  Batch<Tensor<double, 2>> batch;
  batch.x.resize(N, F);
  Rng rng{4};
  for (Index i = 0; i < N * F; ++i) batch.x.data()[i] = rng.uniform(-1, 1);
  batch.labels = {1, 0, 0, 1};
  auto w = model.parameters().tensor<2>("0.weight");
  auto b = model.parameters().tensor<1>("0.bias");
  const auto w0 = w;
  const auto b0 = b;
  double loss = 0, right = 0;
  for (Index n = 0; n < N; ++n) {
    double z[K], sum = 0;
    for (Index k = 0; k < K; ++k) {
      z[k] = b0(k);
      for (Index f = 0; f < F; ++f) z[k] += batch.x(n, f) * w0(k, f);
      sum += std::exp(z[k]);
    }
    const Index y = batch.labels[static_cast<std::size_t>(n)];
    loss -= std::log(std::exp(z[y]) / sum) / N;
    right += (z[1] > z[0]) == (y == 1);
    for (Index k = 0; k < K; ++k) {
      const double delta = (std::exp(z[k]) / sum - (k == y)) / N;
      for (Index f = 0; f < F; ++f) w(k, f) -= 0.5 * delta * batch.x(n, f);
      b(k) -= 0.5 * delta;
    }
  }
  for (const Index shards : {1, 2, 4, 9}) {
    auto stepped = model;
    Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1.0}};
    const StepResult result = trainer.step(stepped, batch, {.shards = shards, .rate = 0.5});
    CHECK(result.loss == Approx(loss).epsilon(1e-13));
    CHECK(result.accuracy == right / N);
    const auto& p = stepped.parameters();
    for (Index i = 0; i < K * F; ++i) CHECK(p.tensor<2>("0.weight").data()[i] == Approx(w.data()[i]).epsilon(1e-13));
    for (Index k = 0; k < K; ++k) CHECK(p.tensor<1>("0.bias")(k) == Approx(b(k)).epsilon(1e-13));
    CHECK(stepped.steps() == 1);
  }
}

TEST_CASE("a step on target rows is the step on the class numbers that they stand for") {
  const auto data = bars(24);
  auto batch = whole(data);
  auto by_label = convolutional_model(), by_row = by_label;
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  const StepResult a = trainer.step(by_label, batch);
  batch.targets.resize(24, classes);
  for (Index n = 0; n < 24; ++n)
    for (Index k = 0; k < classes; ++k)
      batch.targets(n, k) = static_cast<float>(batch.labels[static_cast<std::size_t>(n)] == k);
  batch.labels.clear();
  const StepResult b = trainer.step(by_row, batch);
  CHECK(a.loss == b.loss);
  CHECK(a.accuracy == b.accuracy);
  CHECK(digest(by_label) == digest(by_row));
}

TEST_CASE("a loop over step gives the same bits as fit, with the same order of the samples") {
  const auto data = bars(107);
  for (const Index batch_size : {1, 7, 16, 50, 107, 500}) {
    auto fitted = convolutional_model(), looped = fitted;
    Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
    const History history = trainer.fit(fitted, data, {.epochs = 2, .batch_size = batch_size, .seed = 5, .threads = 2});
    for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
      double loss = 0, correct = 0;
      for (const auto& batch : batches(data, {.batch_size = batch_size, .shuffle = Rng{5}.split(epoch)})) {
        const StepResult result = trainer.step(looped, batch);
        loss += result.loss * static_cast<double>(batch.size());
        correct += result.accuracy * static_cast<double>(batch.size());
      }
      CHECK(history.epochs[epoch].loss == loss / 107);
      CHECK(history.epochs[epoch].accuracy == correct / 107);
    }
    CHECK(digest(fitted) == digest(looped));
    CHECK(fitted.steps() == looped.steps());
  }
}

TEST_CASE("momentum continues from step to step of one model") {
  const auto batch = whole(bars(20));
  auto model = convolutional_model();
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  trainer.step(model, batch);
  const auto afresh = fresh_step(model, batch);
  trainer.step(model, batch);
  CHECK(digest(model) != afresh);
}

TEST_CASE("momentum outlives a batch that was refused and a change of the batch's size") {
  const auto data = bars(40);
  const auto batch = whole(data), smaller = whole(data.subset(std::vector<Index>{3, 4, 5}));
  auto wrong = batch;
  wrong.labels[7] = 3;
  auto model = convolutional_model(), undisturbed = model;
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum}, other{SoftmaxCrossEntropy{}, with_momentum};
  for (int i = 0; i < 3; ++i) {
    trainer.step(model, batch);
    CHECK_THROWS_AS(trainer.step(model, wrong), DataError);
    trainer.step(model, smaller);
    other.step(undisturbed, batch);
    other.step(undisturbed, smaller);
  }
  CHECK(digest(model) == digest(undisturbed));
}

TEST_CASE("a second model, a copy and a model that was trained elsewhere start afresh") {
  const auto batch = whole(bars(20));
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  auto first = convolutional_model(1), second = convolutional_model(2);
  for (int i = 0; i < 3; ++i) trainer.step(first, batch);

  auto expected = fresh_step(second, batch);
  trainer.step(second, batch);
  CHECK(digest(second) == expected);

  trainer.step(first, batch);
  auto copy = first;
  expected = fresh_step(copy, batch);
  trainer.step(copy, batch);
  CHECK(digest(copy) == expected);

  trainer.step(first, batch);
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.step(first, batch);
  expected = fresh_step(first, batch);
  trainer.step(first, batch);
  CHECK(digest(first) == expected);
}

TEST_CASE("a model that is made where another one was starts afresh, of other extents too") {
  const auto batch = whole(bars(20));
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  const auto sized = [](Index units) {
    return Model{Sequential{Flatten{}, Dense{.units = units}, Tanh{}, Dense{.units = classes}}, image, Rng{9}};
  };
  std::optional<decltype(sized(1))> model;
  for (const Index units : {12, 12, 40, 3, 200}) {
    model.emplace(sized(units));
    const auto expected = fresh_step(*model, batch);
    trainer.step(*model, batch);
    CHECK(digest(*model) == expected);
  }
  // As many steps, at the same place, of other extents; and after a step that was refused.
  auto wrong = batch;
  wrong.labels[0] = -1;
  for (const Index units : {20, 5, 300}) {
    auto elsewhere = sized(units);
    Trainer{SoftmaxCrossEntropy{}, with_momentum}.step(elsewhere, batch);
    model.emplace(elsewhere);
    CHECK_THROWS_AS(trainer.step(*model, wrong), DataError);
    const auto expected = fresh_step(*model, batch);
    trainer.step(*model, batch);
    CHECK(digest(*model) == expected);
  }
}

TEST_CASE("fit starts the optimizer afresh, whatever the trainer did before") {
  const auto data = bars(30);
  auto model = convolutional_model();
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  trainer.step(model, whole(data));
  auto other = model;
  trainer.fit(model, data);
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(other, data);
  CHECK(digest(model) == digest(other));
}

TEST_CASE("one trainer trains models of different types in turn") {
  Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1, .momentum = 0.5}};
  auto rows = perceptron_model();
  auto images = convolutional_model();
  const auto curves = whole(curve(12));
  const auto pictures = whole(bars(12));
  const double first = trainer.step(rows, curves).loss;
  trainer.step(images, pictures);
  for (int i = 0; i < 50; ++i) trainer.step(rows, curves);
  CHECK(trainer.step(rows, curves).loss < first / 4);
}

TEST_CASE("a copied trainer goes on by itself") {
  const auto batch = whole(bars(20));
  auto model = convolutional_model();
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  trainer.step(model, batch);
  auto copied = trainer;
  const auto before = model;
  trainer.step(model, batch);
  const auto expected = digest(model);
  // The copy remembers the same velocity, and the model at its place is the one it remembers.
  model = before;
  copied.step(model, batch);
  CHECK(digest(model) == expected);
}

TEST_CASE("loss and optimizer can be looked at, and hyper-parameters that cannot be are refused at once") {
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  CHECK(trainer.optimizer().momentum == 0.9);
  CHECK(trainer.loss().name == "SoftmaxCrossEntropy");
  const auto with_rate = [](double rate) {
    return refusal<OptionError>([&] { Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = rate}}; });
  };
  CHECK(with_rate(0) == "SGD: expects a finite learning_rate above 0 but got 0");
  CHECK(with_rate(-0.25) == "SGD: expects a finite learning_rate above 0 but got -0.25");
  CHECK(with_rate(std::nan("")) == "SGD: expects a finite learning_rate above 0 but got nan");
  CHECK(with_rate(INFINITY) == "SGD: expects a finite learning_rate above 0 but got inf");
}

TEST_CASE("what does not fit a step is refused, each with a text of its own, and the model keeps every bit") {
  auto model = convolutional_model();
  const auto untouched = digest(model);
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  const auto right = whole(bars(6));
  auto batch = whole(bars(6));

  batch.labels[4] = 3;
  CHECK(refusal<DataError>([&] { trainer.step(model, batch, {.shards = 3}); }) ==
        "step: label 3 of sample 4 is outside the 3 classes 0 … 2; labels count from 0, or there are more classes");
  batch.labels[4] = -1;
  CHECK(refusal<DataError>([&] { trainer.step(model, batch); }) ==
        "step: label -1 of sample 4 is outside the 3 classes 0 … 2; labels count from 0");
  batch = whole(bars(6));
  batch.labels.pop_back();
  CHECK(refusal<ShapeError>([&] { trainer.step(model, batch); }) ==
        "step: expects a label for each of the 6 samples but got 5");
  batch.labels.clear();
  CHECK(refusal<ShapeError>([&] { trainer.step(model, batch); }) ==
        "step: expects a label for each of the 6 samples or target rows (6, 3) but got rows (0, 0) and no labels");
  batch.targets.resize(6, 4);
  CHECK(refusal<ShapeError>([&] { trainer.step(model, batch); }) ==
        "step: expects a label for each of the 6 samples or target rows (6, 3) but got rows (6, 4) and no labels");
  batch = whole(bars(6));
  batch.x.resize(6, 8, 9, 1);
  CHECK(refusal<ShapeError>([&] { trainer.step(model, batch); }) ==
        "Model: expects a batch of (8, 8, 1) samples but got (6, 8, 9, 1); images of another size: resize them to (8, 8), by "
        "image_folder's .size or resize_image");
  batch.x.resize(0, 8, 8, 1);
  CHECK(refusal<DataError>([&] { trainer.step(model, batch); }) ==
        "step: expects at least one sample but the batch is empty");
  CHECK(refusal<OptionError>([&] { trainer.step(model, right, {.shards = 0}); }) ==
        "step: expects shards of at least 1 but got 0");
  CHECK(refusal<OptionError>([&] { trainer.step(model, right, {.rate = -1}); }) ==
        "step: expects a rate of at least 0, which the learning rate is multiplied by, but got -1");
  CHECK(refusal<OptionError>([&] { trainer.step(model, right, {.rate = std::nan("")}); }) ==
        "step: expects a rate of at least 0, which the learning rate is multiplied by, but got nan");
  CHECK(digest(model) == untouched);
  CHECK(model.steps() == 0);
  CHECK_NOTHROW(trainer.step(model, right));
}

TEST_CASE("XOR is learned") {
  const Dataset<1> data(Tensor<float, 2>(Eigen::TensorMap<const Eigen::Tensor<float, 2, Eigen::RowMajor>>(
                            std::array<float, 8>{0, 0, 0, 1, 1, 0, 1, 1}.data(), 4, 2)),
                        {0, 1, 1, 0});
  Model model{Sequential{Dense{.units = 8}, Tanh{}, Dense{.units = 2}}, Shape{2}, Rng{1}};
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.5}};
  const auto batch = whole(data);
  for (int i = 0; i < 500; ++i) trainer.step(model, batch);
  const StepResult end = trainer.step(model, batch);
  CHECK(end.accuracy == 1);
  CHECK(end.loss < 0.05);
}
