#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "../data/dataset_ref.hpp"
#include "../losses/binary_cross_entropy.hpp"
#include "../losses/cross_entropy.hpp"
#include "../losses/sigmoid_cross_entropy.hpp"
#include "../losses/softmax_cross_entropy.hpp"
#include "../training/divergence.hpp"
#include "check_copies.hpp"
#include "check_labels.hpp"
#include "check_samples.hpp"
#include "check_values.hpp"
#include "trials.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `diagnose`. They limit its time, whatever the size of the data.
template <int Rank>
struct DiagnoseOptions {
  detail::DatasetRef<Rank> validation{};  // a second set, or a test set: compared with the first; it must have a name
  Index batch_size = 32;                      // of the trial steps
  std::uint64_t seed = 0;
  Index threads = hardware_threads();  // changes the time, not the findings
  Index samples = 2000;                // number of samples whose values and labels are checked
  Index copies_among = 100'000;        // number of samples checked for copies and leaks
  Index overfit_samples = 32;          // samples for the overfit test; 0: no test
  Index overfit_epochs = 300;         // at most
  Index folds = 3;                     // for finding wrong labels by cross-validation; 0: not tried
  Index fold_epochs = 5;
};

namespace detail {

template <int Rank>
void check_diagnosis(const DiagnoseOptions<Rank>& options) {
  check_at_least_one("diagnose", "batch_size", options.batch_size);
  check_at_least_one("diagnose", "threads", options.threads);
  check_at_least_one("diagnose", "samples", options.samples);
  check_at_least_one("diagnose", "overfit_epochs", options.overfit_epochs);
  check_at_least_one("diagnose", "fold_epochs", options.fold_epochs);
  if (options.copies_among < 0 || options.overfit_samples < 0 || options.folds < 0 || options.folds == 1)
    throw OptionError(
        str_cat("diagnose: expects .copies_among and .overfit_samples of at least 0 and .folds of 0 or at least 2 but got ",
                options.copies_among, ", ", options.overfit_samples, " and ", options.folds));
}

template <int Rank>
std::vector<std::string> class_names(const Dataset<Rank>& data) {
  std::vector<std::string> names;
  for (Index k = 0; k < data.classes(); ++k) names.push_back(data.class_name(k));
  return names;
}

/// Returns whether samples have so few numbers, as rows of a table may, that equal or all-zero ones are normal.
inline bool may_be_alike(const SampleTable& table) { return table.features() < 16; }

/// Returns the target rows as the network learns them, normalised if asked.
template <int Rank>
Tensor<float, 2> targets_as_learned(const Dataset<Rank>& data) {
  Tensor<float, 2> targets = data.targets();
  for (Index i = 0; i < data.size(); ++i) data.read_targets(i, targets.data() + i * data.classes());
  return targets;
}

/// Checks everything that does not need the network. Returns whether the network can be tried on the data.
template <int Rank>
bool check_data_set(const Dataset<Rank>& data, const SampleTable& table, std::string_view loss,
                  const DiagnoseOptions<Rank>& options, const Report& report) {
  if (data.has_labels())
    check_labels(data.class_counts(), class_names(data), report);
  else
    look_at_targets(targets_as_learned(data), loss, report);
  const bool finite = !look_for_non_finite(table, report);
  if (finite) check_values(table, report);
  const bool copies = !may_be_alike(table) && options.copies_among > 0;
  const auto prints = copies ? fingerprints(data, options.copies_among) : std::vector<Fingerprint>{};
  check_copies(prints, data.labels(), report);
  if (!options.validation) return finite;
  const Dataset<Rank>& second = *options.validation;
  const Report there = report.at("second set");
  if (data.has_labels() && second.has_labels()) compare_labels(data.class_counts(), second.class_counts(), there);
  const auto other = sample_table(second, drawn(second.size(), options.samples, Rng(options.seed).split(1)));
  if (!look_for_non_finite(other, there) && finite) compare_values(table, other, there);
  if (copies) look_at_leaks(prints, fingerprints(second, options.copies_among), there);
  return finite;
}

/// Returns samples for the overfit test: the first of the table that are neither blank nor copies of one another.
std::vector<Index> distinct(const SampleTable& table, Index most);

/// Reports that the network cannot learn a few samples, if so. `steps_too_large` tells whether look_at_weights found the reason.
void look_at_memory(const OverfitTest& memory, std::size_t samples, bool steps_too_large, const Report& report);

/// Tries the network and reports its findings. Returns whether it learns.
template <typename T, typename F, typename O, int Rank>
bool check_training(const Trainer<F, O>& trainer, const BasicModel<T>& model, const Dataset<Rank>& data, const SampleTable& table,
                   const DiagnoseOptions<Rank>& options, const Report& report) {
  Batch<Tensor<T, Rank + 1>> batch;
  const auto first = std::span(table.samples).first((std::min<std::size_t>)(table.samples.size(), 256));
  gather<T>(data, first, batch);
  if (const std::string where = first_non_finite<T>(model, batch.x); !where.empty()) {
    report.error(where, "Begin with other parameters, or scale the inputs to about −1 … 1.");
    return false;
  }
  look_at_layers(look_inside<T>(model, batch.x), report);
  const auto [loss, ignorant] = detail::look_at_losses(model, trainer.loss(), batch);
  const bool one_of_many = data.has_labels() && (!has_independent_outputs<F>() || model.outputs() == 1);
  look_at_start(loss, ignorant, one_of_many ? data.classes() : 0, report);

  auto weights = detail::look_at_gradient(model, trainer.loss(), batch);
  FitOptions<Rank> fit{.batch_size = options.batch_size, .seed = options.seed, .threads = options.threads};
  auto few_batches = drawn(std::ssize(table.samples), 10 * options.batch_size, Rng(options.seed).split(2));
  for (Index& i : few_batches) i = table.samples[static_cast<std::size_t>(i)];
  const std::string diverged = detail::try_steps(trainer, model, data.subset(few_batches), fit, weights);
  if (!diverged.empty())
    report.at("optimizer")
        .error(str_cat("diverges in its first steps: ", diverged),
               "Try a tenth of the learning rate, or find_learning_rate.");
  const bool steps_too_large = look_at_weights(weights, report);

  if (options.overfit_samples == 0) return diverged.empty();
  const auto to_learn = distinct(table, options.overfit_samples);
  if (to_learn.empty()) return false;
  fit.epochs = options.overfit_epochs;
  fit.batch_size = (std::min<Index>)(options.batch_size, std::ssize(to_learn));
  const OverfitTest memory = detail::overfit(trainer, model, data.subset(to_learn), fit);
  look_at_memory(memory, to_learn.size(), steps_too_large, report);
  return memory.learned;
}

}  // namespace detail

