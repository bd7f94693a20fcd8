#include <lamina/callbacks/checkpoint_folder.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/data/mixing.hpp>
#include <lamina/data/splits.hpp>
#include <lamina/diagnostics/diagnose.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/report/html_report.hpp>
#include <lamina/training/cross_validate.hpp>

#include "../catch.hpp"
#include "../data/sharded.hpp"
#include "../refusal.hpp"
#include "small.hpp"

using namespace small;

namespace {

/// 8 × 8 bars of bytes.
Dataset<3> byte_bars(Index count) {
  const Dataset<3> bars = small::bars(count);
  std::vector<std::uint8_t> bytes;
  for (const float value : bars.floats()) bytes.push_back(static_cast<std::uint8_t>(255 * value));
  return Dataset<3>(bytes, image, bars.labels(), {.classes = classes});
}

/// Shards of at most 20 samples, in windows of two.
template <int Rank>
Dataset<Rank> sharded_in_windows(const std::filesystem::path& folder, const Dataset<Rank>& data) {
  const auto sample = static_cast<std::size_t>(data.sample_shape().size()) * (data.holds_bytes() ? 1 : 4);
  write_shards(folder, data, {.shard_bytes = 20 * sample});
  return open_shards<Rank>(folder, {.memory = 80 * sample});
}

std::uint64_t trained(const Dataset<3>& data, FitOptions<3> options = {}) {
  options.epochs = 3;
  options.batch_size = 16;
  options.seed = 5;
  Model model = convolutional_model();
  Trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.01}}.fit(model, data, options);
  return digest(model);
}

}  // namespace

TEST_CASE("training from shards that fit one window gives the bits of training from memory") {
  const Scratch scratch("sharded-fit");
  for (const Dataset<3>& data : {byte_bars(101), small::bars(101)}) {
    const auto folder = scratch.path / (data.holds_bytes() ? "bytes" : "floats");
    write_shards(folder, data, {.shard_bytes = 5000});
    const Dataset<3> shards = open_shards<3>(folder);
    for (const Index threads : {1, 2, 3, 4}) CHECK(trained(data, {.threads = threads}) == trained(shards, {.threads = threads}));
    const FitOptions<3> varied{.validation = shards, .augment = {Rotation{.degrees = 5}}, .mix = {MixUp{.alpha = 0.4}}};
    CHECK(trained(data, varied) == trained(shards, varied));
    const auto [a, b] = split(data, Fractions{0.8, 0.2}, Rng{1});
    const auto [c, d] = split(shards, Fractions{0.8, 0.2}, Rng{1});
    CHECK(trained(a, {.validation = b}) == trained(c, {.validation = d}));
    Model model = convolutional_model();
    CHECK(evaluate(model, data).accuracy == evaluate(model, shards).accuracy);
  }
}

TEST_CASE("training from several windows depends on the seed and the window, not on threads") {
  const Scratch scratch("sharded-fit-windows");
  const Dataset<3> data = byte_bars(301), shards = sharded_in_windows(scratch.path, data);
  const std::uint64_t expected = trained(shards, {.threads = 1});
  for (const Index threads : {2, 3, 4, 1}) CHECK(trained(shards, {.threads = threads}) == expected);
  CHECK(expected != trained(data));
  CHECK(expected != trained(open_shards<3>(scratch.path, {.memory = 160 * 64})));
}

TEST_CASE("training from several windows makes the steps of its order") {
  const Scratch scratch("sharded-fit-steps");
  const Dataset<1> data = curve(100), shards = sharded_in_windows(scratch.path, data);
  Model model = perceptron_model(), own = perceptron_model();
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1}};
  trainer.fit(model, shards, {.epochs = 2, .batch_size = 8, .seed = 3});
  Trainer again = trainer;
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<Index> order(100);
    shards.draw_order(order, Rng(3).split(epoch));
    Batch<Tensor<float, 2>> batch;
    for (std::size_t at = 0; at < 100; at += 8) {
      gather(data, std::span<const Index>(order).subspan(at, std::min<std::size_t>(8, 100 - at)), batch);
      again.step(own, batch);
    }
  }
  CHECK(digest(model) == digest(own));
}

TEST_CASE("a run from shards that stops in mid-epoch goes on with the same bits, but not with another window") {
  const Scratch scratch("sharded-fit-stops");
  const Dataset<3> shards = sharded_in_windows(scratch.path / "set", byte_bars(301));
  const std::uint64_t expected = trained(shards);
  Index batches = 0;
  for (int calls = 0; calls < 9; ++calls) {
    CheckpointFolder kept{scratch.path / "run"};
    const std::uint64_t result = trained(open_shards<3>(scratch.path / "set", {.memory = 80 * 64}),
                                         {.threads = 1 + calls % 3, .checkpoint = kept, .on_batch = [&](BatchEnd& end) {
                                            end.stop_training = ++batches % 7 == 0;
                                          }});
    if (calls == 0) {
      const std::string why = refusal<DataError>(
          [&] { trained(open_shards<3>(scratch.path / "set", {.memory = 160 * 64}), {.checkpoint = kept}); });
      CHECK(has(why, "is of another run: samples shuffled together is 40 there and 80 here"));
      const auto [part] = split(shards, Counts{301}, Rng{1});
      const Dataset<3>& renumbered = part;
      CHECK(has(refusal<DataError>([&] { trained(renumbered, {.checkpoint = kept}); }), "samples of the training set differ"));
    }
    if (calls == 8) CHECK(result == expected);
  }
  CHECK(batches == 3 * 19);
}

TEST_CASE("shards whose values were changed end training with an error that names the file") {
  const Scratch scratch("sharded-fit-changed");
  sharded_in_windows(scratch.path, byte_bars(301));
  auto bytes = sharded::bytes_of(scratch.path / "000009.shard");
  bytes[bytes.size() - 100] ^= std::byte{1};
  sharded::put(scratch.path / "000009.shard", bytes);
  const Dataset<3> shards = open_shards<3>(scratch.path, {.memory = 80 * 64});
  for (const Index threads : {1, 3})
    CHECK(has(refusal<DataError>([&] { trained(shards, {.threads = threads}); }),
              "000009.shard: samples 180 … 199 of the set are not as they were written"));
}

TEST_CASE("diagnosis, cross-validation and report take shards") {
  const Scratch scratch("sharded-fit-others");
  std::vector<Index> doubled;
  for (Index i = 0; i < 120; ++i) doubled.push_back(i / 2);
  const Dataset<3> data = byte_bars(60).subset(doubled), shards = sharded_in_windows(scratch.path / "set", data);
  const Trainer trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.01}};
  Model model = convolutional_model();
  const auto text = [&](const Dataset<3>& set) {
    std::ostringstream out;
    out << diagnose(trainer, model, set);
    return out.str();
  };
  CHECK(has(text(data), "sample"));
  CHECK(text(open_shards<3>(scratch.path / "set")) == text(data));
  CHECK(has(text(shards), "sample"));
  const auto make = [](Rng rng) { return Model{convolutional, image, rng}; };
  const CrossValidation folds = cross_validate(make, trainer, shards, {.folds = 3});
  CHECK(folds.folds.size() == 3);
  write_report(scratch.path / "report.html", model, {.train = shards, .test = shards});
  CHECK(std::filesystem::file_size(scratch.path / "report.html") > 10000);
}
