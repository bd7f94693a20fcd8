#pragma once

// The code of reports, diagnoses and checks. compiled.hpp includes it.

#include "../diagnostics/impl/diagnose.ipp"
#include "../diagnostics/impl/diagnosis.ipp"
#include "../diagnostics/impl/check_copies.ipp"
#include "../diagnostics/impl/check_labels.ipp"
#include "../diagnostics/impl/check_network.ipp"
#include "../diagnostics/impl/check_samples.ipp"
#include "../diagnostics/impl/check_values.ipp"
#include "../diagnostics/impl/neighbours.ipp"
#include "../diagnostics/impl/sample_table.ipp"
#include "../diagnostics/impl/trials.ipp"
#include "../report/impl/class_answers.ipp"
#include "../report/impl/draw_lines.ipp"
#include "../report/impl/draw_tables.ipp"
#include "../report/impl/drawing.ipp"
#include "../report/impl/html_page.ipp"
#include "../report/impl/html_report.ipp"
#include "../report/impl/introspection.ipp"
#include "../report/impl/markup.ipp"
#include "../report/impl/mistakes.ipp"
#include "../report/impl/pictures.ipp"
#include "../report/impl/plots.ipp"
#include "../report/impl/report_facts.ipp"
#include "../report/impl/report_quality.ipp"
#include "../report/impl/report_sections.ipp"
#include "../report/impl/terminal_heat_map.ipp"
#include "../report/impl/terminal_plot.ipp"
#include "../report/impl/text_picture.ipp"
#include "../report/impl/ticks.ipp"
#include "../testing/impl/gradient_check.ipp"

namespace LAMINA_NAMESPACE {

template detail::ClassAnswers detail::class_answers<float>(const detail::InferenceModel<float>& model, const detail::DataView<float>& data, const std::vector<std::int32_t>& labels, Index threads, Index most);
template std::vector<LayerTime> time_layers<float>(const BasicModel<float>& model, const TimeLayersOptions& options);
template PictureGroup first_filters<float>(const BasicModel<float>& model, Index most);
template std::vector<PictureGroup> detail::feature_maps_of<float>(const BasicModel<float>& model, detail::TensorRef<float> x, Index most);

template detail::ClassAnswers detail::class_answers<double>(const detail::InferenceModel<double>& model, const detail::DataView<double>& data, const std::vector<std::int32_t>& labels, Index threads, Index most);
template std::vector<LayerTime> time_layers<double>(const BasicModel<double>& model, const TimeLayersOptions& options);
template PictureGroup first_filters<double>(const BasicModel<double>& model, Index most);
template std::vector<PictureGroup> detail::feature_maps_of<double>(const BasicModel<double>& model, detail::TensorRef<double> x, Index most);

}  // namespace lamina
