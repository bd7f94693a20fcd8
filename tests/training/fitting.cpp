#include <lamina/training/fitting.hpp>

#include <algorithm>
#include <lamina/models/network.hpp>
#include <limits>
#include <optional>
#include <set>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

constexpr SGD with_momentum{.learning_rate = 0.05, .momentum = 0.9};

/// A loss that keeps a list of what it was shown.
struct Listening : SoftmaxCrossEntropy {
  std::vector<double>* heard;

  explicit Listening(std::vector<double>& list) : heard(&list) {}

  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch,
                    Tensor<T, 2>& dz) const {
    for (Index n = 0; n < z.dimension(0); ++n) heard->push_back(static_cast<double>(y(n, 0)));
    return SoftmaxCrossEntropy::operator()(z, y, batch, dz);
  }
};

/// Rows with the sample's own number in the first target, so that a loss can tell who comes when.
Dataset<1> numbered(Index count) {
  Tensor<float, 2> x(count, 5), y(count, 2);
  x.setConstant(0.5F);
  for (Index n = 0; n < count; ++n) {
    y(n, 0) = static_cast<float>(n);
    y(n, 1) = 0;
  }
  return Dataset<1>(std::move(x), std::move(y));
}

std::vector<double> heard(Index count, const FitOptions<1>& options) {
  std::vector<double> list;
  auto model = perceptron_model();
  Trainer{Listening{list}, SGD{.learning_rate = 1e-9}}.fit(model, numbered(count), options);
  return list;
}

std::vector<double> part(const std::vector<double>& list, std::ptrdiff_t from, std::ptrdiff_t to) {
  return {list.begin() + from, list.begin() + to};
}

}  // namespace

TEST_CASE("every epoch shows every sample once, in another order, which the seed decides") {
  const auto list = heard(103, {.epochs = 3, .batch_size = 10, .seed = 4, .threads = 1});
  REQUIRE(list.size() == 309);
  std::set<std::vector<double>> orders;
  for (std::ptrdiff_t epoch = 0; epoch < 3; ++epoch) {
    auto order = part(list, 103 * epoch, 103 * (epoch + 1));
    orders.insert(order);
    std::sort(order.begin(), order.end());
    for (std::size_t n = 0; n < 103; ++n) REQUIRE(order[n] == static_cast<double>(n));
  }
  CHECK(orders.size() == 3);
  CHECK(heard(103, {.epochs = 3, .batch_size = 10, .seed = 4, .threads = 1}) == list);
  CHECK(heard(103, {.epochs = 3, .batch_size = 17, .seed = 4, .threads = 1}) == list);
  CHECK(heard(103, {.epochs = 3, .batch_size = 10, .seed = 5, .threads = 1}) != list);
}

TEST_CASE("every call of fit begins anew: the same order of samples, and an optimizer that remembers nothing") {
  std::vector<double> list;
  auto rows = perceptron_model();
  const Trainer listening{Listening{list}, SGD{.learning_rate = 1e-9}};
  for (int call = 0; call < 2; ++call) listening.fit(rows, numbered(50), {.threads = 1});
  CHECK(part(list, 0, 50) == part(list, 50, 100));

  const auto data = bars(40);
  auto model = convolutional_model(), copy = model;
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  trainer.fit(model, data);
  copy.parameters() = model.parameters();
  trainer.fit(model, data);
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(copy, data);
  CHECK(digest(model) == digest(copy));
}

TEST_CASE("any number of threads gives the same bits: images") {
  const auto data = bars(260);
  for (const Index batch_size : {1, 3, 9, 16, 33, 64, 200, 1000}) {  // 200: more than four micro-batches of 32
    auto expected = convolutional_model();
    const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
    const History one =
        trainer.fit(expected, data, {.epochs = 2, .batch_size = batch_size, .threads = 1, .validation = &data});
    for (const Index threads : {2, 3, 4}) {
      auto model = convolutional_model();
      const History many =
          trainer.fit(model, data, {.epochs = 2, .batch_size = batch_size, .threads = threads, .validation = &data});
      CAPTURE(batch_size, threads);
      CHECK(digest(model) == digest(expected));
      CHECK(many.epochs[1].loss == one.epochs[1].loss);
      CHECK(many.epochs[1].validation_loss == one.epochs[1].validation_loss);
    }
  }
}

