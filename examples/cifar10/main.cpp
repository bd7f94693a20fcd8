// A residual network for small pictures in colour: CIFAR-10, of its binary files or of folders of images.
//
//   cifar10 --data DIR                        DIR holds data_batch_1.bin … data_batch_5.bin and test_batch.bin, or the
//   folders
//                                             train and test, each with a folder of PNG, JPEG or BMP files for each
//                                             class
//   cifar10 --data DIR --fast                 two epochs
//   cifar10 --data DIR --epochs 40            better, and four times as long
//   cifar10 --data DIR --validate             for whoever changes settings: holds 5,000 training images out, judges by
//                                             these, and leaves the test set alone
//   cifar10 --data DIR --checkpoint runs/a    called again, it goes on where it was
//   mpirun -np 4 cifar10 --data DIR           four processes, of one machine or several; built with LAMINA_BUILD_MPI
//
// Expect where the pictures are from, the network (ResNet-20), what it is trained with, a line per epoch (a bar, in a
// terminal), the report per class, and last `test accuracy 0.…`, the mean of each picture and its mirror image. --save
// FILE keeps the model,
// --report FILE writes a page: curves, filters in colour, mistakes as pictures. Ctrl-C ends the training after the
// batch it is at: what was reached is saved and shown. Without data it says where they are to be had, and exits with 2.

#include <filesystem>
#include <functional>
#include <iostream>
#include <lamina/architectures.hpp>
#include <lamina/augment.hpp>
#include <lamina/bf16.hpp>
#include <lamina/checkpoint.hpp>
#include <lamina/datasets.hpp>
#include <lamina/images.hpp>
#include <lamina/report.hpp>
#include <optional>
#include <string>

#include "../interrupt.hpp"
#include "../options.hpp"
#include "../ranks.hpp"
#include "../recipe.hpp"

using namespace lamina;

namespace {

/// Training images as they might have been taken, anew in each epoch: moved by up to four pixels, and every other one
/// mirrored.
const Augmentation varied{RandomCrop{.padding = 4}, HorizontalFlip{}};

/// The image and its mirror image, whose mean is the answer.
const std::vector<Augmentation> views{{}, HorizontalFlip{.probability = 1}};

struct Settings : examples::Recipe {
  std::string data{}, checkpoint{};
  std::optional<Index> epochs{};
  double cutmix = 0;
  bool fast = false, bf16 = false;

