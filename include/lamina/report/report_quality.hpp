#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "../metrics/detailed_report.hpp"
#include "../metrics/label_report.hpp"
#include "../metrics/regression_evaluation.hpp"
#include "html_page.hpp"
#include "report_facts.hpp"

// These sections of a report show how good a network is.
namespace LAMINA_NAMESPACE::detail {

std::string percent(double share);
std::string score(double value, int digits = 4);
std::string figure(double value);
std::string microseconds(double seconds);

/// Writes the scores of the classes; of more than a page should list, those with the lowest F1.
void write_classes(HtmlPage& page, const ClassificationReport& report, const DetailedReport* detailed);

/// Writes precision, recall and F1 of each of several labels at once.
void write_labels(HtmlPage& page, const ReportFacts& facts);

/// Writes RMSE, MAE and R² of each output, and predictions over targets.
void write_regression(HtmlPage& page, const ReportFacts& facts, const RegressionEvaluation& evaluation);

/// Adds the reliability diagram if the scores are distributions over the classes.
void add_reliability(HtmlPage& page, std::vector<Drawing>& curves, const EvaluationData& judged);

void write_quality(HtmlPage& page, const ReportFacts& facts, const std::optional<ConfusionMatrix>& confusion,
                   const std::optional<RegressionEvaluation>& regression);

void write_mistakes(HtmlPage& page, const ReportFacts& facts, Index mistakes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/report_quality.ipp"
#endif
