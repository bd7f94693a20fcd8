#pragma once

#include "../train_step.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "../named_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Computes sum ← sum + term, tensor by tensor.
template <typename T>
void add_tensors(const TensorViews<T>& sum, const TensorViews<T>& term) {
  for (std::size_t tensor = 0; tensor < sum.begins.size(); ++tensor) {
    T* total = sum.begins[tensor];
    const T* more = term.begins[tensor];
    for (Index i = 0; i < sum.sizes[tensor]; ++i) total[i] += more[i];
  }
}

/// Returns the group number of each tensor of a model's parameters; nothing if there are no groups.
template <typename T>
std::vector<Index> groups_in(const BasicModel<T>& model, const RunOptions& options) {
  if (options.groups.empty()) return {};
  return groups_of(options.who, options.groups, named_tensors(model));
}

/// Returns the places of a model's parameter tensors, for reading.
template <typename T>
TensorViews<T> places_in(const BasicModel<T>& model) {
  TensorViews<T> places;
  model.parameters().find(places);
  return places;
}

template <typename T>
TrainStep<T>::TrainStep(const BasicModel<T>& model, const LossView& loss,
                            const OptimizerView& optimizer, const detail::RunOptions& options)
    : who_(options.who), loss_(loss.copy()), arithmetic_(options.arithmetic), threads_(options.threads),
      update_(detail::places_in(model), optimizer, options.average, options.groups, detail::groups_in(model, options)),
      program_(model.program()),
      sample_size_(std::accumulate(model.sample_extents().begin(), model.sample_extents().end(), Index{1}, std::multiplies{})),
      update_is_worth_sharing_(model.parameter_count() >= 200'000) {
  note_roles(model);
}

template <typename T>
[[gnu::cold]] void TrainStep<T>::note_roles(const BasicModel<T>& model) {
  using Role = typename detail::Program<T>::Role;
  std::vector<Role> roles;
  std::size_t tensor = 0;
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const std::size_t before = buffers_.size();
    bool any[2]{}, all_frozen[2]{true, true};  // of trained tensors, of measured ones
    model.parameters().each_tensor(i, [&](std::string_view, detail::TensorPointer<T> pointer) {
      const bool frozen = update_.frozen(tensor), measured = pointer.measured();
      if (measured && !frozen) buffers_.push_back(tensor);
      any[measured] = true;
      all_frozen[measured] = all_frozen[measured] && frozen;
      ++tensor;
    });
    const bool is_frozen = any[0] ? all_frozen[0] : any[1] && all_frozen[1];
    if (is_frozen) buffers_.resize(before);
    roles.push_back(is_frozen ? Role::frozen : any[0] ? Role::trained : Role::none);
    any_frozen_ = any_frozen_ || is_frozen;
  }
  frozen_ = model.program().freeze(roles);
}

template <typename T>
bool TrainStep<T>::is_of(BasicModel<T>& model) {
  if (model_ != &model || steps_ != model.steps() || !program_.is_same(model.program())) return false;
  model.parameters().find(found_);
  return update_.is_of(found_);
}

template <typename T>
StepResult TrainStep<T>::step(BasicModel<T>& model, Index batch_size, Index shards, const StepPlan& plan, ThreadPool& thread_pool,
                                const Source& source) {
  expect_network(model);
  draws_ = plan.draws;
  shards = (std::min)(shards, batch_size);
  const Job job{.batch_size = batch_size, .shards = shards,
                .own = plan.group ? plan.group->own(shards) : PartRange{0, shards}, .samples = 0};
  make_room(model, thread_pool.size(), job.own.size(), shards);
  make_teams(thread_pool);
  ThreadPool& all = all_of(thread_pool);
  if (packs_) pack_weights(model, all);
  run_shards(model, thread_pool, source, job);
  update_.note_parameters(found_);
  update_.note_gradients(job.own.size(), [this](Index shard) -> const TensorViews<T>& {
    gradients_[static_cast<std::size_t>(shard)]->find(terms_);
    return terms_;
  });
  bool finite = update_.begins_finite(sample_size_);
  if (plan.group)
    finite = plan.group->share_figures(shards, [this](Index s) -> PartFigures& { return figures_[static_cast<std::size_t>(s)]; },
                                         shared_, finite);
  StepResult result;
  double weight = 0;
  errors_.clear();
  for (const PartFigures& shard : std::span(figures_).first(static_cast<std::size_t>(shards))) {
    result.loss += shard.loss;
    result.accuracy += shard.correct / static_cast<double>(batch_size);
    weight += shard.weight;
    errors_.add(shard.errors);
  }
  if (errors_.samples() > 0) result.accuracy = std::numeric_limits<double>::quiet_NaN();
  const double scale = detail::mean_scale(batch_size, weight);
  result.loss *= scale;
  diverged_ = std::isfinite(result.loss) ? nullptr : "the loss";
  if (diverged_) return result;
  const bool was_finite = finite;
  if (finite && plan.group) sum_over_processes(all, job, *plan.group);
  else if (!buffers_.empty()) average_measured(job);
  if (finite && plan.reduce) finite = reduce(model, all, scale, {batch_size, weight}, *plan.reduce);
  const double rest = plan.reduce ? 1 : scale;
  if (finite && (rest != 1 || plan.clip.any() || plan.reduce)) finite = update_.sum(all, rest, plan.clip);
  if (!finite) {
    diverged_ = plan.reduce && was_finite ? "the gradient after .reduce" : "the gradient";
    return result;
  }
  if (!update_.step(all, plan.rate, buffers_)) diverged_ = "the parameters";
  model.count_step();
  const auto meaning = loss_->meaning(errors_.samples() > 0);
  if (meaning && meaning != model.meaning() && !(meaning == OutputMeaning::values && model.gives_probabilities()))
    model.set_meaning(*meaning);
  model_ = &model;
  steps_ = model.steps();
  return result;
}

