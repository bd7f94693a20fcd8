#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/shape.hpp"
#include "../metrics/regression_scores.hpp"

namespace LAMINA_NAMESPACE {

/// The results of one epoch. Training figures are means over the epoch's batches, each computed before its own step. If a
/// loss for regression has target rows, there are RegressionScores and no accuracy.
struct EpochRecord {
  Index epoch = 0;                           // the first is 0
  double loss = 0, accuracy = 0;             // of training; accuracy is NaN for regression
  std::optional<double> validation_loss{};  // after the epoch, if there is a validation set
  std::optional<double> validation_accuracy{};
  double learning_rate = 0;      // of the epoch's last step
  double seconds = 0;            // of training, without validation
  double images_per_second = 0;  // training samples ÷ seconds
  std::optional<RegressionScores> regression{};             // of training, for regression
  std::optional<RegressionScores> validation_regression{};  // after the epoch, for regression
};

/// A name and a value of a run's settings: "learning rate", "0.05".
struct RunSetting {
  std::string name, value;
  bool operator==(const RunSetting&) const = default;
};

/// The learning rate of one step and its position in the run in epochs: half an epoch is 0.5.
struct StepRate {
  double epochs = 0, rate = 0;
};

/// The result of `fit`: one record per epoch, in order. Numbers of epochs and batches in structs are indices, which begin
/// with 0. Text for people (progress, logs, file names, errors) counts from 1.
struct History {
  std::vector<EpochRecord> epochs{};
  bool stopped = false;                 // ended early: by a callback or early stopping
  std::optional<Index> best_epoch{};    // with early stopping: the best epoch's index in `epochs`, from 0; print it + 1
  std::vector<StepRate> learning_rates{};  // of a few hundred steps, spread over the run
  std::vector<RunSetting> settings{};      // the settings of the run as text, for reports
};

/// The argument of a batch callback, called after every batch. RunSetting stop_training ends the run here.
struct BatchEnd {
  Index epoch = 0, epochs = 0;    // this epoch (the first is 0) and their number
  Index batch = 0, batches = 0;   // this batch of the epoch and their number
  double loss = 0, accuracy = 0;  // means over the epoch so far
  double batch_loss = 0;          // of this batch alone
  double learning_rate = 0;       // of this step
  std::optional<RegressionScores> regression{};  // over the epoch so far, for regression; then accuracy is NaN
  bool stop_training = false;
};

/// The argument of an epoch callback, called after every epoch. RunSetting stop_training ends the run here.
struct EpochEnd {
  const EpochRecord& record;
  Index epochs = 0;                              // the number of epochs
  std::span<const EpochRecord> continued = {};   // the earlier epochs of a continued run
  bool stop_training = false;
};

namespace detail {

/// The mean loss and accuracy of a network over a set; for regression, RegressionScores and an accuracy of NaN.
struct Score {
  double loss = 0, accuracy = 0;
  std::optional<RegressionScores> regression{};
};

}  // namespace detail
}  // namespace lamina
