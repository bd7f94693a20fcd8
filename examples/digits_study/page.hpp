#pragma once

// The study as one page: the comparison, and for each trial its curves, scores and confusion matrix.

#include <array>
#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "results.hpp"

namespace study {

inline HtmlTable comparison_table(std::span<const SweepResult> sweeps) {
  HtmlTable table{.head = {"filters / rate", "study, 231 images"}};
  for (const SweepResult& sweep : sweeps)
    for (const char* what : {"test", "validation", "seconds"}) table.head.push_back(str_cat(what, " ", name_of(sweep)));
  for (const Trial& trial : trials) {
    std::vector<std::string> row{name_of(trial), format_fixed(trial.studied, 3)};
    for (const SweepResult& sweep : sweeps)
      if (const Outcome* outcome = find(sweep, trial))
        row.insert(row.end(), {format_fixed(outcome->test_accuracy.back(), 3),
                               format_fixed(outcome->validation.accuracy, 3), format_fixed(outcome->seconds, 1)});
      else
        row.insert(row.end(), 3, "-");
    table.rows.push_back(std::move(row));
  }
  return table;
}

inline HtmlTable scores_table(const ClassificationReport& report) {
  HtmlTable table{.head = {"class", "precision", "recall", "f1-score", "support"}};
  const auto add = [&](const ClassScores& scores) {
    table.rows.push_back({scores.name, format_fixed(scores.precision, 2), format_fixed(scores.recall, 2),
                          format_fixed(scores.f1, 2), std::to_string(scores.support)});
  };
  for (const ClassScores& scores : report.classes) add(scores);
  add(report.macro);
  add(report.weighted);
  return table;
}

inline void tell_of_trial(HtmlPage& page, const SweepResult& sweep, const Outcome& outcome) {
  page.section(
      str_cat(outcome.trial.filters, " filters, learning rate ", outcome.trial.learning_rate, ", ", name_of(sweep)));
  page.note(str_cat("Accuracy on the validation part ", format_fixed(outcome.validation.accuracy, 4), ", loss ",
                    format_value(outcome.validation.mean_loss.value()),
                    outcome.history.stopped ? "; stopped early." : "."));
  page.plots(loss_plot(outcome.history, outcome.test_loss), accuracy_plot(outcome.history, outcome.test_accuracy),
             running_plot(outcome, "Loss", &Hundred::loss), running_plot(outcome, "Accuracy", &Hundred::accuracy),
             confusion_map(outcome.validation.confusion));
  page.table(scores_table(outcome.validation.report));
}

/// Writes the page, with the labels of all images and what augmentation makes of some.
inline void write_page(const std::filesystem::path& file, const Dataset<3>& data, const Picture& augmented,
                       std::span<const SweepResult> sweeps) {
  HtmlPage page("A study of digits");
  page.section("Comparison");
  page.paragraph(
      "The test part was judged after each epoch, the validation part once, at the end. These are the study's "
      "words: common usage has them the other way round.");
  page.table(comparison_table(sweeps));
  for (const SweepResult& sweep : sweeps) page.plots(accuracies_plot(sweep));
  page.section("Data");
  std::vector<std::string> names;
  for (Index k = 0; k < data.classes(); ++k) names.push_back(data.class_name(k));
  page.plots(label_chart(data.class_counts(), names, str_cat(format_count(data.size()), " images")));
  page.paragraph("In each row an image of the training part, and what the study's augmentation makes of it.");
  page.pictures(std::array{augmented}, "large");
  for (const SweepResult& sweep : sweeps)
    for (const Outcome& outcome : sweep.outcomes) tell_of_trial(page, sweep, outcome);
  const std::string text = page.text(str_cat("Written by lamina ", library_version, "."));
  write_file(file, std::as_bytes(std::span(text)));
}

}  // namespace study
