#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "classification_report.hpp"
#include "precision_recall.hpp"
#include "roc.hpp"
#include "specificity.hpp"

namespace LAMINA_NAMESPACE {

struct DetailedReportOptions {
  std::vector<std::string> class_names = {};  ///< one for each class; 0 … K − 1 if there are none
  int digits = 2;                             ///< digits after the decimal point, 0 … 15
};

/// A report of all metrics of each class, from labels (N) and probabilities (N, K): the classification report,
/// specificity, the area under the ROC curve and average precision. It prints as one table in the layout of the
/// classification report.
///
///   std::cout << DetailedReport{test.labels(), predict_probabilities(model, test)};
struct DetailedReport {
  ClassificationReport report;  ///< precision, recall, F1 and support of the classes, and accuracy
  PerClass specificity;
  PerClass roc_auc;
  PerClass average_precision;
  std::vector<std::string> with_all_samples;  ///< classes with specificity 0 because no sample has another class

  /// Computes the report. Throws ShapeError unless there is a row for each label. Throws DataError for no sample, a label
  /// outside the classes or a score that is not finite. Throws OptionError unless there is a name for each class or none,
  /// and for digits outside 0 … 15.
  DetailedReport(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                 const DetailedReportOptions& options = {})
      : DetailedReport(labels, probabilities, counted(labels, probabilities, options), options.digits) {}

  [[gnu::cold]] friend std::ostream& operator<<(std::ostream& out, const DetailedReport& it) {
    const ClassificationReport& table = it.report;
    const auto listed = detail::listed_classes(table.classes);
    const Index width = detail::name_width(table.classes, listed);
    out << align_right("", width) << "  precision    recall specificity  f1-score   roc-auc  avg-prec   support\n\n";
    for (const std::size_t k : listed)
      it.print(out, width, table.classes[k], it.specificity.classes[k], it.roc_auc.classes[k],
               it.average_precision.classes[k]);
    out << '\n'
        << align_right("accuracy", width) << align_right("", 34) << table.cell(table.accuracy)
        << align_right(std::to_string(table.macro.support), 30) << '\n';
    it.print(out, width, table.macro, it.specificity.macro, it.roc_auc.macro, it.average_precision.macro);
    it.print(out, width, table.weighted, it.specificity.weighted, it.roc_auc.weighted, it.average_precision.weighted);
    detail::note(out, "precision is 0 because the class was never predicted: ", table.never_predicted);
    detail::note(out, "recall and avg-prec are 0 because the class has no sample: ", table.without_samples);
    detail::note(out, "specificity is 0 because every sample is of the class: ", it.with_all_samples);
    std::vector<std::string> undefined;
    for (std::size_t k = 0; k < table.classes.size(); ++k)
      if (std::isnan(it.roc_auc.classes[k])) undefined.push_back(table.classes[k].name);
    detail::note(
        out, "roc-auc is not defined, and left out of the averages, where no sample or every sample is of the class: ",
        undefined);
    return out << detail::note_of_unlisted(std::ssize(table.classes), "classes", "DetailedReport::report.classes");
  }

 private:
  DetailedReport(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                 const ConfusionMatrix& confusion, int digits);

  static ConfusionMatrix counted(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                                 const DetailedReportOptions& options);

  [[gnu::cold]] void print(std::ostream& out, Index width, const ClassScores& row, double of_rest, double area,
                           double precision) const;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/detailed_report.ipp"
#endif
