#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "../core/class_names.hpp"
#include "../data/batches.hpp"
#include "../models/model.hpp"
#include "views.hpp"

// Training and evaluation make these checks before they begin. Errors name the function that the user called.
namespace LAMINA_NAMESPACE::detail {

/// The properties that a network expects of a data set that it is trained on or evaluated on.
struct ExpectedData {
  std::span<const Index> sample;  // the extents of a sample
  Index outputs;                  // numbers per sample
  Index classes;                  // number of classes that labels may name: two for a single sigmoid output
  NamedClasses names;             // in the order of the outputs
};

/// The properties of a data set that are checked, without its type.
struct GivenData {
  std::span<const Index> sample;
  Index size, classes;
  std::span<const std::int32_t> labels;  // empty if the set has target rows
  std::span<const std::string> names;
  bool has_labels;
};

[[gnu::cold]] void check_data(const char* who, const char* what, const ExpectedData& model, const GivenData& data);

/// Returns how many classes a network's outputs distinguish: two for a single sigmoid output, else one per output.
inline Index classes_of(Index outputs, bool independent) { return outputs == 1 && independent ? 2 : outputs; }

/// Returns the names of a network's classes.
template <typename T>
NamedClasses names_of(const InferenceModel<T>& model) {
  return {"the model", "model", model.class_names()};
}

/// Throws unless a data set fits a network: samples of its shape, a target for each output, and the same classes in the
/// same order. `independent` tells whether each output is its own yes/no question. `names`, if given, replaces the
/// model's names.
template <typename T>
void check_data(const char* who, const char* what, const InferenceModel<T>& model, const DataView<T>& data, bool independent,
                const NamedClasses& names) {
  const Index K = model.outputs();
  check_data(who, what, {model.sample_extents(), K, classes_of(K, independent), names},
             {data.sample_extents(), data.size(), data.classes(), data.labels(), data.class_names(), data.has_labels()});
}
template <typename T>
void check_data(const char* who, const char* what, const InferenceModel<T>& model, const DataView<T>& data) {
  check_data(who, what, model, data, model.has_independent_outputs(), names_of(model));
}

/// Checks the same for a training set, which may have other classes than the model had before.
template <typename T>
void check_training_set(const char* who, const char* what, const InferenceModel<T>& model, const DataView<T>& train,
                        bool independent) {
  check_class_order(who, what, train.class_names(), names_of(model));
  check_data(who, what, model, train, independent, {});
}

/// Checks the same for a validation set. It must have the classes of the training set.
template <typename T>
void check_validation_set(const char* who, const char* what, const InferenceModel<T>& model, const DataView<T>& train,
                          const DataView<T>& validation, bool independent) {
  const NamedClasses learned{"the training set", "train", train.class_names()};
  check_data(who, what, model, validation, independent, learned.names.empty() ? names_of(model) : learned);
}

/// Checks the same for a data set with its type.
template <typename T, int Rank>
void check_set(const char* who, const char* what, const InferenceModel<T>& model, const Dataset<Rank>& data) {
  check_data<T>(who, what, model, DatasetView<T, Rank>(data));
}

void check_at_least_one(const char* who, const char* what, Index value);

/// Throws OptionError unless a validation set is normalised by the same numbers as the training set.
[[gnu::cold]] void check_normalisation(const char* who, const Normalisation& train, const Normalisation& validation);

/// Throws if a data set has the network's classes in another order, or if threads is below 1.
template <typename T>
[[gnu::cold]] void check_asked(const char* who, const InferenceModel<T>& model, const DataView<T>& data, Index threads) {
  check_at_least_one(who, "threads", threads);
  check_class_order(who, "the data set", data.class_names(), names_of(model));
}

/// Throws ShapeError or DataError unless a batch has a class number or a target row for each sample.
[[gnu::cold]] void check_answers(const char* who, Index size, Index outputs, std::span<const std::int32_t> labels,
                                 const Shape<2>& targets);

/// Checks the same for one batch.
template <AnyTensor X>
void check_batch(const char* who, const InferenceModel<scalar_t<X>>& model, const Batch<X>& batch, bool independent) {
  if (batch.size() < 1) throw DataError(str_cat(who, ": expects at least one sample but the batch is empty"));
  model.check(shape(batch.x).extents);
  const Index K = model.outputs();
  check_answers(who, batch.size(), batch.labels.empty() ? K : classes_of(K, independent), batch.labels, shape(batch.targets));
}

/// Throws OptionError if a loss that applies Softmax or Sigmoid itself is used with a network that ends in one.
template <typename F, typename T>
void check_loss(const char* who, const InferenceModel<T>& model) {
  if (F::expects_logits && model.gives_probabilities())
    throw OptionError(
        str_cat(who, ": ", F::name,
                " takes logits and applies Softmax or Sigmoid itself: remove the one at the "
                "end of the network, or use a loss on probabilities, CrossEntropy{} or BinaryCrossEntropy{}"));
}

/// Throws DataError, in the name of fit, if the targets of two sets are normalised differently.
[[gnu::cold]] void check_target_units(const DescribedData& train, const DescribedData& validation);

/// Throws OptionError if a function that trains several models is asked to keep them all in one place.
void check_not_kept(const char* who, bool is_kept);

/// Throws OptionError unless a factor of the learning rate is finite and at least 0. `expectation` begins the error's text.
void check_rate(const char* expectation, double rate);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/checks.ipp"
#endif
