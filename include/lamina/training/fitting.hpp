#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/dtype.hpp"
#include "describe_run.hpp"
#include "divergence.hpp"
#include "evaluate.hpp"
#include "fit_plan.hpp"
#include "fit_work.hpp"
#include "training_run.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The part of one run of `fit` that knows the types. What is here is compiled for every network: it should be little.
template <typename M, typename F, typename O, int Rank>
class Fitting final : public FitWork {
  using Run = TrainingRun<M, F, O>;
  using Samples = typename Run::Samples;

 public:
  Fitting(M& model, const F& loss, const O& optimizer, const Dataset<Rank>& train, const Dataset<Rank>* validation,
          const FitPlan& plan, Crew& crew)
      : model_(model), train_(train), validation_(validation), plan_(plan), crew_(crew),
        run_(model, loss, optimizer, plan.winograd) {}

  const FitPlan& plan() const override { return plan_; }

  bool step(const StepSamples& samples, const StepPlan& plan, StepResult& result) override {
    const Index size = std::ssize(samples.here);
    result = run_.step(model_, size, plan_.shards_of(size), plan, crew_, Gathering{this, samples});
    return run_.finite();
  }

  void reserve(const StepSamples& samples, Index shard) override {
    run_.reserve(model_, shard, plan_.shards_of(std::ssize(samples.here)), crew_, Gathering{this, samples});
  }

  [[gnu::cold]] std::string explain(const StepSamples& samples, double learning_rate) override {
    Samples whole;
    const Samples& batch = Gathering{this, samples}(0, std::ssize(samples.here), whole);
    return explain_divergence(model_, batch, learning_rate, [&](Index n) {
      return message(samples.here[static_cast<std::size_t>(n)], " of the training set");
    });
  }

  Score judge() override { return score_(model_, run_.loss(), *validation_, crew_); }

  double learning_rate() const override { return run_.optimizer().learning_rate; }

  std::span<const NumberBytes> parameters() override {
    places_.find(model_.parameters());
    bytes_.clear();
    for (std::size_t i = 0; i < places_.begins.size(); ++i)
      bytes_.push_back(std::as_writable_bytes(std::span(places_.begins[i], static_cast<std::size_t>(places_.sizes[i]))));
    return bytes_;
  }

  [[gnu::cold]] std::vector<NumberBytes> memories() override {
    std::vector<NumberBytes> all;
    for (std::size_t m = 0; m < run_.update().memories(); ++m)
      for (const auto numbers : run_.update().memory(m)) all.push_back(std::as_writable_bytes(numbers));
    return all;
  }

  std::uint64_t& updates() override { return run_.update().updates(); }
  std::uint64_t model_steps() const override { return model_.steps(); }
  [[gnu::cold]] void set_model_steps(std::uint64_t steps) override { model_.go_to(steps); }

  [[gnu::cold]] RunDescription describe() const override {
    RunDescription run{.sample = format_shape(extents_in(model_.sample_shape())),
                       .dtype = dtype_of<typename M::Scalar>(), .number_size = sizeof(typename M::Scalar),
                       .loss = describe_thing(run_.loss()), .optimizer = describe_thing(run_.optimizer()),
                       .train = describe_data(train_)};
    if (validation_) run.validation = describe_data(*validation_);
    const auto sample = train_.sample_shape();
    run.image.assign(sample.extents.begin(), sample.extents.end());
    const M& model = model_;
    walk(model.layer(), model.input_shape(1), model.parameters(), DescribingWalk{run});
    return run;
  }

  void read_image([[maybe_unused]] Index i, [[maybe_unused]] float* x) const override {
    if constexpr (Rank == 3) train_.read_plain(i, x);
  }

 private:
  /// Gives a step its samples. Asks for those that come next to be brought nearer: while a worker is at one shard, its
  /// next comes from memory, which takes as long as a small network.
  struct Gathering {
    Fitting* fitting;
    const StepSamples& samples;

    const Samples& operator()(Index first, Index last, Samples& scratch) const {
      const auto part = [&](std::span<const Index> all) {
        const auto begin = std::min(static_cast<std::size_t>(first), all.size());
        return all.subspan(begin, std::min(static_cast<std::size_t>(last), all.size()) - begin);
      };
      gather(fitting->train_, part(samples.here), scratch, Variation{fitting->plan_.augment, samples.rng});
      for (const Index i : part(samples.following)) fitting->train_.prefetch(i);
      return scratch;
    }
  };

  M& model_;
  const Dataset<Rank>& train_;
  const Dataset<Rank>* validation_;
  const FitPlan& plan_;
  Crew& crew_;
  Run run_;
  Scoring<M> score_;
  Places<typename M::Scalar> places_;
  std::vector<NumberBytes> bytes_;  // what parameters() gives
};

}  // namespace lamina::detail
