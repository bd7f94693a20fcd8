#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "classification_report.hpp"
#include "true_classes.hpp"

namespace LAMINA_NAMESPACE {

struct LabelReportOptions {
  double threshold = 0.5;            ///< a sample gets the labels whose probability is above it
  std::vector<std::string> names{};  ///< of the labels; may be empty
  int digits = 2;                    ///< digits after the decimal point, 0 … 15
};

/// A report of multi-label predictions, each label on its own. With TP the samples that have a label and got it:
///
///   precision = TP ÷ samples that got it        recall = TP ÷ samples that have it        F1 = 2 TP ÷ (both sums)
///
/// There are four averages. micro first adds up the counts of all labels. macro is the mean over the labels, and weighted
/// weights them by their samples. samples is the mean over the samples of the scores of each one's labels. A division by
/// 0 counts as 0. It prints like scikit-learn's classification_report for rows of labels, and two shares below it.
///
///   std::cout << evaluate_labels(model, test);
struct LabelReport {
  std::vector<ClassScores> labels;
  ClassScores micro, macro, weighted, samples;
  double accuracy = 0;     ///< share of correct decisions: 1 − Hamming loss
  double exact_match = 0;  ///< share of samples with only correct decisions
  Index count = 0;         ///< number of samples
  int digits = 2;

  /// Compares probabilities (N, K) with rows of 0 and 1 (N, K), or with a class number per sample. Throws ShapeError for
  /// other shapes, and DataError for other numbers in a row and for invalid probabilities. Throws OptionError for a
  /// threshold outside 0 … 1, digits outside 0 … 15, and another number of names.
  LabelReport(const detail::TrueClasses& truth, const ScoreTable& probabilities, const LabelReportOptions& options = {});

  friend std::ostream& operator<<(std::ostream& out, const LabelReport& report) { return out << report.text(); }

 private:
  std::string text() const;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/label_report.ipp"
#endif