template <typename T>
[[gnu::cold]] void TrainStep<T>::average_measured(const Job& job) {
  shares_.clear();
  for (Index s = 0; s < job.shards; ++s)
    shares_.push_back(static_cast<double>(job.end(s) - job.begin(s)) / static_cast<double>(job.batch_size));
  for (const std::size_t buffer : buffers_) update_.average_measured(buffer, shares_);
}

template <typename T>
[[gnu::cold]] void TrainStep<T>::sum_over_processes(ThreadPool& thread_pool, const Job& job, ProcessGroup& group) {
  trained_terms_.clear();
  measured_terms_.clear();
  for (std::size_t i = 0; i < found_.sizes.size(); ++i)
    if (!update_.frozen(i) && !found_.measured[i]) trained_terms_.push_back({update_.gradients_of(i), found_.sizes[i]});
  for (const std::size_t i : buffers_) measured_terms_.push_back({update_.gradients_of(i), found_.sizes[i]});
  group.sum({.trained = trained_terms_, .measured = measured_terms_, .batch_size = job.batch_size, .shards = job.shards}, thread_pool);
  terms_.begins.assign(found_.begins.size(), nullptr);
  auto trained = trained_terms_.begin();
  for (std::size_t i = 0; i < found_.sizes.size(); ++i)
    if (!update_.frozen(i) && !found_.measured[i]) terms_.begins[i] = trained++->sum;
  for (std::size_t b = 0; b < buffers_.size(); ++b) terms_.begins[buffers_[b]] = measured_terms_[b].sum;
  update_.note_gradients(1, [this](Index) -> const TensorViews<T>& { return terms_; });
}

template <typename T>
[[gnu::cold]] bool TrainStep<T>::reduce(BasicModel<T>& model, ThreadPool& thread_pool, double scale, const Counted& counted,
                            const Reducer& reducer) {
  if (!update_.sum(thread_pool, scale, {})) return false;
  if (tensors_.empty()) tensors_ = detail::named_tensors(model);
  summed_.clear();
  measured_.clear();
  for (std::size_t i = 0; i < tensors_.size(); ++i)
    if (!update_.frozen(i) && !found_.measured[i]) summed_.push_back({tensors_[i].name, update_.summed(i)});
  for (const std::size_t i : buffers_) measured_.push_back({tensors_[i].name, update_.summed(i)});
  StepGradient<T> gradient{
      .tensors = summed_, .buffers = measured_, .samples = counted.samples, .weight = counted.weight};
  reducer(gradient);
  expect_network(model);  // which may have moved
  update_.note_parameters(found_);
  return true;
}

template <typename T>
void TrainStep<T>::expect_network(BasicModel<T>& model) {
  model.parameters().find(found_);
  if (program_.is_same(model.program()) && update_.is_of(found_)) return;
  throw OptionError(str_cat(who_, ": expects the network that it began to train, but the model was assigned another one "
                                  "meanwhile; assign it before or after"));
}

template <typename T>
void TrainStep<T>::reserve(BasicModel<T>& model, Index samples, Index shards, ThreadPool& thread_pool, const Source& source) {
  expect_network(model);
  make_room(model, thread_pool.size(), (std::max)(shards, thread_pool.size()), shards);
  make_teams(thread_pool);
  run_shards(model, thread_pool, source,
             {.batch_size = samples, .shards = thread_pool.size(), .own = {0, thread_pool.size()}, .samples = samples});
}

