#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "../data/contact_sheet.hpp"
#include "../data/target_normalisation.hpp"
#include "../models/summary.hpp"
#include "../training/evaluate.hpp"
#include "../training/trainer.hpp"
#include "introspection.hpp"
#include "mistakes.hpp"
#include "report_facts.hpp"
#include "report_quality.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// A pointer to a data set with samples of any rank, or null.
class DatasetPointer {
 public:
  DatasetPointer() = default;
  DatasetPointer(std::nullptr_t) {}
  template <int Rank>
  DatasetPointer(const Dataset<Rank>* data) : data_(data) {}
  template <int Rank>
  DatasetPointer(const Dataset<Rank>& data) : data_(&data) {}
  template <int Rank>
  DatasetPointer(Dataset<Rank>&&) = delete;  // gone before the report is written

  /// Calls visitor(data) with the set, if there is one. Returns whether there is.
  template <typename Visitor>
  bool visit(Visitor&& visitor) const {
    return std::visit(
        [&](const auto* data) {
          if (data) visitor(*data);
          return data != nullptr;
        },
        data_);
  }

 private:
  std::variant<const Dataset<3>*, const Dataset<1>*, const Dataset<2>*> data_{};
};

}  // namespace detail

/// The contents of a report besides the model. Every part may be left out; then the sections that need it are left out.
struct ReportContents {
  detail::DatasetPointer train{};
  detail::DatasetPointer validation{};
  detail::DatasetPointer test{};  ///< the set that the model is evaluated on; without it, the validation set
  const History* history = nullptr;     ///< the result of `fit`
  std::string title = "Training report";
  std::vector<double> test_loss{}, test_accuracy{};  ///< after each epoch, if they were measured
  Augmentation augment{};                            ///< for images: some are shown with augmented versions
  std::vector<RunSetting> settings{};                ///< shown besides those of the history
  std::optional<std::uint64_t> seed{};
  Index samples = 24;                  ///< number of training samples to show
  Index mistakes = 24;                 ///< number to show, the worst first
  Index threads = hardware_threads();  ///< for the evaluation
};

namespace detail {

template <int Rank>
DataFacts facts_of(const char* name, const Dataset<Rank>& data) {
  return {.name = name,
          .shape = str_cat(data.sample_shape()),
          .values = data.holds_bytes() ? "bytes" : "float",
          .samples = data.size(),
          .classes = data.classes(),
          .has_labels = data.has_labels(),
          .counts = data.class_counts()};
}

/// Returns samples spread evenly over a set.
std::vector<Index> spread(Index many, Index size);

[[gnu::cold]] inline void tell_of_data(ReportFacts& facts, const ReportContents& contents) {
  NamedClasses first;
  const auto tell = [&]<int Rank>(const char* name, const NamedClasses& own, const Dataset<Rank>& data) {
    facts.data.push_back(facts_of(name, data));
    check_class_names("write_report", own.whose, own.names, first);
    if (facts.class_names.empty() || (first.names.empty() && !own.names.empty())) {
      facts.class_names.clear();
      for (Index k = 0; k < data.classes(); ++k) facts.class_names.push_back(data.class_name(k));
    }
    if (first.names.empty()) first = own;
    if constexpr (Rank == 3) {
      if (!facts.sampled.empty() || data.size() == 0) return;
      facts.sampled = name;
      facts.samples = pictures(data, spread(contents.samples, data.size()));
      const Shape<3> extents = data.sample_shape();
      if (contents.augment.empty() || (extents[2] != 1 && extents[2] != 3)) return;
      const Index columns = std::clamp<Index>(720 / (extents[1] + 2), 2, 12), rows = (std::min<Index>)(6, data.size());
      facts.augmented = Picture{.pixels = contact_sheet(data, contents.augment, {.rows = rows, .columns = columns})};
    }
  };
  contents.train.visit([&](const auto& data) { tell("training", {"the training set", "train", data.class_names()}, data); });
  contents.validation.visit([&](const auto& data) { tell("validation", {"the validation set", "validation", data.class_names()}, data); });
  contents.test.visit([&](const auto& data) { tell("test", {"the test set", "test", data.class_names()}, data); });
}

/// Makes pictures of the mistakes.
template <int Rank>
void show_mistakes(EvaluationData& judged, const Dataset<Rank>& data) {
  if constexpr (Rank == 3) {
    std::vector<Index> samples;
    for (const Mistake& mistake : judged.mistakes) samples.push_back(mistake.sample);
    judged.mistake_pictures = pictures(data, samples);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const Mistake& mistake = judged.mistakes[i];
      Picture& picture = judged.mistake_pictures[i];
      const std::string own = data.class_name(mistake.label);
      picture.caption = str_cat(own, " → ", data.class_name(mistake.predicted));
      picture.detail = str_cat(score(mistake.probability, 3), ", true\u00A0", score(mistake.label_probability, 3),
                               " · sample\u00A0", mistake.sample);
    }
  }
}

