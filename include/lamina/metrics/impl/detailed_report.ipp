#pragma once

#include "../detailed_report.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC DetailedReport::DetailedReport(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                                           const ConfusionMatrix& confusion, int digits)
    : report(confusion, {.digits = digits}),
      specificity(lamina::specificity(confusion)),
      roc_auc(lamina::roc_auc(labels, probabilities)),
      average_precision(lamina::average_precision(labels, probabilities)) {
  for (const ClassScores& row : report.classes)
    if (row.support == confusion.samples()) with_all_samples.push_back(row.name);
}

LAMINA_FUNC ConfusionMatrix DetailedReport::counted(std::span<const std::int32_t> labels,
                                                    const ScoreTable& probabilities,
                                                    const DetailedReportOptions& options) {
  detail::TrueClasses(labels).check("DetailedReport", probabilities);
  probabilities.check_finite("DetailedReport");
  const Index names = static_cast<Index>(options.class_names.size()), K = probabilities.classes();
  if (names != 0 && names != K)
    throw OptionError(str_cat("DetailedReport: expects a name for each of the ", K, " classes but got ", names));
  ConfusionMatrix confusion = names == 0 ? ConfusionMatrix(K) : ConfusionMatrix(options.class_names);
  for (Index n = 0; n < probabilities.samples(); ++n)
    confusion.add(labels[static_cast<std::size_t>(n)], static_cast<std::int32_t>(probabilities.highest(n)));
  return confusion;
}

LAMINA_FUNC void DetailedReport::print(std::ostream& out, Index width, const ClassScores& row, double of_rest,
                                       double area, double precision) const {
  out << align_right(printable(row.name), width) << "  " << report.cell(row.precision) << ' ' << report.cell(row.recall) << ' '
      << align_right(report.cell(of_rest), 11) << ' ' << report.cell(row.f1) << ' ' << report.cell(area) << ' '
      << report.cell(precision) << ' ' << align_right(std::to_string(row.support), 9) << '\n';
}

}  // namespace lamina
