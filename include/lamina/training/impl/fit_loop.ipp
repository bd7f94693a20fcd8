#pragma once

#include "../fit_loop.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "../../data/batches.hpp"
#include "../checks.hpp"
#include "../divergence.hpp"
#include "../shown_settings.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A scope in which the model has the moving average of its parameters, if one is asked for.
class AverageInModel {
 public:
  explicit AverageInModel(FitWork& work) : work_(work) { work_.swap_average(); }
  AverageInModel(const AverageInModel&) = delete;
  AverageInModel& operator=(const AverageInModel&) = delete;
  ~AverageInModel() {
    try {
      work_.swap_average();
    } catch (const OptionError&) {
      // The model is another network now; the next step reports it.
    }
  }

 private:
  FitWork& work_;
};

/// A run of `fit` by several processes, if there are several.
class GroupRun {
 public:
  GroupRun(ProcessGroup* group, FitWork& work) : group_(group) {
    if (group_) group_->begin(work);
  }
  GroupRun(const GroupRun&) = delete;
  GroupRun& operator=(const GroupRun&) = delete;
  ~GroupRun() {
    if (group_) group_->end();
  }

 private:
  ProcessGroup* group_;
};

[[gnu::cold]] LAMINA_FUNC FitLoop::FitLoop(FitWork& work)
    : work_(work), plan_(work.plan()), group_(plan_.group()), tells_(!group_ || group_->rank() == 0), order_(static_cast<std::size_t>(plan_.samples)) {
  progress_.at.epochs = plan_.epochs;
  progress_.at.batches = plan_.steps();
  if (plan_.early_stopping) progress_.patience.emplace(*plan_.early_stopping);
  if (plan_.on_plateau) progress_.plateau.emplace(*plan_.on_plateau);
  progress_.restores_best = plan_.early_stopping && plan_.early_stopping->restore_best;
  progress_.judged = plan_.judged;
  progress_.sum.errors = work.training_errors();
  progress_.judged_numbers = work.validation_errors().outputs() > 0;
  const bool numbers = progress_.sum.errors.outputs() > 0;
  if (plan_.early_stopping)
    check_accuracy("EarlyStopping", plan_.early_stopping->monitor, numbers, progress_.judged_numbers);
  if (plan_.on_plateau) check_accuracy("ReduceOnPlateau", plan_.on_plateau->monitor, numbers, progress_.judged_numbers);
}

