#pragma once

#include "../fitting.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "../../core/dtype.hpp"
#include "../being_trained.hpp"
#include "../divergence.hpp"
#include "../fit_loop.hpp"
#include "../named_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

template <typename T>
SamplesRef<T> Fitting<T>::Gathering::operator()(Index first, Index last, Samples<T>& scratch) const {
  const auto part = [&](std::span<const Index> all) {
    const auto begin = (std::min)(static_cast<std::size_t>(first), all.size());
    return all.subspan(begin, (std::min)(static_cast<std::size_t>(last), all.size()) - begin);
  };
  fitting->train_.gather(part(samples.here), scratch, AugmentContext{fitting->plan_.augment, samples.rng, &fitting->plan_.mix});
  for (const Index i : part(samples.following)) fitting->train_.prefetch(i);
  return scratch.read();
}

/// Returns how many threads of this process the machine can run at once, of those that are allowed.
inline Index threads_at_once(const FitPlan& plan) {
  const Index threads = (std::min)(plan.threads, hardware_threads());
  if (!plan.group()) return threads;
  const Index all = std::thread::hardware_concurrency();
  return (std::min)(threads, (std::max<Index>)(all / plan.group()->on_this_machine(), 1));
}

template <typename T>
Fitting<T>::Fitting(BasicModel<T>& model, const LossView<T>& loss,
                    const OptimizerView<T>& optimizer, const DataView<T>& train,
                    const DataView<T>* validation, const FitPlan& plan, ThreadPool& thread_pool)
    : model_(model), train_(train), validation_(validation), plan_(plan), thread_pool_(thread_pool),
      arithmetic_(arithmetic<T>("fit", plan.winograd, plan.precision)),
      run_(model, loss, optimizer, {.arithmetic = arithmetic_, .threads = threads_at_once(plan), .average = plan.average, .groups = plan.groups}) {
  if (plan.average) model.parameters().find(places_);  // makes room before the first step
}

template <typename T>
const char* Fitting<T>::step(const StepSamples& samples, const StepPlan& plan, StepResult& result) {
  const Index size = std::ssize(samples.here);
  train_.read_ahead({samples.here.data(), samples.here.size() + samples.following.size()});
  result = run_.step(model_, size, plan_.shards_of(size), plan, thread_pool_, Gathering{this, samples});
  return run_.diverged();
}

template <typename T>
void Fitting<T>::reserve(const StepSamples& samples, Index shard) {
  run_.reserve(model_, shard, plan_.own_shards(std::ssize(samples.here)).size(), thread_pool_, Gathering{this, samples});
}

template <typename T>
std::string Fitting<T>::explain(const StepSamples& samples, double learning_rate) {
  Samples<T> whole;
  const SamplesRef<T> batch = Gathering{this, samples}(0, std::ssize(samples.here), whole);
  return explain_divergence<T>(model_, batch.x, {run_.diverged(), learning_rate}, [&](Index n) {
    return str_cat(samples.here[static_cast<std::size_t>(n)], " of the training set");
  });
}

template <typename T>
Score Fitting<T>::judge() {
  run_.expect_network(model_);
  const Index useful = useful_threads(threads_at_once(plan_), validation_->size());
  if (useful > thread_pool_.size() && !validators_) validators_ = std::make_unique<ThreadPool>(useful);
  return score_(model_, run_.loss(), *validation_, validators_ ? *validators_ : thread_pool_, arithmetic_, plan_.group());
}

template <typename T>
std::span<const NumberBytes> Fitting<T>::parameters() {
  run_.expect_network(model_);
  model_.parameters().find(places_);
  bytes_.clear();
  for (std::size_t i = 0; i < places_.begins.size(); ++i)
    bytes_.push_back(std::as_writable_bytes(std::span(places_.begins[i], static_cast<std::size_t>(places_.sizes[i]))));
  return bytes_;
}

template <typename T>
std::vector<NumberBytes> Fitting<T>::state_tensors() {
  std::vector<NumberBytes> all;
  for (std::size_t m = 0; m < run_.update().state_tensors(); ++m)
    for (const auto numbers : run_.update().memory(m)) all.push_back(std::as_writable_bytes(numbers));
  return all;
}

template <typename T>
std::vector<NumberBytes> Fitting<T>::average() {
  std::vector<NumberBytes> all;
  for (const auto numbers : run_.update().average()) all.push_back(std::as_writable_bytes(numbers));
  return all;
}

template <typename T>
void Fitting<T>::swap_average() {
  if (!plan_.average) return;
  run_.expect_network(model_);
  model_.parameters().find(places_);
  run_.update().swap_average(places_);
}

template <typename T>
RunDescription Fitting<T>::describe() const {
  RunDescription run{.sample = format_shape(model_.sample_extents()), .dtype = dtype_of<T>(), .number_size = sizeof(T),
                     .loss = run_.loss().describe(), .optimizer = run_.optimizer().describe(), .train = train_.describe()};
  if (validation_) run.validation = validation_->describe();
  run.image.assign(train_.sample_extents().begin(), train_.sample_extents().end());
  for (const auto& layer : model_.layers()) {
    OptionTexts options;
    for (const OptionValue& option : layer.node->options()) options.emplace_back(option.name, option.text);
    run.layers.push_back({layer.path, std::string(layer.node->name()), format_shape(std::span(layer.out).subspan(1)),
                          std::move(options)});
  }
  run.tensors = named_tensors(model_);
  return run;
}

template <typename T>
History run_fit(BasicModel<T>& model, const LossView<T>& loss,
                const OptimizerView<T>& optimizer, const DataView<T>& train, const DataView<T>* validation,
                const FitPlan& plan) {
  if (validation) check_target_units(train.describe(), validation->describe());
  const BeingTrained<T> being_trained("fit", model);
  if (const auto names = train.class_names(); !names.empty()) model.set_class_names({names.begin(), names.end()});
  ThreadPool thread_pool(plan.useful_threads());
  Fitting<T> work(model, loss, optimizer, train, validation, plan, thread_pool);
  return FitLoop(work).run();
}

}  // namespace lamina::detail
