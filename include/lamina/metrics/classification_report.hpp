#pragma once

#include <cstddef>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "confusion_matrix.hpp"

namespace LAMINA_NAMESPACE {

/// How well one class is found, or an average of classes. With TP the samples of the class that were taken for it:
struct ClassScores {
  std::string name;
  double precision = 0;  ///< TP ÷ samples taken for the class; 0 when there is none
  double recall = 0;     ///< TP ÷ samples of the class; 0 when there is none
  double f1 = 0;         ///< their harmonic mean, 2 TP ÷ (samples taken for the class + samples of it); 0 when TP is 0
  Index support = 0;     ///< samples of the class
};

namespace detail {

/// A note below a table: the text, and up to ten names.
void note(std::ostream& out, const char* text, const std::vector<std::string>& names);

/// Returns the classes that a table lists: all in their order, or of more than `most` those with the least F1, the worst
/// first; classes without samples come last.
std::vector<std::size_t> listed_classes(const std::vector<ClassScores>& classes, Index most = most_listed);

/// Returns a note where some are not listed. `where` has them.
std::string note_of_unlisted(Index all, const char* what, const char* where);

/// Returns how wide the column of names is, with those of averages.
Index name_width(const std::vector<ClassScores>& classes, const std::vector<std::size_t>& listed);

}  // namespace detail

struct ReportOptions {
  int digits = 2;  ///< digits behind the point, 0 … 15
};

/// Precision, recall, F1 and support of every class, and their averages, printed as scikit-learn's
/// classification_report prints them; where a 0 stands for a quotient by 0, a note below the table says so. Of more than 50
/// classes the table lists those with the least F1.
struct ClassificationReport {
  std::vector<ClassScores> classes;
  double accuracy = 0;   ///< share of samples taken for their own class
  ClassScores macro;     ///< mean over the classes
  ClassScores weighted;  ///< mean over the classes weighted by their support
  int digits = 2;
  std::vector<std::string> never_predicted;  ///< classes whose precision is 0 because no sample was taken for them
  std::vector<std::string> without_samples;  ///< classes whose recall is 0 because they have no sample

  /// Throws DataError when nothing was counted, OptionError for digits outside 0 … 15.
  explicit ClassificationReport(const ConfusionMatrix& confusion, ReportOptions options = {});

  /// Returns a score as it stands in a column.
  std::string cell(double score) const { return align_right(score == score ? format_fixed(score, digits) : "nan", 9); }

  friend std::ostream& operator<<(std::ostream& out, const ClassificationReport& report) {
    const auto listed = detail::listed_classes(report.classes);
    const Index width = detail::name_width(report.classes, listed);
    out << align_right("", width) << "  precision    recall  f1-score   support\n\n";
    for (const std::size_t k : listed) report.print(out, report.classes[k], width);
    out << '\n'
        << align_right("accuracy", width) << align_right("", 22) << report.cell(report.accuracy)
        << align_right(std::to_string(report.macro.support), 10) << '\n';
    report.print(out, report.macro, width);
    report.print(out, report.weighted, width);
    detail::note(out, "precision is 0 because the class was never predicted: ", report.never_predicted);
    detail::note(out, "recall is 0 because the class has no sample: ", report.without_samples);
    return out << detail::note_of_unlisted(std::ssize(report.classes), "classes", "ClassificationReport::classes");
  }

 private:
  static double ratio(Index part, Index whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  }

  static ClassScores scores(const ConfusionMatrix& confusion, Index c);

  static void add(ClassScores& sum, const ClassScores& row, double weight);

  static void divide(ClassScores& sum, Index weights) {
    for (double* score : {&sum.precision, &sum.recall, &sum.f1}) *score /= static_cast<double>(weights);
  }

  void print(std::ostream& out, const ClassScores& row, Index width) const;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/classification_report.ipp"
#endif
