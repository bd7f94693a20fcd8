#pragma once

#include <iterator>
#include <span>

#include "../data/batches.hpp"

// What training and evaluation refuse before they begin, in the name of who was called.
namespace LAMINA_NAMESPACE::detail {

/// The extents of a network, or of a data set, that are compared before they meet.
struct SampleFit {
  std::span<const Index> sample;  // the extents of a sample
  Index outputs;                  // the network's, or the data set's classes
};

[[gnu::cold]] void check_data(const char* who, const char* what, const SampleFit& model, const SampleFit& data, Index size,
                                     bool has_labels);

/// Throws unless a network can be trained on, or judged by, a set: samples of its shape, an answer for each output.
template <typename M, int Rank>
void check_data(const char* who, const char* what, const M& model, const Dataset<Rank>& data) {
  static_assert(rank_v<typename M::Input> == Rank + 1, "the data set's samples have another rank than the model's");
  check_data(who, what, {model.sample_shape().extents, model.output_shape(1)[1]},
             {data.sample_shape().extents, data.classes()}, data.size(), data.has_labels());
}

/// The same for one batch: a class number, or a row, for each sample.
template <typename M, AnyTensor X>
void check_batch(const char* who, const M& model, const Batch<X>& batch) {
  if (batch.size() < 1) throw DataError(message(who, ": expects at least one sample but the batch is empty"));
  model.check(shape(batch.x));
  const Index outputs = model.output_shape(1)[1];
  if (batch.labels.empty() && shape(batch.targets) != Shape{batch.size(), outputs})
    throw ShapeError(message(who, ": expects a label for each of the ", batch.size(), " samples or target rows ",
                             Shape{batch.size(), outputs}, " but got rows ", shape(batch.targets), " and no labels"));
  if (batch.labels.empty()) return;
  if (std::ssize(batch.labels) != batch.size())
    throw ShapeError(
        message(who, ": expects a label for each of the ", batch.size(), " samples but got ", batch.labels.size()));
  check_labels(who, batch.labels, outputs);
}

/// Throws when a loss that applies Softmax or Sigmoid itself is to judge a network that has done so. Of most networks the
/// type says it, and Trainer does while compiling.
template <typename F, typename M>
void check_loss(const char* who, const M& model) {
  if (F::expects_logits && model.gives_probabilities())
    throw OptionError(
        message(who, ": ", F::name,
                " takes logits and applies Softmax or Sigmoid itself: remove the one at the "
                "end of the network, or use a loss on probabilities, CrossEntropy{} or BinaryCrossEntropy{}"));
}

void check_at_least_one(const char* who, const char* what, Index value);

/// Of those who train several models: they cannot all be kept in one place.
void check_not_kept(const char* who, bool is_kept);

/// What the learning rate is multiplied by. `expectation` begins the error's text.
void check_rate(const char* expectation, double rate);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/checks.ipp"
#endif
