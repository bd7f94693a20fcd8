#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "evaluate.hpp"
#include "fit_plan.hpp"
#include "fit_work.hpp"
#include "train_step.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The part of one run of `fit` that knows whether numbers are float or double.
template <typename T>
class Fitting final : public FitWork {
 public:
  [[gnu::cold]] Fitting(BasicModel<T>& model, const LossView<T>& loss, const OptimizerView<T>& optimizer,
          const DataView<T>& train, const DataView<T>* validation, const FitPlan& plan, ThreadPool& thread_pool);

  const FitPlan& plan() const override { return plan_; }
  void draw_order(std::vector<Index>& order, const Rng& rng) const override { train_.draw_order(order, rng); }
  const char* step(const StepSamples& samples, const StepPlan& plan, StepResult& result) override;
  [[gnu::cold]] void reserve(const StepSamples& samples, Index shard) override;
  [[gnu::cold]] std::string explain(const StepSamples& samples, double learning_rate) override;
  ErrorSums training_errors() const override { return errors_of(&train_); }
  ErrorSums validation_errors() const override { return errors_of(validation_); }
  const ErrorSums& step_errors() const override { return run_.errors(); }
  Score judge() override;
  double learning_rate() const override { return run_.optimizer().learning_rate(); }
  std::span<const NumberBytes> parameters() override;
  [[gnu::cold]] std::vector<NumberBytes> state_tensors() override;
  [[gnu::cold]] std::vector<NumberBytes> average() override;
  void swap_average() override;
  std::uint64_t& updates() override { return run_.update().updates(); }
  std::uint64_t model_steps() const override { return model_.steps(); }
  [[gnu::cold]] void set_model_steps(std::uint64_t steps) override { model_.go_to(steps); }
  [[gnu::cold]] RunDescription describe() const override;
  void read_image(Index i, float* x) const override { train_.read_image(i, x); }

 private:
  /// A function object that collects the samples of a step. It also prefetches the samples of the next step: while a
  /// worker computes one shard, the next one comes from memory, which takes as long as a small network.
  struct Gathering {
    Fitting* fitting;
    const StepSamples& samples;

    SamplesRef<T> operator()(Index first, Index last, Samples<T>& scratch) const;
  };

  ErrorSums errors_of(const DataView<T>* data) const {
    return data && run_.loss().is_regression() ? data->error_sums() : ErrorSums();
  }

  BasicModel<T>& model_;
  const DataView<T>& train_;
  const DataView<T>* validation_;
  const FitPlan& plan_;
  ThreadPool& thread_pool_;                 // for the shards
  std::unique_ptr<ThreadPool> validators_;  // if more threads can judge than train
  Arithmetic arithmetic_;
  TrainStep<T> run_;
  Evaluator<T> score_;
  TensorViews<T> places_;
  std::vector<NumberBytes> bytes_;  // the result of parameters()
};

/// Trains a model. `fit` calls it after all checks.
template <typename T>
[[gnu::cold]] History run_fit(BasicModel<T>& model, const LossView<T>& loss,
                const OptimizerView<T>& optimizer, const DataView<T>& train, const DataView<T>* validation,
                const FitPlan& plan);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/fitting.ipp"
#endif
