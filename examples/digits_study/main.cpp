// A study of 3,078 digits: a small network in five settings, with augmentation and without, and what lamina does best.
//
//   digits_study --data DIR         DIR/0/*.png … DIR/9/*.png, or any other classes
//   digits_study                    on digits that lamina draws and writes as such folders first
//   digits_study --epochs 2 --train-limit 500 --splits 1
//
// The sweep: conv 3 × 3 of 8, 16 or 24 filters, ReLU, max pool, flatten, dense, Softmax; CrossEntropy; SGD on one image at a
// time, 20 epochs. The study looks at what it calls its test part after each epoch and at its validation part once, at the
// end: the reverse of common usage. Expect the labels, for each of the ten runs the epochs, the report and the confusion
// matrix, and then, on 3,078 of MNIST's training images and two cores:
//
//                       study           with augmentation        without augmentation
//   filters    rate   on 231     test  validation      s     test  validation      s
//         8   0.001    0.866    0.909       0.926    0.6    0.922       0.918    0.4
//        16   0.001    0.870    0.905       0.931    1.0    0.931       0.909    0.7
//        24   0.001    0.883    0.909       0.944    1.5    0.931       0.931    1.1
//        24   0.005    0.883    0.922       0.948    1.4    0.944       0.957    1.2
//        24   0.010    0.887    0.931       0.913    1.4    0.939       0.961    1.2
//   the 5 runs with augmentation took 3.0 s
//   the 5 runs without augmentation took 2.3 s
//
// One image of 231 is 0.004: differences of 0.03 mean little. A page with all curves, study.html, and the loss and accuracy
// of every hundred images are in the folder that --work names; in a terminal the latter run along while training.
//
// Then four recipes (best_recipe.hpp) are compared by cross-validation on the training part, the best is trained on all of
// it, and judged by the images held out, anew on each of five splits, of some 25 seconds:
//
//   split recipe 1 recipe 2 recipe 3 recipe 4  chosen  held out
//       1   0.9675   0.9782   0.9801   0.9820   4      0.9892
//       2   0.9648   0.9820   0.9809   0.9817   2      0.9784
//       3   0.9717   0.9817   0.9824   0.9843   4      0.9827
//       4   0.9729   0.9794   0.9805   0.9809   4      0.9848
//       5   0.9591   0.9817   0.9824   0.9794   3      0.9892
//
//   mean held-out accuracy 0.9848 over 5 splits
//
// Ctrl-C ends the training after the image it is at. What the sweep reached is shown, marked as stopped; of the recipes only
// those whose cross-validation was done, and of the splits only those that were judged.

#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>

#include "../options.hpp"
#include "best_recipe.hpp"
#include "page.hpp"

using namespace lamina;

namespace {

struct Settings {
  std::string data, work = "digits_study";
  std::optional<Index> epochs, train_limit;
  Index splits = 5, threads = hardware_threads();
  std::uint64_t seed = 42;
  bool sweep_only = false, best_only = false;
};

bool read_settings(int count, char** arguments, Settings& settings) {
  examples::Options options(
      "A study of 3,078 digits: five small networks, with augmentation and without, and the best recipe.");
  options.add("--data", "DIR", "a folder with a folder of images for each class (else digits are drawn)", settings.data);
  options.add("--work", "DIR", "where drawn digits and results are written (digits_study, in the current folder)", settings.work);
  options.add("--epochs", "N", "of every training (20 in the sweep, 40 for the best recipe)", settings.epochs);
  options.add("--splits", "N", "in how many ways the best recipe's images are split (5)", settings.splits);
  options.add("--threads", "N", "networks trained side by side; the same result with any number (all cores)",
              settings.threads);
  options.add("--seed", "N", "of splits, first weights, the order of samples and drawn digits (42)", settings.seed);
  options.add("--train-limit", "N", "train on the first N images of each training part only", settings.train_limit);
  options.add("--sweep-only", "leave the best recipe out", settings.sweep_only);
  options.add("--best-only", "leave the sweep out", settings.best_only);
  if (!options.read(count, arguments)) return false;
  examples::require_at_least_one("--epochs", settings.epochs.value_or(1));
  examples::require_at_least_one("--splits", settings.splits);
  examples::require_at_least_one("--threads", settings.threads);
  examples::require(settings.train_limit.value_or(10) >= 10, "--train-limit", "at least 10",
                    settings.train_limit.value_or(10));
  if (settings.sweep_only && settings.best_only)
    throw examples::UsageError("--sweep-only and --best-only leave nothing to do");
  return true;
}

study::SweepResult run_sweep(const study::Parts& parts, const Settings& settings, bool augmented) {
  const auto start = std::chrono::steady_clock::now();
  auto outcomes = study::sweep(parts, {.epochs = settings.epochs.value_or(20),
                                       .seed = settings.seed,
                                       .threads = settings.threads,
                                       .augmented = augmented});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  study::SweepResult sweep{augmented, std::move(outcomes), seconds};
  for (const study::Outcome& outcome : sweep.outcomes) study::show_trial(sweep, outcome);
  study::write_files(settings.work, sweep);
  return sweep;
}

void run_sweeps(const Dataset<3>& data, const Settings& settings) {
  study::Parts parts = study::split_as_studied(data, Rng{settings.seed}.split(1));
  if (settings.train_limit) parts.train = study::first_samples(parts.train, *settings.train_limit);
  std::cout << "split: " << format_count(parts.train.size()) << " to train on, " << parts.test.size()
            << " to test after each epoch, " << parts.validation.size() << " for validation, once at the end.\n"
            << "(The study's words. Common usage has them the other way round: validation while training, test at the "
               "end.)\n\n";
  std::vector<study::SweepResult> sweeps;
  for (const bool augmented : {true, false})
    if (!examples::interrupted) sweeps.push_back(run_sweep(parts, settings, augmented));
  study::show_comparison(sweeps);
  const Picture augmented{.pixels = contact_sheet(parts.train, study::studied_augmentation(), {.seed = settings.seed}),
                          .caption = "augmentation"};
  const std::filesystem::path page = std::filesystem::path(settings.work) / "study.html";
  study::write_page(page, data, augmented, sweeps);
  std::cout << "curves, reports and confusion matrices: " << page.string()
            << "; plots and the figures of every hundred images: the folders beside it\n\n";
}

void run(const Settings& settings) {
  const examples::InterruptWatch watch;
  std::filesystem::create_directories(settings.work);
  const auto folder =
      settings.data.empty() ? study::draw_folders(settings.work, settings.seed) : std::filesystem::path(settings.data);
  const Dataset<3> data = study::read_folders(folder, settings.threads);
  if (data.size() < 30)
    throw DataError(str_cat(folder.string(), ": expects at least 30 images, to be split, but got ", data.size()));
  study::show_labels(data);
  if (!settings.best_only) run_sweeps(data, settings);
  if (!settings.sweep_only && !examples::interrupted)
    study::search_best(data, settings.splits, settings.train_limit,
                       {.epochs = settings.epochs.value_or(40), .seed = settings.seed, .threads = settings.threads});
  if (examples::interrupted) std::cout << "interrupted: what had not been trained to its end is left out, or marked as stopped\n";
}

}  // namespace

int main(int count, char** arguments) {
  return examples::run("digits_study", [&] {
    Settings settings;
    if (read_settings(count, arguments, settings)) run(settings);
  });
}
