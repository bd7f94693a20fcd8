#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "confusion_matrix.hpp"

namespace lamina {

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
inline void note(std::ostream& out, const char* text, const std::vector<std::string>& names) {
  constexpr std::size_t most = 10;
  if (names.empty()) return;
  out << "note: " << text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) out << (i ? ", " : "") << names[i];
  if (names.size() > most) out << " and " << names.size() - most << " more";
  out << '\n';
}

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
  explicit ClassificationReport(const ConfusionMatrix& confusion, ReportOptions options = {}) : digits(options.digits) {
    if (digits < 0 || digits > 15)
      throw OptionError(message("ClassificationReport: expects digits in 0 … 15 but got ", digits));
    const Index samples = detail::check_counted("ClassificationReport", confusion);
    accuracy = ratio(confusion.correct(), samples);
    macro = {.name = "macro avg", .support = samples};
    weighted = {.name = "weighted avg", .support = samples};
    for (Index c = 0; c < confusion.classes(); ++c) {
      classes.push_back(scores(confusion, c));
      add(macro, classes.back(), 1.0);
      add(weighted, classes.back(), static_cast<double>(classes.back().support));
      if (confusion.predicted(c) == 0) never_predicted.push_back(classes.back().name);
      if (confusion.labelled(c) == 0) without_samples.push_back(classes.back().name);
    }
    divide(macro, confusion.classes());
    divide(weighted, samples);
  }

  /// How wide the column of names is, and a score as it stands in the others.
  Index name_width() const {
    Index width = display_width("weighted avg");
    for (const ClassScores& row : classes) width = std::max(width, display_width(row.name));
    return width;
  }
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

  static ClassScores scores(const ConfusionMatrix& confusion, Index c) {
    const Index hits = confusion(c, c), predicted = confusion.predicted(c), labelled = confusion.labelled(c);
    return {.name = confusion.class_names()[static_cast<std::size_t>(c)],
            .precision = ratio(hits, predicted),
            .recall = ratio(hits, labelled),
            .f1 = ratio(2 * hits, predicted + labelled),
            .support = labelled};
  }

  static void add(ClassScores& sum, const ClassScores& row, double weight) {
    sum.precision += weight * row.precision;
    sum.recall += weight * row.recall;
    sum.f1 += weight * row.f1;
  }

  static void divide(ClassScores& sum, Index weights) {
    for (double* score : {&sum.precision, &sum.recall, &sum.f1}) *score /= static_cast<double>(weights);
  }

  void print(std::ostream& out, const ClassScores& row, Index width) const {
    out << align_right(row.name, width) << "  " << cell(row.precision) << ' ' << cell(row.recall) << ' ' << cell(row.f1)
        << ' ' << align_right(std::to_string(row.support), 9) << '\n';
  }
};

}  // namespace lamina
