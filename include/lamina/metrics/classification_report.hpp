#pragma once

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

}  // namespace detail

struct ReportOptions {
  int digits = 2;  ///< digits behind the point, 0 … 15
};

/// Precision, recall, F1 and support of every class, and their averages, printed as scikit-learn's
/// classification_report prints them; where a 0 stands for a quotient by 0, a note below the table says so.
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

  /// How wide the column of names is, and a score as it stands in the others.
  Index name_width() const;
  std::string cell(double score) const { return align_right(score == score ? format_fixed(score, digits) : "nan", 9); }

  friend std::ostream& operator<<(std::ostream& out, const ClassificationReport& report) {
    const Index width = report.name_width();
    out << align_right("", width) << "  precision    recall  f1-score   support\n\n";
    for (const ClassScores& row : report.classes) report.print(out, row, width);
    out << '\n'
        << align_right("accuracy", width) << align_right("", 22) << report.cell(report.accuracy)
        << align_right(std::to_string(report.macro.support), 10) << '\n';
    report.print(out, report.macro, width);
    report.print(out, report.weighted, width);
    detail::note(out, "precision is 0 because the class was never predicted: ", report.never_predicted);
    detail::note(out, "recall is 0 because the class has no sample: ", report.without_samples);
    return out;
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
