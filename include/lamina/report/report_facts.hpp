#pragma once

#include <chrono>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/tensor.hpp"
#include "../models/summary.hpp"
#include "../training/history.hpp"
#include "class_answers.hpp"
#include "introspection.hpp"
#include "mistakes.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns whether a run had RMSE, MAE and R² in place of an accuracy.
inline bool has_numbers(const History& history) {
  return !history.epochs.empty() && (history.epochs.back().regression || history.epochs.back().validation_regression);
}

/// A description of a data set for a report.
struct DataFacts {
  std::string name, shape, values;
  Index samples = 0, classes = 0;
  bool has_labels = false;
  std::vector<Index> counts{};
};

/// The predictions of a network for a set, and the right answers.
struct EvaluationData {
  std::string set;
  bool has_labels = false;
  std::vector<std::int32_t> labels{};
  Tensor<float, 2> targets{};  // (N, K), if there are no labels
  Tensor<float, 2> scores{};   // (N, K): probabilities; for regression, outputs in the targets' units; empty if there are very many
  std::vector<std::int32_t> predicted{};     // the class of each sample …
  std::optional<Calibration> calibration{};  // … and this, if there are no scores
  bool finite = true;                        // whether scores that were not kept are finite
  bool of_numbers = false;     // whether this is a regression
  bool of_questions = false;   // whether each score is the probability of a label
  std::vector<Mistake> mistakes{};
  std::vector<Picture> mistake_pictures{};

  Index samples() const { return has_labels ? std::ssize(labels) : scores.dimension(0); }
  /// Returns whether the targets are several labels at once: rows of 0 and 1.
  bool has_several_labels() const;
  /// Returns whether curves are drawn of the scores: there are scores, and not too many.
  bool has_curves() const { return scores.size() > 0 && scores.size() <= most_scores; }
  bool is_finite() const { return finite && all_finite(scores.data(), scores.size()); }
};

/// The contents of a report as plain values, so that the code that writes them is compiled once.
struct ReportFacts {
  std::string title;
  std::vector<DataFacts> data{};
  std::vector<std::string> class_names{};
  std::string sampled{};  // the set of the samples
  std::vector<Picture> samples{};
  std::optional<Picture> augmented{};
  std::optional<Summary> summary{};
  std::vector<LayerTime> times{};
  Index time_batch = 0;
  const History* history = nullptr;
  std::span<const double> test_loss{}, test_accuracy{};
  std::optional<EvaluationData> evaluation_data{};
  PictureGroup filters{};
  std::vector<PictureGroup> feature_maps{};
  std::string feature_sample{};
  std::vector<Picture> feature_picture{};  // of that sample
  std::vector<RunSetting> settings{};
  std::optional<std::uint64_t> seed{};
};

/// Returns a time as "2027-03-01 14:05 UTC".
std::string date_and_time(std::chrono::system_clock::time_point now);

/// Returns the versions of the library and the tools that made this program.
std::vector<RunSetting> versions();

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/report_facts.ipp"
#endif
