#pragma once

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "../data/batches.hpp"
#include "../losses/targets.hpp"
#include "../metrics/evaluation.hpp"
#include "../models/model.hpp"
#include "crew.hpp"

namespace lamina {

struct EvaluateOptions {
  Index threads = hardware_threads();  // at least 1
};

namespace detail {

/// Shows the network every sample of a set, in chunks, on the crew's threads: take(worker, first sample, batch, output).
template <typename M, int Rank, typename Take>
void infer_all(const M& model, const Dataset<Rank>& data, Crew& crew, const Take& take) {
  constexpr Index chunk = 64;
  const Index chunks = (data.size() + chunk - 1) / chunk;
  crew.run([&](Index worker) {
    Batch<typename M::Input> batch;
    typename M::Workspace ws;
    typename M::Output y;
    std::vector<Index> samples;
    for (Index c = worker; c < chunks; c += crew.size()) {
      samples.resize(static_cast<std::size_t>(std::min(chunk, data.size() - c * chunk)));
      std::iota(samples.begin(), samples.end(), c * chunk);
      gather<typename M::Scalar>(data, samples, batch);
      model.infer(batch.x, ws, y);
      take(worker, c * chunk, batch, y);
    }
  });
}

/// Mean loss and accuracy of a network over a set, summed in the order of the samples.
struct Score {
  double loss = 0, accuracy = 0;
};

template <typename M, typename F, int Rank>
Score score(const M& model, const F& loss, const Dataset<Rank>& data, Crew& crew) {
  using T = typename M::Scalar;
  std::vector<Score> parts(static_cast<std::size_t>(data.size()));  // one per chunk, at its first sample
  std::vector<typename M::Output> gradients(static_cast<std::size_t>(crew.size()));
  infer_all(model, data, crew, [&](Index worker, Index first, const auto& batch, const auto& y) {
    const Targets<T> targets = batch.labels.empty() ? Targets<T>(batch.targets) : Targets<T>(batch.labels);
    parts[static_cast<std::size_t>(first)] = {
        .loss = loss(y, targets, data.size(), gradients[static_cast<std::size_t>(worker)]),
        .accuracy = loss.hits(y, targets) / static_cast<double>(data.size())};
  });
  Score total;
  for (const Score& part : parts) {
    total.loss += part.loss;
    total.accuracy += part.accuracy;
  }
  return total;
}

/// Throws unless a network can be trained on, or judged by, a set: samples of its shape, an answer for each output.
template <typename M, int Rank>
void check_data(const char* who, const char* what, const M& model, const Dataset<Rank>& data) {
  static_assert(rank_v<typename M::Input> == Rank + 1, "the data set's samples have another rank than the model's");
  if (data.size() == 0) throw DataError(message(who, ": expects at least one sample but ", what, " is empty"));
  if (data.sample_shape() != model.sample_shape())
    throw ShapeError(message(who, ": expects samples of ", model.sample_shape(), ", as the model was made for, but ", what,
                             " has ", data.sample_shape()));
  const Index outputs = model.output_shape(1)[1];
  if (data.classes() == outputs) return;
  if (!data.has_labels())
    throw ShapeError(message(who, ": expects target rows of ", outputs, " numbers, one per output, but ", what,
                             " has rows of ", data.classes()));
  if (data.classes() > outputs)
    throw DataError(message(who, ": ", what, " has labels of ", data.classes(), " classes but the network has ", outputs,
                            " outputs; give the last layer as many units as there are classes"));
  throw DataError(message(who, ": expects a set of ", outputs, " classes, one per output, but ", what, " has ",
                          data.classes(), "; give the data set .classes = ", outputs, " if some have no sample"));
}

/// Throws unless there is at least one thread.
inline void check_threads(const char* who, Index threads) {
  if (threads < 1) throw OptionError(message(who, ": expects threads of at least 1 but got ", threads));
}

/// The class of every sample, in order.
template <typename M, int Rank>
std::vector<std::int32_t> classes_of(const M& model, const Dataset<Rank>& data, Crew& crew) {
  std::vector<std::int32_t> predicted(static_cast<std::size_t>(data.size()));
  std::vector<std::vector<std::int32_t>> chunk(static_cast<std::size_t>(crew.size()));
  infer_all(model, data, crew, [&](Index worker, Index first, const auto&, const auto& y) {
    std::vector<std::int32_t>& classes = chunk[static_cast<std::size_t>(worker)];
    M::largest(y, classes);
    std::copy(classes.begin(), classes.end(), predicted.begin() + first);
  });
  return predicted;
}

template <typename M, int Rank>
ConfusionMatrix confuse(const M& model, const Dataset<Rank>& data, Crew& crew) {
  std::vector<std::string> names;
  for (Index k = 0; k < data.classes(); ++k) names.push_back(data.class_name(k));
  ConfusionMatrix confusion(std::move(names));
  confusion.add(data.labels(), classes_of(model, data, crew));
  return confusion;
}

template <typename M, int Rank>
void check_evaluation(const M& model, const Dataset<Rank>& data, const EvaluateOptions& options) {
  check_threads("evaluate", options.threads);
  check_data("evaluate", "the data set", model, data);
  if (!data.has_labels())
    throw DataError("evaluate: expects class numbers but the data set has target rows; see accuracy and loss of History");
}

}  // namespace detail

/// How well a network does on a set with class numbers: accuracy, precision, recall and F1 per class, confusion matrix.
/// Inference only. Throws OptionError, ShapeError or DataError when set and network do not fit.
///
///   std::cout << evaluate(model, test);
template <typename M, int Rank>
Evaluation evaluate(const M& model, const Dataset<Rank>& data, const EvaluateOptions& options = {}) {
  detail::check_evaluation(model, data, options);
  Crew crew(options.threads);
  return Evaluation(detail::confuse(model, data, crew));
}

/// As above, with the mean of a loss over the set.
template <typename M, int Rank, Loss F>
Evaluation evaluate(const M& model, const Dataset<Rank>& data, const F& loss, const EvaluateOptions& options = {}) {
  detail::check_evaluation(model, data, options);
  Crew crew(options.threads);
  return Evaluation(detail::confuse(model, data, crew), detail::score(model, loss, data, crew).loss);
}

/// The most probable class of every sample of a set, in order.
template <typename M, int Rank>
std::vector<std::int32_t> predict_classes(const M& model, const Dataset<Rank>& data, const EvaluateOptions& options = {}) {
  detail::check_threads("predict_classes", options.threads);
  Crew crew(options.threads);
  return detail::classes_of(model, data, crew);
}

}  // namespace lamina
