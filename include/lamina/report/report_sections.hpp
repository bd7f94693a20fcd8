#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "../metrics/classification_report.hpp"
#include "../metrics/regression_evaluation.hpp"
#include "html_page.hpp"
#include "report_facts.hpp"

// These functions write the sections of a report. Each writes nothing if it has no content.
namespace LAMINA_NAMESPACE::detail {

void write_figures(HtmlPage& page, const ReportFacts& facts, const std::optional<ClassificationReport>& report,
                   const std::optional<RegressionEvaluation>& regression);

void write_data(HtmlPage& page, const ReportFacts& facts);

void write_model(HtmlPage& page, const ReportFacts& facts);

void write_training(HtmlPage& page, const ReportFacts& facts);

void write_inside(HtmlPage& page, const ReportFacts& facts);

void write_settings(HtmlPage& page, const ReportFacts& facts);

/// Returns the whole page.
std::string report_text(const ReportFacts& facts, std::string_view below);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/report_sections.ipp"
#endif
