#include <lamina/training/checkpointing.hpp>
#include <lamina/training/checkpoint.hpp>

#include <algorithm>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/data/pixel_transforms.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/models/network.hpp>
#include <lamina/optimizers/adam.hpp>
#include <stdexcept>

#include "../catch.hpp"
#include "kept.hpp"

using namespace small;

namespace {

struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

/// A run that is stopped after every `stop` batches and taken up again by a model as new, with one, two, three, one …
/// threads.
template <typename M, typename Trainer, int Rank>
std::vector<std::uint64_t> stopped_every(Index stop, const M& fresh, const Trainer& trainer, const Dataset<Rank>& data,
                                         FitOptions<Rank> options) {
  CheckpointBytes kept;
  options.checkpoint = kept;
  for (Index leg = 0;; ++leg) {
    M model = fresh;
    options.threads = 1 + leg % 3;
    bool asked = false;
    options.on_batch = [&, done = Index{0}](BatchEnd& end) mutable { asked = end.stop_training = ++done == stop; };
    const History history = trainer.fit(model, data, options);
    if (!asked || detail::read_checkpoint(kept.file).position.finished) return bits_of(model, history);
    if (leg > 1000) throw std::runtime_error("the run does not come forward");
  }
}

/// A run that is kept after every third step, and ends without a word at batches drawn at random.
template <typename M, typename Trainer, int Rank>
std::vector<std::uint64_t> killed_at_random(std::uint64_t seed, const M& fresh, const Trainer& trainer,
                                            const Dataset<Rank>& data, FitOptions<Rank> options) {
  CheckpointBytes kept{.every = 3, .epochs = seed % 2 == 0};
  options.checkpoint = kept;
  Rng rng(seed);
  for (Index leg = 0; leg < 1000; ++leg) {
    M model = fresh;
    options.threads = 1 + rng.below(3);
    options.on_batch = [left = 4 + rng.below(12)](BatchEnd&) mutable {
      if (--left == 0) throw Killed();
    };
    try {
      const History history = trainer.fit(model, data, options);
      return bits_of(model, history);
    } catch (const Killed&) {
    }
  }
  throw std::runtime_error("the run does not come forward");
}

/// That both come to the same bits as a run that nothing interrupts.
template <typename M, typename Trainer, int Rank>
void check_survives(const M& fresh, const Trainer& trainer, const Dataset<Rank>& data, FitOptions<Rank> options) {
  M model = fresh;
  options.threads = 1;
  const History history = trainer.fit(model, data, options);
  const auto expected = bits_of(model, history);
  const Index batches = (data.size() - 1) / options.batch_size + 1;
  REQUIRE(digest(model) != digest(fresh));
  for (const Index stop : {Index{1}, Index{2}, Index{3}, Index{5}, batches - 1, batches, batches + 1, 2 * batches}) {
    CAPTURE(stop);
    CHECK(stopped_every(stop, fresh, trainer, data, options) == expected);
  }
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    CAPTURE(seed);
    CHECK(killed_at_random(seed, fresh, trainer, data, options) == expected);
  }
}

const SGD with_momentum{.learning_rate = 0.05, .momentum = 0.9, .weight_decay = 1e-3, .nesterov = true};

/// A run that is stopped in the last epoch but one before early stopping would end it: the best one is past.
struct Example {
  Dataset<3> data = bars(53), validation = bars(30, 9);
  FitOptions<3> options{.epochs = 40,
                        .batch_size = 8,
                        .seed = 3,
                        .threads = 1,
                        .schedule = Cosine{},
                        .validation = &validation,
                        .early_stopping = EarlyStopping{.patience = 2},
                        .on_plateau = ReduceOnPlateau{.monitor = Monitor::loss, .factor = 0.99, .patience = 0}};
  Trainer<SoftmaxCrossEntropy, SGD> trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.3, .momentum = 0.5}};
  Index epochs = 0;  // that it would have
  CheckpointBytes kept{};

  Example() {
    auto model = convolutional_model(), whole = model;
    epochs = std::ssize(trainer.fit(whole, data, options).epochs);
    FitOptions<3> stopped = options;
    stopped.checkpoint = kept;
    stopped.on_batch = [&](BatchEnd& end) { end.stop_training = end.epoch == epochs - 2 && end.batch == 4; };
    trainer.fit(model, data, stopped);
  }
};

}  // namespace

