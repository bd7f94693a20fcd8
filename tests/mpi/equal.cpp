// Ranks that train together come to what one process comes to.
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/mpi/group.hpp>
#include <lamina/optimizers/adam.hpp>

#include "cases.hpp"

using namespace mpi_cases;

namespace {

// Batches of 64 in four shards and a last one of 11 samples in one, so that all ranks but one have none of it.
constexpr Index samples = 203;

const auto measuring = Sequential{Conv{.filters = 4, .kernel = 3}, BatchNorm{}, ReLU{}, MaxPool{.window = 2}, Flatten{},
                                  Dropout{.rate = 0.3}, Dense{.units = 6}, BatchNorm{}, Tanh{}, Dense{.units = classes}};

/// Trains in one process and in all, and compares models and histories.
template <typename T, int Rank, typename Network, typename F, typename O>
void compare(mpi::Session& world, const std::string& name, const Network& network, const Dataset<Rank>& data,
             const Trainer<F, O>& trainer, FitOptions<Rank> options) {
  const BasicModel<T> first{network, data.sample_shape(), Rng{7}};
  options.epochs = 2;
  options.threads = 1;
  options.batch_size = 64;
  BasicModel<T> alone = first;
  const History expected = trainer.fit(alone, data, options);
  for (const bool same_bits : {false, true})
    for (const Index bucket : {0, 100}) {  // one, or many
      if ((bucket == 0) == same_bits && name != "a convolutional network") continue;
      detail::MpiGroup group(world.communicator(), same_bits, bucket);
      options.reduce = world.size() > 1 ? Reducer(group) : Reducer();
      options.threads = same_bits ? 2 : 1;
      BasicModel<T> together = first;
      const History history = trainer.fit(together, data, options);
      const double apart = distance(all_numbers(together), all_numbers(alone));
      const double most = sizeof(T) == sizeof(float) ? 1e-6 : 1e-12;
      expect(distance(all_numbers(first), all_numbers(together)) > 1e-3, name, " learns");
      expect(apart < most, name, ": numbers that differ by less than ", most, ", but they differ by ", apart);
      expect(mpi::replicas_equal(world, together), name, ": the same bits on all ranks");
      expect(together.steps() == alone.steps(), name, ": as many steps");
      for (std::size_t e = 0; e < expected.epochs.size(); ++e)
        expect(std::abs(history.epochs[e].loss - expected.epochs[e].loss) < most, name, ": the same losses");
      if (same_bits) expect(bits_of(together, history) == bits_of(alone, expected), name, ": the bits of one process");
      if (same_bits) expect(whole_digest(together) == whole_digest(alone), name, ": the bits of one process");
    }
}

template <typename T>
void compare_all(mpi::Session& world, const std::string&) {
  const auto data = bars(samples), validation = bars(150, 9);
  const auto rows = curve(samples), more_rows = curve(70, 9);
  const Trainer plain{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
  compare<T>(world, "a convolutional network", convolutional, data, plain, {.shards = 4, .validation = &validation});
  compare<T>(world, "default shards", convolutional, data, plain, {.validation = &validation});
  compare<T>(world, "seven shards", convolutional, data, plain, {.shards = 7});
  compare<T>(world, "a clipped gradient", convolutional, data, plain, {.clip = {.norm = 0.1, .value = 0.02}});
  compare<T>(world, "a weighted loss", convolutional, data,
             Trainer{SoftmaxCrossEntropy{.class_weights = {1, 0.25, 3}}, Adam{.learning_rate = 0.01}}, {.average = EMA{.decay = 0.9}});
  compare<T>(world, "augmented images", convolutional, data, plain, {.augment = {Rotation{.degrees = 5}}});
  compare<T>(world, "early stopping", convolutional, data, plain,
             {.validation = &validation, .early_stopping = EarlyStopping{.patience = 1}, .on_plateau = ReduceOnPlateau{.patience = 0}});
  compare<T>(world, "a measuring network", measuring, data, Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.02}},
             {.validation = &validation});
  compare<T>(world, "a frozen layer", measuring, data,
             Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.02}, {{.parameters = {"0", "1"}, .frozen = true}}}, {});
  compare<T>(world, "numbers", perceptron, rows, Trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1}}, {.validation = &more_rows});
}

const RankCase float_equal("ranks equal one process, in float", compare_all<float>);
const RankCase double_equal("ranks equal one process, in double", compare_all<double>);

const RankCase differ("replicas that differ are seen", [](mpi::Session& world, const std::string&) {
  Model model = convolutional_model();
  expect(mpi::replicas_equal(world, model), "equal models");
  if (world.rank() == world.size() - 1) model.parameters().tensor<1>("3.bias")(1) += 1e-7F;
  expect(mpi::replicas_equal(world, model) == (world.size() == 1), "a bit is seen");
});

const RankCase one_rank("one rank has no reducer", [](mpi::Session& world, const std::string&) {
  expect((mpi::average(world).group() == nullptr) == (world.size() == 1), "none of one rank");
  expect(mpi::average(world).group() == mpi::average(world).group(), "the same group each time");
});

}  // namespace
