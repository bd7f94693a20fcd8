#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "classification_report.hpp"
#include "true_classes.hpp"

namespace LAMINA_NAMESPACE {

struct LabelReportOptions {
  double threshold = 0.5;            ///< a sample gets the labels whose probability is above it
  std::vector<std::string> names{};  ///< of the labels, or none
  int digits = 2;                    ///< digits behind the point, 0 … 15
};

/// Judges how well several labels at once are decided, each by itself. With TP the samples that have a label and got it:
///
///   precision = TP ÷ samples that got it        recall = TP ÷ samples that have it        F1 = 2 TP ÷ (both sums)
///
/// micro adds all labels' counts up first; macro is the mean over the labels; weighted weighs them by their samples; samples
/// is the mean over the samples of what each one's own labels come to. A quotient by 0 counts as 0. Printed as
/// scikit-learn's classification_report prints rows of labels, and below it two shares.
///
///   std::cout << evaluate_labels(model, test);
struct LabelReport {
  std::vector<ClassScores> labels;
  ClassScores micro, macro, weighted, samples;
  double accuracy = 0;     ///< share of decisions that are right: 1 − Hamming loss
  double exact_match = 0;  ///< share of samples of which every decision is right
  Index count = 0;         ///< of samples
  int digits = 2;

  /// Judges probabilities (N, K) by rows of 0 and 1 (N, K), or by a class number for each sample. Throws ShapeError for other
  /// shapes, DataError for other numbers in a row and for what is no probability, OptionError for a threshold outside 0 … 1,
  /// for digits outside 0 … 15 and for another number of names.
  LabelReport(const TrueClasses& truth, const ScoreTable& probabilities, const LabelReportOptions& options = {});

  friend std::ostream& operator<<(std::ostream& out, const LabelReport& report) { return out << report.text(); }

 private:
  std::string text() const;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/label_report.ipp"
#endif
