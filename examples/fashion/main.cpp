// Fashion-MNIST, pictures of clothes, in about ten minutes on two cores: a small residual network with batch normalisation.
//
//   fashion                                 looks for the four files in /usr/share/datasets/fashion-mnist, where Debian's
//                                           package dataset-fashion-mnist puts them
//   fashion --data DIR --report clothes.html
//   fashion --validate                      for whoever changes settings: holds 5,000 training images out, judges by
//                                           these, and leaves the test set alone
//
// Expect the network, what it is trained with, a line per epoch (a bar, in a terminal), the report per class, and last
// `test accuracy 0.9434` (with AVX-512; others round otherwise), the mean of each picture and its mirror image. Ctrl-C ends
// the training after the batch it is at: what was reached is saved and shown. Without data it says
// where they are to be had, and exits with 2.

#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

#include <lamina/augment.hpp>
#include <lamina/datasets.hpp>
#include <lamina/lamina.hpp>
#include <lamina/network.hpp>
#include <lamina/report.hpp>
#ifdef LAMINA_EXAMPLES_GZIP
#include <lamina/data/gzip.hpp>
#endif

#include "../interrupt.hpp"
#include "../options.hpp"
#include "../recipe.hpp"

using namespace lamina;

namespace {

/// Clothes look the same in a mirror, may lie two pixels further, and are known by what is left if a part is hidden.
const Augmentation varied{RandomCrop{.padding = 2}, HorizontalFlip{}, RandomErasing{.random = RandomFill::per_value, .probability = 0.25}};

/// The picture and its mirror image, whose mean is the answer.
const std::vector<Augmentation> views{{}, HorizontalFlip{.probability = 1}};

/// A convolution of 3 × 3 whose outputs are normalised and rectified.
Sequential<Conv, BatchNorm, ReLU> block(Index filters) {
  return {Conv{.filters = filters, .kernel = 3, .padding = 1, .bias = false}, BatchNorm{}, ReLU{}};
}

/// Two residual blocks among five convolutions, and 28, 14 and 7 pixels a side.
Network make_network(Index width) {
  Network network;
  network.push_back(block(width));
  network.push_back(block(2 * width));
  network.push_back(MaxPool{});
  network.push_back(Residual{Sequential{block(2 * width), block(2 * width)}});
  network.push_back(block(4 * width));
  network.push_back(MaxPool{});
  network.push_back(Residual{Sequential{block(4 * width), block(4 * width)}});
  network.push_back(block(4 * width));
  network.push_back(GlobalMaxPool{});
  network.push_back(Flatten{});
  network.push_back(Dropout{.rate = 0.2});
  network.push_back(Dense{.units = 10});
  return network;
}

struct Settings : examples::Recipe {
  std::string data = "/usr/share/datasets/fashion-mnist";
  Index epochs = 14, width = 32;
};

bool read_settings(int count, char** arguments, Settings& settings) {
  examples::Options options("Trains a residual network on Fashion-MNIST.");
  options.add("--data", "DIR", "the folder of its four files (/usr/share/datasets/fashion-mnist)", settings.data);
  options.add("--epochs", "N", "how often to go through the training set (14)", settings.epochs);
  options.add("--width", "N", "filters of the first convolution; later ones have two and four times as many (32)", settings.width);
  settings.add_to(options, "the highest: it rises for a fifth of the run, then falls along a half cosine (0.1)");
  if (!options.read(count, arguments)) return false;
  examples::require_at_least_one("--epochs", settings.epochs);
  examples::require_at_least_one("--width", settings.width);
  settings.check();
  if (!std::filesystem::is_directory(settings.data))
    throw examples::UsageError("--data " + settings.data + " is no folder; Fashion-MNIST is in Debian's package "
                               "dataset-fashion-mnist, and on https://github.com/zalandoresearch/fashion-mnist");
  return true;
}

Mnist read_clothes(const std::string& folder) {
#ifdef LAMINA_EXAMPLES_GZIP
  return fashion_mnist(folder, Gunzip{});
#else
  return fashion_mnist(folder);
#endif
}

void run(const Settings& settings) {
  Mnist clothes = read_clothes(settings.data);
  Dataset<3> &train = clothes.train, &judge = clothes.test;
  if (settings.validate) {
    auto [rest, held_out] = stratified_split(train, Counts{train.size() - 5000, 5000}, Rng{settings.seed}.split(2));
    train = std::move(rest);
    judge = std::move(held_out);
  }
  if (settings.train_limit && *settings.train_limit < train.size())
    train = split(train, Counts{*settings.train_limit, 0}, Rng{settings.seed})[0];
  const Normalisation normalisation = measure_normalisation(train);
  train.normalise(normalisation);
  judge.normalise(normalisation);

  Model model{make_network(settings.width), train.sample_shape(), Rng{settings.seed}};
  std::cout << summary(model) << "\nTraining pictures: " << format_count(train.size())
            << ", moved by up to two pixels, every other one mirrored, of every fourth a part hidden.\nSteps: SGD, " << settings.batch_size
            << " pictures each, learning rate up to " << settings.learning_rate << ", Nesterov's momentum 0.9, weight decay "
            << settings.weight_decay << "; seed " << settings.seed << ", " << settings.threads
            << (settings.threads == 1 ? " thread" : " threads") << ".\n\n";
  const Trainer trainer{SoftmaxCrossEntropy{.label_smoothing = settings.label_smoothing},
                        SGD{.learning_rate = settings.learning_rate,
                            .momentum = 0.9,
                            .weight_decay = settings.weight_decay,
                            .nesterov = true}};
  const auto fit = [&] {
    const examples::InterruptWatch watch;
    return trainer.fit(model, train,
                       {.epochs = settings.epochs,
                        .batch_size = settings.batch_size,
                        .seed = settings.seed,
                        .threads = settings.threads,
                        .shards = settings.shards,
                        .schedule = WarmUp{.share = 0.2, .from = 0, .then = Cosine{}},
                        .validation = settings.validate ? &judge : nullptr,
                        .average = settings.average > 0 ? std::optional(EMA{.decay = settings.average}) : std::nullopt,
                        .augment = varied,
                        .progress = true,
                        .on_batch = [](BatchEnd& batch) { batch.stop_training = examples::interrupted; }});
  };
  const History history = fit();
  double seconds = 0;
  for (const EpochRecord& epoch : history.epochs) seconds += epoch.seconds;
  std::cout << (history.stopped ? "stopped after " : "trained for ") << format_fixed(seconds, 1) << " s\n\n";
  if (!settings.save.empty()) {
    save(model, settings.save, metadata_of(train));
    std::cout << "model saved to " << settings.save << "\n\n";
  }
  if (!settings.report.empty()) {
    write_report(settings.report, model,
                 {.train = &train, .test = &judge, .history = &history, .title = "Fashion-MNIST", .augment = varied,
                  .threads = settings.threads});
    std::cout << "report written to " << settings.report << "\n\n";
  }
  const Evaluation evaluation = evaluate(model, judge, {.threads = settings.threads, .views = views});
  std::cout << evaluation << '\n'
            << (settings.validate ? "validation" : "test") << " accuracy " << format_fixed(evaluation.accuracy, 4) << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  return examples::run("fashion", [&] {
    Settings settings{{.learning_rate = 0.1}};
    if (read_settings(count, arguments, settings)) run(settings);
  });
}
