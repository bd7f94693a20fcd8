#pragma once

#include "../plots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "../../metrics/precision_recall.hpp"
#include "../../metrics/roc.hpp"
#include "../markup.hpp"
#include "../ticks.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void add_epochs(LinePlot& plot, const char* name, std::span<const double> values) {
  Series series{.name = name, .x = std::vector<double>(values.size()), .y = {values.begin(), values.end()}};
  std::iota(series.x.begin(), series.x.end(), 1.0);
  if (!values.empty()) plot.series.push_back(std::move(series));
}

LAMINA_FUNC std::vector<std::size_t> worst_classes(std::span<const double> areas) {
  std::vector<std::size_t> classes = ascending(areas);
  std::erase_if(classes, [&](std::size_t k) { return !std::isfinite(areas[k]); });
  if (classes.size() > 10) classes.resize(10);
  return classes;
}

LAMINA_FUNC std::string class_title(const char* title, std::size_t shown, std::size_t all) {
  return shown == all ? std::string(title) : detail::joined({title, ", the ", shown, " worst of ", all, " classes"});
}

LAMINA_FUNC std::string name_of(std::span<const std::string> names, std::size_t k) {
  return k < names.size() ? names[k] : std::to_string(k);
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC LinePlot loss_plot(const History& history, std::span<const double> test) {
  LinePlot plot = detail::over_epochs("Loss");
  detail::add_epochs(plot, "training", history, [](const EpochRecord& record) { return std::optional(record.loss); });
  detail::add_epochs(plot, "validation", history, [](const EpochRecord& record) { return record.validation_loss; });
  detail::add_epochs(plot, "test", test);
  return plot;
}

LAMINA_FUNC LinePlot accuracy_plot(const History& history, std::span<const double> test) {
  LinePlot plot = detail::over_epochs("Accuracy");
  detail::add_epochs(plot, "training", history,
                     [](const EpochRecord& record) { return std::optional(record.accuracy); });
  detail::add_epochs(plot, "validation", history, [](const EpochRecord& record) { return record.validation_accuracy; });
  detail::add_epochs(plot, "test", test);
  return plot;
}

LAMINA_FUNC LinePlot rmse_plot(const History& history) {
  const auto of = [](const std::optional<RegressionScores>& scores) {
    return scores ? std::optional(scores->rmse) : std::nullopt;
  };
  LinePlot plot = detail::over_epochs("Root mean squared error");
  detail::add_epochs(plot, "training", history, [&](const EpochRecord& record) { return of(record.regression); });
  detail::add_epochs(plot, "validation", history,
                     [&](const EpochRecord& record) { return of(record.validation_regression); });
  return plot;
}

LAMINA_FUNC LinePlot r2_plot(const History& history) {
  const auto of = [](const std::optional<RegressionScores>& scores) {
    return scores ? std::optional(scores->r2) : std::nullopt;
  };
  LinePlot plot = detail::over_epochs("R²");
  detail::add_epochs(plot, "training", history, [&](const EpochRecord& record) { return of(record.regression); });
  detail::add_epochs(plot, "validation", history,
                     [&](const EpochRecord& record) { return of(record.validation_regression); });
  return plot;
}

LAMINA_FUNC LinePlot prediction_plot(const ScoreTable& targets, const ScoreTable& predictions, Index k,
                                     std::string_view name) {
  if (targets.shape() != predictions.shape())
    throw ShapeError(str_cat("prediction_plot: expects as many predictions as targets ", targets.shape(), " but got ",
                             predictions.shape()));
  if (k < 0 || k >= targets.classes())
    throw OptionError(str_cat("prediction_plot: expects an output in 0 … ", targets.classes() - 1, " but got ", k));
  const Index N = targets.samples(), shown = (std::min<Index>)(N, 1000);
  Series points{.name = ""};
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (Index i = 0; i < shown; ++i) {
    const Index n = i * N / shown;
    points.x.push_back(targets(n, k));
    points.y.push_back(predictions(n, k));
    for (const double value : {targets(n, k), predictions(n, k)})
      if (detail::is_drawable(value)) {
        low = (std::min)(low, value);
        high = (std::max)(high, value);
      }
  }
  LinePlot plot{.title = detail::joined({"Predicted over true", name.empty() ? "" : ": ", name,
                                         shown < N ? detail::joined({", ", format_count(shown), " of ", format_count(N),
                                                                     " samples"})
                                                   : ""}),
                .x = {.label = "true"},
                .y = {.label = "predicted"},
                .series = {std::move(points)},
                .square = true,
                .points = true};
  if (low > high) return plot;
  if (low == high) low -= 0.5, high += 0.5;
  for (PlotAxis* axis : {&plot.x, &plot.y}) {
    axis->low = low;
    axis->high = high;
  }
  plot.guides = {{"right", {low, high}, {low, high}}};
  return plot;
}

LAMINA_FUNC LinePlot learning_rate_plot(const History& history) {
  LinePlot plot = detail::over_epochs("Learning rate");
  plot.y.low = 0;
  if (history.learning_rates.size() < 2) {
    detail::add_epochs(plot, "", history, [](const EpochRecord& record) { return std::optional(record.learning_rate); });
    return plot;
  }
  Series& series = plot.series.emplace_back();
  for (const auto& [epochs, rate] : history.learning_rates) {
    series.x.push_back(epochs);
    series.y.push_back(rate);
  }
  return plot;
}

LAMINA_FUNC LinePlot roc_plot(const detail::TrueClasses& truth, const ScoreTable& scores, std::span<const std::string> names) {
  const PerClass areas = roc_auc(truth, scores);
  const auto classes = detail::worst_classes(areas.classes);
  LinePlot plot{.title = detail::class_title("ROC curves", classes.size(), areas.classes.size()),
                .x = {.label = "false positive rate", .low = 0, .high = 1},
                .y = {.label = "true positive rate", .low = 0, .high = 1},
                .guides = {{"chance", {0, 1}, {0, 1}}},
                .square = true};
  for (const std::size_t k : classes) {
    RocCurve curve = roc_curve(truth, scores, static_cast<Index>(k));
    plot.series.push_back({detail::joined({detail::name_of(names, k), " (", format_fixed(areas.classes[k], 4), ")"}),
                           std::move(curve.false_positive_rate), std::move(curve.true_positive_rate)});
  }
  return plot;
}

LAMINA_FUNC LinePlot precision_recall_plot(const detail::TrueClasses& truth, const ScoreTable& scores,
                                      std::span<const std::string> names) {
  PerClass areas = average_precision(truth, scores);
  for (std::size_t k = 0; k < areas.classes.size(); ++k)
    if (truth.support(static_cast<Index>(k)) == 0) areas.classes[k] = std::nan("");
  const auto classes = detail::worst_classes(areas.classes);
  LinePlot plot{.title = detail::class_title("Precision and recall", classes.size(), areas.classes.size()),
                .x = {.label = "recall", .low = 0, .high = 1},
                .y = {.label = "precision", .low = 0, .high = 1},
                .square = true};
  for (const std::size_t k : classes) {
    PrecisionRecallCurve curve = precision_recall_curve(truth, scores, static_cast<Index>(k));
    plot.series.push_back({detail::joined({detail::name_of(names, k), " (", format_fixed(areas.classes[k], 4), ")"}),
                           std::move(curve.recall), std::move(curve.precision)});
  }
  return plot;
}

LAMINA_FUNC LinePlot reliability_plot(const Calibration& calibration) {
  LinePlot plot{.title = detail::joined({"Reliability, expected error ", format_fixed(calibration.expected_error, 4)}),
                .x = {.label = "probability", .low = 0, .high = 1},
                .y = {.label = "share that came true", .low = 0, .high = 1},
                .series = {{.name = ""}},
                .guides = {{"perfect", {0, 1}, {0, 1}}},
                .square = true};
  for (const CalibrationBin& bin : calibration.bins) {
    if (bin.count == 0) continue;
    plot.series[0].x.push_back(bin.confidence);
    plot.series[0].y.push_back(bin.accuracy);
  }
  return plot;
}

LAMINA_FUNC BarChart label_chart(std::span<const Index> counts, std::span<const std::string> names, std::string title) {
  BarChart chart{.title = std::move(title)};
  std::vector<double> sizes(counts.size());
  for (std::size_t k = 0; k < counts.size(); ++k) sizes[k] = counts.size() > 40 ? -static_cast<double>(counts[k]) : 0;
  const std::vector<std::size_t> order = detail::ascending(sizes);
  if (counts.size() > 40)
    chart.note = detail::joined(
        {"The 20 largest and the 20 smallest of ", format_count(static_cast<Index>(counts.size())), " classes."});
  for (std::size_t i = 0; i < order.size(); ++i)
    if (i < 20 || i + 20 >= order.size())
      chart.bars.push_back({detail::name_of(names, order[i]), static_cast<double>(counts[order[i]])});
  return chart;
}

LAMINA_FUNC HeatMap confusion_map(const ConfusionMatrix& confusion) {
  HeatMap map{.title = "Confusion matrix", .row_label = "true class", .column_label = "predicted class"};
  std::vector<double> mistakes(static_cast<std::size_t>(confusion.classes()));  // as negative numbers
  for (Index k = 0; k < confusion.classes(); ++k)
    mistakes[static_cast<std::size_t>(k)] =
        static_cast<double>(2 * confusion(k, k) - confusion.labelled(k) - confusion.predicted(k));
  const bool all = mistakes.size() <= 30;
  if (all) std::fill(mistakes.begin(), mistakes.end(), 0);
  std::vector<std::size_t> shown = detail::ascending(mistakes);
  if (!all) {
    shown.resize(30);
    std::sort(shown.begin(), shown.end());
    map.note =
        detail::joined({"The 30 of ", format_count(confusion.classes()),
                        " classes with the most mistakes; what was taken for, or is of, another class is not shown."});
  }
  for (const std::size_t i : shown) {
    map.names.push_back(confusion.class_names()[i]);
    map.cells.emplace_back();
    for (const std::size_t j : shown)
      map.cells.back().push_back(static_cast<double>(confusion(static_cast<Index>(i), static_cast<Index>(j))));
  }
  return map;
}

}  // namespace lamina
