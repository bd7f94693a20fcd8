// LeNet on MNIST: trains, shows how well it does, saves, loads.
//
//   sh examples/mnist.sh                          fetches MNIST, builds and runs this
//   sh examples/mnist.sh --epochs 1 --save lenet.safetensors
//   sh examples/mnist.sh --load lenet.safetensors
//   sh examples/mnist.sh --fast
//   sh examples/mnist.sh --checkpoint runs/lenet      called again, it goes on where it was
//   mpirun -np 4 build/examples/mnist                 four processes, of one machine or several; built with LAMINA_BUILD_MPI
//
// Expect a summary of the network, a line per epoch, the classification report, the confusion matrix, some digits that
// it took for others, and last `test accuracy 0.99…` after five epochs. Without MNIST it trains on digits that lamina
// draws, says so, and the last line reads `test accuracy 0.97… (drawn digits)`. Ctrl-C ends the training after the batch
// it is at: what was reached is saved and shown. With --checkpoint the same command then goes on from there, as after a
// kill -9 from what was kept last, and comes to the same bits. With --fast another network, whose 3 × 3 windows the kernels like better,
// gets to 0.991 in two epochs and half the time.

#include <cmath>
#include <functional>
#include <iostream>
#include <optional>

#include <lamina/checkpoint.hpp>
#include <lamina/lamina.hpp>
#include <lamina/terminal.hpp>

#include "../digits.hpp"
#include "../interrupt.hpp"
#include "../options.hpp"
#include "../ranks.hpp"

using namespace lamina;

namespace {

constexpr auto lenet = Sequential{
    Conv{.filters = 6, .kernel = 5, .padding = 2}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 16, .kernel = 5},              ReLU{}, MaxPool{.window = 2},
    Flatten{},
    Dense{.units = 120}, ReLU{},
    Dense{.units = 84},  ReLU{},
    Dense{.units = 10},
};
using Layers = std::remove_const_t<decltype(lenet)>;

/// LeNet's layers with other numbers: the same type, compiled once.
constexpr Layers small_vgg = Sequential{
    Conv{.filters = 16, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 32, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Flatten{},
    Dense{.units = 128}, ReLU{},
    Dense{.units = 64},  ReLU{},
    Dense{.units = 10},
};

/// What a network is trained with, unless options say otherwise.
struct Recipe {
  Index epochs, batch_size;
  std::optional<Index> shards{};
};
constexpr Recipe for_lenet{.epochs = 5, .batch_size = 64};
// Small batches need few epochs. Two shards of 16 samples have half the gradients to add that four of 8 have.
constexpr Recipe for_small_vgg{.epochs = 2, .batch_size = 32, .shards = 2};

struct Settings {
  std::string data, save, load, checkpoint;
  std::optional<Index> epochs, batch_size, shards, train_limit;
  Index threads = hardware_threads();
  bool fast = false;
  double learning_rate = 0.05, momentum = 0.9, weight_decay = 5e-4;
  std::uint64_t seed = 42;
};

bool read_settings(int count, char** arguments, Settings& settings) {
  examples::Options options("Trains LeNet on MNIST, or on drawn digits where there is no MNIST.");
  options.add("--data", "DIR", "the folder of MNIST's four files (else LAMINA_DATA_DIR, then the cache)", settings.data);
  options.add("--epochs", "N", "how often to go through the training set (5; with --fast 2; with --load none)",
              settings.epochs);
  options.add("--batch-size", "N", "samples per step (64; with --fast 32)", settings.batch_size);
  options.add("--learning-rate", "X",
              "the highest: it rises for a tenth of the run, then falls along a half cosine (0.05)",
              settings.learning_rate);
  options.add("--momentum", "X", "of SGD (0.9)", settings.momentum);
  options.add("--weight-decay", "X", "of SGD (0.0005)", settings.weight_decay);
  options.add("--shards", "N", "parts of a batch, which threads and ranks share out (up to 4; with --fast 2)", settings.shards);
  options.add("--threads", "N", "the same result with any number (all cores)", settings.threads);
  options.add("--seed", "N", "of the first weights, the order of samples and the drawn digits (42)", settings.seed);
  options.add("--train-limit", "N", "train on the first N samples only", settings.train_limit);
  options.add("--fast", "another network, of 3 x 3 kernels: half the time", settings.fast);
  options.add("--save", "FILE", "write the parameters when done, as safetensors", settings.save);
  options.add("--load", "FILE", "start from saved parameters; without --epochs, only test them", settings.load);
  options.add("--checkpoint", "DIR", "keep the run in this folder, and go on with the one that is there", settings.checkpoint);
  if (!options.read(count, arguments)) return false;
  examples::require_at_least_one("--epochs", settings.epochs.value_or(1));
  examples::require_at_least_one("--batch-size", settings.batch_size.value_or(1));
  examples::require_at_least_one("--shards", settings.shards.value_or(1));
  examples::require_at_least_one("--threads", settings.threads);
  examples::require_at_least_one("--train-limit", settings.train_limit.value_or(1));
  examples::require(settings.learning_rate > 0 && std::isfinite(settings.learning_rate), "--learning-rate",
                    "a finite number above 0", settings.learning_rate);
  examples::require(settings.momentum >= 0 && settings.momentum < 1, "--momentum", "a number of at least 0 and below 1",
                    settings.momentum);
  examples::require(settings.weight_decay >= 0 && std::isfinite(settings.weight_decay), "--weight-decay",
                    "a finite number of at least 0", settings.weight_decay);
  examples::require_folder_of("--save", settings.save);
  return true;
}

/// Says where the run is that is kept in a folder, if there is one.
void tell_of(const CheckpointFolder& folder, const std::string& name) {
  const auto at = folder.position();
  if (at && at->finished)
    std::cout << "the run in " << name << " has ended; give another folder to train anew\n\n";
  else if (at)
    std::cout << "the run in " << name << " goes on in epoch " << at->epoch + 1 << " of " << at->epochs << ", after "
              << at->batch << " of " << at->batches << " batches\n\n";
}

void train(Model& model, const examples::Digits& digits, const Recipe& recipe, const Settings& settings, examples::Ranks& ranks) {
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = settings.learning_rate,
                                             .momentum = settings.momentum,
                                             .weight_decay = settings.weight_decay}};
  std::optional<CheckpointFolder> folder;
  if (!settings.checkpoint.empty() && ranks.first()) {
    const auto on_trouble = [](const DataError& error) {
      std::cerr << "mnist: " << error.what() << "; training goes on\n";
    };
    tell_of(folder.emplace(settings.checkpoint, CheckpointFolderOptions{.on_trouble = on_trouble}), settings.checkpoint);
  }
  const auto on_batch = [](BatchEnd& batch) { batch.stop_training = examples::interrupted; };
  const examples::InterruptWatch watch;
  const History history = trainer.fit(model, digits.train,
                                      {.epochs = settings.epochs.value_or(recipe.epochs),
                                       .batch_size = settings.batch_size.value_or(recipe.batch_size),
                                       .seed = settings.seed,
                                       .threads = settings.threads,
                                       .shards = settings.shards ? settings.shards : recipe.shards,
                                       .schedule = WarmUp{.share = 0.1, .from = 0, .then = Cosine{}},
                                       .validation = &digits.test,
                                       .reduce = ranks.average(),
                                       .checkpoint = folder ? CheckpointStore(*folder) : CheckpointStore{},
                                       .progress = true,
                                       .on_batch = on_batch});
  double seconds = 0;
  for (const EpochRecord& epoch : history.epochs) seconds += epoch.seconds;
  std::cout << (history.stopped ? "stopped after " : "trained for ") << format_fixed(seconds, 1) << " s, "
            << format_count(static_cast<Index>(history.epochs.back().images_per_second)) << " images per second, "
            << settings.threads << (settings.threads == 1 ? " thread" : " threads")
            << (ranks.size() > 1 ? str_cat(" in each of ", ranks.size(), " processes") : "")
            << (history.stopped && folder ? "; the same command goes on from here" : "") << "\n\n";
}

