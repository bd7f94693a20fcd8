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

// Plots of what lamina measures, to be written as SVG files, shown in a terminal, or put into a page.
namespace LAMINA_NAMESPACE {

namespace detail {

/// A figure of every epoch as a line, where there is one.
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

/// Figures of epoch 1, 2, … as a line, where there are any.
void add_epochs(LinePlot& plot, const char* name, std::span<const double> values);

inline LinePlot over_epochs(const char* title) { return {.title = title, .x = {.label = "epoch", .whole = true}}; }

/// The classes of the least areas, at most 10 of them: a plot of more lines shows nothing.
std::vector<std::size_t> worst_classes(std::span<const double> areas);

std::string class_title(const char* title, std::size_t shown, std::size_t all);

std::string name_of(std::span<const std::string> names, std::size_t k);

}  // namespace detail

/// Loss per epoch, of training and validation; and of a test set, where that was measured after each epoch.
LinePlot loss_plot(const History& history, std::span<const double> test = {});

/// Accuracy per epoch, as above.
LinePlot accuracy_plot(const History& history, std::span<const double> test = {});

/// Root mean squared error per epoch, and R², as above; without lines where targets are classes.
LinePlot rmse_plot(const History& history);
LinePlot r2_plot(const History& history);

/// The predictions of output k over their targets, (N, K) both, a point for each sample; of many samples 1,000. Points on the
/// diagonal are right. Throws ShapeError for different shapes and OptionError where there is no output k.
LinePlot prediction_plot(const ScoreTable& targets, const ScoreTable& predictions, Index k, std::string_view name = "");

/// Plots the learning rate of the steps that a history noted; without any, of the last step of each epoch.
LinePlot learning_rate_plot(const History& history);

/// The ROC curves of the classes, each against the rest, with their areas; of many classes the worst. Throws as
/// `roc_curve` does.
LinePlot roc_plot(const TrueClasses& truth, const ScoreTable& scores, std::span<const std::string> names = {});

/// The precision-recall curves of the classes, each against the rest, with their average precisions; of many classes
/// the worst; none of a class that no sample is of. Throws as `precision_recall_curve` does.
LinePlot precision_recall_plot(const TrueClasses& truth, const ScoreTable& scores,
                                      std::span<const std::string> names = {});

/// The reliability diagram: how often what was expected with some probability came true. On the diagonal for who knows
/// how sure to be; below it for who is too sure.
LinePlot reliability_plot(const Calibration& calibration);

/// How many samples each class has. Of more than 40 classes the 20 largest and the 20 smallest.
BarChart label_chart(std::span<const Index> counts, std::span<const std::string> names, std::string title);

/// A confusion matrix as a heat map. Of more than 30 classes those with the most mistakes, in their order.
HeatMap confusion_map(const ConfusionMatrix& confusion);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/plots.ipp"
#endif
