#pragma once

#include <cstdint>
#include <span>

#include "../data/batches.hpp"
#include "../models/model.hpp"
#include "views.hpp"

// What training and evaluation refuse before they begin, in the name of who was called.
namespace LAMINA_NAMESPACE::detail {

/// The extents of a network, or of a data set, that are compared before they meet.
struct SampleFit {
  std::span<const Index> sample;  // the extents of a sample
  Index outputs;                  // the network's, or the data set's classes
};

[[gnu::cold]] void check_data(const char* who, const char* what, const SampleFit& model, const SampleFit& data, Index size,
                                     bool has_labels);

/// Throws DataError for labels of more than two classes, where one output tells two apart.
[[noreturn, gnu::cold]] void refuse_classes(const char* who, const char* what, Index classes);

/// Returns how many classes a network's outputs tell apart: of class numbers, a single output that answers a question
/// of its own tells two.
inline Index classes_of(Index outputs, bool independent, bool has_labels) {
  return outputs == 1 && independent && has_labels ? 2 : outputs;
}

/// Throws unless a network can be trained on, or judged by, a set: samples of its shape, an answer for each output.
/// `independent` tells whether each output is a question of its own.
template <typename T>
void check_data(const char* who, const char* what, const Answers<T>& model, const DataView<T>& data, bool independent) {
  const Index outputs = classes_of(model.outputs(), independent, data.has_labels());
  if (outputs > model.outputs() && data.classes() > outputs) refuse_classes(who, what, data.classes());
  check_data(who, what, {model.sample_extents(), outputs}, {data.sample_extents(), data.classes()}, data.size(),
             data.has_labels());
}
template <typename T>
void check_data(const char* who, const char* what, const Answers<T>& model, const DataView<T>& data) {
  check_data(who, what, model, data, model.has_independent_outputs());
}

/// The same for a set with its type.
template <typename T, int Rank>
void check_set(const char* who, const char* what, const Answers<T>& model, const Dataset<Rank>& data) {
  check_data<T>(who, what, model, DatasetView<T, Rank>(data));
}

/// The same for one batch of samples that were compared: a class number, or a row, for each.
[[gnu::cold]] void check_answers(const char* who, Index size, Index outputs, std::span<const std::int32_t> labels,
                                 const Shape<2>& targets);

/// The same for one batch.
template <AnyTensor X>
void check_batch(const char* who, const Answers<scalar_t<X>>& model, const Batch<X>& batch, bool independent) {
  if (batch.size() < 1) throw DataError(message(who, ": expects at least one sample but the batch is empty"));
  model.check(shape(batch.x).extents);
  const Index outputs = classes_of(model.outputs(), independent, !batch.labels.empty());
  check_answers(who, batch.size(), outputs, batch.labels, shape(batch.targets));
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

void check_at_least_one(const char* who, const char* what, Index value);

/// Of those who train several models: they cannot all be kept in one place.
void check_not_kept(const char* who, bool is_kept);

/// What the learning rate is multiplied by. `expectation` begins the error's text.
void check_rate(const char* expectation, double rate);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/checks.ipp"
#endif
