#include <lamina/training/moving_average.hpp>

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include <lamina/callbacks/model_checkpoint.hpp>
#include <lamina/models/network.hpp>
#include <lamina/training/checkpoint.hpp>
#include <lamina/optimizers/adam.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "kept.hpp"

using namespace small;

namespace {

using ExactModel = BasicModel<double>;

const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.2, .momentum = 0.5}};

}  // namespace

TEST_CASE("the average starts as a copy of the parameters after the first step and follows those after every other") {
  const auto data = bars(70);
  for (const double decay : {0.0, 0.5, 0.9, 0.999}) {
    ExactModel model{convolutional, image, Rng{7}}, plain = model;
    std::vector<double> average;
    std::vector<std::vector<double>> steps, plain_steps;
    Index epochs = 0;
    FitOptions<3> options{.epochs = 3, .batch_size = 16, .threads = 2, .average = EMA{.decay = decay}};
    options.on_batch = [&](BatchEnd&) {
      steps.push_back(numbers(model));
      const std::vector<double>& theta = steps.back();
      if (average.empty()) average = theta;
      for (std::size_t i = 0; i < theta.size(); ++i) average[i] = decay * average[i] + (1 - decay) * theta[i];
    };
    options.on_epoch = [&](EpochEnd&) {
      ++epochs;
      CHECK(distance(numbers(model), average) < 1e-14);
    };
    const History history = trainer.fit(model, data, options);
    CHECK(epochs == 3);
    CHECK(distance(numbers(model), average) < 1e-14);
    CHECK((distance(numbers(model), steps.back()) < 1e-14) == (decay == 0));

    // Training itself does not notice.
    FitOptions<3> without{.epochs = 3, .batch_size = 16};
    without.on_batch = [&](BatchEnd&) { plain_steps.push_back(numbers(plain)); };
    const History expected = trainer.fit(plain, data, without);
    CHECK(plain_steps == steps);
    CHECK(history.epochs.back().loss == expected.epochs.back().loss);
  }
}

TEST_CASE("the average has the same bits for any number of threads, and changes are noticed") {
  const auto data = bars(90), validation = bars(30, 8);
  std::optional<std::vector<std::uint64_t>> expected;
  for (const Index threads : {1, 2, 3, 4}) {
    auto model = convolutional_model();
    std::uint64_t changes = 0;
    FitOptions<3> options{
        .epochs = 3, .batch_size = 32, .threads = threads, .validation = &validation, .average = EMA{.decay = 0.9}};
    options.on_batch = [&](BatchEnd&) { changes = model.changes(); };
    options.on_epoch = [&](EpochEnd&) { CHECK(model.changes() > changes); };
    const History history = Trainer{SoftmaxCrossEntropy{}, Adam{}}.fit(model, data, options);
    if (!expected) expected = bits_of(model, history);
    CHECK(bits_of(model, history) == *expected);
  }
}

TEST_CASE("the average is judged, kept as the best weights and saved by ModelCheckpoint") {
  const auto data = bars(50), validation = bars(40, 8);
  const Scratch scratch("moving-average");
  auto model = convolutional_model();
  ModelCheckpoint checkpoints{model, scratch.path};
  std::vector<std::uint64_t> digests;
  FitOptions<3> options{.epochs = 60,
                        .batch_size = 10,
                        .validation = &validation,
                        .early_stopping = EarlyStopping{.patience = 2},
                        .average = EMA{.decay = 0.8}};
  options.on_epoch = [&](EpochEnd& end) {
    digests.push_back(digest(model));
    CHECK(end.record.validation_loss == evaluate(model, validation, SoftmaxCrossEntropy{}).mean_loss);
    checkpoints(end);
  };
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.5, .momentum = 0.5}}.fit(model, data, options);
  REQUIRE(history.stopped);
  REQUIRE(*history.best_epoch + 1 < std::ssize(history.epochs));
  CHECK(digest(model) == digests[static_cast<std::size_t>(*history.best_epoch)]);
  auto loaded = convolutional_model(8);
  load(loaded, checkpoints.files()[0]);
  CHECK(digest(loaded) == digests[0]);
  load(loaded, *checkpoints.newest());
  CHECK(digest(loaded) == digests.back());
}

