#include <lamina/training/early_stopping.hpp>

#include <limits>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

/// The epochs of these validation losses that were better than any before, and when the run was to end: after how many.
std::pair<std::vector<Index>, Index> judged(const EarlyStopping& options, const std::vector<double>& figures) {
  detail::Patience patience(options);
  std::vector<Index> better;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const EpochRecord record{.epoch = static_cast<Index>(i), .loss = figures[i], .accuracy = figures[i],
                             .validation_loss = figures[i], .validation_accuracy = figures[i]};
    if (patience.better(record)) better.push_back(record.epoch);
    if (patience.exhausted()) return {better, record.epoch + 1};
  }
  return {better, 0};
}

using Better = std::vector<Index>;

/// Targets that no input explains: what is learnt of one set is wrong for the other.
Dataset<1> noise(Index count, std::uint64_t seed) {
  Rng rng(seed);
  Tensor<float, 2> x(count, 5), y(count, 2);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.uniform(-1, 1));
  for (Index i = 0; i < y.size(); ++i) y.data()[i] = static_cast<float>(rng.uniform(-1, 1));
  return Dataset<1>(std::move(x), std::move(y));
}

}  // namespace

TEST_CASE("a run is to end after as many epochs in a row without improvement as patience says") {
  CHECK(judged({.patience = 2}, {5, 4, 4.5, 3, 3, 3.5, 1}) == std::pair{Better{0, 1, 3}, Index{6}});
  CHECK(judged({.patience = 1}, {5, 4, 3, 2}) == std::pair{Better{0, 1, 2, 3}, Index{0}});
  CHECK(judged({.patience = 2, .min_delta = 1}, {5, 4, 3.5, 2.9, 2.8, 2.7}) == std::pair{Better{0, 2}, Index{5}});
  CHECK(judged({.monitor = Monitor::validation_accuracy, .patience = 2}, {0.5, 0.4, 0.6, 0.6, 0.6}) ==
        std::pair{Better{0, 2}, Index{5}});
  CHECK(judged({.monitor = Monitor::accuracy, .patience = 1, .min_delta = 0.2}, {0.5, 0.75, 0.9}) ==
        std::pair{Better{0, 1}, Index{3}});
  CHECK(judged({.patience = 2}, {std::nan(""), std::nan(""), 1}) == std::pair{Better{}, Index{2}});
}

TEST_CASE("fit ends early and the model is the best epoch's, to the bit") {
  const auto train = noise(40, 1), validation = noise(40, 2);
  auto model = perceptron_model();
  std::vector<std::uint64_t> after;
  std::vector<double> losses;
  const auto options = [&](bool restore, Index patience) {
    return FitOptions<1>{.epochs = 500, .batch_size = 8, .validation = &validation,
                         .early_stopping = EarlyStopping{.patience = patience, .restore_best = restore},
                         .on_epoch = [&](EpochEnd& end) {
                           after.push_back(digest(model));
                           losses.push_back(end.record.validation_loss.value());
                         }};
  };
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.3, .momentum = 0.9}};
  const History history = trainer.fit(model, train, options(true, 5));
  const auto best = std::min_element(losses.begin(), losses.end()) - losses.begin();
  REQUIRE(history.best_epoch == best);
  CHECK(history.stopped);
  CHECK(std::ssize(history.epochs) == best + 6);
  CHECK(digest(model) == after[static_cast<std::size_t>(best)]);
  CHECK(digest(model) != after.back());

  model = perceptron_model();
  after.clear();
  const History kept = trainer.fit(model, train, options(false, 5));
  CHECK(kept.best_epoch == best);
  CHECK(digest(model) == after.back());
}

TEST_CASE("the best weights come back when the run ends before patience does, and whoever ends it") {
  const auto train = noise(40, 1), validation = noise(40, 2);
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.3, .momentum = 0.9}};
  auto model = perceptron_model();
  std::vector<std::uint64_t> after;
  FitOptions<1> options{.epochs = 30,
                        .batch_size = 8,
                        .validation = &validation,
                        .early_stopping = EarlyStopping{.patience = 100},
                        .on_epoch = [&](EpochEnd&) { after.push_back(digest(model)); }};
  const History whole = trainer.fit(model, train, options);
  CHECK(!whole.stopped);
  REQUIRE(whole.best_epoch);
  REQUIRE(*whole.best_epoch < 29);
  CHECK(digest(model) == after[static_cast<std::size_t>(*whole.best_epoch)]);

  model = perceptron_model();
  after.clear();
  options.on_epoch = [&](EpochEnd& end) {
    after.push_back(digest(model));
    end.stop_training = end.record.epoch == 19;
  };
  const History cut = trainer.fit(model, train, options);
  CHECK(cut.stopped);
  CHECK(cut.epochs.size() == 20);
  CHECK(digest(model) == after[static_cast<std::size_t>(cut.best_epoch.value())]);
}

TEST_CASE("a run that only gets better is not touched by early stopping") {
  const auto data = bars(60);
  auto model = convolutional_model(), plain = model;
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.005}};
  const History history = trainer.fit(
      model, data,
      {.epochs = 4, .batch_size = 10, .early_stopping = EarlyStopping{.monitor = Monitor::loss, .patience = 1}});
  CHECK(!trainer.fit(plain, data, {.epochs = 4, .batch_size = 10}).best_epoch);
  CHECK(history.best_epoch == 3);
  CHECK(!history.stopped);
  CHECK(digest(model) == digest(plain));
}

TEST_CASE("early stopping's options are refused before the first step when they cannot be") {
  auto model = convolutional_model();
  const auto before = digest(model);
  const auto refused = [&](const EarlyStopping& stopping) {
    return refusal<OptionError>([&] {
      Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, bars(10), {.early_stopping = stopping});
    });
  };
  CHECK(refused({.patience = 0}) == "EarlyStopping: expects a patience of at least 1 epoch but got 0");
  CHECK(refused({.min_delta = -1}) == "EarlyStopping: expects a finite min_delta of at least 0 but got -1");
  CHECK(refused({}) ==
        "EarlyStopping: goes by the validation set but fit got none; give .validation, or .monitor = Monitor::loss");
  CHECK(digest(model) == before);
}