TEST_CASE(
    "a run that is stopped or killed at any batch comes to the same bits: SGD with momentum, a smaller last batch") {
  check_survives(convolutional_model(), Trainer{SoftmaxCrossEntropy{}, with_momentum}, bars(103),
                 FitOptions<3>{.epochs = 3, .batch_size = 10, .seed = 5});
  check_survives(convolutional_model(), Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}}, bars(80),
                 FitOptions<3>{.epochs = 2, .batch_size = 16});
  const auto numbers = curve(40, 8);
  check_survives(perceptron_model(), Trainer{MeanSquaredError{}, with_momentum}, curve(130),
                 FitOptions<1>{.epochs = 3, .batch_size = 31, .shards = 3, .validation = &numbers});
}

TEST_CASE("a run that is stopped or killed at any batch comes to the same bits: Adam and AdamW, by schedule") {
  const auto data = bars(75), validation = bars(40, 8);
  const Adam adam{.learning_rate = 0.01};
  check_survives(convolutional_model(), Trainer{SoftmaxCrossEntropy{}, adam}, data,
                 FitOptions<3>{.epochs = 3, .batch_size = 10, .schedule = Cosine{}});
  check_survives(convolutional_model(),
                 Trainer{SoftmaxCrossEntropy{}, AdamW{.learning_rate = 0.01, .weight_decay = 0.1}}, data,
                 FitOptions<3>{.epochs = 3, .batch_size = 10, .schedule = OneCycle{}, .clip = {.norm = 0.5}});
  check_survives(
      convolutional_model(), Trainer{SoftmaxCrossEntropy{.label_smoothing = 0.1}, adam}, data,
      FitOptions<3>{.epochs = 5,
                    .batch_size = 20,
                    .validation = &validation,
                    .on_plateau = ReduceOnPlateau{.factor = 0.5, .patience = 0, .threshold = 0.9, .cooldown = 1}});
  check_survives(convolutional_model(), Trainer{SoftmaxCrossEntropy{}, adam}, data,
                 FitOptions<3>{.epochs = 5, .batch_size = 20, .validation = &validation,
                               .on_plateau = ReduceOnPlateau{.factor = 0.5, .patience = 1, .threshold = 0.9}});
}

TEST_CASE("a run that is stopped or killed at any batch comes to the same bits: early stopping and its best epoch") {
  const auto data = bars(50), validation = bars(40, 8);
  for (const bool restore : {true, false}) {
    FitOptions<3> options{.epochs = 60, .batch_size = 10, .validation = &validation,
                          .early_stopping = EarlyStopping{.patience = 2, .restore_best = restore}};
    const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.4, .momentum = 0.5}};
    auto model = convolutional_model();
    const History history = trainer.fit(model, data, options);
    REQUIRE(history.stopped);
    REQUIRE(history.epochs.size() > 3);
    check_survives(convolutional_model(), trainer, data, options);
  }
}

TEST_CASE("a run that is stopped or killed at any batch comes to the same bits: an average, alone and with the best epoch") {
  const auto data = bars(50), validation = bars(40, 8);
  FitOptions<3> options{.epochs = 5, .batch_size = 12, .validation = &validation, .average = EMA{.decay = 0.9}};
  check_survives(convolutional_model(), Trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.01}}, data, options);
  options.epochs = 60;
  options.early_stopping = EarlyStopping{.patience = 2};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.5, .momentum = 0.5}};
  auto model = convolutional_model();
  REQUIRE(trainer.fit(model, data, options).stopped);
  check_survives(convolutional_model(), trainer, data, options);
}

TEST_CASE(
    "a run that is stopped or killed at any batch comes to the same bits: augmentation, dropout, a network listed at "
    "run time") {
  const auto data = bars(61);
  check_survives(convolutional_model(), Trainer{SoftmaxCrossEntropy{}, with_momentum}, data,
                 FitOptions<3>{.epochs = 3, .batch_size = 12, .seed = 9, .augment = {Rotation{}, GaussianNoise{}}});
  constexpr auto forgetful =
      Sequential{Flatten{}, Dense{.units = 12}, ReLU{}, Dropout{.rate = 0.3}, Dense{.units = classes}};
  check_survives(Model{forgetful, image, Rng{4}}, Trainer{SoftmaxCrossEntropy{}, with_momentum}, data,
                 FitOptions<3>{.epochs = 3, .batch_size = 12});
  const Network listed{Conv{.filters = 4, .kernel = 3}, ReLU{}, MaxPool{}, Flatten{}, Dropout{.rate = 0.2},
                       Dense{.units = classes}};
  check_survives(Model{listed, image, Rng{4}}, Trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.01}}, data,
                 FitOptions<3>{.epochs = 3, .batch_size = 12});
  BasicModel<double> exact{forgetful, image, Rng{4}};
  check_survives(exact, Trainer{SoftmaxCrossEntropy{}, with_momentum}, data,
                 FitOptions<3>{.epochs = 2, .batch_size = 12});
}

