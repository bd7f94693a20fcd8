#pragma once

// The code of reports, diagnoses and checks. compiled.hpp includes it.

#include "../doctor/impl/diagnose.ipp"
#include "../doctor/impl/diagnosis.ipp"
#include "../doctor/impl/look_at_copies.ipp"
#include "../doctor/impl/look_at_labels.ipp"
#include "../doctor/impl/look_at_network.ipp"
#include "../doctor/impl/look_at_samples.ipp"
#include "../doctor/impl/look_at_values.ipp"
#include "../doctor/impl/neighbours.ipp"
#include "../doctor/impl/sample_table.ipp"
#include "../doctor/impl/trials.ipp"
#include "../report/impl/class_answers.ipp"
#include "../report/impl/draw_lines.ipp"
#include "../report/impl/draw_tables.ipp"
#include "../report/impl/drawing.ipp"
#include "../report/impl/html_page.ipp"
#include "../report/impl/html_report.ipp"
#include "../report/impl/inside.ipp"
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

template detail::ClassAnswers detail::class_answers<float>(const detail::Answers<float>& model, const detail::DataView<float>& data, const std::vector<std::int32_t>& labels, Index threads, Index most);
template std::vector<LayerTime> time_layers<float>(const BasicModel<float>& model, const TimeLayersOptions& options);
template PictureGroup first_filters<float>(const BasicModel<float>& model, Index most);
template std::vector<PictureGroup> detail::feature_maps_of<float>(const BasicModel<float>& model, detail::TensorRef<float> x, Index most);

template detail::ClassAnswers detail::class_answers<double>(const detail::Answers<double>& model, const detail::DataView<double>& data, const std::vector<std::int32_t>& labels, Index threads, Index most);
template std::vector<LayerTime> time_layers<double>(const BasicModel<double>& model, const TimeLayersOptions& options);
template PictureGroup first_filters<double>(const BasicModel<double>& model, Index most);
template std::vector<PictureGroup> detail::feature_maps_of<double>(const BasicModel<double>& model, detail::TensorRef<double> x, Index most);

}  // namespace lamina
