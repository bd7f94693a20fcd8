#include <cmath>
#include <lamina/data/target_normalisation.hpp>
#include <lamina/losses/huber.hpp>
#include <lamina/losses/mean_absolute_error.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/training/trainer.hpp>
#include <vector>

#include "../catch.hpp"
#include "small.hpp"

// What fit reports where targets are numbers.

using namespace small;

namespace {

/// The scores of predictions by their definition, output by output.
RegressionScores by_definition(const Tensor<float, 2>& z, const Tensor<float, 2>& y) {
  const auto [N, K] = shape(y);
  RegressionScores mean;
  for (Index k = 0; k < K; ++k) {
    double average = 0, squares = 0, sizes = 0, spread = 0;
    for (Index n = 0; n < N; ++n) average += double(y(n, k)) / double(N);
    for (Index n = 0; n < N; ++n) {
      const double error = double(z(n, k)) - double(y(n, k));
      squares += error * error;
      sizes += std::abs(error);
      spread += (double(y(n, k)) - average) * (double(y(n, k)) - average);
    }
    mean.rmse += std::sqrt(squares / double(N)) / double(K);
    mean.mae += sizes / double(N) / double(K);
    mean.r2 += (1 - squares / spread) / double(K);
  }
  return mean;
}

const SGD slow{.learning_rate = 0.05, .momentum = 0.5};

}  // namespace

TEST_CASE("fit reports RMSE, MAE and R² of rows of targets, and no accuracy") {
  const auto train = curve(150), validation = curve(77, 5);
  auto model = perceptron_model();
  std::vector<RegressionScores> after;  // of the validation set, after each epoch
  const History history = Trainer{MeanSquaredError{}, slow}.fit(
      model, train, {.epochs = 4, .batch_size = 16, .validation = &validation, .on_epoch = [&](EpochEnd& end) {
                       CHECK(std::isnan(end.record.accuracy));
                       after.push_back(by_definition(predict_outputs(model, validation), validation.targets()));
                     }});
  REQUIRE(history.epochs.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const EpochRecord& record = history.epochs[i];
    CHECK(std::isnan(record.accuracy));
    CHECK(!record.validation_accuracy);
    REQUIRE(record.regression);
    REQUIRE(record.validation_regression);
    CHECK(record.validation_regression->rmse == Approx(after[i].rmse).epsilon(1e-12));
    CHECK(record.validation_regression->mae == Approx(after[i].mae).epsilon(1e-12));
    CHECK(record.validation_regression->r2 == Approx(after[i].r2).epsilon(1e-12));
    CHECK(record.regression->rmse > record.regression->mae);
    CHECK(record.regression->r2 < 1);
  }
  CHECK(history.epochs[3].regression->rmse < history.epochs[0].regression->rmse);
  const RegressionEvaluation evaluation = evaluate_regression(model, validation);
  CHECK(evaluation.rmse == history.epochs[3].validation_regression->rmse);
  CHECK(evaluation.r2 == history.epochs[3].validation_regression->r2);
}

TEST_CASE("training figures of numbers are those of the predictions before each step, over the epoch so far") {
  const auto train = curve(60);
  auto model = perceptron_model();
  // At a learning rate of nothing every batch sees the same model.
  const RegressionScores expected = by_definition(predict_outputs(model, train), train.targets());
  std::vector<RegressionScores> shown;
  const History history = Trainer{MeanAbsoluteError{}, SGD{.learning_rate = 1e-30}}.fit(
      model, train, {.epochs = 2, .batch_size = 25, .accumulate = 1, .on_batch = [&](BatchEnd& end) {
                       REQUIRE(end.regression);
                       CHECK(std::isnan(end.accuracy));
                       shown.push_back(*end.regression);
                     }});
  REQUIRE(shown.size() == 6);
  for (std::size_t epoch = 0; epoch < 2; ++epoch) {
    const RegressionScores& scores = *history.epochs[epoch].regression;
    CHECK(scores.rmse == Approx(expected.rmse).epsilon(1e-6));
    CHECK(scores.mae == Approx(expected.mae).epsilon(1e-6));
    CHECK(scores.r2 == Approx(expected.r2).epsilon(1e-6));
    CHECK(shown[3 * epoch + 2].rmse == scores.rmse);
    CHECK(shown[3 * epoch].rmse != scores.rmse);
  }
  CHECK(history.epochs[0].loss == Approx(history.epochs[0].regression->mae).epsilon(1e-6));
}

TEST_CASE("figures of numbers are the same bits for any number of threads") {
  const auto data = curve(700);
  auto expected = perceptron_model();
  const Trainer trainer{Huber{.delta = 0.2}, slow};
  const FitOptions<1> options{.epochs = 2, .batch_size = 300, .threads = 1, .validation = &data};
  const History one = trainer.fit(expected, data, options);
  for (const Index threads : {2, 3, 4}) {
    auto model = perceptron_model();
    FitOptions<1> several = options;
    several.threads = threads;
    const History many = trainer.fit(model, data, several);
    CAPTURE(threads);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(many.epochs[i].regression->rmse == one.epochs[i].regression->rmse);
      CHECK(many.epochs[i].regression->mae == one.epochs[i].regression->mae);
      CHECK(many.epochs[i].regression->r2 == one.epochs[i].regression->r2);
      CHECK(many.epochs[i].validation_regression->rmse == one.epochs[i].validation_regression->rmse);
      CHECK(many.epochs[i].validation_regression->r2 == one.epochs[i].validation_regression->r2);
    }
  }
}

