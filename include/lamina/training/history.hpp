#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/shape.hpp"
#include "../metrics/regression_scores.hpp"

namespace LAMINA_NAMESPACE {

/// The results of one epoch. Training figures are means over the epoch's batches, each as it was before its own step. Where a
/// loss for regression judges rows of targets, there are RegressionScores and no accuracy.
struct EpochRecord {
  Index epoch = 0;                           // the first is 0
  double loss = 0, accuracy = 0;             // training; no accuracy of numbers: NaN
  std::optional<double> validation_loss{};  // after the epoch, where there is a validation set
  std::optional<double> validation_accuracy{};
  double learning_rate = 0;      // of its last step
  double seconds = 0;            // of training, validation not included
  double images_per_second = 0;  // trained samples ÷ seconds
  std::optional<RegressionScores> regression{};             // training, where targets are numbers
  std::optional<RegressionScores> validation_regression{};  // after the epoch, where those of the validation set are
};

/// A choice that was made for a run: "learning rate", "0.05".
struct Setting {
  std::string name, value;
  bool operator==(const Setting&) const = default;
};

/// The learning rate of one step, and where in the run that stands: half an epoch is 0.5.
struct StepRate {
  double epochs = 0, rate = 0;
};

/// What `fit` returns: one record per epoch, in order. Numbers of epochs and batches in structs are indices, which begin with 0.
/// What people read (progress, logs, names of files, errors' texts) counts from 1.
struct History {
  std::vector<EpochRecord> epochs{};
  bool stopped = false;                 // before the last batch of the last epoch: by a callback, or early stopping
  std::optional<Index> best_epoch{};    // where there is early stopping: the best one's index in `epochs`, from 0; print it + 1
  std::vector<StepRate> learning_rates{};  // of a few hundred steps spread over the run
  std::vector<Setting> settings{};         // what the run was made with, for people: a report shows it
};

/// What a callback is told after every batch. Setting stop_training ends the run here.
struct BatchEnd {
  Index epoch = 0, epochs = 0;    // the first is 0; how many there are
  Index batch = 0, batches = 0;   // of this epoch
  double loss = 0, accuracy = 0;  // means over the epoch so far
  double batch_loss = 0;          // of this batch alone
  double learning_rate = 0;       // of this step
  std::optional<RegressionScores> regression{};  // over the epoch so far, where targets are numbers; then accuracy is NaN
  bool stop_training = false;
};

/// What a callback is told after every epoch. Setting stop_training ends the run here.
struct EpochEnd {
  const EpochRecord& record;
  Index epochs = 0;                              // how many there are
  std::span<const EpochRecord> continued = {};   // of a run that was continued: the epochs that were behind it then
  bool stop_training = false;
};

namespace detail {

/// Mean loss and accuracy of a network over a set; of numbers RegressionScores, and an accuracy of NaN.
struct Score {
  double loss = 0, accuracy = 0;
  std::optional<RegressionScores> regression{};
};

}  // namespace detail
}  // namespace lamina
