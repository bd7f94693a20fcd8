// Callbacks, refusals, divergence, and runs that go on with another number of ranks.
#include <csignal>
#include <iostream>

#include <unistd.h>

#include "cases.hpp"

using namespace mpi_cases;

namespace {

const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};

/// The text with which all ranks are refused.
template <typename E>
std::string refused(mpi::Session& world, const FitOptions<3>& options, const Dataset<3>& data = bars(100), Model model = convolutional_model()) {
  const auto before = digest(model);
  const std::string text = refusal<E>([&] { trainer.fit(model, data, options); });
  expect(digest(model) == before, "a model that a refusal leaves alone");
  MPI_Barrier(world.communicator());
  return text;
}

const RankCase callbacks("rank 0 calls back, and stops all", [](mpi::Session& world, const std::string&) {
  const auto data = bars(200);
  int batches = 0, epochs = 0;
  FitOptions<3> options{.epochs = 4, .batch_size = 32, .reduce = mpi::average(world)};
  options.on_batch = [&](BatchEnd& end) { end.stop_training = ++batches == 10; };
  options.on_epoch = [&](EpochEnd&) { ++epochs; };
  Model model = convolutional_model();
  History history = trainer.fit(model, data, options);
  expect(history.stopped && model.steps() == 10, "ten steps on every rank");
  expect(batches == (world.rank() == 0 ? 10 : 0) && epochs == (world.rank() == 0 ? 2 : 0), "callbacks on rank 0 alone");
  expect(mpi::replicas_equal(world, model), "equal replicas after a stop");
  options.on_batch = {};
  options.on_epoch = [&](EpochEnd& end) { end.stop_training = true; };
  history = trainer.fit(model, data, options);
  expect(history.stopped && history.epochs.size() == 1 && model.steps() == 17, "one epoch more on every rank");
});

const RankCase refusals("a rank that differs is refused", [](mpi::Session& world, const std::string&) {
  if (world.size() == 1) return;
  const bool last = world.rank() == world.size() - 1;
  const Index other = world.size() - 1;
  const Reducer average = mpi::average(world);
  const auto text = [&](const std::string& what) {
    return str_cat("fit: expects all ranks to train the same model alike, but rank ", other, " differs from rank 0: ", what,
                   "; start all ranks with the same program, data and options");
  };
  const auto on = [&](const char* name, const std::string& first, const std::string& here) {
    return str_cat(name, " is ", first, " on rank 0 and ", here, " on rank ", other);
  };
  expect_text(refused<OptionError>(world, {.batch_size = last ? 64 : 32, .reduce = average}),
              text(on("batch_size", "32", "64") + ", " + on("shards", "4 and 1", "4 and 4")));
  expect_text(refused<OptionError>(world, {.epochs = last ? 2 : 3, .reduce = average}), text(on("epochs", "3", "2")));
  expect_text(refused<OptionError>(world, {.seed = last ? 1U : 0U, .reduce = average}), text(on("seed", "0", "1")));
  expect_text(refused<OptionError>(world, {.batch_size = 10, .shards = 5, .reduce = average}, bars(last ? 90 : 100)),
              text(on("the training set", "100 samples of (8, 8, 1) in 3 classes", "90 samples of (8, 8, 1) in 3 classes") +
                   ", samples of the training set differ"));
  expect_text(refused<OptionError>(world, {.reduce = average}, bars(100, last ? 2 : 1)), text("samples of the training set differ"));
  expect_text(refused<OptionError>(world, {.reduce = average}, bars(100), convolutional_model(last ? 8 : 7)), text("first parameters differ"));
  const auto validation = bars(20);
  FitOptions<3> judged{.reduce = average};
  if (last) judged.validation = &validation;
  const std::string only = refused<OptionError>(world, judged);
  expect(only.find(str_cat("the validation set is only on rank ", other)) != std::string::npos, "a set that is named, but got ", only);
  expect_text(refused<OptionError>(world, {.reduce = mpi::average(world, {.same_bits = last})}).substr(0, 4), "fit:");
  Model model = convolutional_model();
  trainer.fit(model, bars(100), {.reduce = average});
  expect(mpi::replicas_equal(world, model), "a run after refusals");
});

const RankCase shards("a batch needs a shard for each rank", [](mpi::Session& world, const std::string&) {
  if (world.size() == 1) return;
  const Index n = world.size();
  expect_text(refused<OptionError>(world, {.batch_size = 32, .shards = n - 1, .reduce = mpi::average(world)}),
              str_cat("fit: expects a batch to have a shard for each of the ", n, " ranks, but one of 32 samples has ", n - 1,
                      "; use .shards = ", n, ", or fewer ranks"));
  expect_text(refused<OptionError>(world, {.batch_size = 1, .shards = n, .reduce = mpi::average(world)}),
              str_cat("fit: expects a batch to have a shard for each of the ", n,
                      " ranks, but one of 1 samples has 1; use .shards = ", n, " and larger batches, or fewer ranks"));
  Model model = convolutional_model();
  Batch<Tensor<float, 4>> batch;
  gather(bars(8), std::vector<Index>{0, 1, 2}, batch);
  Trainer stepping = trainer;
  expect_text(refusal<OptionError>([&] { stepping.step(model, batch, {.reduce = mpi::average(world)}); }),
              "step: expects a .reduce that is a function of StepGradient; processes that train together, such as mpi::average, "
              "share the batches of fit");
});