TEST_CASE("class numbers have an accuracy whatever the loss, and several labels, too") {
  const auto data = bars(40);
  auto model = convolutional_model();
  const History of_classes = Trainer{MeanSquaredError{}, slow}.fit(model, data, {.validation = &data});
  CHECK(!of_classes.epochs[0].regression);
  CHECK(!of_classes.epochs[0].validation_regression);
  CHECK(of_classes.epochs[0].accuracy <= 1);
  CHECK(of_classes.epochs[0].validation_accuracy.value() <= 1);

  Tensor<float, 2> y(50, 2);
  for (Index i = 0; i < y.size(); ++i) y.data()[i] = static_cast<float>(i % 3 == 0);
  const auto numbers = curve(50);
  const Dataset<1> labels(numbers.floats(), numbers.sample_shape(), y);
  auto rows = perceptron_model();
  const History several = Trainer{SigmoidCrossEntropy{}, slow}.fit(rows, labels, {.validation = &labels});
  CHECK(!several.epochs[0].regression);
  CHECK(!several.epochs[0].validation_regression);
  CHECK(several.epochs[0].accuracy <= 1);
}

TEST_CASE("a step on rows of targets has no accuracy") {
  const auto data = curve(20);
  auto model = perceptron_model();
  Trainer trainer{MeanSquaredError{}, slow};
  for (const auto& batch : batches(data, {.batch_size = 10})) {
    const StepResult result = trainer.step(model, batch);
    CHECK(result.loss > 0);
    CHECK(std::isnan(result.accuracy));
  }
}

TEST_CASE("going by the accuracy of numbers is refused before the first step") {
  const auto data = curve(20);
  auto model = perceptron_model();
  const auto before = digest(model);
  const Trainer trainer{MeanSquaredError{}, slow};
  CHECK(refusal<OptionError>([&] {
          trainer.fit(model, data,
                      {.validation = &data, .early_stopping = EarlyStopping{.monitor = Monitor::validation_accuracy}});
        }) ==
        "EarlyStopping: needs the accuracy but the targets of the validation set are numbers, which have none; give "
        ".monitor = Monitor::validation_loss");
  CHECK(refusal<OptionError>([&] {
          trainer.fit(model, data, {.on_plateau = ReduceOnPlateau{.monitor = Monitor::accuracy}});
        }) ==
        "ReduceOnPlateau: needs the accuracy but the targets of the training set are numbers, which have none; give "
        ".monitor = Monitor::loss");
  CHECK(digest(model) == before);
  trainer.fit(model, data, {.validation = &data, .early_stopping = EarlyStopping{.patience = 2}});
  CHECK(digest(model) != before);
}

namespace {

/// A line far from 0: y = 1000 + 200·x₀, and one that is near: y = 0.01·x₁.
Dataset<1> far(Index count, std::uint64_t seed) {
  const auto data = curve(count, seed);
  Tensor<float, 2> y(count, 2);
  for (Index n = 0; n < count; ++n) {
    y(n, 0) = 1000 + 200 * data.at(n)(0);
    y(n, 1) = 0.01F * data.at(n)(1);
  }
  return {data.floats(), data.sample_shape(), std::move(y)};
}

}  // namespace

TEST_CASE("with normalised targets the loss is that of what the network learns, RMSE and MAE are in the targets' units") {
  auto train = far(200, 3), validation = far(90, 4);
  train.normalise_targets(measure_target_normalisation(train));
  validation.normalise_targets(train.target_normalisation());
  auto model = perceptron_model();
  const History history = Trainer{MeanSquaredError{}, Adam{.learning_rate = 0.02}}.fit(
      model, train, {.epochs = 40, .batch_size = 20, .validation = &validation});
  const EpochRecord& last = history.epochs.back();
  CHECK(last.validation_loss.value() < 0.01);
  const auto predicted = denormalise_targets(predict_outputs(model, validation), validation.target_normalisation());
  const RegressionScores expected = by_definition(predicted, validation.targets());
  CHECK(last.validation_regression->rmse == Approx(expected.rmse).epsilon(1e-4));
  CHECK(last.validation_regression->mae == Approx(expected.mae).epsilon(1e-4));
  CHECK(last.validation_regression->r2 == Approx(expected.r2).epsilon(1e-6));
  CHECK(last.validation_regression->r2 > 0.99);
  CHECK(last.regression->rmse > 1);  // of a deviation of more than 100
  const RegressionEvaluation evaluation = evaluate_regression(model, validation);
  CHECK(evaluation.rmse == last.validation_regression->rmse);
  CHECK(evaluation.outputs[0].rmse > 100 * evaluation.outputs[1].rmse);
}

TEST_CASE("a validation set whose targets are normalised in another way is refused before the first step") {
  auto train = far(40, 3);
  const auto validation = far(20, 4);
  train.normalise_targets(measure_target_normalisation(train));
  auto model = perceptron_model();
  const auto before = digest(model);
  CHECK(refusal<DataError>([&] {
          Trainer{MeanSquaredError{}, slow}.fit(model, train, {.validation = &validation});
        }) ==
        "fit: the targets of the validation set are not normalised like those of the training set; call "
        "validation.normalise_targets(train.target_normalisation())");
  CHECK(digest(model) == before);
}