  Precision precision() const { return bf16 ? Precision::bf16 : Precision::float32; }
};

bool read_settings(int count, char** arguments, Settings& settings) {
  examples::Options options("Trains a residual network, ResNet-20, on CIFAR-10.");
  options.add("--data", "DIR", "the folder of the binary files, or of the folders train and test", settings.data);
  options.add("--epochs", "N", "how often to go through the training set (10; with --fast 2)", settings.epochs);
  settings.add_to(options, "the highest: it rises for a fifth of the run, then falls along a half cosine (0.2)");
  options.add("--cutmix", "X", "probability that a picture has a rectangle of another one in it (0)", settings.cutmix);
  options.add("--fast", "two epochs", settings.fast);
  options.add("--bf16", "multiply bfloat16 numbers, on machines with AMX tiles", settings.bf16);
  options.add("--checkpoint", "DIR", "keep the run in this folder, and go on with the one that is there",
              settings.checkpoint);
  if (!options.read(count, arguments)) return false;
  examples::require_at_least_one("--epochs", settings.epochs.value_or(1));
  settings.check();
  examples::require(settings.cutmix >= 0 && settings.cutmix <= 1, "--cutmix", "a number of 0 … 1", settings.cutmix);
  if (settings.data.empty())
    throw examples::UsageError(
        "expects --data DIR, a folder with CIFAR-10: the binary version's data_batch_1.bin … data_batch_5.bin and "
        "test_batch.bin, "
        "which https://www.cs.toronto.edu/~kriz/cifar.html has, or the folders train and test with a folder of images "
        "for each class");
  return true;
}

/// Pictures to train on, and to be judged by at the end.
struct Pictures {
  Dataset<3> train, judge;
  std::string judge_name;  // in the last line
};

Dataset<3> read_folder(const std::filesystem::path& folder, Index threads) {
  ImageFolder found = image_folder(folder, {.colors = Colors::rgb, .size = Shape<2>{32, 32}, .threads = threads});
  std::cout << found << '\n';
  return std::move(found.data);
}

Pictures find_pictures(const Settings& settings) {
  const std::filesystem::path folder = settings.data;
  const auto read = [&]() -> Cifar {
    if (std::filesystem::is_directory(folder / "train"))
      return {read_folder(folder / "train", settings.threads), read_folder(folder / "test", settings.threads)};
    return cifar10(folder);
  };
  auto [train, test] = read();
  Pictures pictures{std::move(train), std::move(test), "test"};
  if (settings.validate) {
    auto [rest, held_out] = stratified_split(pictures.train, Fractions{0.9, 0.1}, Rng{settings.seed}.split(2));
    pictures.train = std::move(rest);
    pictures.judge = std::move(held_out);
    pictures.judge_name = "validation";
  }
  if (settings.train_limit) {
    auto [some, others] =
        split(pictures.train, Counts{(std::min)(*settings.train_limit, pictures.train.size()), 0}, Rng{settings.seed});
    pictures.train = std::move(some);
  }
  const Normalisation normalisation = measure_normalisation(pictures.train);
  pictures.train.normalise(normalisation);
  pictures.judge.normalise(normalisation);
  return pictures;
}

History train(Model& model, const Pictures& pictures, const Settings& settings, examples::Ranks& ranks) {
  const Trainer trainer{SoftmaxCrossEntropy{.label_smoothing = settings.label_smoothing},
                        SGD{.learning_rate = settings.learning_rate,
                            .momentum = 0.9,
                            .weight_decay = settings.weight_decay,
                            .nesterov = true}};
  std::optional<CheckpointFolder> folder;
  if (!settings.checkpoint.empty() && ranks.first()) folder.emplace(settings.checkpoint);
  const auto on_batch = [](BatchEnd& batch) { batch.stop_training = examples::interrupted; };
  const examples::InterruptWatch watch;
  return trainer.fit(model, pictures.train,
                     {.epochs = settings.epochs.value_or(settings.fast ? 2 : 10),
                      .batch_size = settings.batch_size,
                      .seed = settings.seed,
                      .threads = settings.threads,
                      .shards = settings.shards,
                      .precision = settings.precision(),
                      .schedule = WarmUp{.share = 0.2, .from = 0, .then = Cosine{}},
                      .validation = &pictures.judge,
                      .reduce = ranks.average(),
                      .average = settings.average > 0 ? std::optional(EMA{.decay = settings.average}) : std::nullopt,
                      .augment = varied,
                      .mix = settings.cutmix > 0 ? Mixing(CutMix{.probability = settings.cutmix}) : Mixing{},
                      .checkpoint = folder ? CheckpointStore(*folder) : CheckpointStore{},
                      .progress = true,
                      .on_batch = on_batch});
}

void run(const Settings& settings) {
  examples::Ranks ranks;
  const Pictures pictures = find_pictures(settings);
  Model model{resnet20(pictures.train.classes()), pictures.train.sample_shape(), Rng{settings.seed}};
  std::cout << summary(model) << "\nTraining pictures: " << format_count(pictures.train.size())
            << ", moved by up to four pixels, every other one mirrored.\nSteps: SGD, " << settings.batch_size
            << " pictures each, learning rate up to " << settings.learning_rate
            << ", Nesterov's momentum 0.9, weight decay " << settings.weight_decay << "; seed " << settings.seed << ", "
            << settings.threads << (settings.threads == 1 ? " thread" : " threads") << ".\n\n";
  const History history = train(model, pictures, settings, ranks);
  if (!ranks.first()) return;
  double seconds = 0;
  for (const EpochRecord& epoch : history.epochs) seconds += epoch.seconds;
  std::cout << (history.stopped ? "stopped after " : "trained for ") << format_fixed(seconds, 1) << " s\n\n";
  if (!settings.save.empty()) {
    save(model, settings.save, metadata_of(pictures.train));
    std::cout << "model saved to " << settings.save << "\n\n";
  }
  if (!settings.report.empty()) {
    write_report(settings.report, model,
                 {.train = &pictures.train,
                  .test = &pictures.judge,
                  .history = &history,
                  .title = "CIFAR-10",
                  .augment = varied,
                  .threads = settings.threads});
    std::cout << "report written to " << settings.report << "\n\n";
  }
  const Evaluation evaluation = evaluate(model, pictures.judge, {.threads = settings.threads, .views = views, .precision = settings.precision()});
  std::cout << evaluation << '\n'
            << pictures.judge_name << " accuracy " << format_fixed(evaluation.accuracy, 4) << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  return examples::run("cifar10", [&] {
    Settings settings{{.learning_rate = 0.2}};
    if (read_settings(count, arguments, settings)) run(settings);
  });
}