/// Some of the digits that the network took for others.
void show_mistakes(const Model& model, const Dataset<3>& test, Index threads) {
  const auto predicted = predict_classes(model, test, {.threads = threads});
  const Terminal terminal = Terminal::detect(stdout);
  std::vector<TextPicture> pictures;
  for (std::size_t i = 0; i < predicted.size() && pictures.size() < 4; ++i)
    if (predicted[i] != test.labels()[i])
      pictures.push_back(
          text_picture(test.at(static_cast<Index>(i)), terminal,
                       test.class_name(test.labels()[i]) + " taken for " + test.class_name(predicted[i])));
  if (!pictures.empty()) std::cout << '\n' << side_by_side(pictures, terminal);
}

void run(const Layers& network, const Recipe& recipe, const Settings& settings) {
  examples::Ranks ranks;
  Model model{network, Shape{28, 28, 1}, Rng{settings.seed}};
  if (!settings.load.empty()) load(model, settings.load);  // before anything that takes time
  examples::Digits digits = examples::find_digits(settings.data, Rng{settings.seed}.split(1));
  if (settings.train_limit) digits.train = examples::first_samples(digits.train, *settings.train_limit);

  std::cout << summary(model) << '\n';
  if (!settings.load.empty()) std::cout << "parameters from " << settings.load << "\n\n";
  if (settings.load.empty() || settings.epochs) train(model, digits, recipe, settings, ranks);
  if (!ranks.first()) return;
  if (!settings.save.empty()) {
    save(model, settings.save);
    std::cout << "parameters saved to " << settings.save << "\n\n";
  }

  const Evaluation evaluation = evaluate(model, digits.test, {.threads = settings.threads});
  std::cout << evaluation;
  show_mistakes(model, digits.test, settings.threads);
  std::cout << "\ntest accuracy " << format_fixed(evaluation.accuracy, 4) << (digits.drawn ? " (drawn digits)" : "")
            << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  return examples::run("mnist", [&] {
    Settings settings;
    if (read_settings(count, arguments, settings))
      settings.fast ? run(small_vgg, for_small_vgg, settings) : run(lenet, for_lenet, settings);
  });
}