TEST_CASE(
    "whatever is kept of a run counts: with other numbers in any part the run comes to something else, or is refused") {
  const Example example;
  REQUIRE(example.epochs >= 4);
  REQUIRE(example.epochs < 40);
  const auto outcome = [&](const Checkpoint& run) -> std::vector<std::uint64_t> {
    CheckpointBytes kept{.file = detail::checkpoint_bytes(run)};
    auto model = convolutional_model();
    FitOptions<3> options = example.options;
    options.checkpoint = kept;
    try {
      const History history = example.trainer.fit(model, example.data, options);
      auto bits = bits_of(model, history);
      for (std::size_t epoch = 0; epoch < 2; ++epoch) {  // which were kept: the times, too
        bits.push_back(std::bit_cast<std::uint64_t>(history.epochs[epoch].seconds));
        bits.push_back(std::bit_cast<std::uint64_t>(history.epochs[epoch].images_per_second));
      }
      bits.push_back(!(std::abs(history.epochs[static_cast<std::size_t>(example.epochs - 2)].seconds) < 1e6));
      return bits;
    } catch (const std::exception&) {  // refused, or diverged
      return {};
    }
  };
  const auto expected = outcome(*example.kept.find());
  REQUIRE(!expected.empty());
  CHECK((outcome(*example.kept.find()) == expected));
  std::size_t parts = 0;
  for (std::size_t i = 0; i < example.kept.find()->parts.size(); ++i) {
    Checkpoint run = std::move(*example.kept.find());
    Checkpoint::Part& part = run.parts[i];
    REQUIRE(!part.numbers.empty());
    std::vector<std::byte> numbers(part.numbers.begin(), part.numbers.end());
    const bool counts = part.dtype == "I64";
    const std::size_t size = part.dtype == "F32" ? 4 : 8, first = counts ? 0 : size - 1;  // sign and exponent, or the last bit
    const std::byte change = counts                               ? std::byte{1}
                             : part.name == "early_stopping.best" ? std::byte{0x41}
                                                                  : std::byte{0xC1};
    for (std::size_t place = first; place < numbers.size(); place += size) numbers[place] ^= change;
    part.numbers = numbers;
    CAPTURE(part.name);
    // Of no consequence here, where each epoch's loss is better than the last one's and the epoch has more batches: the
    // tests above need them.
    if (part.name == "plateau.resting" || part.name == "plateau.waited" || part.name == "epoch.learning_rate") continue;
    CHECK((outcome(run) != expected));
    ++parts;
  }
  CHECK(parts > 30);
}