TEST_CASE("any number of threads gives the same bits: rows, with weight decay and Nesterov's momentum") {
  const auto data = curve(2100);
  for (const Index batch_size : {10, 100, 1500}) {  // 1500: more than four micro-batches of 256
    auto expected = perceptron_model();
    const Trainer trainer{MeanSquaredError{},
                          SGD{.learning_rate = 0.05, .momentum = 0.8, .weight_decay = 1e-3, .nesterov = true}};
    trainer.fit(expected, data, {.epochs = 2, .batch_size = batch_size, .threads = 1, .schedule = Cosine{}});
    for (const Index threads : {2, 3, 4, 64}) {
      auto model = perceptron_model();
      trainer.fit(model, data, {.epochs = 2, .batch_size = batch_size, .threads = threads, .schedule = Cosine{}});
      CAPTURE(batch_size, threads);
      CHECK(digest(model) == digest(expected));
    }
  }
}

TEST_CASE(
    "each number of shards gives bits of its own, for any number of threads, and all of them the same but for "
    "rounding") {
  const auto data = bars(90);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  auto whole = convolutional_model();
  trainer.fit(whole, data, {.epochs = 2, .batch_size = 40, .threads = 1, .shards = 1});
  for (const Index shards : {2, 3, 7, 1000}) {
    auto one = convolutional_model(), three = one;
    trainer.fit(one, data, {.epochs = 2, .batch_size = 40, .threads = 1, .shards = shards});
    trainer.fit(three, data, {.epochs = 2, .batch_size = 40, .threads = 3, .shards = shards});
    CAPTURE(shards);
    CHECK(digest(one) == digest(three));
    CHECK(digest(one) != digest(whole));
    CHECK(distance(numbers(one), numbers(whole)) < 1e-4);
  }
}

TEST_CASE("in double the number of shards and of micro-batches changes the weights by rounding only") {
  using Exact = BasicModel<double>;
  const auto data = bars(300);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  Exact whole{convolutional, image, Rng{7}};
  trainer.fit(whole, data, {.epochs = 2, .batch_size = 150, .threads = 1, .shards = 1});
  for (const Index shards : {2, 4, 150}) {
    Exact cut{convolutional, image, Rng{7}};
    trainer.fit(cut, data, {.epochs = 2, .batch_size = 150, .threads = 2, .shards = shards});
    CHECK(distance(numbers(cut), numbers(whole)) < 1e-12);
  }
}

TEST_CASE("a batch has a shard for every eight samples, four at most, one at least") {
  const std::vector<Index> sizes{1, 7, 8, 15, 16, 24, 31, 32, 64, 10000}, shards{1, 1, 1, 1, 2, 3, 3, 4, 4, 4};
  for (std::size_t i = 0; i < sizes.size(); ++i) CHECK(detail::default_shards(sizes[i]) == shards[i]);
}

TEST_CASE("a batch as large as an index can count is the whole set") {
  const auto data = bars(20);
  auto model = convolutional_model(), expected = model;
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  trainer.fit(model, data, {.batch_size = std::numeric_limits<Index>::max()});
  trainer.fit(expected, data, {.batch_size = 20});
  CHECK(digest(model) == digest(expected));
}

TEST_CASE("the schedule is asked for every step, with the share of the run that is done") {
  std::vector<double> asked, rates;
  auto model = convolutional_model();
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.5}}.fit(
      model, bars(25),
      {.epochs = 2, .batch_size = 10, .schedule = [&](double done) { asked.push_back(done); return 1 - done; },
       .on_batch = [&](BatchEnd& end) { rates.push_back(end.learning_rate); }});
  REQUIRE(asked.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(asked[i] == Approx(static_cast<double>(i) / 6).margin(1e-15));
    CHECK(rates[i] == Approx(0.5 - static_cast<double>(i) / 12).epsilon(1e-14));
  }
  CHECK(history.epochs[0].learning_rate == rates[2]);
  CHECK(history.epochs[1].learning_rate == rates[5]);
}

TEST_CASE("a rate of 0 changes no bit") {
  auto model = convolutional_model();
  const auto before = digest(model);
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(model, bars(25), {.schedule = [](double) { return 0.0; }});
  CHECK(digest(model) == before);
}

