#pragma once

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "../core/text.hpp"
#include "../data/batches.hpp"

// What training and evaluation refuse before they begin, in the name of who was called.
namespace lamina::detail {

/// What is compared of a network, or of a data set, before they meet.
struct SampleFit {
  std::span<const Index> sample;  // the extents of a sample
  Index outputs;                  // the network's, or the data set's classes
};

[[gnu::cold]] inline void check_data(const char* who, const char* what, const SampleFit& model, const SampleFit& data, Index size,
                                     bool has_labels) {
  if (size == 0) throw DataError(message(who, ": expects at least one sample but ", what, " is empty"));
  if (!std::equal(data.sample.begin(), data.sample.end(), model.sample.begin(), model.sample.end()))
    throw ShapeError(message(who, ": expects samples of ", format_shape(model.sample),
                             ", as the model was made for, but ", what, " has ", format_shape(data.sample)));
  const Index outputs = model.outputs, classes = data.outputs;
  if (classes == outputs) return;
  if (!has_labels)
    throw ShapeError(message(who, ": expects target rows of ", outputs, " numbers, one per output, but ", what,
                             " has rows of ", classes));
  if (classes > outputs)
    throw DataError(message(who, ": ", what, " has labels of ", classes, " classes but the network has ", outputs,
                            " outputs; give the last layer as many units as there are classes"));
  throw DataError(message(who, ": expects a set of ", outputs, " classes, one per output, but ", what, " has ",
                          classes, "; give the data set .classes = ", outputs, " if some have no sample"));
}

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

inline void check_at_least_one(const char* who, const char* what, Index value) {
  if (value < 1) throw OptionError(message(who, ": expects ", what, " of at least 1 but got ", value));
}

/// Of those who train several models: they cannot all be kept in one place.
inline void check_not_kept(const char* who, bool is_kept) {
  if (is_kept)
    throw OptionError(
        message(who, ": trains several models, which cannot all be kept in one folder; leave .checkpoint out"));
}

/// What the learning rate is multiplied by. `expectation` begins the error's text.
inline void check_rate(const char* expectation, double rate) {
  if (!std::isfinite(rate) || rate < 0)
    throw OptionError(message(expectation, " of at least 0, which the learning rate is multiplied by, but got ", rate));
}

}  // namespace lamina::detail
