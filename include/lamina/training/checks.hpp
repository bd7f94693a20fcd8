#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "../core/class_names.hpp"
#include "../data/batches.hpp"
#include "../models/model.hpp"
#include "views.hpp"

// What training and evaluation refuse before they begin, in the name of who was called.
namespace LAMINA_NAMESPACE::detail {

/// The demands of a network on a set that it is to be trained on, or judged by.
struct ExpectedData {
  std::span<const Index> sample;  // the extents of a sample
  Index outputs;                  // numbers in a row
  Index classes;                  // which class numbers may name: two of a single output that answers a question
  NamedClasses names;             // in the order of the outputs
};

/// The parts of a set that are checked, without its type.
struct GivenData {
  std::span<const Index> sample;
  Index size, classes;
  std::span<const std::int32_t> labels;  // or none: it has target rows
  std::span<const std::string> names;
  bool has_labels;
};

[[gnu::cold]] void check_data(const char* who, const char* what, const ExpectedData& model, const GivenData& data);

/// Returns how many classes a network's outputs tell apart: of class numbers, a single output that answers a question
/// of its own tells two.
inline Index classes_of(Index outputs, bool independent) { return outputs == 1 && independent ? 2 : outputs; }

/// Returns the names of a network's classes.
template <typename T>
NamedClasses names_of(const Answers<T>& model) {
  return {"the model", "model", model.class_names()};
}

/// Throws unless a network can be trained on, or judged by, a set: samples of its shape, an answer for each output, the
/// same classes in the same order. `independent` tells whether each output is a question of its own; `names`, where given,
/// are expected in place of the model's.
template <typename T>
void check_data(const char* who, const char* what, const Answers<T>& model, const DataView<T>& data, bool independent,
                const NamedClasses& names) {
  const Index K = model.outputs();
  check_data(who, what, {model.sample_extents(), K, classes_of(K, independent), names},
             {data.sample_extents(), data.size(), data.classes(), data.labels(), data.class_names(), data.has_labels()});
}
template <typename T>
void check_data(const char* who, const char* what, const Answers<T>& model, const DataView<T>& data) {
  check_data(who, what, model, data, model.has_independent_outputs(), names_of(model));
}

/// Checks the same for a set that a network is trained on, which may teach it other classes than it knew.
template <typename T>
void check_training_set(const char* who, const char* what, const Answers<T>& model, const DataView<T>& train,
                        bool independent) {
  check_class_order(who, what, train.class_names(), names_of(model));
  check_data(who, what, model, train, independent, {});
}

/// Checks the same for a set that the network is judged by when it is trained: with the classes of the training set.
template <typename T>
void check_validation_set(const char* who, const char* what, const Answers<T>& model, const DataView<T>& train,
                          const DataView<T>& validation, bool independent) {
  const NamedClasses learned{"the training set", "train", train.class_names()};
  check_data(who, what, model, validation, independent, learned.names.empty() ? names_of(model) : learned);
}

/// The same for a set with its type.
template <typename T, int Rank>
void check_set(const char* who, const char* what, const Answers<T>& model, const Dataset<Rank>& data) {
  check_data<T>(who, what, model, DatasetView<T, Rank>(data));
}

void check_at_least_one(const char* who, const char* what, Index value);

/// Throws when a set has the network's own classes in another order, and for threads below 1.
template <typename T>
[[gnu::cold]] void check_asked(const char* who, const Answers<T>& model, const DataView<T>& data, Index threads) {
  check_at_least_one(who, "threads", threads);
  check_class_order(who, "the data set", data.class_names(), names_of(model));
}

/// The same for one batch of samples that were compared: a class number, or a row, for each.
[[gnu::cold]] void check_answers(const char* who, Index size, Index outputs, std::span<const std::int32_t> labels,
                                 const Shape<2>& targets);

/// The same for one batch.
template <AnyTensor X>
void check_batch(const char* who, const Answers<scalar_t<X>>& model, const Batch<X>& batch, bool independent) {
  if (batch.size() < 1) throw DataError(message(who, ": expects at least one sample but the batch is empty"));
  model.check(shape(batch.x).extents);
  const Index K = model.outputs();
  check_answers(who, batch.size(), batch.labels.empty() ? K : classes_of(K, independent), batch.labels, shape(batch.targets));
}

/// Throws when a loss that applies Softmax or Sigmoid itself is to judge a network that has done so.
template <typename F, typename T>
void check_loss(const char* who, const Answers<T>& model) {
  if (F::expects_logits && model.gives_probabilities())
    throw OptionError(
        message(who, ": ", F::name,
                " takes logits and applies Softmax or Sigmoid itself: remove the one at the "
                "end of the network, or use a loss on probabilities, CrossEntropy{} or BinaryCrossEntropy{}"));
}

/// Throws DataError, in the name of fit, where the targets of two sets are normalised in different ways.
[[gnu::cold]] void check_target_units(const DescribedData& train, const DescribedData& validation);

/// Of those who train several models: they cannot all be kept in one place.
void check_not_kept(const char* who, bool is_kept);

/// What the learning rate is multiplied by. `expectation` begins the error's text.
void check_rate(const char* expectation, double rate);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/checks.ipp"
#endif