template <typename T>
void TrainStep<T>::make_room(const BasicModel<T>& model, Index workers, Index gradients, Index shards) {
  if (std::ssize(workers_) < workers) {
    std::vector<Worker> made(static_cast<std::size_t>(workers));
    for (Worker& worker : made) {
      arithmetic_.apply_to(worker.memory.context);
      if (any_frozen_) worker.memory.frozen = &frozen_;
      worker.part = std::make_unique<ModelParameters<T>>(model.parameters().empty());
    }
    workers_ = std::move(made);
  }
  while (std::ssize(gradients_) < gradients)
    gradients_.push_back(std::make_unique<ModelParameters<T>>(model.parameters().empty()));
  if (std::ssize(figures_) < (std::max)(shards, workers)) {
    errors_ = detail::ErrorSums(loss_->is_regression() ? model.outputs() : 0);
    figures_.resize(static_cast<std::size_t>((std::max)(shards, workers)), {.errors = errors_});
  }
}

template <typename T>
void TrainStep<T>::make_teams(const ThreadPool& thread_pool) {
  const Index size = (std::max<Index>)(threads_ / thread_pool.size(), 1);
  for (Worker& worker : workers_) {
    if ((worker.team ? worker.team->size() : 1) == size) continue;
    worker.team = size > 1 ? ThreadPool::started_when_needed(size) : nullptr;
    worker.memory.context.thread_pool = worker.team.get();
  }
}

template <typename T>
void TrainStep<T>::pack_weights(const BasicModel<T>& model, ThreadPool& thread_pool) {
  auto& first = workers_.front().memory;
  model.program().make_ready(first);
  thread_pool.parallel_for(thread_pool.size(), [&](Index, Index part) {
    RoundRobin turns{.worker = part, .workers = thread_pool.size()};
    model.program().pack_weights(model.parameters().of_layers(), first, turns);
  });
  packs_ = false;
  for (Worker& worker : workers_) packs_ = model.program().share_packed(first, worker.memory) || packs_;
}

template <typename T>
void TrainStep<T>::run_shards(const BasicModel<T>& model, ThreadPool& thread_pool, const Source& source, const Job& job) {
  // If only memory is allocated, each worker has its own shard, which no other may take.
  if (job.samples > 0)
    thread_pool.run([&](Index worker) { learn(model, workers_[static_cast<std::size_t>(worker)], worker, source, job); });
  else
    thread_pool.parallel_for(job.own.size(), [&](Index worker, Index shard) {
      learn(model, workers_[static_cast<std::size_t>(worker)], job.own.first + shard, source, job);
    });
}

template <typename T>
void TrainStep<T>::learn(const BasicModel<T>& model, Worker& worker, Index s, const Source& source, const Job& job) {
  PartFigures& shard = figures_[static_cast<std::size_t>(s)];
  ModelParameters<T>& sum = *gradients_[static_cast<std::size_t>(s - job.own.first)];
  shard.loss = shard.correct = shard.weight = 0;
  shard.errors.clear();
  const Index first = job.begin(s), last = job.end(s), most = micro_batch(model, last - first);
  const auto p = model.parameters().of_layers();
  for (Index from = first; from < last; from += most) {
    const Index to = (std::min)(last, from + most);
    const SamplesRef samples = source(from, to, worker.batch);
    worker.memory.context.draws = draws_;
    worker.memory.context.first = from;
    model.program().forward(p, samples.x, worker.memory, worker.y);
    if (job.samples > 0) {
      reshape(worker.dy, shape(worker.y));
      std::fill_n(worker.dy.data(), worker.dy.size(), T(0));
    } else {
      const TargetView<T> targets = samples.target_view();
      shard.loss += loss_->loss(worker.y, targets, job.batch_size, worker.dy);
      shard.weight += loss_->weight(targets);
      if (loss_->is_regression() && !targets.are_labels())
        shard.errors.add(worker.y.data(), samples.targets->data(), samples.size());
      else
        shard.correct += loss_->correct(worker.y, targets);
    }
    ModelParameters<T>& gradient = from == first ? sum : *worker.part;
    model.program().backward(p, samples.x, worker.y, worker.dy, worker.memory, {}, gradient.of_layers());
    if (from == first) continue;
    sum.find(worker.sums);
    worker.part->find(worker.terms);
    detail::add_tensors(worker.sums, worker.terms);
  }
}

}  // namespace lamina::detail