const RankCase one_at_a_time("two runs at once are refused", [](mpi::Session& world, const std::string&) {
  if (world.size() == 1) return;
  const auto data = bars(64);
  std::string text;
  FitOptions<3> options{.reduce = mpi::average(world)};
  options.on_batch = [&](BatchEnd& end) {
    Model other = convolutional_model();
    text = refusal<OptionError>([&] { trainer.fit(other, data, {.reduce = mpi::average(world)}); });
    end.stop_training = true;
  };
  Model model = convolutional_model();
  trainer.fit(model, data, options);
  if (world.rank() == 0)
    expect_text(text, "fit: expects one run at a time to use a session's mpi::average, but another one is using it; train the "
                      "models one after another");
});

const RankCase divergence("all ranks tell of divergence, and keep the parameters", [](mpi::Session& world, const std::string&) {
  Tensor<float, 2> x(40, 5), y(40, 2);
  x.setConstant(0.5F);
  y.setConstant(1);
  y(17, 0) = 3e38F;  // its gradient is infinite on the rank that has it
  const Dataset<1> data(x, y);
  Model model = perceptron_model();
  const auto before = digest(model);
  const std::string text = refusal<DivergenceError>([&] {
    Trainer{MeanSquaredError{}, SGD{}}.fit(model, data, {.batch_size = 40, .reduce = mpi::average(world)});
  });
  expect(text.starts_with("fit: the gradient stopped being finite in epoch 1, batch 1"), "divergence, but got ", text);
  expect(digest(model) == before, "parameters that divergence leaves alone");
});

// Runs that end, by a stop or a death, and go on: `run` cases get the folder of the checkpoint.

template <typename F = SoftmaxCrossEntropy>
History train(mpi::Session& world, Model& model, const std::string& folder, const std::function<void(BatchEnd&)>& on_batch,
              const Trainer<F, SGD>& by = trainer) {
  const auto data = bars(333), validation = bars(50, 9);
  std::optional<CheckpointFolder> kept;
  if (world.rank() == 0 && !folder.empty()) kept.emplace(folder, CheckpointFolderOptions{.every_batches = 1});
  FitOptions<3> options{.epochs = 5, .batch_size = 96, .seed = 7, .shards = 6, .schedule = Cosine{}, .validation = &validation,
                        .early_stopping = EarlyStopping{.patience = 9}, .reduce = mpi::average(world, {.same_bits = true}),
                        .checkpoint = kept ? CheckpointStore(*kept) : CheckpointStore{}, .on_batch = on_batch};
  return by.fit(model, data, options);
}

const RankCase stopping("run and stop", [](mpi::Session& world, const std::string& folder) {
  Model model = convolutional_model();
  int batches = 0;
  const History history = train(world, model, folder, [&](BatchEnd& end) { end.stop_training = ++batches == 6; });
  expect(history.stopped, "a run that stops");
});

/// The loss, but for the end that it brings to rank 1 in the ninth batch.
struct Deadly : SoftmaxCrossEntropy {
  bool here = false, throws = false;
  int* calls = nullptr;

  template <typename T, typename Y>
  double operator()(const Tensor<T, 2>& z, const Y& y, Index batch, Tensor<T, 2>& dz) const {
    if (here && ++*calls == 20) {
      if (throws) throw std::runtime_error("rank 1 has had enough");
      kill(getpid(), SIGKILL);
    }
    return SoftmaxCrossEntropy::operator()(z, y, batch, dz);
  }
};

void die(mpi::Session& world, const std::string& folder, bool throws) {
  Model model = convolutional_model();
  int calls = 0;
  Deadly loss;
  loss.here = world.rank() == 1;
  loss.throws = throws;
  loss.calls = &calls;
  const std::string processes = world.processes();
  if (world.rank() == 0) std::cout << processes << std::endl;
  train(world, model, folder, {}, Trainer{loss, trainer.optimizer()});
}

const RankCase dying("run and die", [](mpi::Session& world, const std::string& folder) { die(world, folder, false); });
const RankCase throwing("run and throw", [](mpi::Session& world, const std::string& folder) { die(world, folder, true); });

const RankCase finishing("run to the end", [](mpi::Session& world, const std::string& folder) {
  Model model = convolutional_model(), alone = convolutional_model();
  const History history = train(world, model, folder, {});
  expect(!history.stopped && history.epochs.size() == 5, "a run that ends");
  const auto data = bars(333), validation = bars(50, 9);
  const History expected = trainer.fit(alone, data, {.epochs = 5, .batch_size = 96, .seed = 7, .shards = 6, .schedule = Cosine{},
                                                     .validation = &validation, .early_stopping = EarlyStopping{.patience = 9}});
  expect(bits_of(model, history) == bits_of(alone, expected), "the bits of a run of one process that nothing interrupted");
});

}  // namespace
