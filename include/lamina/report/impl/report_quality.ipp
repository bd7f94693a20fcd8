#pragma once

#include "../report_quality.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../plots.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string percent(double share) {
  return std::isfinite(share) ? format_fixed(100 * share, 2) + " %" : "–";
}

LAMINA_FUNC std::string score(double value, int digits) {
  return std::isfinite(value) ? format_fixed(value, digits) : "–";
}

LAMINA_FUNC std::string figure(double value) { return std::isfinite(value) ? format_value(value) : "–"; }

LAMINA_FUNC std::string microseconds(double seconds) { return format_fixed(1e6 * seconds, seconds < 1e-5 ? 1 : 0); }

LAMINA_FUNC void write_classes(HtmlPage& page, const ClassificationReport& report, const DetailedReport* detailed) {
  constexpr Index most = 100;
  constexpr std::string_view hyphen = "\xC2\xAD";  // a soft hyphen, at which a word may be broken
  const std::vector<std::size_t> shown = listed_classes(report.classes, most);
  page.heading("Classes");
  if (shown.size() < report.classes.size()) {
    page.note(joined({"The ", most, " of ", format_count(std::ssize(report.classes)), " classes with the least F1."}));
  }
  HtmlTable table{{"class", joined({"preci", hyphen, "sion"}), "recall", "F1"}};
  if (detailed)
    table.head.insert(table.head.end(),
                      {joined({"speci", hyphen, "ficity"}), "ROC AUC", joined({"average preci", hyphen, "sion"})});
  table.head.push_back("samples");
  const auto add = [&](const ClassScores& row, double specificity, double area, double precision) {
    table.rows.push_back({row.name, score(row.precision), score(row.recall), score(row.f1)});
    if (detailed)
      table.rows.back().insert(table.rows.back().end(), {score(specificity), score(area), score(precision)});
    table.rows.back().push_back(format_count(row.support));
  };
  for (const std::size_t k : shown)
    add(report.classes[k], detailed ? detailed->specificity.classes[k] : 0, detailed ? detailed->roc_auc.classes[k] : 0,
        detailed ? detailed->average_precision.classes[k] : 0);
  add(report.macro, detailed ? detailed->specificity.macro : 0, detailed ? detailed->roc_auc.macro : 0,
      detailed ? detailed->average_precision.macro : 0);
  add(report.weighted, detailed ? detailed->specificity.weighted : 0, detailed ? detailed->roc_auc.weighted : 0,
      detailed ? detailed->average_precision.weighted : 0);
  page.table(table);
}

LAMINA_FUNC void write_labels(HtmlPage& page, const ReportFacts& facts) {
  constexpr Index most = 100;
  const EvaluationData& judged = *facts.evaluation_data;
  const LabelReport report(judged.targets, judged.scores);
  page.heading("Labels");
  page.note(joined({"A sample gets the labels whose probability is above ½. ", percent(report.accuracy),
                    " of the decisions are right; ", percent(report.exact_match),
                    " of the samples have every label right."}));
  HtmlTable table{{"label", "precision", "recall", "F1", "samples"}};
  const auto add = [&](const std::string& who, const ClassScores& row) {
    table.rows.push_back({who, score(row.precision), score(row.recall), score(row.f1), format_count(row.support)});
  };
  const std::vector<std::size_t> shown = listed_classes(report.labels, most);
  for (const std::size_t k : shown) add(name_of(facts.class_names, k), report.labels[k]);
  for (const ClassScores* row : {&report.micro, &report.macro, &report.weighted, &report.samples}) add(row->name, *row);
  page.table(table);
  if (shown.size() < report.labels.size())
    page.note(joined({"The ", most, " of ", format_count(std::ssize(report.labels)), " labels with the least F1 are listed."}));
}

