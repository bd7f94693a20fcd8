#include <lamina/training/early_stopping.hpp>

#include <functional>
#include <lamina/training/checkpoint.hpp>
#include <limits>
#include <stdexcept>

#include "../catch.hpp"
#include "kept.hpp"
#include "measuring_layer.hpp"

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

/// A model that measures, besides what it learns.
Model measuring_model() {
  return {Sequential{Dense{.units = 9}, Centre{}, Tanh{}, Dense{.units = 2}}, Shape{5}, Rng{7}};
}

/// All bits of its parameters and of its buffer.
std::uint64_t whole_digest(const Model& model) {
  std::uint64_t bits = digest(model);
  const auto& mean = model.parameters().tensor<1>("1.running_mean");
  for (Index f = 0; f < mean.size(); ++f) bits = bits * 31 + std::bit_cast<std::uint32_t>(mean(f));
  return bits;
}

/// TargetView that no input explains: what is learnt of one set is wrong for the other.
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
  REQUIRE(history.best_epoch == best);  // an index, from 0
  CHECK(history.epochs[static_cast<std::size_t>(best)].validation_loss == *std::min_element(losses.begin(), losses.end()));
  CHECK(history.epochs[static_cast<std::size_t>(best)].epoch == best);
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
        "EarlyStopping: needs the validation set but fit got none; give .validation, or .monitor = Monitor::loss");
  CHECK(digest(model) == before);
}

namespace {

/// What ends a run early: something is done to its options.
struct End {
  const char* name;
  std::function<void(FitOptions<1>&)> arrange;
};

/// Throws in the second batch of the eighth epoch.
template <typename Thrown>
std::function<void(FitOptions<1>&)> thrown_on_batch(Thrown thrown) {
  return [=](FitOptions<1>& options) {
    options.on_batch = [=](BatchEnd& end) {
      if (end.epoch == 7 && end.batch == 1) throw thrown;
    };
  };
}

std::vector<End> ends() {
  const auto after = [](double share) { return [=](double done) { if (done > share) throw std::runtime_error("enough"); return 1.0; }; };
  return {{"a loss or weights that are not finite",
           [](FitOptions<1>& options) { options.schedule = [](double done) { return done < 0.7 ? 1 : 1e38; }; }},
          {"what on_batch throws", thrown_on_batch(std::runtime_error("enough"))},
          {"what on_batch throws and is no exception", thrown_on_batch(42)},
          {"what on_epoch throws",
           [](FitOptions<1>& options) {
             options.on_epoch = [note = options.on_epoch](EpochEnd& end) {
               note(end);
               if (end.record.epoch == 7) throw std::runtime_error("enough");
             };
           }},
          {"what the schedule throws", [=](FitOptions<1>& options) { options.schedule = after(0.75); }},
          {"what the reducer throws",
           [](FitOptions<1>& options) {
             options.reduce = [steps = 0](StepGradient<float>&) mutable {
               if (++steps == 38) throw std::runtime_error("enough");
             };
           }},
          {"a flag of a signal, which on_batch passes on", [](FitOptions<1>& options) {
             options.on_batch = [](BatchEnd& end) { end.stop_training = end.epoch == 7 && end.batch == 1; };
           }}};
}

}  // namespace

TEST_CASE("whatever ends a run, the model has the best epoch's parameters and buffers, of the average where there is one") {
  const auto train = noise(40, 1), validation = noise(40, 2);
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.3, .momentum = 0.9}};
  for (const bool averages : {false, true})
    for (const bool restores : {true, false})
      for (const End& end : ends()) {
        CAPTURE(end.name, averages, restores);
        Model model = measuring_model();
        std::vector<std::uint64_t> after;
        std::vector<double> losses;
        FitOptions<1> options{.epochs = 10, .batch_size = 8, .validation = &validation,
                              .early_stopping = EarlyStopping{.patience = 100, .restore_best = restores}};
        if (averages) options.average = EMA{.decay = 0.5};
        options.on_epoch = [&](EpochEnd& epoch) {
          after.push_back(whole_digest(model));
          losses.push_back(epoch.record.validation_loss.value());
        };
        end.arrange(options);
        std::string ended = "by itself";
        try {
          if (trainer.fit(model, train, options).stopped) ended = "stopped";
        } catch (const std::runtime_error&) {
          ended = "an error";
        } catch (int) {
          ended = "a number";
        }
        CHECK(ended != "by itself");
        const auto best = std::min_element(losses.begin(), losses.end()) - losses.begin();
        REQUIRE(losses.size() >= 7);
        REQUIRE(best < 7);
        CHECK((whole_digest(model) == after[static_cast<std::size_t>(best)]) == restores);
      }
}

TEST_CASE("a run that ends before its first epoch was judged leaves the parameters that it has") {
  const auto train = noise(40, 1), validation = noise(40, 2);
  auto model = perceptron_model(), expected = model;
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.3, .momentum = 0.9}};
  FitOptions<1> options{.batch_size = 8, .validation = &validation, .early_stopping = EarlyStopping{}};
  options.on_batch = [](BatchEnd& end) {
    if (end.batch == 2) throw std::runtime_error("enough");
  };
  CHECK_THROWS_AS(trainer.fit(model, train, options), std::runtime_error);
  trainer.fit(expected, train, {.batch_size = 8, .on_batch = [](BatchEnd& end) { end.stop_training = end.batch == 2; }});
  CHECK(digest(model) == digest(expected));
}

TEST_CASE("another network that a callback assigned before it threw is not given the best weights") {
  const auto train = noise(40, 1), validation = noise(40, 2);
  Model model{Sequential{Dense{.units = 2}}, Shape{5}, Rng{1}};
  const Model other{Sequential{Dense{.units = 5}, Dense{.units = 2}}, Shape{5}, Rng{2}};
  FitOptions<1> options{.epochs = 3, .batch_size = 8, .validation = &validation, .early_stopping = EarlyStopping{}};
  options.on_batch = [&](BatchEnd& end) {
    if (end.epoch != 2) return;
    model = other;
    throw std::runtime_error("enough");
  };
  CHECK(refusal<std::runtime_error>([&] { Trainer{MeanSquaredError{}, SGD{}}.fit(model, train, options); }) == "enough");
  CHECK(digest(model) == digest(other));
}

TEST_CASE("a run goes on to the same bits after an exception, from a new model and from the one with its best weights") {
  const auto train = noise(40, 1), validation = noise(40, 2);
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.3, .momentum = 0.9}};
  for (const bool averages : {false, true}) {
    FitOptions<1> options{.epochs = 10, .batch_size = 8, .validation = &validation,
                          .early_stopping = EarlyStopping{.patience = 100}};
    if (averages) options.average = EMA{.decay = 0.5};
    Model whole = measuring_model();
    const History history = trainer.fit(whole, train, options);
    const auto expected = bits_of(whole, history);
    for (const bool anew : {true, false}) {
      CAPTURE(averages, anew);
      CheckpointBytes kept{.every = 3};
      options.checkpoint = kept;
      thrown_on_batch(42)(options);
      Model model = measuring_model();
      CHECK_THROWS_AS(trainer.fit(model, train, options), int);
      CHECK(whole_digest(model) == whole_digest(whole));  // the best epoch is behind both
      if (anew) model = measuring_model();
      options.on_batch = {};
      CHECK(bits_of(model, trainer.fit(model, train, options)) == expected);
      CHECK(whole_digest(model) == whole_digest(whole));
      options.checkpoint = {};
    }
  }
}
