#include <functional>
#include <lamina/training/training_progress.hpp>
#include <sstream>

#include "../catch.hpp"

using namespace lamina;
using namespace std::chrono_literals;

namespace {

constexpr ProgressBar::Clock::time_point begin{1h};

void run_epoch(TrainingProgress& progress, const EpochRecord& record, ProgressBar::Clock::time_point start) {
  for (Index batch = 0; batch < 2; ++batch) {
    const BatchEnd event{
        .epoch = record.epoch, .epochs = 2, .batch = batch, .batches = 2, .loss = 0.5, .accuracy = 0.75};
    progress(event, start + 100ms * (batch + 1));
  }
  progress(EpochEnd{.record = record, .epochs = 2}, start + 2s);
}

}  // namespace

TEST_CASE("training progress shows epochs and batches from 1 on, and validation where there is one") {
  std::ostringstream out;
  TrainingProgress progress{out, {.interactive = true}, begin};
  run_epoch(progress, {.epoch = 0, .loss = 0.25, .accuracy = 0.875}, begin);
  run_epoch(progress, {.epoch = 1, .loss = 0.2, .accuracy = 0.9, .validation_loss = 0.15, .validation_accuracy = 0.95},
            begin + 2s);
  CHECK(out.str() ==
        "Epoch 1/2\n"
        "\r1/2 ==========.......... 0s 100ms/step - accuracy: 0.7500 - loss: 0.5000"
        "\r2/2 ==================== 0s 100ms/step - accuracy: 0.7500 - loss: 0.5000"
        "\r2/2 ==================== 2s 100ms/step - accuracy: 0.8750 - loss: 0.2500\n"
        "Epoch 2/2\n"
        "\r1/2 ==========.......... 0s 100ms/step - accuracy: 0.7500 - loss: 0.5000"
        "\r2/2 ==================== 0s 100ms/step - accuracy: 0.7500 - loss: 0.5000"
        "\r2/2 ==================== 2s 100ms/step - accuracy: 0.9000 - loss: 0.2000\n"
        "    val_accuracy: 0.9500 - val_loss: 0.1500\n");
}

TEST_CASE("training progress of numbers shows RMSE, MAE and R²") {
  std::ostringstream out;
  TrainingProgress progress{out, {.interactive = true, .width = 100}, begin};
  progress(BatchEnd{.epoch = 0, .epochs = 1, .batch = 0, .batches = 1, .loss = 0.5,
                    .regression = RegressionScores{0.25, 0.125, 0.75}},
           begin + 100ms);
  const EpochRecord record{.epoch = 0, .loss = 0.5, .validation_loss = 0.4,
                           .regression = RegressionScores{0.25, 0.125, 0.75},
                           .validation_regression = RegressionScores{0.5, 0.4, -0.1}};
  progress(EpochEnd{.record = record, .epochs = 1}, begin + 1s);
  CHECK(out.str() ==
        "Epoch 1/1\n"
        "\r1/1 ==================== 0s 100ms/step - rmse: 0.2500 - mae: 0.1250 - r2: 0.7500 - loss: 0.5000"
        "\r1/1 ==================== 1s 100ms/step - rmse: 0.2500 - mae: 0.1250 - r2: 0.7500 - loss: 0.5000\n"
        "    val_rmse: 0.5000 - val_mae: 0.4000 - val_r2: -0.1000 - val_loss: 0.4000\n");
}

TEST_CASE("training progress serves by reference as either callback") {
  std::ostringstream out;
  TrainingProgress progress{out, {}};
  const std::function<void(BatchEnd&)> on_batch = std::ref(progress);
  const std::function<void(EpochEnd&)> on_epoch = std::ref(progress);
  BatchEnd batch{.epoch = 2, .epochs = 3, .batch = 0, .batches = 1, .loss = 1, .accuracy = 0};
  const EpochRecord record{.epoch = 2, .loss = 1, .accuracy = 0.5};
  EpochEnd epoch{.record = record, .epochs = 3};
  on_batch(batch);
  on_epoch(epoch);
  CHECK(out.str().substr(0, 19) == "Epoch 3/3 - 1/1 - 0");
  CHECK(out.str().find(" - accuracy: 0.5000 - loss: 1.0000\n") != std::string::npos);
}
