#pragma once

#include "../report_sections.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "../plots.hpp"
#include "../report_quality.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void write_figures(HtmlPage& page, const ReportFacts& facts,
                               const std::optional<ClassificationReport>& report,
                               const std::optional<RegressionEvaluation>& regression) {
  std::vector<std::pair<std::string, std::string>> figures;
  if (report) {
    figures.emplace_back(facts.evaluation_data->set + " accuracy", percent(report->accuracy));
    figures.emplace_back(
        "mistakes",
        joined({format_count(std::lround((1 - report->accuracy) * static_cast<double>(facts.evaluation_data->samples()))),
                " of ", format_count(facts.evaluation_data->samples())}));
  }
  if (regression) {
    figures.emplace_back(facts.evaluation_data->set + " RMSE", figure(regression->rmse));
    figures.emplace_back("MAE", figure(regression->mae));
    figures.emplace_back("R²", figure(regression->r2));
  }
  if (facts.summary) figures.emplace_back("parameters", format_count(facts.summary->parameters));
  if (facts.history && !facts.history->epochs.empty()) {
    double seconds = 0;
    for (const EpochRecord& record : facts.history->epochs) seconds += record.seconds;
    figures.emplace_back("epochs", format_count(std::ssize(facts.history->epochs)));
    figures.emplace_back("time of training", format_duration(seconds));
  }
  if (!figures.empty()) page.figures(figures);
}

LAMINA_FUNC void write_data(HtmlPage& page, const ReportFacts& facts) {
  if (facts.data.empty()) return;
  page.section("Data");
  HtmlTable table{{"set", "samples", "shape", "values", "classes", "per class"}};
  std::vector<Drawing> charts;
  for (const DataFacts& data : facts.data) {
    const auto [least, most] = std::minmax_element(data.counts.begin(), data.counts.end());
    const bool counted = !data.counts.empty();
    table.rows.push_back({data.name, format_count(data.samples), data.shape, data.values,
                          data.has_labels ? format_count(data.classes) : joined({"rows of ", format_count(data.classes)}),
                          !counted          ? "–"
                          : *least == *most ? format_count(*least)
                                            : joined({format_count(*least), " – ", format_count(*most)})});
    if (counted)
      charts.push_back(
          draw(label_chart(data.counts, facts.class_names, joined({"Labels of the ", data.name, " set"}))));
  }
  page.begin_beside();
  page.table(table);
  if (!charts.empty()) page.drawings(charts);
  page.end_beside();
  if (!facts.samples.empty()) {
    page.heading(joined({"Samples of the ", facts.sampled, " set"}));
    page.pictures(facts.samples);
  }
  if (facts.augmented) {
    page.heading("Augmented");
    page.note("In each row first the sample itself, then what training may make of it.");
    page.pictures({&*facts.augmented, 1}, "large");
  }
}

LAMINA_FUNC void write_model(HtmlPage& page, const ReportFacts& facts) {
  if (!facts.summary) return;
  page.section("Model", SectionWidth::narrow);
  const bool timed = !facts.times.empty();
  HtmlTable table{{"layer", "output", "parameters", "multiply-adds"}};
  if (timed) table.head.insert(table.head.end(), {"forward, µs", "backward, µs"});
  double forward = 0, backward = 0;
  for (std::size_t i = 0; i < facts.summary->rows.size(); ++i) {
    const Summary::Row& row = facts.summary->rows[i];
    table.rows.push_back({joined({row.path, row.path.empty() ? "" : " ", row.layer}), row.shape,
                          format_count(row.parameters), row.multiply_adds ? format_count(*row.multiply_adds) : "–"});
    if (!timed) continue;
    const LayerTime& time = facts.times[i];
    table.rows.back().insert(table.rows.back().end(), {microseconds(time.forward), microseconds(time.backward)});
    forward += time.forward;
    backward += time.backward;
  }
  table.rows.push_back(
      {"all layers", "", format_count(facts.summary->parameters), format_count(facts.summary->multiply_adds)});
  if (timed) table.rows.back().insert(table.rows.back().end(), {microseconds(forward), microseconds(backward)});
  page.table(table);
  page.note(joined(
      {"Output and multiply-adds are of one sample. The parameters take ", format_count(facts.summary->bytes),
       " bytes.",
       timed ? joined({" Times are of a batch of ", format_count(facts.time_batch),
                       ", each layer alone on one thread; the network itself fuses some layers, which is faster."})
             : ""}));
}

