#pragma once

#include "../metrics/label_report.hpp"
#include "evaluate.hpp"

namespace LAMINA_NAMESPACE {

/// Evaluates a multi-label network, whose outputs are independent yes/no questions: precision, recall and F1 of each
/// label, see LabelReport. If `report` has no names, it uses the set's class names. Runs inference only. Throws
/// OptionError if the outputs are not independent, as after Softmax, and ShapeError or DataError if the set does not fit
/// the network.
///
///   std::cout << evaluate_labels(model, test);
template <typename T, int Rank>
LabelReport evaluate_labels(const detail::InferenceModel<T>& model, const Dataset<Rank>& data, LabelReportOptions report = {},
                            const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_at_least_one("evaluate_labels", "threads", options.threads);
  detail::check_data<T>("evaluate_labels", "the data set", model, view);
  if (!model.has_independent_outputs())
    throw OptionError(str_cat("evaluate_labels: expects a ", model.name(),
                              " whose outputs are independent yes/no questions, trained with SigmoidCrossEntropy or ending in "
                              "Sigmoid, but its outputs are ", detail::meaning_names[static_cast<int>(model.meaning())],
                              "; train it with SigmoidCrossEntropy, or use evaluate for classes, evaluate_regression for numbers"));
  if (data.has_labels())
    throw DataError("evaluate_labels: expects rows of 0 and 1 but the data set has class numbers; use evaluate");
  if (report.names.empty()) report.names = data.class_names();
  ThreadPool thread_pool(detail::useful_threads(options.threads, data.size()));
  return LabelReport(data.targets(), detail::probabilities_of<T>(model, view, thread_pool, options), report);
}

}  // namespace lamina