TEST_CASE("a checkpoint that is not this one is refused, and model, checkpoint and trainer are as they were") {
  const Example example;
  const auto refused = [&](auto change) {
    auto model = convolutional_model();
    FitOptions<3> options = example.options;
    CheckpointBytes kept{.file = example.kept.file};
    options.checkpoint = kept;
    options.on_batch = [](BatchEnd&) { FAIL("a step was made"); };
    const std::string text = refusal<DataError>([&] { change(model, options); });
    CHECK(digest(model) == digest(convolutional_model()));
    CHECK(model.steps() == 0);
    CHECK(kept.file == example.kept.file);
    return text;
  };
  const auto with = [&](auto change) {
    return refused([&](auto& model, FitOptions<3>& options) {
      change(options);
      example.trainer.fit(model, example.data, options);
    });
  };
  const std::string remedy = "; continue with the same settings, give another folder, or replace the run in this one";
  CHECK(with([](auto& options) { options.batch_size = 9; }) ==
        "the run: is of another run: batch_size is 8 there and 9 here" + remedy);
  CHECK(with([](auto& options) { options.seed = 4; }) ==
        "the run: is of another run: seed is 3 there and 4 here" + remedy);
  CHECK(with([](auto& options) { options.shards = 2; }) ==
        "the run: is of another run: shards is 1 and 1 there and 2 and 2 here" + remedy);
  CHECK(with([](auto& options) { options.epochs = 50; }) ==
        "the run: is of another run: epochs is 40 there and 50 here" + remedy);
  CHECK(with([](auto& options) { options.winograd = false; }) ==
        "the run: is of another run: winograd is 1 there and 0 here" + remedy);
  CHECK(with([](auto& options) { options.schedule = WarmUp{.then = Cosine{}}; }) ==
        "the run: is of another run: factors of the schedule differ" + remedy);
  CHECK(with([](auto& options) { options.clip.norm = 2; }) ==
        "the run: is of another run: clip.norm is 0 there and 2 here" + remedy);
  CHECK(with([](auto& options) { options.augment = {Rotation{}}; }) ==
        "the run: is of another run: images after augmentation differ" + remedy);
  CHECK(with([](auto& options) { options.on_plateau.reset(); }) ==
        "the run: is of another run: on_plateau is only there" + remedy);
  CHECK(with([](auto& options) {
          options.early_stopping->patience = 3;
        }).find("patience 2, min_delta 0, restore_best 1 there and by figure 0, patience 3") != std::string::npos);
  const auto other = bars(30, 10);
  CHECK(with([&](auto& options) { options.validation = &other; }) ==
        "the run: is of another run: samples of the validation set differ" + remedy);
  const auto fit_on = [&](const Dataset<3>& data) {
    return refused([&](auto& model, auto& options) { example.trainer.fit(model, data, options); });
  };
  CHECK(fit_on(bars(53, 2)) == "the run: is of another run: samples of the training set differ" + remedy);
  CHECK(fit_on([&] {  // the last pixel of one sample in the middle
          Tensor<float, 4> pixels(53, 8, 8, 1);
          std::copy(example.data.floats().begin(), example.data.floats().end(), pixels.data());
          pixels(26, 7, 7, 0) += 0.125F;
          const auto same = example.data.labels();
          std::vector<std::int32_t> labels(same.begin(), same.end());
          return Dataset<3>(std::move(pixels), std::move(labels), {.classes = classes});
        }()) == "the run: is of another run: samples of the training set differ" + remedy);
  CHECK(fit_on(bars(54)).starts_with(
      "the run: is of another run: the training set is 53 samples of (8, 8, 1) in 3 classes there and 54"));
  const auto train_with = [&](const auto& trainer) {
    return refused([&](auto& model, auto& options) { trainer.fit(model, example.data, options); });
  };
  CHECK(train_with(Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.31, .momentum = 0.5}}) ==
        "the run: is of another run: optimizer learning_rate is 0.3 there and 0.31 here" + remedy);
  CHECK(train_with(Trainer{SoftmaxCrossEntropy{}, Adam{}})
            .starts_with("the run: is of another run: optimizer is SGD there and Adam here"));
  CHECK(train_with(Trainer{SoftmaxCrossEntropy{.label_smoothing = 0.1}, example.trainer.optimizer()}) ==
        "the run: is of another run: loss label_smoothing is 0 there and 0.1 here" + remedy);
  CHECK(refused([&](auto&, auto& options) {
          auto wider =
              Model{Sequential{Conv{.filters = 6, .kernel = 3}, ReLU{}, MaxPool{}, Flatten{}, Dense{.units = classes}},
                    image, Rng{7}};
          example.trainer.fit(wider, example.data, options);
        }).starts_with("the run: is of another run: layer 0 is Conv to (6, 6, 5)"));
  CHECK(
      refused([&](auto&, auto& options) {
        auto another = convolutional_model(8);
        example.trainer.fit(another, example.data, options);
      }) ==
      "the run: is of a run that began with other parameters; initialise the model as before, give another folder, "
      "or replace the run in this one");
}

TEST_CASE("a checkpoint that no run can have come to is refused, and the model is as it was") {
  const Example example;
  const auto refused = [&](auto change) {
    Checkpoint run = std::move(*example.kept.find());
    change(run);
    CheckpointBytes kept{.file = detail::checkpoint_bytes(run)};
    auto model = convolutional_model();
    FitOptions<3> options = example.options;
    options.checkpoint = kept;
    const std::string text = refusal<DataError>([&] { example.trainer.fit(model, example.data, options); });
    CHECK(digest(model) == digest(convolutional_model()));
    return text;
  };
  const std::string nowhere = "the run: is damaged: its position is impossible";
  CHECK(refused([](Checkpoint& run) { run.position.batch = 8; }) == nowhere);
  CHECK(refused([](Checkpoint& run) { run.position.batches = 8; }) == nowhere);
  CHECK(refused([](Checkpoint& run) { ++run.position.steps; }) == nowhere);
  CHECK(refused([](Checkpoint& run) {
          run.position.epoch = 40;
          run.position.steps = 40 * 7 + 5;
        }) == nowhere);
  CHECK(refused([](Checkpoint& run) {
          run.position.epoch = std::numeric_limits<Index>::max();
        }).find("epochs behind it, more than the 40 of .epochs") != std::string::npos);
  CHECK(refused([](Checkpoint& run) {
          run.position.epoch = 1;
          run.position.steps = 7 + 5;
        }) == str_cat("the run: is damaged: expects history.loss as F64 (1) but got F64 (", example.epochs - 2, ")"));
  CHECK(refused([](Checkpoint& run) { run.parts.erase(run.parts.begin() + 8); }).starts_with("the run: is damaged: "));
  CHECK(refused([](Checkpoint& run) { run.parts.push_back({"more", "F64", {0}, {}}); }) ==
        "the run: is damaged: has 1 parts that no run of this kind has");
  CHECK(refused([](Checkpoint& run) { run.parts.clear(); }) == "the run: is damaged: has no history.loss");
}