template <typename T, int Rank>
void judge(ReportFacts& facts, const char* name, const BasicModel<T>& model, const Dataset<Rank>& data,
           const ReportContents& contents) {
  EvaluationData& judged = facts.evaluation_data.emplace();
  judged.set = name;
  judged.has_labels = data.has_labels();
  judged.labels = data.labels();
  if (data.has_labels() && data.size() > most_scores / model.classes()) {
    ClassAnswers answers =
        class_answers<T>(model, DatasetView<T, Rank>(data), judged.labels, contents.threads, contents.mistakes);
    judged.predicted = std::move(answers.predicted);
    judged.mistakes = std::move(answers.mistakes);
    judged.calibration = std::move(answers.calibration);
    judged.finite = answers.finite;
    return show_mistakes(judged, data);
  }
  const EvaluateOptions options{.threads = contents.threads};
  const bool probable = data.has_labels() || model.has_independent_outputs();
  const Tensor<T, 2> scores = probable ? predict_probabilities(model, data, options) : predict_outputs(model, data, options);
  reshape(judged.scores, shape(scores));
  std::copy_n(scores.data(), scores.size(), judged.scores.data());
  judged.targets = data.targets();
  if (!data.has_labels()) {
    judged.scores = denormalise_targets(std::move(judged.scores), data.target_normalisation());
    judged.of_questions = model.has_independent_outputs();
    judged.of_numbers = model.meaning() == OutputMeaning::values || !judged.has_several_labels() || (contents.history && has_numbers(*contents.history));
    return;
  }
  judged.mistakes = worst_mistakes(judged.labels, judged.scores, contents.mistakes);
  show_mistakes(judged, data);
}

template <typename T>
void tell_of_model(ReportFacts& facts, const BasicModel<T>& model, const ReportContents& contents) {
  facts.summary = summary(model);
  facts.time_batch = 32;
  facts.times = time_layers(model, {.batch_size = facts.time_batch});
  facts.filters = first_filters(model);
  const auto tell = [&]<int Rank>(const char* name, const Dataset<Rank>& data) {
    check_set<T>("write_report", str_cat("the ", name, " set").c_str(), model, data);
    if (facts.evaluation_data) return;
    judge(facts, name, model, data, contents);
    if constexpr (Rank == 3) {
      Tensor<T, 4> x;
      reshape(x, batch_shape(1, data.sample_shape()));
      data.read(0, x.data());
      facts.feature_maps = feature_maps(model, x);
      facts.feature_sample = str_cat("sample 0 of the ", name, " set");
      const Index first[]{0};
      if (!facts.feature_maps.empty()) facts.feature_picture = pictures(data, first);
    }
  };
  contents.test.visit([&](const auto& data) { tell("test", data); });
  contents.validation.visit([&](const auto& data) { tell("validation", data); });
  contents.train.visit([&](const auto& data) { tell("training", data); });
}

[[gnu::cold]] inline ReportFacts facts_of(const ReportContents& contents) {
  if (contents.samples < 0 || contents.mistakes < 0)
    throw OptionError(str_cat("write_report: expects samples and mistakes of at least 0 but got ", contents.samples,
                              " and ", contents.mistakes));
  check_at_least_one("write_report", "threads", contents.threads);
  const auto check = [&]<int Rank>(const Dataset<Rank>&) { check_augmentation<Rank>("write_report", contents.augment); };
  for (const DatasetPointer* set : {&contents.train, &contents.validation, &contents.test}) set->visit(check);
  ReportFacts facts{.title = contents.title,
                    .history = contents.history,
                    .test_loss = contents.test_loss,
                    .test_accuracy = contents.test_accuracy,
                    .settings = contents.settings,
                    .seed = contents.seed};
  tell_of_data(facts, contents);
  return facts;
}

void write_page(const std::filesystem::path& path, const ReportFacts& facts);

}  // namespace detail

/// Writes a report on a model into one HTML file, which needs no other file and runs no script. It shows
///
///   the data         labels and samples
///   the network      the layers and their costs, the first filters, the layers' outputs for a sample
///   the training     the curves, settings and versions
///   the predictions  confusion matrix, scores of the classes, ROC and precision-recall curves, calibration, the worst
///                    mistakes; for regression RMSE, MAE and R² of each output and predictions over targets
///
/// The file is written completely or not at all. Throws OptionError, ShapeError or DataError if sets and model do not
/// fit, and DataError if the file cannot be written.
///
///   write_report("report.html", model, {.train = &train, .test = &test, .history = &history});
template <typename T>
void write_report(const std::filesystem::path& path, const BasicModel<T>& model, const ReportContents& contents = {}) {
  detail::ReportFacts facts = detail::facts_of(contents);
  detail::tell_of_model(facts, model, contents);
  detail::write_page(path, facts);
}

/// Does the same for data and history alone.
///
///   write_report("data.html", ReportContents{.train = &train});
inline void write_report(const std::filesystem::path& path, const ReportContents& contents) {
  detail::write_page(path, detail::facts_of(contents));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/html_report.ipp"
#endif