TEST_CASE("on_batch is called after every batch with the means so far") {
  const auto data = bars(50);
  auto model = convolutional_model(), looped = model;
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  std::vector<BatchEnd> ends;
  const auto thread = std::this_thread::get_id();
  bool elsewhere = false;
  trainer.fit(model, data, {.epochs = 2, .batch_size = 20, .seed = 3, .threads = 2, .on_batch = [&](BatchEnd& end) {
                              ends.push_back(end);
                              elsewhere = elsewhere || std::this_thread::get_id() != thread;
                            }});
  REQUIRE(ends.size() == 6);
  CHECK(!elsewhere);
  std::size_t i = 0;
  for (Index epoch = 0; epoch < 2; ++epoch) {
    double loss = 0, correct = 0, samples = 0;
    Index number = 0;
    for (const auto& batch :
         batches(data, {.batch_size = 20, .shuffle = Rng{3}.split(static_cast<std::uint64_t>(epoch))})) {
      const StepResult result = trainer.step(looped, batch);
      const double size = static_cast<double>(batch.size());
      loss += result.loss * size;
      correct += result.accuracy * size;
      samples += size;
      const BatchEnd& end = ends[i++];
      CHECK(end.epoch == epoch);
      CHECK(end.epochs == 2);
      CHECK(end.batch == number++);
      CHECK(end.batches == 3);
      CHECK(end.loss == Approx(loss / samples).epsilon(1e-14));
      CHECK(end.accuracy == Approx(correct / samples).epsilon(1e-14));
      CHECK(end.learning_rate == 0.05);
    }
  }
}

TEST_CASE("stopping in the middle of an epoch ends the run there, and the record is of what was done") {
  const auto data = bars(50);
  auto model = convolutional_model();
  int epoch_ends = 0;
  const History history = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, data, {.epochs = 5, .batch_size = 10, .validation = &data,
                    .on_batch = [](BatchEnd& end) { end.stop_training = end.epoch == 1 && end.batch == 2; },
                    .on_epoch = [&](EpochEnd&) { ++epoch_ends; }});
  CHECK(model.steps() == 8);
  CHECK(history.stopped);
  REQUIRE(history.epochs.size() == 2);
  CHECK(epoch_ends == 2);
  CHECK(history.epochs[1].validation_accuracy.has_value());
  CHECK(history.epochs[1].images_per_second == Approx(30 / history.epochs[1].seconds));
}

TEST_CASE("stopping at an epoch's end ends the run there") {
  auto model = convolutional_model();
  const auto stop = [](EpochEnd& end) { end.stop_training = end.record.epoch == 1; };
  const History history = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, bars(50), {.epochs = 5, .batch_size = 10, .on_epoch = stop});
  CHECK(model.steps() == 10);
  CHECK(history.stopped);
  CHECK(history.epochs.size() == 2);
}

TEST_CASE("a run that is asked to stop after its very last batch was not cut short") {
  auto model = convolutional_model();
  const History by_batch = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, bars(20), {.epochs = 2, .batch_size = 10,
                        .on_batch = [](BatchEnd& end) { end.stop_training = end.epoch == 1 && end.batch == 1; }});
  CHECK(!by_batch.stopped);
  const History by_epoch = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, bars(20), {.epochs = 2, .on_epoch = [](EpochEnd& end) { end.stop_training = end.record.epoch == 1; }});
  CHECK(!by_epoch.stopped);
  const History early = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, bars(20),
      {.epochs = 2, .batch_size = 10, .on_batch = [](BatchEnd& end) { end.stop_training = end.batch == 1; }});
  CHECK(early.stopped);
  CHECK(early.epochs.size() == 1);
}

TEST_CASE("a run without an end can be stopped by a callback") {
  auto model = convolutional_model();
  const History history = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, bars(20), {.epochs = std::numeric_limits<Index>::max(), .batch_size = 1, .schedule = Cosine{},
                        .on_epoch = [](EpochEnd& end) { end.stop_training = end.record.epoch == 2; }});
  CHECK(history.epochs.size() == 3);
  CHECK(history.stopped);
}

TEST_CASE("what a callback throws reaches the caller, and model and trainer can be used again") {
  const auto data = bars(40);
  for (const Index threads : {1, 3}) {
    auto model = convolutional_model(), expected = model;
    const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
    CHECK(refusal<std::runtime_error>([&] {
      trainer.fit(model, data, {.batch_size = 10, .threads = threads, .on_batch = [](BatchEnd& end) {
                                  if (end.batch == 1) throw std::runtime_error("enough");
                                }});
    }) == "enough");
    trainer.fit(expected, data,
                {.batch_size = 10, .on_batch = [](BatchEnd& end) { end.stop_training = end.batch == 1; }});
    CHECK(digest(model) == digest(expected));
    CHECK(refusal<std::runtime_error>([&] {
            trainer.fit(model, data,
                        {.threads = threads, .on_epoch = [](EpochEnd&) { throw std::runtime_error("no more"); }});
          }) == "no more");
    CHECK_NOTHROW(trainer.fit(model, data, {.threads = threads}));
  }
}

