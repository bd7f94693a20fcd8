#include <lamina/training/fit_progress.hpp>

#include <iostream>
#include <sstream>
#include <vector>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;
using namespace std::chrono_literals;

namespace {

using detail::FitProgress;
constexpr FitProgress::Clock::time_point begin{1h};

/// An epoch of four batches, each taking so long, and a validation of a second.
FitProgress::Clock::time_point run_epoch(FitProgress& progress, Index epoch, FitProgress::Clock::duration batch_time,
                                         FitProgress::Clock::time_point now) {
  for (Index batch = 0; batch < 4; ++batch)
    progress(BatchEnd{.epoch = epoch, .epochs = 2, .batch = batch, .batches = 4, .loss = 0.5, .accuracy = 0.75},
             now += batch_time);
  const EpochRecord record{
      .epoch = epoch, .loss = 0.25, .accuracy = 0.875, .validation_loss = 0.2, .validation_accuracy = 0.9};
  progress(EpochEnd{.record = record, .epochs = 2}, now += 1s);
  return now;
}

/// Standard output while it lives.
struct Caught {
  std::ostringstream text;
  std::streambuf* before = std::cout.rdbuf(text.rdbuf());
  ~Caught() { std::cout.rdbuf(before); }
  Index lines_with(const std::string& part) const {
    std::istringstream in(text.str());
    Index many = 0;
    for (std::string line; std::getline(in, line);) many += line.find(part) != std::string::npos;
    return many;
  }
};

}  // namespace

TEST_CASE("a short epoch has one line where nobody watches") {
  std::ostringstream out;
  FitProgress progress{out, {}, begin};
  run_epoch(progress, 1, 100ms, run_epoch(progress, 0, 100ms, begin));
  CHECK(out.str() ==
        "Epoch 1/2 - 4/4 - 1s 100ms/step - accuracy: 0.8750 - loss: 0.2500 - val_accuracy: 0.9000 - val_loss: 0.2000\n"
        "Epoch 2/2 - 4/4 - 1s 100ms/step - accuracy: 0.8750 - loss: 0.2500 - val_accuracy: 0.9000 - val_loss: 0.2000\n");
}

TEST_CASE("a long epoch has a line at least every ten seconds where nobody watches, but none twice") {
  std::ostringstream out;
  FitProgress progress{out, {}, begin};
  run_epoch(progress, 0, 6s, begin);
  CHECK(out.str() ==
        "Epoch 1/2 - 2/4 - 12s 6s/step - accuracy: 0.7500 - loss: 0.5000\n"
        "Epoch 1/2 - 4/4 - 25s 6s/step - accuracy: 0.8750 - loss: 0.2500 - val_accuracy: 0.9000 - val_loss: 0.2000\n");
}

TEST_CASE("ten seconds are counted from the last line, also over the end of an epoch") {
  std::ostringstream out;
  FitProgress progress{out, {}, begin};
  run_epoch(progress, 1, 11s, run_epoch(progress, 0, 2s, begin));
  CHECK(out.str() ==
        "Epoch 1/2 - 4/4 - 9s 2s/step - accuracy: 0.8750 - loss: 0.2500 - val_accuracy: 0.9000 - val_loss: 0.2000\n"
        "Epoch 2/2 - 1/4 - 11s 11s/step - accuracy: 0.7500 - loss: 0.5000\n"
        "Epoch 2/2 - 2/4 - 22s 11s/step - accuracy: 0.7500 - loss: 0.5000\n"
        "Epoch 2/2 - 3/4 - 33s 11s/step - accuracy: 0.7500 - loss: 0.5000\n"
        "Epoch 2/2 - 4/4 - 45s 11s/step - accuracy: 0.8750 - loss: 0.2500 - val_accuracy: 0.9000 - val_loss: 0.2000\n");
}

TEST_CASE("a terminal has a bar that is drawn again, in colour only where it is wanted") {
  std::ostringstream plain, colored;
  FitProgress dumb{plain, {.interactive = true}, begin};
  run_epoch(dumb, 0, 20s, begin);
  CHECK(plain.str().starts_with("Epoch 1/2\n\r1/4 =====..............."));
  CHECK(plain.str().find("\x1b[") == std::string::npos);
  CHECK(plain.str().find("\nEpoch 1/2 -") == std::string::npos);  // no lines besides the bar
  FitProgress bright{colored, {.interactive = true, .color = true, .unicode = true}, begin};
  run_epoch(bright, 0, 100ms, begin);
  CHECK(colored.str().find("\x1b[32m━") != std::string::npos);
}

TEST_CASE("fit shows its progress if it is told to, and the program's callbacks are called all the same") {
  const auto data = bars(50);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  for (const bool shown : {false, true}) {
    auto model = convolutional_model();
    Index batches = 0, epochs = 0;
    const Caught caught;
    trainer.fit(model, data,
                {.epochs = 2, .batch_size = 10, .validation = &data, .progress = shown,
                 .on_batch = [&](BatchEnd&) { ++batches; }, .on_epoch = [&](EpochEnd&) { ++epochs; }});
    CHECK((batches == 10 && epochs == 2));
    CHECK(caught.lines_with("val_accuracy: ") == (shown ? 2 : 0));
    CHECK(caught.text.str().empty() == !shown);
  }
}

TEST_CASE("progress changes no bit of what is trained, and a callback still ends the run") {
  const auto data = bars(50);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  auto quiet = convolutional_model(), shown = quiet;
  const auto stop = [](BatchEnd& end) { end.stop_training = end.epoch == 1 && end.batch == 2; };
  const Caught caught;
  trainer.fit(quiet, data, {.epochs = 3, .batch_size = 10, .on_batch = stop});
  const History history = trainer.fit(shown, data, {.epochs = 3, .batch_size = 10, .progress = true, .on_batch = stop});
  CHECK(history.stopped);
  CHECK(history.epochs.size() == 2);
  CHECK(digest(quiet) == digest(shown));
  CHECK(caught.lines_with("Epoch 2/3 - 3/5") == 1);
}