TEST_CASE("a run with an average that is stopped in the middle of an epoch gives the average back") {
  const auto data = bars(64);
  auto model = convolutional_model();
  std::uint64_t judged = 0, raw = 0;
  FitOptions<3> options{.epochs = 3, .batch_size = 16, .average = EMA{.decay = 0.5}};
  options.on_batch = [&](BatchEnd& end) {
    raw = digest(model);
    end.stop_training = end.epoch == 1 && end.batch == 1;
  };
  options.on_epoch = [&](EpochEnd&) { judged = digest(model); };
  CHECK(trainer.fit(model, data, options).stopped);
  CHECK(digest(model) == judged);
  CHECK(digest(model) != raw);
}

TEST_CASE("after an exception the model has the parameters of the last step, not their average") {
  const auto data = bars(64);
  for (const bool in_epoch : {false, true}) {
    auto model = convolutional_model();
    std::uint64_t raw = 0;
    Index left = 6;
    FitOptions<3> options{.epochs = 3, .batch_size = 16, .average = EMA{.decay = 0.5}};
    options.on_batch = [&](BatchEnd&) {
      raw = digest(model);
      if (!in_epoch && --left == 0) throw std::runtime_error("enough");
    };
    options.on_epoch = [&](EpochEnd&) {
      if (in_epoch) throw std::runtime_error("enough");
    };
    CHECK(refusal<std::runtime_error>([&] { trainer.fit(model, data, options); }) == "enough");
    CHECK(digest(model) == raw);
  }
}

TEST_CASE("another network that a callback assigns between epochs is an error with an average, too") {
  const auto data = bars(32);
  const Network one{Flatten{}, Dense{.units = 4}, ReLU{}, Dense{.units = classes}}, other{Flatten{}, Dense{.units = classes}};
  for (const Index epochs : {1, 2}) {
    Model model{one, image, Rng{1}};
    FitOptions<3> options{.epochs = epochs, .average = EMA{}};
    options.on_epoch = [&](EpochEnd&) { model = Model{other, image, Rng{1}}; };
    CHECK(refusal<OptionError>([&] { trainer.fit(model, data, options); })
              .starts_with("fit: expects the network that it began to train, but the model was assigned another one"));
  }
}

TEST_CASE("a decay outside [0, 1) is refused, the model untouched") {
  const auto data = bars(16);
  auto model = convolutional_model();
  for (const double decay : {-0.1, 1.0, 2.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.average = EMA{.decay = decay}}); }) ==
          str_cat("fit: expects an .average with a decay of at least 0 and below 1 but got ", decay));
  CHECK(digest(model) == digest(convolutional_model()));
}

TEST_CASE("a checkpoint has parameters and average, and without an average it has what it always had") {
  const auto data = bars(40);
  CheckpointBytes kept, plain;
  auto model = convolutional_model();
  std::uint64_t raw = 0;
  FitOptions<3> options{.epochs = 2, .batch_size = 16, .average = EMA{.decay = 0.75}, .checkpoint = kept};
  options.on_batch = [&](BatchEnd&) { raw = digest(model); };
  const History history = trainer.fit(model, data, options);
  const auto parts_as = [&](const Checkpoint& run, const std::string& prefix) {
    auto filled = convolutional_model(9);
    detail::visit_named_parameters(
        [&](const std::string& name, auto& tensor) {
          for (const auto& part : run.parts)
            if (part.name == prefix + name) std::memcpy(tensor.data(), part.numbers.data(), part.numbers.size());
        },
        filled.parameters());
    return digest(filled);
  };
  const auto has = [](const Checkpoint& run, std::string_view word) {
    bool any = false;
    for (const auto& part : run.parts) any = any || part.name.starts_with(word);
    for (const auto& setting : run.settings) any = any || setting.name.starts_with(word);
    return any;
  };
  CHECK(parts_as(*kept.find(), "parameters.") == raw);
  CHECK(parts_as(*kept.find(), "average.") == digest(model));

  // A run that has ended gives the average back: to a model as it was at first, and to the one that it left.
  options.on_batch = [](BatchEnd&) { FAIL("a step was made"); };
  for (auto again : {convolutional_model(), model}) {
    const History there = trainer.fit(again, data, options);
    CHECK(bits_of(again, there) == bits_of(model, history));
  }

  auto without = convolutional_model();
  options = {.epochs = 2, .batch_size = 16, .checkpoint = plain};
  trainer.fit(without, data, options);
  CHECK_FALSE(has(*plain.find(), "average"));
  options.checkpoint = kept;
  CHECK(refusal<DataError>([&] { trainer.fit(without, data, options); })
            .find("is of another run: average.decay is only there") != std::string::npos);
}