[[gnu::cold]] LAMINA_FUNC History FitLoop::run() {
  const GroupRun together(group_, work_);
  may_stop_ = first_says(bool(plan_.on_batch));
  if (plan_.progress && tells_) shown_ = std::make_unique<FitProgress>();
  History history;
  if (group_)
    keeping_ = group_->open(plan_.checkpoint, work_, progress_);
  else if (plan_.checkpoint)
    keeping_ = plan_.checkpoint.open(work_, progress_);
  if (keeping_) begin(history);
  begin_rates(history);
  try {
    train(history);
    finish(history);
  } catch (...) {
    rescue_best();
    throw;
  }
  history.settings = shown_settings(work_, history);
  return history;
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::train(History& history) {
  const std::size_t continued = history.epochs.size();
  history.epochs.reserve(static_cast<std::size_t>((std::min)(plan_.epochs, Index{1000})));
  for (Index epoch = progress_.at.epoch; epoch < plan_.epochs && !history.stopped; ++epoch) {
    EpochRecord& record = history.epochs.emplace_back(EpochRecord{.epoch = epoch});
    const bool whole = train_epoch(history);
    const bool stop = end_epoch(record, std::span(history.epochs).first(continued));
    history.stopped = !(whole && epoch + 1 == plan_.epochs) && stop;
    if (whole) close_epoch(history, stop);
  }
}

[[gnu::cold]] LAMINA_FUNC bool FitLoop::end_epoch(EpochRecord& record, std::span<const EpochRecord> continued) {
  const AverageInModel average(work_);
  if (plan_.judged) {
    const Score score = work_.judge();
    record.validation_loss = score.loss;
    record.validation_regression = score.regression;
    if (!score.regression) record.validation_accuracy = score.accuracy;
  }
  EpochEnd end{.record = record, .epochs = plan_.epochs, .continued = continued};
  judge(record);
  if (shown_) (*shown_)(end);
  if (plan_.on_epoch && tells_) plan_.on_epoch(end);
  return first_says(stopping_ || end.stop_training);
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::begin(History& history) {
  keeping_->begin(history);
  progress_.sum.samples = (std::min)(progress_.at.batch * plan_.whole_step(), plan_.samples);
  if (progress_.sum.errors.outputs() > 0) progress_.sum.errors.set_samples(progress_.sum.samples);
  stopping_ = progress_.exhausted();
  history.stopped = stopping_ && progress_.at.epoch < plan_.epochs;
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::close_epoch(History& history, bool end) {
  ++progress_.at.epoch;
  progress_.at.batch = 0;
  progress_.sum.clear();
  if (keeping_) keeping_->after_epoch(history, end);
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::judge(const EpochRecord& record) {
  if (progress_.plateau) (*progress_.plateau)(monitored(record, plan_.on_plateau->monitor));
  if (!progress_.patience) return;
  if (progress_.patience->better(record) && progress_.restores_best) note_best();
  stopping_ = stopping_ || progress_.exhausted();
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::note_best() {
  const std::span<const NumberBytes> parameters = work_.parameters();
  std::size_t size = 0;
  for (const NumberBytes numbers : parameters) size += numbers.size();
  progress_.best.reserve(size);  // may throw; after this line the copy cannot fail halfway
  progress_.best.clear();
  for (const NumberBytes numbers : parameters)
    progress_.best.insert(progress_.best.end(), numbers.begin(), numbers.end());
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::finish(History& history) {
  work_.parameters();  // throws if the model is another network, so that fit returns the history of the one it trained
  work_.swap_average();
  if (progress_.patience) history.best_epoch = progress_.patience->best_epoch();
  restore_best();
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::restore_best() {
  if (progress_.best.empty()) return;
  const std::byte* from = progress_.best.data();
  for (const NumberBytes numbers : work_.parameters()) {
    if (!numbers.empty()) std::memcpy(numbers.data(), from, numbers.size());
    from += numbers.size();
  }
}

[[gnu::cold]] LAMINA_FUNC void FitLoop::rescue_best() {
  try {
    restore_best();
  } catch (const OptionError&) {
    // The model is another network now, or was moved from: it stays as it is, and the caller gets the first exception.
  }
}

LAMINA_FUNC bool FitLoop::train_epoch(History& history) {
  EpochRecord& record = history.epochs.back();
  rng_ = Rng(plan_.seed).split(static_cast<std::uint64_t>(record.epoch));
  work_.draw_order(order_, rng_);
  progress_.sum.tell(record);
  while (progress_.at.batch < progress_.at.batches && !stopping_) {
    const Index batch = progress_.at.batch;
    const double epochs_done =
        static_cast<double>(record.epoch) + static_cast<double>(batch) / static_cast<double>(progress_.at.batches);
    const double batch_loss =
        train_batch(progress_.rate() * plan_.schedule(epochs_done / static_cast<double>(plan_.epochs)), record);
    note_rate(history, record, batch);
    if (tells_ && (plan_.on_batch || shown_)) {
      BatchEnd end{.epoch = record.epoch,
                   .epochs = plan_.epochs,
                   .batch = batch,
                   .batches = progress_.at.batches,
                   .loss = record.loss,
                   .accuracy = record.accuracy,
                   .batch_loss = batch_loss,
                   .learning_rate = record.learning_rate,
                   .regression = record.regression};
      if (shown_) (*shown_)(end);
      if (plan_.on_batch) plan_.on_batch(end);
      stopping_ = end.stop_training;
    }
    if (may_stop_) stopping_ = first_says(stopping_);
    if (keeping_) keeping_->after_batch(history, stopping_);
  }
  return progress_.at.batch == progress_.at.batches;
}

[[gnu::cold]] LAMINA_FUNC Index FitLoop::shard_to_reserve() const {
  const Index whole = plan_.whole_step(), last = plan_.rest();
  const auto largest = [&](Index size) { return size == 0 ? 0 : (size - 1) / plan_.shards_of(size) + 1; };
  const Index most = (std::max)(largest(whole), largest(last));
  // With several workers, the first steps may leave one without a shard.
  return whole / plan_.shards_of(whole) < most || plan_.useful_threads() > 1 ? most : 0;
}

LAMINA_FUNC double FitLoop::train_batch(double rate, EpochRecord& record) {
  check_rate("fit: expects a schedule to give a number", rate);
  const auto start = Clock::now();
  EpochSum& sum = progress_.sum;
  const Index size = (std::min)(plan_.whole_step(), plan_.samples - sum.samples);
  const auto left = std::span<const Index>(order_).subspan(static_cast<std::size_t>(sum.samples));
  const auto many = static_cast<std::size_t>(size);
  const StepSamples samples{left.first(many), left.subspan(many), rng_};
  sum.learning_rate = record.learning_rate = work_.learning_rate() * rate;
  if (!reserved_ && size == plan_.whole_step()) {
    if (const Index most = shard_to_reserve(); most > 0) work_.reserve(samples, most);
    reserved_ = true;
  }
  StepResult result;
  if (const char* diverged = work_.step(samples, step_plan(record.epoch, rate), result))
    tell_divergence(samples, diverged, record);
  sum.samples += size;
  sum.loss += result.loss * static_cast<double>(size);
  sum.correct += result.accuracy * static_cast<double>(size);
  sum.errors.add(work_.step_errors());
  sum.seconds += std::chrono::duration<double>(Clock::now() - start).count();
  sum.tell(record);
  ++progress_.at.batch;
  return result.loss;
}

/// The largest number of noted rates of a run, apart from two more per epoch.
inline constexpr Index most_rates = 400;

[[gnu::cold]] LAMINA_FUNC void FitLoop::begin_rates(History& history) {
  const double steps = static_cast<double>(plan_.epochs) * static_cast<double>(plan_.steps());
  steps_between_rates_ = static_cast<Index>((std::min)(steps / most_rates, 1e9)) + 1;
  for (const EpochRecord& record : history.epochs)
    history.learning_rates.push_back({static_cast<double>(record.epoch) + 1, record.learning_rate});
  const Index left = plan_.epochs - progress_.at.epoch, noted = plan_.steps() / steps_between_rates_ + 2;
  history.learning_rates.reserve(history.learning_rates.size() +
                                 static_cast<std::size_t>((std::min)(static_cast<double>(left) * static_cast<double>(noted), 1e5)));
}

LAMINA_FUNC void FitLoop::note_rate(History& history, const EpochRecord& record, Index batch) const {
  if (batch % steps_between_rates_ != 0 && batch + 1 != progress_.at.batches) return;
  history.learning_rates.push_back(
      {static_cast<double>(record.epoch) + static_cast<double>(batch) / static_cast<double>(progress_.at.batches), record.learning_rate});
}

LAMINA_FUNC void FitLoop::tell_divergence(const StepSamples& samples, const char* diverged, const EpochRecord& record) {
  throw DivergenceError(str_cat("fit: ", diverged, " stopped being finite in epoch ", record.epoch + 1,
                                ", batch ", progress_.at.batch + 1, "; ", work_.explain(samples, record.learning_rate)),
                        record.epoch, progress_.at.batch);
}

LAMINA_FUNC StepPlan FitLoop::step_plan(Index epoch, double rate) const {
  constexpr std::uint64_t draws = ~std::uint64_t{0};  // the seed's stream that no epoch uses
  const Rng rng = Rng(plan_.seed).split(draws).split(static_cast<std::uint64_t>(epoch));
  return {.rate = rate,
          .clip = plan_.clip,
          .draws = rng.split(static_cast<std::uint64_t>(progress_.at.batch)),
          .reduce = plan_.reduce ? &plan_.reduce : nullptr,
          .group = group_};
}

}  // namespace lamina::detail