TEST_CASE("a callback that assigns another network to the model ends the run, and the model is what was assigned") {
  const auto data = bars(60);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  const Network small{Flatten{}, Dense{.units = classes}};
  const Network large{Flatten{}, Dense{.units = 9}, Tanh{}, Dense{.units = classes}};
  const Network of_as_many_numbers{Flatten{}, Dense{.units = classes}, Tanh{}};
  for (const auto& [network, threads] : {std::pair{large, 1}, std::pair{large, 3}, std::pair{of_as_many_numbers, 1}}) {
    Model model{small, image, Rng{1}};
    const Model other{network, image, Rng{2}};
    FitOptions<3> options{.epochs = 2, .batch_size = 20, .threads = threads};
    options.on_batch = [&](BatchEnd& end) {
      if (end.batch == 1) model = other;
    };
    CHECK(refusal<OptionError>([&] { trainer.fit(model, data, options); }) ==
          "fit: expects the network that it began to train, but the model was assigned another one meanwhile; assign it "
          "before or after");
    CHECK(digest(model) == digest(other));
    options.on_batch = {};
    CHECK_NOTHROW(trainer.fit(model, data, options));
  }
}

TEST_CASE("a callback may assign the parameters of the same network, made elsewhere") {
  const auto data = bars(60);
  Model model{Sequential{Flatten{}, Dense{.units = classes}}, image, Rng{1}};
  const Model other{Network{Flatten{}, Dense{.units = classes}}, image, Rng{2}};
  FitOptions<3> options{.epochs = 2, .batch_size = 20};
  options.on_batch = [&](BatchEnd& end) {
    if (end.batch == 1) model = other;
  };
  CHECK_NOTHROW(Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(model, data, options));
}

TEST_CASE("a step's reducer that assigns another network is told so in the step's name") {
  const auto data = bars(20);
  Batch<Tensor<float, 4>> batch;
  gather(data, std::vector<Index>{0, 1, 2, 3}, batch);
  Model model{Network{Flatten{}, Dense{.units = classes}}, image, Rng{1}};
  const Model other{Network{Flatten{}, Dense{.units = classes}, Tanh{}}, image, Rng{2}};
  CHECK(refusal<OptionError>([&] {
          Trainer{SoftmaxCrossEntropy{}, with_momentum}.step(
              model, batch, {.reduce = [&](StepGradient<float>&) { model = other; }});
        }) ==
        "step: expects the network that it began to train, but the model was assigned another one meanwhile; assign it "
        "before or after");
}

TEST_CASE("another network is noticed after the last step, too: before it is judged, kept or given back its best weights") {
  const auto data = bars(60), validation = bars(20, 3);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  const Network small{Flatten{}, Dense{.units = classes}};
  const Network large{Flatten{}, Dense{.units = 900}, Tanh{}, Dense{.units = classes}};
  const Model other{large, image, Rng{2}}, of_other_samples{small, Shape{4, 16, 1}, Rng{2}};
  for (const auto* assigned : {&other, &of_other_samples})
    for (const bool at_epoch : {false, true}) {
      Model model{small, image, Rng{1}};
      FitOptions<3> options{.epochs = 2, .batch_size = 20, .threads = 2};
      options.validation = &validation;
      options.early_stopping = EarlyStopping{.monitor = Monitor::validation_accuracy, .patience = 9, .min_delta = 2};
      if (at_epoch)
        options.on_epoch = [&](EpochEnd& end) {
          if (end.record.epoch == 1) model = *assigned;
        };
      else
        options.on_batch = [&](BatchEnd& end) {
          if (end.epoch == 1 && end.batch + 1 == end.batches) model = *assigned;
        };
      CHECK(refusal<OptionError>([&] { trainer.fit(model, data, options); })
                .starts_with("fit: expects the network that it began to train"));
      CHECK(digest(model) == digest(*assigned));
      CHECK(std::ranges::equal(model.sample_extents(), assigned->sample_extents()));
    }
}

