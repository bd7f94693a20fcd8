#pragma once

// What the study shows of its sweeps: in the terminal, and as files.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <locale>
#include <span>
#include <string>
#include <vector>

#include "sweep.hpp"

namespace study {

/// A sweep, with augmentation or without, and how long it took.
struct SweepResult {
  bool augmented;
  std::vector<Outcome> outcomes;
  double seconds;
};

inline const char* name_of(const SweepResult& sweep) {
  return sweep.augmented ? "with augmentation" : "without augmentation";
}

/// One trial: its epochs, and how well it does on the validation part.
inline void show_trial(const SweepResult& sweep, const Outcome& outcome) {
  const Trial& trial = outcome.trial;
  std::cout << "---- " << trial.filters << " filters, learning rate " << trial.learning_rate << ", " << name_of(sweep)
            << (outcome.history.stopped ? ", stopped" : "")
            << "\n\nepoch    loss  accuracy  test loss  test accuracy\n";
  for (std::size_t i = 0; i < outcome.history.epochs.size(); ++i) {
    const EpochRecord& epoch = outcome.history.epochs[i];
    std::cout << align_right(std::to_string(epoch.epoch + 1), 5) << align_right(format_fixed(epoch.loss, 4), 8)
              << align_right(format_fixed(epoch.accuracy, 4), 10)
              << align_right(format_fixed(outcome.test_loss[i], 4), 11)
              << align_right(format_fixed(outcome.test_accuracy[i], 4), 15) << '\n';
  }
  std::cout << "\nvalidation part: " << outcome.validation << '\n';
}

/// A trial's outcome, or null where Ctrl-C came before.
inline const Outcome* find(const SweepResult& sweep, const Trial& trial) {
  for (const Outcome& outcome : sweep.outcomes)
    if (outcome.trial.filters == trial.filters && outcome.trial.learning_rate == trial.learning_rate) return &outcome;
  return nullptr;
}

/// The columns of the comparison that one sweep gives for a trial.
inline std::string compared(const SweepResult& sweep, const Trial& trial) {
  const Outcome* const outcome = find(sweep, trial);
  if (!outcome) return align_right("-", 9) + align_right("-", 12) + align_right("-", 7);
  return align_right(format_fixed(outcome->test_accuracy.back(), 3), 9) +
         align_right(format_fixed(outcome->validation.accuracy, 3), 12) +
         align_right(format_fixed(outcome->seconds, 1), 7) + (outcome->history.stopped ? " stopped" : "");
}

/// Loss, or accuracy, of every hundred images.
inline LinePlot running_plot(const Outcome& outcome, const char* title, double Hundred::*figure) {
  LinePlot plot{
      .title = str_cat(title, " of every 100 images"), .x = {.label = "epoch", .low = 0}, .series = {{.name = ""}}};
  Index images = 1;  // of an epoch
  for (const Hundred& hundred : outcome.running) images = std::max(images, hundred.images);
  for (const Hundred& hundred : outcome.running) {
    plot.series[0].x.push_back(static_cast<double>(hundred.epoch) +
                               static_cast<double>(hundred.images) / static_cast<double>(images));
    plot.series[0].y.push_back(hundred.*figure);
  }
  return plot;
}

/// The test part's accuracy after each epoch, of all trials.
inline LinePlot accuracies_plot(const SweepResult& sweep) {
  LinePlot plot{.title = str_cat("Test accuracy, ", name_of(sweep)), .x = {.label = "epoch", .whole = true}};
  for (const Outcome& outcome : sweep.outcomes) {
    Series series{.name = str_cat(outcome.trial.filters, " filters, ", outcome.trial.learning_rate)};
    for (std::size_t i = 0; i < outcome.test_accuracy.size(); ++i) series.x.push_back(static_cast<double>(i + 1));
    series.y = outcome.test_accuracy;
    plot.series.push_back(std::move(series));
  }
  return plot;
}

/// All trials beside the study's own results.
inline void show_comparison(std::span<const SweepResult> sweeps) {
  std::cout << "                    study";
  for (const SweepResult& sweep : sweeps) std::cout << align_right(name_of(sweep), 28);
  std::cout << "\nfilters    rate   on 231";
  for (std::size_t i = 0; i < sweeps.size(); ++i) std::cout << "     test  validation      s";
  std::cout << '\n';
  for (const Trial& trial : trials) {
    std::cout << align_right(std::to_string(trial.filters), 7) << align_right(format_fixed(trial.learning_rate, 3), 8)
              << align_right(format_fixed(trial.studied, 3), 9);
    for (const SweepResult& sweep : sweeps) std::cout << compared(sweep, trial);
    std::cout << '\n';
  }
  for (const SweepResult& sweep : sweeps)
    std::cout << "the " << sweep.outcomes.size() << " runs " << name_of(sweep) << " took "
              << format_fixed(sweep.seconds, 1) << " s\n";
  for (const SweepResult& sweep : sweeps)
    std::cout << '\n' << terminal_plot(accuracies_plot(sweep), Terminal::detect(stdout));
  std::cout << '\n';
}

/// The running figures of a trial: epoch,images,loss,accuracy.
inline void write_running(const std::filesystem::path& file, const Outcome& outcome) {
  std::ofstream csv(file);
  csv.imbue(std::locale::classic());
  csv << "epoch,images,loss,accuracy\n";
  for (const Hundred& hundred : outcome.running)
    csv << hundred.epoch + 1 << ',' << hundred.images << ',' << hundred.loss << ',' << hundred.accuracy << '\n';
  if (!csv.flush()) throw DataError(str_cat(file.string(), ": cannot be written"));
}

/// A sweep's accuracies as a plot, and a file of each trial's running figures.
inline void write_files(const std::filesystem::path& work, const SweepResult& sweep) {
  const std::filesystem::path folder = work / (sweep.augmented ? "augmented" : "plain");
  std::filesystem::create_directories(folder);
  for (const Outcome& outcome : sweep.outcomes)
    write_running(folder / str_cat(outcome.trial.filters, "-", outcome.trial.learning_rate, ".csv"), outcome);
  write_svg(folder / "accuracies.svg", accuracies_plot(sweep));
}

}  // namespace study
