// A weighted mean over a batch, or over a set, that no shard and no chunk knows the weights of.

#include <lamina/data/class_weights.hpp>
#include <lamina/training/trainer.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

using Exact = BasicModel<double>;
const SoftmaxCrossEntropy weighted{.label_smoothing = 0.1, .class_weights = {0.25, 1, 5}};

Batch<Tensor<double, 4>> whole(const Dataset<3>& data) {
  Batch<Tensor<double, 4>> batch;
  std::vector<Index> all;
  for (Index n = 0; n < data.size(); ++n) all.push_back(n);
  gather(data, all, batch);
  return batch;
}

}  // namespace

TEST_CASE("a step takes the weighted mean over its batch, however many shards it is cut into") {
  const auto batch = whole(bars(50));
  Exact first{convolutional, image, Rng{7}};
  double expected = 0, weights = 0;
  for (Index n = 0; n < 50; ++n) {
    Tensor<double, 4> one(1, 8, 8, 1);
    std::copy_n(batch.x.data() + n * 64, 64, one.data());
    const std::vector<std::int32_t> label{batch.labels[static_cast<std::size_t>(n)]};
    Tensor<double, 2> dz;
    expected += weighted(first(one), label, 1, dz);
    weights += weighted.class_weights[static_cast<std::size_t>(label[0])];
  }
  expected /= weights;
  std::optional<std::vector<double>> moved;
  for (const Index shards : {1, 3, 50}) {
    Exact model = first;
    Trainer trainer{weighted, SGD{.learning_rate = 0.1}};
    CHECK(trainer.step(model, batch, {.shards = shards}).loss == Approx(expected).epsilon(1e-12));
    if (moved) CHECK(distance(numbers(model), *moved) < 1e-13);
    moved = numbers(model);
  }
  // Weights that are all doubled are the same weights.
  SoftmaxCrossEntropy doubled = weighted;
  for (double& weight : doubled.class_weights) weight *= 2;
  Exact model = first;
  Trainer{doubled, SGD{.learning_rate = 0.1}}.step(model, batch);
  CHECK(distance(numbers(model), *moved) < 1e-13);
}

TEST_CASE(
    "any number of threads gives a weighted loss the same bits, and its validation loss is the set's weighted mean") {
  const auto data = bars(100), others = bars(150, 9);
  auto expected = convolutional_model();
  const Trainer trainer{weighted, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  const History one = trainer.fit(expected, data, {.epochs = 2, .batch_size = 33, .threads = 1, .validation = &others});
  for (const Index threads : {2, 3}) {
    auto model = convolutional_model();
    const History many =
        trainer.fit(model, data, {.epochs = 2, .batch_size = 33, .threads = threads, .validation = &others});
    CHECK(digest(model) == digest(expected));
    CHECK(many.epochs[1].loss == one.epochs[1].loss);
    CHECK(many.epochs[1].validation_loss == one.epochs[1].validation_loss);
  }
  double sum = 0, weights = 0;
  for (Index n = 0; n < others.size(); ++n) {
    const std::vector<Index> sample{n};
    Batch<Tensor<float, 4>> batch;
    gather(others, sample, batch);
    Tensor<float, 2> dz;
    sum += weighted(expected(batch.x), batch.labels, 1, dz);
    weights += weighted.class_weights[static_cast<std::size_t>(batch.labels[0])];
  }
  CHECK(one.epochs[1].validation_loss.value() == Approx(sum / weights).epsilon(1e-6));
  CHECK(evaluate(expected, others, weighted).mean_loss.value() == one.epochs[1].validation_loss.value());
}

TEST_CASE("a batch of classes that weigh nothing moves nothing, and is no error") {
  auto model = convolutional_model();
  const auto before = digest(model);
  Dataset<3> data = bars(30);
  std::vector<Index> zeros;
  for (Index n = 0; n < 30; ++n)
    if (data.labels()[static_cast<std::size_t>(n)] == 0) zeros.push_back(n);
  const SoftmaxCrossEntropy loss{.class_weights = {0, 1, 1}};
  const History history = Trainer{loss, SGD{.learning_rate = 0.1}}.fit(model, data.subset(zeros), {.batch_size = 4});
  CHECK(digest(model) == before);
  CHECK(history.epochs[0].loss == 0);
}

TEST_CASE("balanced weights let a rare class be learnt") {
  const auto all = bars(600), others = bars(300, 9);
  std::vector<Index> few;
  Index rare = 0;
  for (Index n = 0; n < 600; ++n)
    if (all.labels()[static_cast<std::size_t>(n)] != 2 || rare++ < 4) few.push_back(n);
  const auto train = all.subset(few);
  const auto recall = [&](const SoftmaxCrossEntropy& loss) {
    auto model = convolutional_model();
    Trainer{loss, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(model, train, {.epochs = 5, .batch_size = 16});
    return evaluate(model, others).report.classes.at(2).recall;
  };
  const double plain = recall({}), balanced = recall({.class_weights = balanced_class_weights(train)});
  CAPTURE(plain, balanced);
  CHECK(balanced > plain + 0.1);
}