TEST_CASE("a callback may assign other parameters of the same network, which are trained from there on") {
  const auto data = bars(60);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05}};
  auto model = convolutional_model(1), other = convolutional_model(2), expected = other;
  FitOptions<3> options{.epochs = 2, .batch_size = 60, .threads = 2};
  options.on_epoch = [&](EpochEnd& end) {
    if (end.record.epoch == 0) model = other;
  };
  trainer.fit(model, data, options);
  options.on_epoch = [&](EpochEnd& end) {
    if (end.record.epoch == 0) expected = other;
  };
  trainer.fit(expected, data, options);
  CHECK(digest(model) == digest(expected));
  CHECK(digest(model) != digest(other));
}

TEST_CASE("a callback that moves from the model, or trains it by another fit, ends the run with a word") {
  const auto data = bars(60);
  const Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  auto model = convolutional_model();
  FitOptions<3> options{.epochs = 2, .batch_size = 20, .threads = 2};
  std::optional<decltype(model)> taken;
  options.on_batch = [&](BatchEnd&) { taken.emplace(std::move(model)); };
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data, options); }) ==
        "Model: was moved from, and has no parameters; use the model that it was moved to");
  REQUIRE(taken);
  model = *taken;
  const auto before = digest(model);
  options.on_batch = [&](BatchEnd& end) {
    if (end.batch == 0) trainer.fit(model, data, {.batch_size = 20});
  };
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data, options); }) ==
        "fit: the model is being trained already, by a fit or step that this one was called from; train a copy");
  CHECK(digest(model) != before);  // by the whole step before the callback
  options.on_batch = [&](BatchEnd& end) {
    auto copy = model;
    if (end.batch == 0) trainer.fit(copy, data, {.batch_size = 20});
  };
  CHECK_NOTHROW(trainer.fit(model, data, options));
}

TEST_CASE("what a loss throws in a worker reaches the caller, and the parameters stay as they are") {
  auto model = convolutional_model();  // ends in logits, which CrossEntropy refuses as probabilities
  const auto before = digest(model);
  for (const Index threads : {1, 2})
    CHECK(refusal<DataError>([&] {
            Trainer{CrossEntropy{}, with_momentum}.fit(model, bars(64), {.batch_size = 64, .threads = threads});
          }).find("CrossEntropy: expects probabilities in [0, 1] but got") == 0);
  CHECK(digest(model) == before);
}

TEST_CASE(
    "the history holds what every epoch came to, and validation is what evaluate says of the model at that time") {
  const auto data = bars(60), judges = bars(150, 77);
  auto model = convolutional_model();
  std::vector<double> accuracies, losses;
  int calls = 0;
  const History history = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, data, {.epochs = 3, .batch_size = 16, .threads = 2, .validation = &judges, .on_epoch = [&](EpochEnd& end) {
                      CHECK(end.epochs == 3);
                      CHECK(end.record.epoch == calls++);
                      const Evaluation now = evaluate(model, judges, SoftmaxCrossEntropy{});
                      accuracies.push_back(now.accuracy);
                      losses.push_back(now.mean_loss.value());
                    }});
  REQUIRE(history.epochs.size() == 3);
  CHECK(calls == 3);
  CHECK(!history.stopped);
  for (std::size_t i = 0; i < 3; ++i) {
    const EpochRecord& record = history.epochs[i];
    CHECK(record.epoch == static_cast<Index>(i));
    CHECK(record.validation_accuracy.value() == Approx(accuracies[i]).epsilon(1e-12));
    CHECK(record.validation_loss.value() == losses[i]);
    CHECK(record.seconds > 0);
    CHECK(record.images_per_second == Approx(60 / record.seconds));
    CHECK(record.learning_rate == 0.05);
  }
  CHECK(history.epochs[2].loss < history.epochs[0].loss);
}

TEST_CASE("without a validation set the history has no validation") {
  auto model = convolutional_model();
  const History history = Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(model, bars(20));
  REQUIRE(history.epochs.size() == 1);
  CHECK(!history.epochs[0].validation_loss);
  CHECK(!history.epochs[0].validation_accuracy);
}

TEST_CASE("a small set is learned by heart, and others like it are recognised") {
  const auto data = bars(120), others = bars(200, 55);
  auto model = convolutional_model();
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.03, .momentum = 0.9}}.fit(
      model, data, {.epochs = 60, .batch_size = 16, .schedule = Cosine{}, .validation = &others});
  CHECK(history.epochs.back().accuracy == 1);
  CHECK(history.epochs.back().validation_accuracy.value() > 0.95);
}

