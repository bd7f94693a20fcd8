#pragma once

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../data/contact_sheet.hpp"
#include "../data/target_normalisation.hpp"
#include "../models/summary.hpp"
#include "../training/evaluate.hpp"
#include "../training/trainer.hpp"
#include "inside.hpp"
#include "mistakes.hpp"
#include "report_facts.hpp"
#include "report_quality.hpp"

namespace LAMINA_NAMESPACE {

/// What a report tells of besides the model. Every part can be left out, and what can only be told with it is then left
/// out as well. Rank is a sample's: 3 for images, 1 for rows.
template <int Rank>
struct ReportContents {
  const Dataset<Rank>* train = nullptr;
  const Dataset<Rank>* validation = nullptr;
  const Dataset<Rank>* test = nullptr;  ///< what the model is judged by; without it by the validation set
  const History* history = nullptr;     ///< what `fit` returned
  std::string title = "Training report";
  std::vector<double> test_loss{}, test_accuracy{};  ///< after each epoch, where that was measured
  Augmentation augment{};                            ///< of images: some are shown with what it makes of them
  std::vector<Setting> settings{};                   ///< shown as they are; see settings_of
  std::optional<std::uint64_t> seed{};
  Index samples = 24;                  ///< of the training set to be shown
  Index mistakes = 24;                 ///< to be shown, the worst first
  Index threads = hardware_threads();  ///< that judge the model
};

/// The settings of a training run, as a report shows them.
template <Loss F, Optimizer O, int Rank>
std::vector<Setting> settings_of(const Trainer<F, O>& trainer, const FitOptions<Rank>& options) {
  std::vector<Setting> settings{{"loss", std::string(F::name)}, {"optimizer", std::string(O::name)}};
  const auto add = [&](const char* name, const auto& value) { settings.push_back({name, message(value)}); };
  add("learning rate", trainer.optimizer().learning_rate);
  if constexpr (requires { trainer.optimizer().momentum; }) add("momentum", trainer.optimizer().momentum);
  if constexpr (requires { trainer.optimizer().weight_decay; }) add("weight decay", trainer.optimizer().weight_decay);
  add("epochs", options.epochs);
  add("batch size", options.batch_size);
  add("threads", options.threads);
  add("augmentation", options.augment.empty() ? "none" : "as shown");
  add("seed of the order of samples", options.seed);
  return settings;
}

namespace detail {

template <int Rank>
DataFacts facts_of(const char* name, const Dataset<Rank>& data) {
  return {.name = name,
          .shape = message(data.sample_shape()),
          .values = data.floats().empty() ? "bytes" : "float",
          .samples = data.size(),
          .classes = data.classes(),
          .has_labels = data.has_labels(),
          .counts = data.class_counts()};
}

/// Samples spread evenly over a set.
std::vector<Index> spread(Index many, Index size);

template <int Rank>
void tell_of_data(ReportFacts& facts, const ReportContents<Rank>& contents) {
  const std::pair<const char*, const Dataset<Rank>*> sets[] = {
      {"training", contents.train}, {"validation", contents.validation}, {"test", contents.test}};
  for (const auto& [name, data] : sets) {
    if (!data) continue;
    facts.data.push_back(facts_of(name, *data));
    if (facts.class_names.empty())
      for (Index k = 0; k < data->classes(); ++k) facts.class_names.push_back(data->class_name(k));
    if constexpr (Rank == 3) {
      if (!facts.sampled.empty() || data->size() == 0) continue;
      facts.sampled = name;
      facts.samples = pictures(*data, spread(contents.samples, data->size()));
      const Shape<3> extents = data->sample_shape();
      if (contents.augment.empty() || (extents[2] != 1 && extents[2] != 3)) continue;
      const Index columns = std::clamp<Index>(720 / (extents[1] + 2), 2, 12), rows = std::min<Index>(6, data->size());
      facts.augmented = Picture{.pixels = contact_sheet(*data, contents.augment, {.rows = rows, .columns = columns})};
    }
  }
}

template <typename M, int Rank>
void judge(ReportFacts& facts, const char* name, const M& model, const Dataset<Rank>& data,
           const ReportContents<Rank>& contents) {
  Judgement& judged = facts.judgement.emplace();
  judged.set = name;
  judged.has_labels = data.has_labels();
  typename M::Output scores = predict_outputs(model, data, {.threads = contents.threads});
  if (data.has_labels()) model.to_probabilities(scores);
  reshape(judged.scores, shape(scores));
  std::copy_n(scores.data(), scores.size(), judged.scores.data());
  judged.labels = data.labels();
  judged.targets = data.targets();
  if (!data.has_labels()) {
    judged.scores = denormalise_targets(std::move(judged.scores), data.target_normalisation());
    judged.of_numbers = !judged.has_several_labels() || (contents.history && has_numbers(*contents.history));
    return;
  }
  judged.mistakes = worst_mistakes(judged.labels, judged.scores, contents.mistakes);
  if constexpr (Rank == 3) {
    std::vector<Index> samples;
    for (const Mistake& mistake : judged.mistakes) samples.push_back(mistake.sample);
    judged.mistake_pictures = pictures(data, samples);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const Mistake& mistake = judged.mistakes[i];
      Picture& picture = judged.mistake_pictures[i];
      const std::string own = data.class_name(mistake.label);
      picture.caption = message(own, " → ", data.class_name(mistake.predicted));
      picture.detail = message(score(mistake.probability, 3), ", true\u00A0", score(mistake.label_probability, 3),
                               " · sample\u00A0", mistake.sample);
    }
  }
}

template <typename M, int Rank>
void tell_of_model(ReportFacts& facts, const M& model, const ReportContents<Rank>& contents) {
  facts.summary = summary(model);
  facts.time_batch = 32;
  facts.times = time_layers(model, {.batch_size = facts.time_batch});
  facts.filters = first_filters(model);
  const std::pair<const char*, const Dataset<Rank>*> sets[] = {
      {"test", contents.test}, {"validation", contents.validation}, {"training", contents.train}};
  for (const auto& [name, data] : sets) {
    if (!data) continue;
    check_set("write_report", message("the ", name, " set").c_str(), model, *data);
    if (facts.judgement) continue;
    judge(facts, name, model, *data, contents);
    if constexpr (Rank == 3) {
      typename M::Input x;
      reshape(x, model.input_shape(1));
      data->read(0, x.data());
      facts.feature_maps = feature_maps(model, x);
      facts.feature_sample = message("sample 0 of the ", name, " set");
    }
  }
}

template <int Rank>
ReportFacts facts_of(const ReportContents<Rank>& contents) {
  if (contents.samples < 0 || contents.mistakes < 0)
    throw OptionError(message("write_report: expects samples and mistakes of at least 0 but got ", contents.samples,
                              " and ", contents.mistakes));
  check_at_least_one("write_report", "threads", contents.threads);
  check_augmentation<Rank>("write_report", contents.augment);
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

/// Writes all that can be told of a model into one HTML file, which needs nothing else and runs nothing: the data and
/// their labels, samples, the layers and what they cost, the curves of training, confusion matrix, scores of the
/// classes, ROC and precision-recall curves, calibration, the worst mistakes, the first filters, what layers make of a
/// sample, settings and versions. Where targets are numbers, RMSE, MAE and R² of each output and predictions over targets
/// stand in place of what is said of classes. The file is written wholly or not at all. Throws OptionError, ShapeError or DataError
/// where sets and model do not fit, and DataError when the file cannot be written.
///
///   write_report("report.html", model, {.train = &train, .test = &test, .history = &history});
template <typename L, AnyTensor X>
void write_report(const std::filesystem::path& path, const Model<L, X>& model,
                  const ReportContents<rank_v<X> - 1>& contents = {}) {
  detail::ReportFacts facts = detail::facts_of(contents);
  detail::tell_of_model(facts, model, contents);
  detail::write_page(path, facts);
}

/// The same of data and history alone.
///
///   write_report("data.html", ReportContents<3>{.train = &train});
template <int Rank>
void write_report(const std::filesystem::path& path, const ReportContents<Rank>& contents) {
  detail::write_page(path, detail::facts_of(contents));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/html_report.ipp"
#endif
