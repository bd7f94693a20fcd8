#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "classification_report.hpp"

namespace LAMINA_NAMESPACE {

/// The result of evaluating predictions against labels. `std::cout << evaluate(model, test)` prints it.
struct Evaluation {
  ConfusionMatrix confusion;
  ClassificationReport report;
  double accuracy = 0;              ///< share of samples, in [0, 1], predicted as their own class
  std::optional<double> mean_loss;  ///< mean over the samples, if a loss was given

  /// Computes the scores of a confusion matrix. Throws DataError if nothing was counted.
  explicit Evaluation(ConfusionMatrix counted, std::optional<double> loss = {})
      : confusion(std::move(counted)), report(confusion), accuracy(report.accuracy), mean_loss(loss) {}

  /// Counts one label and one predicted class for each sample, both numbers of a class in `class_names`. Throws
  /// ShapeError unless there are as many of each, DataError if there are none or for a class without a name.
  Evaluation(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
             std::vector<std::string> class_names)
      : Evaluation(count(labels, predicted, std::move(class_names))) {}

  /// Prints accuracy, mean loss, the classification report and the confusion matrix.
  friend std::ostream& operator<<(std::ostream& out, const Evaluation& evaluation) {
    const ConfusionMatrix& counted = evaluation.confusion;
    out << "accuracy " << format_fixed(evaluation.accuracy, 4) << " (" << format_count(counted.correct()) << " of "
        << format_count(counted.samples()) << ")\n";
    if (evaluation.mean_loss) out << "mean loss " << format_value(*evaluation.mean_loss) << '\n';
    return out << '\n' << evaluation.report << '\n' << counted;
  }

 private:
  static ConfusionMatrix count(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                               std::vector<std::string> class_names);
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/evaluation.ipp"
#endif
