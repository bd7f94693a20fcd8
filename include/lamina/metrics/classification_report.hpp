#pragma once

#include <cstddef>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "confusion_matrix.hpp"

namespace LAMINA_NAMESPACE {

/// The scores of one class, or an average over classes. With TP the samples of the class that were predicted as it:
struct ClassScores {
  std::string name;
  double precision = 0;  ///< TP ÷ samples predicted as the class; 0 if there are none
  double recall = 0;     ///< TP ÷ samples of the class; 0 if there are none
  double f1 = 0;         ///< their harmonic mean, 2 TP ÷ (samples predicted as the class + samples of it); 0 if TP is 0
  Index support = 0;     ///< samples of the class
};

namespace detail {

/// Writes a note below a table: the text, and up to ten names.
void note(std::ostream& out, const char* text, const std::vector<std::string>& names);

/// Returns the classes that a table lists: all in their order. Of more than `most` it returns those with the lowest F1,
/// the worst first; classes without samples come last.
std::vector<std::size_t> listed_classes(const std::vector<ClassScores>& classes, Index most = most_listed);

/// Returns a note if some are not listed. `where` says where to find them.
std::string note_of_unlisted(Index all, const char* what, const char* where);

/// Returns the width of the column of names, including those of the averages.
Index name_width(const std::vector<ClassScores>& classes, const std::vector<std::size_t>& listed);

}  // namespace detail

struct ReportOptions {
  int digits = 2;  ///< digits after the decimal point, 0 … 15
};

/// The precision, recall, F1 and support of every class, and their averages. It prints like scikit-learn's
/// classification_report. A note below the table says if a 0 stands for a division by 0. If there are more than 50
/// classes, the table lists those with the lowest F1.
struct ClassificationReport {
  std::vector<ClassScores> classes;
  double accuracy = 0;   ///< share of samples predicted as their own class
  ClassScores macro;     ///< mean over the classes
  ClassScores weighted;  ///< mean over the classes weighted by their support
  int digits = 2;
  std::vector<std::string> never_predicted;  ///< classes with precision 0 because no sample was predicted as them
  std::vector<std::string> without_samples;  ///< classes with recall 0 because they have no sample

  /// Computes the report. Throws DataError if nothing was counted, OptionError for digits outside 0 … 15.
  explicit ClassificationReport(const ConfusionMatrix& confusion, ReportOptions options = {});

  /// Returns a score as text for a column.
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
