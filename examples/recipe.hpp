#pragma once

// What the examples that train residual networks on small pictures share: the options of their recipe.

#include <cstdint>
#include <optional>
#include <string>

#include <lamina/core/thread_pool.hpp>

#include "options.hpp"

namespace examples {

struct Recipe {
  double learning_rate;
  double weight_decay = 5e-4, label_smoothing = 0.1, average = 0.99;
  lamina::Index batch_size = 128, threads = lamina::hardware_threads();
  std::optional<lamina::Index> shards{}, train_limit{};
  std::uint64_t seed = 42;
  bool validate = false;
  std::string save{}, report{};

  /// Adds the options. `rate_help` tells of the learning rate.
  void add_to(Options& options, const char* rate_help) {
    options.add("--batch-size", "N", "samples per step (128)", batch_size);
    options.add("--shards", "N", "parts of a batch, which threads and processes share; statistics are those of a part (4)", shards);
    options.add("--learning-rate", "X", rate_help, learning_rate);
    options.add("--weight-decay", "X", "of SGD (0.0005)", weight_decay);
    options.add("--label-smoothing", "X", "share of the target that all classes get (0.1)", label_smoothing);
    options.add("--average", "X", "decay of the average of the parameters over the steps; 0: none (0.99)", average);
    options.add("--train-limit", "N", "train on the first N samples only", train_limit);
    options.add("--threads", "N", "the same result with any number (all cores)", threads);
    options.add("--seed", "N", "of the first weights, the order of samples and what is varied (42)", seed);
    options.add("--validate", "hold 5,000 training images out and judge by these, not by the test set", validate);
    options.add("--save", "FILE", "write the model when trained, as safetensors", save);
    options.add("--report", "FILE", "write a page about the training, as HTML", report);
  }

  /// Throws UsageError for what cannot be.
  void check() const {
    require_at_least_one("--batch-size", batch_size);
    require_at_least_one("--shards", shards.value_or(1));
    require_at_least_one("--train-limit", train_limit.value_or(1));
    require_at_least_one("--threads", threads);
    require(learning_rate > 0 && learning_rate < 100, "--learning-rate", "a number of 0 … 100", learning_rate);
    require(weight_decay >= 0 && weight_decay < 1, "--weight-decay", "a number of at least 0 and below 1", weight_decay);
    require(label_smoothing >= 0 && label_smoothing < 1, "--label-smoothing", "a number of at least 0 and below 1", label_smoothing);
    require(average >= 0 && average < 1, "--average", "a number of at least 0 and below 1", average);
    require_folder_of("--save", save);
    require_folder_of("--report", report);
  }
};

}  // namespace examples