TEST_CASE("rows learn target rows: a curve, and several labels at once") {
  const auto data = curve(400);
  auto model = perceptron_model();
  const History history = Trainer{MeanSquaredError{}, SGD{.learning_rate = 0.2, .momentum = 0.9}}.fit(
      model, data, {.epochs = 60, .batch_size = 20, .schedule = Cosine{}});
  CHECK(history.epochs.back().loss < 0.02);
  CHECK(history.epochs.back().loss < history.epochs.front().loss / 5);

  Tensor<float, 2> x(200, 5), signs(200, 2);
  Rng rng{8};
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.uniform(-1, 1));
  for (Index n = 0; n < 200; ++n)
    for (Index k = 0; k < 2; ++k) signs(n, k) = static_cast<float>(x(n, k) > 0);
  auto several = perceptron_model();
  const History labels = Trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 0.2, .momentum = 0.9}}.fit(
      several, Dataset<1>(std::move(x), std::move(signs)), {.epochs = 40, .batch_size = 20});
  CHECK(labels.epochs.back().accuracy > 0.97);
}

TEST_CASE("Winograd's algorithm is used unless fit is told not to, and moves weights by rounding only") {
  constexpr auto block =
      Sequential{Conv{.filters = 16, .padding = 1}, ReLU{}, Sequential{Conv{.filters = 16, .padding = 1}, ReLU{}},
                 Flatten{}, Dense{.units = 2}};
  Tensor<float, 4> images(16, 8, 8, 1);
  Rng rng{1};
  for (Index i = 0; i < images.size(); ++i) images.data()[i] = static_cast<float>(rng.normal());
  const Dataset data{images, std::vector<std::int32_t>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}};
  const auto trained = [&](bool winograd) {
    Model model{block, data.sample_shape(), Rng{2}};
    Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}}.fit(
        model, data, {.batch_size = 16, .threads = 1, .winograd = winograd});
    return model;
  };
  const auto with = trained(true), without = trained(false);
  double apart = 0;
  visit_parameters(
      [&](const auto& a, const auto& b) {
        for (Index i = 0; i < a.size(); ++i)
          apart = std::max(apart, std::abs(double{a.data()[i]} - double{b.data()[i]}));
      },
      with.parameters(), without.parameters());
  CHECK(apart < 1e-5);
  const bool served = std::string_view(kernels::best<float>().key) != "baseline";  // which does without it
  CHECK((apart > 0) == served);
}

TEST_CASE("the history has the learning rates of steps over the whole run, and what the run was made with") {
  const auto data = bars(60);
  const auto setting = [](const History& history, const std::string& name) {
    for (const auto& [own, value] : history.settings)
      if (own == name) return value;
    return std::string("none");
  };
  Model model{Sequential{Flatten{}, Dense{.units = classes}}, image, Rng{1}};
  const Trainer trainer{SoftmaxCrossEntropy{.label_smoothing = 0.125}, SGD{.learning_rate = 0.5}, {{.parameters = {"1.bias"}, .frozen = true}}};
  const History history = trainer.fit(model, data, {.epochs = 3, .batch_size = 20, .schedule = LinearDecay{}, .clip = {.norm = 2}, .average = EMA{}});
  REQUIRE(history.learning_rates.size() == 9);
  for (std::size_t i = 0; i < 9; ++i) {
    const double done = static_cast<double>(i) / 3;
    CHECK(history.learning_rates[i].epochs == Approx(done));
    CHECK(history.learning_rates[i].rate == Approx(0.5 * (1 - done / 3)));
  }
  CHECK(setting(history, "loss").find("SoftmaxCrossEntropy, label_smoothing 0.125") == 0);
  CHECK(setting(history, "learning rate") == "from 0.5000 to 0.0556");
  CHECK(setting(history, "gradient clipped to the norm") == "2");
  CHECK(setting(history, "average of the parameters") == "decay 0.999");
  CHECK(setting(history, "parameters apart") == "1.bias: frozen");
  CHECK(setting(history, "seed of the order of samples") == "0");
  CHECK(setting(history, "augmentation") == "none");
  CHECK(setting(history, "early stopping") == "none");

  const History rising = trainer.fit(model, data, {.epochs = 100, .batch_size = 5, .schedule = OneCycle{}});
  CHECK(rising.learning_rates.size() <= 700);
  CHECK(rising.learning_rates.size() >= 300);
  CHECK(setting(rising, "learning rate").find("from 0.0200 over 0.5") == 0);
}