LAMINA_FUNC void write_regression(HtmlPage& page, const ReportFacts& facts, const RegressionEvaluation& evaluation) {
  constexpr std::size_t most_plots = 6, most_rows = 100;
  const EvaluationData& judged = *facts.evaluation_data;
  const std::size_t outputs = evaluation.outputs.size();
  const auto name = [&](std::size_t k) { return name_of(facts.class_names, k); };
  if (judged.is_finite()) {
    std::vector<Drawing> plots;
    for (std::size_t k = 0; k < (std::min)(outputs, most_plots); ++k)
      plots.push_back(
          draw(prediction_plot(judged.targets, judged.scores, static_cast<Index>(k), outputs > 1 ? name(k) : "")));
    page.drawings(plots);
  }
  HtmlTable table{{"output", "RMSE", "MAE", "R²"}};
  const auto add = [&](const std::string& who, double rmse, double mae, double r2) {
    table.rows.push_back({who, figure(rmse), figure(mae), figure(r2)});
  };
  for (std::size_t k = 0; k < (std::min)(outputs, most_rows); ++k)
    add(name(k), evaluation.outputs[k].rmse, evaluation.outputs[k].mae, evaluation.outputs[k].r2);
  if (outputs > 1) add("mean", evaluation.rmse, evaluation.mae, evaluation.r2);
  page.table(table);
  if (outputs > most_plots)
    page.note(joined({"The first ", most_plots, " outputs are drawn",
                      outputs > most_rows ? joined({", the first ", most_rows, " listed"}) : "", ", of ",
                      format_count(static_cast<Index>(outputs)), "."}));
}

LAMINA_FUNC void add_reliability(HtmlPage& page, std::vector<Drawing>& curves, const EvaluationData& judged) {
  if (judged.scores.size() == 0 && !judged.calibration)
    return page.note("No reliability diagram: the probabilities of some samples do not add up to 1.");
  try {
    curves.push_back(
        draw(reliability_plot(judged.calibration ? *judged.calibration : calibration(judged.labels, judged.scores))));
  } catch (const DataError& error) {
    page.note(joined({"No reliability diagram: ", error.what()}));
  }
}

LAMINA_FUNC void write_quality(HtmlPage& page, const ReportFacts& facts,
                               const std::optional<ConfusionMatrix>& confusion,
                               const std::optional<RegressionEvaluation>& regression) {
  if (!facts.evaluation_data) return;
  const EvaluationData& judged = *facts.evaluation_data;
  page.section(joined({"Quality on the ", judged.set, " set"}));
  const bool finite = judged.is_finite();
  if (!finite) page.note("Some of the network's outputs are not finite: did training diverge? Curves are left out.");
  if (regression) return write_regression(page, facts, *regression);
  const bool curves = finite && judged.has_curves();
  if (finite && !curves)
    page.note(joined({"ROC curves, precision-recall curves and the areas below them are left out, as there are more than ",
                      format_count(most_scores), " scores: roc_curve and precision_recall_curve draw those of a class."}));
  std::vector<Drawing> drawings;
  if (confusion) {
    drawings.push_back(draw(confusion_map(*confusion)));
    if (finite && !curves) add_reliability(page, drawings, judged);
    if (curves) {
      drawings.push_back(draw(roc_plot(judged.labels, judged.scores, facts.class_names)));
      drawings.push_back(draw(precision_recall_plot(judged.labels, judged.scores, facts.class_names)));
      add_reliability(page, drawings, judged);
    }
  } else if (judged.has_several_labels() && curves) {
    drawings.push_back(draw(roc_plot(judged.targets, judged.scores, facts.class_names)));
    drawings.push_back(draw(precision_recall_plot(judged.targets, judged.scores, facts.class_names)));
  }
  if (!drawings.empty()) page.drawings(drawings);
  if (judged.of_questions && judged.has_several_labels() && finite) write_labels(page, facts);
  if (!confusion) return;
  if (!curves) return write_classes(page, ClassificationReport(*confusion), nullptr);
  const DetailedReport detailed(judged.labels, judged.scores, {.class_names = confusion->class_names()});
  write_classes(page, detailed.report, &detailed);
}

LAMINA_FUNC void write_mistakes(HtmlPage& page, const ReportFacts& facts, Index mistakes) {
  if (!facts.evaluation_data || !facts.evaluation_data->has_labels) return;
  const EvaluationData& judged = *facts.evaluation_data;
  page.section("Worst mistakes");
  if (judged.mistakes.empty()) return page.note(mistakes == 0 ? "There is none." : "None is shown.");
  page.note(joined(
      {"The ", judged.mistakes.size(), " of ", format_count(mistakes),
       " that the network was surest of: what it took them for, with what probability, and that of the true class."}));
  if (!judged.mistake_pictures.empty()) return page.pictures(judged.mistake_pictures);
  HtmlTable table{{"true class", "taken for", "probability", "of the true class", "sample"}};
  for (const Mistake& mistake : judged.mistakes)
    table.rows.push_back({name_of(facts.class_names, static_cast<std::size_t>(mistake.label)),
                          name_of(facts.class_names, static_cast<std::size_t>(mistake.predicted)),
                          score(mistake.probability), score(mistake.label_probability),
                          std::to_string(mistake.sample)});
  page.table(table);
}

}  // namespace lamina::detail
