#pragma once

#include <cmath>
#include <fstream>
#include <lamina/training/history.hpp>
#include <sstream>
#include <string>

#include "../refusal.hpp"
#include "../data/scratch.hpp"

inline std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Epochs and a batch whose numbers have short decimals.
inline const lamina::EpochRecord plain_epoch{
    .epoch = 0, .loss = 0.5, .accuracy = 0.75, .learning_rate = 0.1, .seconds = 2, .images_per_second = 1e6};
inline const lamina::EpochRecord judged_epoch{.epoch = 1,
                                              .loss = 0.25,
                                              .accuracy = 1,
                                              .validation_loss = 0.125,
                                              .validation_accuracy = 0.875,
                                              .learning_rate = 2.5e-7,
                                              .seconds = 1.5,
                                              .images_per_second = 12.5};
inline const lamina::BatchEnd a_batch{.epoch = 1,
                                      .epochs = 3,
                                      .batch = 4,
                                      .batches = 9,
                                      .loss = 0.5,
                                      .accuracy = 0.25,
                                      .batch_loss = 0.75,
                                      .learning_rate = 0.1};

/// The same of a regression.
inline const lamina::EpochRecord epoch_of_numbers{.epoch = 0,
                                                  .loss = 0.5,
                                                  .accuracy = std::nan(""),
                                                  .learning_rate = 0.1,
                                                  .seconds = 2,
                                                  .images_per_second = 1e6,
                                                  .regression = lamina::RegressionScores{2, 1.5, 0.75}};
inline const lamina::EpochRecord judged_epoch_of_numbers{.epoch = 0,
                                                         .loss = 0.5,
                                                         .accuracy = std::nan(""),
                                                         .validation_loss = 0.125,
                                                         .learning_rate = 0.1,
                                                         .seconds = 2,
                                                         .images_per_second = 1e6,
                                                         .regression = lamina::RegressionScores{2, 1.5, 0.75},
                                                         .validation_regression = lamina::RegressionScores{4, 3, 0.5}};
inline const lamina::BatchEnd batch_of_numbers{.epoch = 1,
                                               .epochs = 3,
                                               .batch = 4,
                                               .batches = 9,
                                               .loss = 0.5,
                                               .accuracy = std::nan(""),
                                               .batch_loss = 0.75,
                                               .learning_rate = 0.1,
                                               .regression = lamina::RegressionScores{0.5, 0.25, -1}};