TEST_CASE("a run that has ended is given back, its best epoch's weights and its history, without a step") {
  const auto data = bars(50), validation = bars(40, 8);
  FitOptions<3> options{
      .epochs = 60, .batch_size = 10, .validation = &validation, .early_stopping = EarlyStopping{.patience = 2}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.4, .momentum = 0.5}};
  CheckpointBytes kept;
  options.checkpoint = kept;
  auto model = convolutional_model();
  const History history = trainer.fit(model, data, options);
  const int times = kept.times;
  options.on_batch = [](BatchEnd&) { FAIL("a step was made"); };
  for (auto again : {convolutional_model(), model}) {  // as it was at first, and as it is now
    const History there = trainer.fit(again, data, options);
    CHECK(bits_of(again, there) == bits_of(model, history));
    CHECK(there.epochs[1].seconds == history.epochs[1].seconds);
  }
  CHECK(kept.times == times);
}

TEST_CASE("a run may get more epochs where the schedule is constant, and no fewer than it has behind it") {
  const auto data = bars(50);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  FitOptions<3> options{.epochs = 5, .batch_size = 10};
  auto expected = convolutional_model();
  const History history = trainer.fit(expected, data, options);
  CheckpointBytes kept;
  options.checkpoint = kept;
  for (const Index epochs : {2, 3, 5}) {
    auto model = convolutional_model();
    options.epochs = epochs;
    const History longer = trainer.fit(model, data, options);
    CHECK((bits_of(model, longer) == bits_of(expected, history)) == (epochs == 5));
  }
  options.epochs = 4;
  auto model = convolutional_model();
  CHECK(refusal<DataError>([&] { trainer.fit(model, data, options); }) ==
        "the run: has 5 epochs behind it, more than the 4 of .epochs; give as many, or another folder");
}

TEST_CASE("schedules that differ in the last step alone are two, and one that looks constant has a number of epochs") {
  const auto data = bars(50);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  FitOptions<3> options{.epochs = 100, .batch_size = 10};
  const auto drops_at = [](double at) { return [at](double done) { return done < at ? 1 : 0.1; }; };
  options.schedule = drops_at(0.998);
  CheckpointBytes kept;
  options.checkpoint = kept;
  options.on_batch = [](BatchEnd& end) { end.stop_training = true; };
  const auto refused = [&] {
    auto model = convolutional_model();
    return refusal<DataError>([&] { trainer.fit(model, data, options); });
  };
  CHECK(refused() == "nothing was refused");
  CHECK(refused() == "nothing was refused");
  options.schedule = drops_at(0.9981);
  CHECK(refused().find("factors of the schedule differ") != std::string::npos);
  options.schedule = drops_at(0.998);
  options.epochs = 101;
  CHECK(refused().find("epochs is 100 there and 101 here") != std::string::npos);
}

