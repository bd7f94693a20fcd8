#pragma once

#include "../step_once.hpp"

#include <algorithm>
#include <utility>

#include "../checks.hpp"
#include "../divergence.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void StepSettings::check() const {
  if (threads) check_at_least_one("step", "threads", *threads);
  check_at_least_one("step", "shards", shards);
  check_rate("step: expects a rate", rate);
  clip.check("step");
  if (reduce.group())
    throw OptionError("step: expects a .reduce that is a function of StepGradient; processes that train together, such as "
                      "mpi::average, share the batches of fit");
}

LAMINA_FUNC bool StepState::is_taken() const {
  const Taken* const taken = std::any_cast<Taken>(&place_);
  return taken && taken->place == &place_;
}

LAMINA_FUNC StepState::StepState(std::any& place) : place_(place) {
  if (is_taken())
    throw OptionError(
        "step: was called while a step of this trainer is being made, by its reducer, loss, layer or optimizer; use another "
        "trainer there");
  state_ = std::exchange(place_, Taken{&place_});
}

LAMINA_FUNC StepState::~StepState() {
  if (is_taken()) place_ = std::move(state_);  // otherwise the trainer was assigned another one
}

/// Returns the samples first … last of a batch: the batch itself if that is all of it.
template <typename T>
SamplesRef<T> part_of(const SamplesRef<T>& batch, Index first, Index last, Samples<T>& scratch) {
  if (first == 0 && last == batch.size()) return batch;
  const auto extents = batch.x.extents();
  const Index n = batch.x.size() / batch.size(), K = batch.targets->dimension(1);
  T* const x = reshape_samples(scratch.x, last - first, extents.subspan(1));
  std::copy(batch.x.data() + first * n, batch.x.data() + last * n, x);
  scratch.labels.clear();
  if (!batch.labels.empty()) scratch.labels.assign(batch.labels.begin() + first, batch.labels.begin() + last);
  reshape(scratch.targets, Shape<2>{{K > 0 ? last - first : 0, K}});
  if (K > 0) std::copy(batch.targets->data() + first * K, batch.targets->data() + last * K, scratch.targets.data());
  return scratch.read();
}

template <typename T>
ThreadPool& StepRun<T>::thread_pool_for(Index shards, std::optional<Index> threads) {
  const Index most = threads.value_or(hardware_threads_), useful = (std::min)(most, shards);
  if (!thread_pool_ || thread_pool_->size() < useful || thread_pool_->size() > most) {
    thread_pool_ = std::make_unique<ThreadPool>(useful);
    reserved_ = 0;
  }
  return *thread_pool_;
}

template <typename T>
StepResult StepRun<T>::operator()(BasicModel<T>& model, const SamplesRef<T>& batch, const StepSettings& settings) {
  const Index size = batch.size(), shards = (std::min)(settings.shards, size);
  ThreadPool& thread_pool = thread_pool_for(shards, settings.threads);
  if (run_.use_arithmetic(arithmetic<T>("step", true, settings.precision))) reserved_ = 0;
  run_.use_threads((std::min)(settings.threads.value_or(hardware_threads_), hardware_threads_));
  const StepPlan plan{.rate = settings.rate,
                      .clip = settings.clip,
                      .draws = Rng(settings.seed).split(model.steps()),
                      .reduce = settings.reduce ? &settings.reduce : nullptr};
  const auto source = [&](Index first, Index last, Samples<T>& scratch) { return part_of(batch, first, last, scratch); };
  if (const Index largest = (size - 1) / shards + 1; thread_pool.size() > 1 && largest > reserved_) {
    run_.reserve(model, largest, (std::max)(shards, thread_pool.size()), thread_pool, source);  // any thread may take any shard
    reserved_ = largest;
  }
  const StepResult result = run_.step(model, size, shards, plan, thread_pool, source);
  if (!run_.diverged()) return result;
  throw DivergenceError(
      str_cat("step: ", run_.diverged(), " stopped being finite; ",
              explain_divergence<T>(model, batch.x, {run_.diverged(), run_.optimizer().learning_rate() * settings.rate},
                                    [](Index n) { return str_cat(n, " of the batch"); })),
      0, 0);
}

}  // namespace lamina::detail
