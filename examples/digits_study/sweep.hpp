#pragma once

// The sweep: networks and learning rates, each trained as the study did, image by image, side by side.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../interrupt.hpp"
#include "digit_folders.hpp"

namespace study {

struct Trial {
  Index filters;
  double learning_rate;
  double studied;  // accuracy that the study had, on 231 images
};
inline constexpr std::array trials{Trial{8, 0.001, 0.866}, Trial{16, 0.001, 0.870}, Trial{24, 0.001, 0.883},
                                   Trial{24, 0.005, 0.883}, Trial{24, 0.01, 0.887}};

inline std::string name_of(const Trial& trial) { return str_cat(trial.filters, "/", trial.learning_rate); }

inline auto network(Index filters) {
  return Sequential{Conv{.filters = filters, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
                    Flatten{},
                    Dense{.units = 10}, Softmax{}};
}
using StudyModel = decltype(Model{network(8), Shape{28, 28, 1}, Rng{}});

/// One of four for each image. Flipped digits are shapes that nobody writes: see what it costs.
inline Augmentation studied_augmentation() {
  return one_of({HorizontalFlip{.probability = 1}, Rotation{.degrees = 10}, Translation{.x = 5, .y = 5},
                 GaussianNoise{.deviation = {0, 10.0 / 255}}});
}

/// Means over the last hundred images, each judged just before it was learned from.
struct Hundred {
  Index epoch, images;
  double loss, accuracy;
};

/// What a trial came to.
struct Outcome {
  Trial trial;
  StudyModel model;
  History history;
  std::vector<double> test_loss, test_accuracy;  // after each epoch
  std::vector<Hundred> running;
  Evaluation validation;
  double seconds;
};

/// How a sweep is run.
struct SweepOptions {
  Index epochs = 20;
  std::uint64_t seed = 42;
  Index threads = 1;
  bool augmented = false;
};

/// Takes means over an epoch so far and gives them of every hundred images.
class Running {
 public:
  /// Whether another hundred is full.
  bool add(const BatchEnd& batch) {
    const double images = static_cast<double>(batch.batch + 1);
    if (batch.batch == 0) loss_ = hits_ = 0;
    if ((batch.batch + 1) % 100 != 0) return false;
    hundreds.push_back(
        {batch.epoch, batch.batch + 1, (batch.loss * images - loss_) / 100, (batch.accuracy * images - hits_) / 100});
    loss_ = batch.loss * images;
    hits_ = batch.accuracy * images;
    return true;
  }

  std::vector<Hundred> hundreds;

 private:
  double loss_ = 0, hits_ = 0;  // of the epoch, at the last hundred
};

/// One line in a terminal for all trials that are running, rewritten every hundred images. In a file, nothing.
class LiveLine {
 public:
  void show(std::size_t place, const Trial& trial, const Hundred& now) {
    if (!terminal_.interactive) return;
    const std::lock_guard lock(mutex_);
    texts_.resize(std::max(texts_.size(), place + 1));
    texts_[place] = str_cat(name_of(trial), " epoch ", now.epoch + 1, " image ", now.images, ": loss ",
                            format_fixed(now.loss, 2), " accuracy ", format_fixed(now.accuracy, 2), "  ");
    std::string line;
    for (const std::string& text : texts_) line += text;
    std::cout << '\r' << line.substr(0, static_cast<std::size_t>(terminal_.width - 1)) << "\x1b[K" << std::flush;
  }
  ~LiveLine() {
    if (!texts_.empty()) std::cout << "\r\x1b[K";
  }

 private:
  Terminal terminal_ = Terminal::detect(stdout);
  std::mutex mutex_;
  std::vector<std::string> texts_;
};

/// Trains one network, with batches of one image on one thread. The test part is judged after each epoch, the validation
/// part once, here at the end.
inline Outcome run_trial(const Trial& trial, const Parts& parts, const SweepOptions& options, std::size_t place,
                         LiveLine& line) {
  const auto start = std::chrono::steady_clock::now();
  StudyModel model{network(trial.filters), parts.train.sample_shape(), Rng{options.seed}.split(1)};
  const Trainer trainer{CrossEntropy{}, SGD{.learning_rate = trial.learning_rate}};
  Running running;
  const auto on_batch = [&](BatchEnd& batch) {
    if (running.add(batch)) line.show(place, trial, running.hundreds.back());
    if (examples::interrupted) batch.stop_training = true;
  };
  History history = trainer.fit(model, parts.train,
                                {.epochs = options.epochs,
                                 .batch_size = 1,
                                 .seed = options.seed,
                                 .threads = 1,
                                 .validation = &parts.test,
                                 .augment = options.augmented ? studied_augmentation() : Augmentation{},
                                 .on_batch = on_batch});
  std::vector<double> test_loss, test_accuracy;
  for (EpochRecord& epoch : history.epochs) {  // lamina calls what is judged after each epoch validation, the study test
    test_loss.push_back(epoch.validation_loss.value());
    test_accuracy.push_back(epoch.validation_accuracy.value());
    epoch.validation_loss = epoch.validation_accuracy = {};
  }
  Evaluation validation = evaluate(model, parts.validation, CrossEntropy{}, {.threads = 1});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {trial, std::move(model), std::move(history), std::move(test_loss), std::move(test_accuracy),
          std::move(running.hundreds), std::move(validation), seconds};
}

/// All trials, as many at once as there are threads; in the order of `trials`. Those that Ctrl-C came before are missing.
inline std::vector<Outcome> sweep(const Parts& parts, const SweepOptions& options) {
  std::array<std::optional<Outcome>, trials.size()> results;
  std::atomic<std::size_t> next{0};
  LiveLine line;
  ThreadPool thread_pool(std::min<Index>(options.threads, std::ssize(trials)));
  thread_pool.run([&](Index worker) {
    for (std::size_t i = next++; i < trials.size() && !examples::interrupted; i = next++) {
      const std::size_t trial = trials.size() - 1 - i;  // what takes longest begins first
      results[trial] = run_trial(trials[trial], parts, options, static_cast<std::size_t>(worker), line);
    }
  });
  std::vector<Outcome> outcomes;
  for (auto& result : results)
    if (result) outcomes.push_back(std::move(*result));
  return outcomes;
}

}  // namespace study