TEST_CASE("a run of numbers that was kept before there were RMSE, MAE and R² goes on without them") {
  const auto data = curve(50), validation = curve(20, 8);
  const Trainer trainer{MeanSquaredError{}, with_momentum};
  auto whole = perceptron_model(), model = whole;
  FitOptions<1> options{.epochs = 4, .batch_size = 10, .validation = &validation};
  const History expected = trainer.fit(whole, data, options);
  CheckpointBytes kept;
  options.checkpoint = kept;
  options.on_batch = [](BatchEnd& end) { end.stop_training = end.epoch == 2 && end.batch == 1; };
  trainer.fit(model, data, options);
  Checkpoint older = detail::read_checkpoint(kept.file);
  std::erase_if(older.parts, [](const Checkpoint::Part& part) {
    return part.name == "epoch.errors" || part.name.ends_with("rmse") || part.name.ends_with("mae") ||
           part.name.ends_with("r2");
  });
  std::vector<double> accuracy{1, 1};  // of two epochs
  older.parts.push_back({"history.validation_accuracy", "F64", {2}, std::as_writable_bytes(std::span(accuracy))});
  kept.file = detail::checkpoint_bytes(older);

  model = perceptron_model();
  options.on_batch = {};
  options.checkpoint = kept;
  const History history = trainer.fit(model, data, options);
  CHECK(digest(model) == digest(whole));
  REQUIRE(history.epochs.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const EpochRecord &here = history.epochs[i], &there = expected.epochs[i];
    CHECK(here.loss == there.loss);
    CHECK((std::isnan(here.accuracy) && !here.validation_accuracy));
    CHECK(std::isnan(here.regression->rmse) == (i < 3));             // the third was half over
    CHECK(std::isnan(here.validation_regression->rmse) == (i < 2));  // and judged here
    if (i == 3) CHECK(here.regression->rmse == there.regression->rmse);
    if (i > 1) CHECK(here.validation_regression->r2 == there.validation_regression->r2);
  }
}

TEST_CASE("a copied CheckpointStore writes to the same store, and a copy of none is none") {
  CheckpointStore none;
  const FitOptions<3> without{.checkpoint = none};
  CHECK(!without.checkpoint);
  CheckpointBytes kept;
  std::optional<CheckpointStore> first{CheckpointStore(kept)};
  CheckpointStore copy = *first;
  first.reset();
  REQUIRE(copy);
  copy.keep({});
  CHECK(kept.times == 1);
}

TEST_CASE("a model goes on with the run that it was stopped in, and one from elsewhere does not") {
  const auto data = bars(50);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  FitOptions<3> options{.epochs = 2, .batch_size = 10};
  auto expected = convolutional_model(), model = expected;
  trainer.fit(expected, data, options);
  CheckpointBytes kept;
  options.checkpoint = kept;
  options.on_batch = [](BatchEnd& end) { end.stop_training = end.batch == 2; };
  trainer.fit(model, data, options);
  options.on_batch = nullptr;
  auto changed = model;
  changed.parameters() = convolutional_model(8).parameters();
  CHECK(refusal<DataError>([&] {
          trainer.fit(changed, data, options);
        }).starts_with("the run: is of a run that began with other parameters"));
  trainer.fit(model, data, options);
  CHECK(digest(model) == digest(expected));
  CHECK(model.steps() == expected.steps());
}

TEST_CASE("a run is kept when it begins, when that is due, when it is stopped and when it ends") {
  const auto data = bars(50);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  const auto times = [&](std::uint64_t every, bool epochs, Index stop_after) {
    CheckpointBytes kept{.every = every, .epochs = epochs};
    auto model = convolutional_model();
    trainer.fit(
        model, data,
        {.epochs = 3, .batch_size = 10, .checkpoint = kept, .on_batch = [left = stop_after](BatchEnd& end) mutable {
           end.stop_training = --left == 0;
         }});
    return kept.times;
  };
  CHECK(times(1000, false, 1000) == 2);
  CHECK(times(1000, true, 1000) == 4);
  CHECK(times(1, false, 1000) == 17);
  CHECK(times(1000, false, 7) == 2);
  CHECK(times(4, false, 7) == 3);
}

TEST_CASE("what cannot be kept ends the run, and the model has what it had reached") {
  struct Full : CheckpointBytes {
    int room = 0;
    void keep(const Checkpoint& run) {
      if (room-- == 0) throw DataError("the disk is full");
      CheckpointBytes::keep(run);
    }
  };
  const auto data = bars(50);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  Full full;
  full.every = 4;
  auto model = convolutional_model();
  const auto fit = [&] { trainer.fit(model, data, {.epochs = 2, .batch_size = 10, .checkpoint = full}); };
  CHECK(refusal<DataError>(fit) == "the disk is full");
  CHECK(model.steps() == 0);
  CHECK(digest(model) == digest(convolutional_model()));
  full.room = 2;
  CHECK(refusal<DataError>(fit) == "the disk is full");
  CHECK(model.steps() == 8);
  full.room = 100;
  model = convolutional_model();
  fit();
  auto expected = convolutional_model();
  trainer.fit(expected, data, {.epochs = 2, .batch_size = 10});
  CHECK(digest(model) == digest(expected));
}
