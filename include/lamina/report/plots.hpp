#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/text.hpp"
#include "../metrics/calibration.hpp"
#include "../metrics/confusion_matrix.hpp"
#include "../training/history.hpp"
#include "plot.hpp"

// These functions plot lamina's measurements, for SVG files, terminals and pages.
namespace LAMINA_NAMESPACE {

namespace detail {

/// Adds a figure of every epoch as a line, if there is one.
template <typename Figure>
void add_epochs(LinePlot& plot, const char* name, const History& history, Figure figure) {
  Series series{.name = name};
  for (const EpochRecord& record : history.epochs) {
    const std::optional<double> value = figure(record);
    if (!value) continue;
    series.x.push_back(static_cast<double>(record.epoch + 1));
    series.y.push_back(*value);
  }
  if (!series.x.empty()) plot.series.push_back(std::move(series));
}

/// Adds figures of epoch 1, 2, … as a line, if there are any.
void add_epochs(LinePlot& plot, const char* name, std::span<const double> values);

inline LinePlot over_epochs(const char* title) { return {.title = title, .x = {.label = "epoch", .whole = true}}; }

/// Returns the classes with the smallest areas, at most 10: more lines would be unreadable.
std::vector<std::size_t> worst_classes(std::span<const double> areas);

std::string class_title(const char* title, std::size_t shown, std::size_t all);

std::string name_of(std::span<const std::string> names, std::size_t k);

}  // namespace detail

/// Returns a plot of the loss per epoch, of training and validation; and of a test set, if it was measured after each epoch.
LinePlot loss_plot(const History& history, std::span<const double> test = {});

/// Returns a plot of the accuracy per epoch, likewise.
LinePlot accuracy_plot(const History& history, std::span<const double> test = {});

/// Returns a plot of the root mean squared error per epoch, and of R², likewise; without lines if targets are classes.
LinePlot rmse_plot(const History& history);
LinePlot r2_plot(const History& history);

/// Returns a plot of the predictions of output k over their targets, (N, K) both, with a point per sample, at most 1,000.
/// Points on the diagonal are right. Throws ShapeError for different shapes and OptionError if there is no output k.
LinePlot prediction_plot(const ScoreTable& targets, const ScoreTable& predictions, Index k, std::string_view name = "");

/// Plots the learning rate of the steps that a history noted; without any, of the last step of each epoch.
LinePlot learning_rate_plot(const History& history);

/// Returns a plot of the classes' ROC curves, each against the rest, with their areas; of many classes, the worst. Throws
/// as `roc_curve` does.
LinePlot roc_plot(const detail::TrueClasses& truth, const ScoreTable& scores, std::span<const std::string> names = {});

/// Returns a plot of the classes' precision-recall curves, each against the rest, with their average precisions; of many
/// classes, the worst. Classes without samples are left out. Throws as `precision_recall_curve` does.
LinePlot precision_recall_plot(const detail::TrueClasses& truth, const ScoreTable& scores,
                                      std::span<const std::string> names = {});

/// Returns the reliability diagram: how often predictions with some probability came true. Well-calibrated predictions
/// are on the diagonal, overconfident ones below it.
LinePlot reliability_plot(const Calibration& calibration);

/// Returns a chart of the number of samples of each class. Of more than 40 classes it shows the 20 largest and the 20 smallest.
BarChart label_chart(std::span<const Index> counts, std::span<const std::string> names, std::string title);

/// Returns a confusion matrix as a heat map. Of more than 30 classes it shows those with the most mistakes, in their order.
HeatMap confusion_map(const ConfusionMatrix& confusion);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/plots.ipp"
#endif