LAMINA_FUNC void write_training(HtmlPage& page, const ReportFacts& facts) {
  if (!facts.history && facts.test_loss.empty() && facts.test_accuracy.empty()) return;
  const History none, &history = facts.history ? *facts.history : none;
  page.section("Training");
  const bool nothing = history.epochs.empty() && facts.test_loss.empty() && facts.test_accuracy.empty();
  if (nothing) return page.note("No epoch was trained.");
  std::vector<Drawing> curves{draw(loss_plot(history, facts.test_loss))};
  if (has_numbers(history)) {
    curves.push_back(draw(rmse_plot(history)));
    curves.push_back(draw(r2_plot(history)));
  } else {
    curves.push_back(draw(accuracy_plot(history, facts.test_accuracy)));
  }
  if (!history.epochs.empty()) curves.push_back(draw(learning_rate_plot(history)));
  page.drawings(curves);
  if (history.epochs.empty()) return;
  const EpochRecord& last = history.epochs.back();
  const auto reached = [](const std::optional<RegressionScores>& scores, std::optional<double> accuracy) {
    if (scores) return joined({", RMSE ", figure(scores->rmse), ", R² ", figure(scores->r2)});
    return accuracy ? joined({", accuracy ", score(*accuracy)}) : std::string();
  };
  page.note(joined({"The last epoch: training loss ", format_value(last.loss), reached(last.regression, last.accuracy),
                    last.validation_loss ? joined({"; validation loss ", format_value(*last.validation_loss)}) : "",
                    reached(last.validation_regression, last.validation_accuracy),
                    last.images_per_second > 0
                        ? joined({"; ", format_count(std::lround((std::min)(last.images_per_second, 1e15))), " samples per second"})
                        : "", ".",
                    history.stopped ? " The training was stopped before its end." : ""}));
}

LAMINA_FUNC void write_inside(HtmlPage& page, const ReportFacts& facts) {
  if (facts.filters.pictures.empty() && facts.feature_maps.empty()) return;
  page.section("Inside the network");
  if (!facts.filters.pictures.empty()) {
    page.heading(joined({"First filters: ", facts.filters.title}));
    page.pictures(facts.filters.pictures, "small");
  }
  if (!facts.feature_maps.empty()) {
    page.heading(joined({"What the layers make of ", facts.feature_sample}));
    if (!facts.feature_picture.empty()) {
      page.note("the sample");
      page.pictures(facts.feature_picture, "small");
    }
  }
  for (const PictureGroup& group : facts.feature_maps) {
    page.note(group.title);
    page.pictures(group.pictures, "small");
  }
}

LAMINA_FUNC void write_settings(HtmlPage& page, const ReportFacts& facts) {
  page.section("Settings", facts.summary ? SectionWidth::narrow : SectionWidth::whole);
  HtmlTable table{{"setting", "value"}};
  if (facts.history)
    for (const RunSetting& setting : facts.history->settings) table.rows.push_back({setting.name, setting.value});
  for (const RunSetting& setting : facts.settings) table.rows.push_back({setting.name, setting.value});
  if (facts.seed) table.rows.push_back({"seed", std::to_string(*facts.seed)});
  for (const RunSetting& setting : versions()) table.rows.push_back({setting.name, setting.value});
  page.table(table);
}

LAMINA_FUNC std::string report_text(const ReportFacts& facts, std::string_view below) {
  HtmlPage page(facts.title);
  std::optional<ConfusionMatrix> confusion;
  std::optional<ClassificationReport> report;
  if (facts.evaluation_data && facts.evaluation_data->has_labels) {
    confusion.emplace(facts.class_names);
    confusion->add(facts.evaluation_data->labels, facts.evaluation_data->predicted.empty() ? lamina::argmax(facts.evaluation_data->scores)
                                                                               : facts.evaluation_data->predicted);
    report.emplace(*confusion);
  }
  std::optional<RegressionEvaluation> regression;
  if (facts.evaluation_data && facts.evaluation_data->of_numbers)
    regression.emplace(facts.evaluation_data->targets, facts.evaluation_data->scores);
  write_figures(page, facts, report, regression);
  write_data(page, facts);
  write_model(page, facts);
  write_settings(page, facts);
  write_training(page, facts);
  write_quality(page, facts, confusion, regression);
  write_mistakes(page, facts, confusion ? confusion->samples() - confusion->correct() : 0);
  write_inside(page, facts);
  return page.text(below);
}

}  // namespace lamina::detail