/// Checks a data set and a network, before or after a training that goes wrong. It reports each problem, its place and a
/// remedy; it prints nothing if it finds no problems. Pass the loss and the optimizer that you use:
///
///   std::cout << diagnose(trainer, model, train, {.validation = validation});
///
/// It checks
///
///   the classes    absent or rare ones, and other shares than in the second set
///   the targets    numbers that the loss cannot take, and labels that are probably wrong
///   the values     numbers that are not finite, or not about 1 in size
///   the samples    blank ones, outliers, copies, copies with other labels, and samples that are in both sets
///   the network    a first loss far above that of a uniform guess (ln K), dead and saturated units, vanishing gradients,
///                  steps that are too large or too small, whether it can overfit a few samples, and whether it predicts
///                  held-out samples better than by guessing
///
/// The model is not changed: all trials use copies. The same seed gives the same findings, whatever the threads. Throws
/// OptionError, ShapeError or DataError as `fit` does.
template <Loss F, Optimizer O, typename T, int Rank>
Diagnosis diagnose(const Trainer<F, O>& trainer, const BasicModel<T>& model, const Dataset<Rank>& data,
                   const DiagnoseOptions<Rank>& options = {}) {
  detail::check_diagnosis(options);
  detail::check_loss<F, T>("diagnose", model);
  constexpr bool independent = detail::has_independent_outputs<F>();
  const detail::DatasetView<T, Rank> view(data), second(options.validation ? *options.validation : data);
  detail::check_training_set<T>("diagnose", "the data set", model, view, independent);
  if (options.validation)
    detail::check_validation_set<T>("diagnose", "the second set", model, view, second, independent);
  Diagnosis diagnosis;
  const detail::Report report(diagnosis.findings, "training set"), network = report.at("network");
  const auto table =
      detail::sample_table(data, detail::drawn(data.size(), options.samples, Rng(options.seed).split(0)));
  if (detail::check_data_set(data, table, F::name, options, report)) {
    const bool learns = detail::check_training(trainer, model, data, table, options, network);
    const auto near = detail::nearest(table, 10);
    if (!detail::may_be_alike(table)) detail::look_for_outliers(table, near, report);
    if (learns && data.has_labels() && options.folds > 1 && table.size() >= 10 * data.classes()) {
      const FitOptions<Rank> fit{.epochs = options.fold_epochs,
                                 .batch_size = options.batch_size,
                                 .seed = options.seed,
                                 .threads = options.threads};
      const auto p = detail::cross_validated(trainer, model, data.subset(table.samples), options.folds, fit);
      if (detail::check_held_out(p, table.labels, report)) {
        diagnosis.suspects = detail::suspects(table, p, near);
        detail::look_at_suspects(diagnosis.suspects, table.size(), detail::class_names(data), report);
      }
    }
  }
  std::stable_sort(diagnosis.findings.begin(), diagnosis.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return diagnosis;
}

/// Does the same with a loss for class numbers: SoftmaxCrossEntropy, or CrossEntropy if the network ends in Softmax; for
/// a single output or independent outputs SigmoidCrossEntropy, or BinaryCrossEntropy after Sigmoid. The optimizer is
/// SGD{.learning_rate = 0.02, .momentum = 0.9}. Throws OptionError if the set has target rows.
template <typename T, int Rank>
Diagnosis diagnose(const BasicModel<T>& model, const Dataset<Rank>& data, const DiagnoseOptions<Rank>& options = {}) {
  if (!data.has_labels())
    throw OptionError(
        "diagnose: the data set has target rows; give the trainer whose loss is to learn them: diagnose(trainer, "
        "model, data)");
  const SGD sgd{.learning_rate = 0.02, .momentum = 0.9};
  if (model.outputs() == 1 || model.has_independent_outputs()) {
    if (!model.gives_probabilities()) return diagnose(Trainer{SigmoidCrossEntropy{}, sgd}, model, data, options);
    return diagnose(Trainer{BinaryCrossEntropy{}, sgd}, model, data, options);
  }
  if (!model.gives_probabilities()) return diagnose(Trainer{SoftmaxCrossEntropy{}, sgd}, model, data, options);
  return diagnose(Trainer{CrossEntropy{}, sgd}, model, data, options);
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/diagnose.ipp"
#endif
