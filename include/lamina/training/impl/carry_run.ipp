#pragma once

#include "../carry_run.hpp"

#include <limits>
#include <optional>

namespace LAMINA_NAMESPACE::detail {

/// The value of a figure that an older checkpoint does not have.
constexpr double unknown_loss = std::numeric_limits<double>::quiet_NaN();

LAMINA_FUNC void carry(RunArchive& archive, EpochSum& sum) {
  archive.number("epoch.loss", sum.loss);
  archive.number("epoch.hits", sum.correct);
  archive.number("epoch.seconds", sum.seconds);
  archive.number("epoch.learning_rate", sum.learning_rate);
  const auto errors = sum.errors.sums();
  if (errors.empty()) return;
  if (archive.has("epoch.errors"))
    archive.numbers("epoch.errors", dtype_of<double>(), {errors.size(), sizeof(ErrorSums::Output) / sizeof(double)},
                    std::as_writable_bytes(errors));
  else
    for (ErrorSums::Output& output : errors) output = {unknown_loss, unknown_loss, unknown_loss, unknown_loss};
}

LAMINA_FUNC void carry(RunArchive& archive, Patience::State& patience, Index epochs) {
  archive.number("early_stopping.best", patience.best);
  archive.number("early_stopping.best_epoch", patience.best_epoch);
  archive.number("early_stopping.waited", patience.waited);
  if (archive.reads() &&
      (patience.waited < 0 || patience.waited > epochs || patience.best_epoch.value_or(-1) >= epochs))
    archive.refuse("early stopping counts epochs that the run does not have");
}

LAMINA_FUNC void carry(RunArchive& archive, PlateauRate& plateau, Index epochs) {
  PlateauRate::State& state = plateau.state();
  archive.number("plateau.best", state.best);
  archive.number("plateau.rate", state.rate);
  archive.number("plateau.waited", state.waited);
  archive.number("plateau.resting", state.resting);
  if (archive.reads() && !(state.waited >= 0 && state.waited <= epochs && state.resting >= 0 &&
                           state.resting <= plateau.cooldown() && state.rate >= 0 && state.rate <= 1))
    archive.refuse("the state of its plateau rate is impossible");
}

/// Carries columns of scores, under names that begin with prefix. An older run has an accuracy instead, which cannot be converted.
LAMINA_FUNC void carry_scores(RunArchive& archive, const std::string& prefix, std::span<EpochRecord> epochs,
                              std::optional<RegressionScores> EpochRecord::*scores) {
  if (archive.reads())
    for (EpochRecord& epoch : epochs) epoch.*scores = RegressionScores{unknown_loss, unknown_loss, unknown_loss};
  if (!archive.has(prefix + "rmse")) return;
  const auto carry_one = [&](const char* name, double RegressionScores::*figure) {
    archive.column((prefix + name).c_str(), epochs,
                   [&](EpochRecord& epoch) -> double& { return (*(epoch.*scores)).*figure; });
  };
  carry_one("rmse", &RegressionScores::rmse);
  carry_one("mae", &RegressionScores::mae);
  carry_one("r2", &RegressionScores::r2);
}

LAMINA_FUNC void carry_history(RunArchive& archive, std::vector<EpochRecord>& records, Index count,
                               const RunProgress& progress) {
  archive.expect_column("history.loss", count);
  if (archive.reads()) records.assign(static_cast<std::size_t>(count), {});
  const auto epochs = std::span(records).first(static_cast<std::size_t>(count));
  const bool accuracy = progress.judged && !progress.judged_numbers;
  for (std::size_t i = 0; i < epochs.size() && archive.reads(); ++i) {
    epochs[i].epoch = static_cast<Index>(i);
    if (progress.judged) epochs[i].validation_loss = epochs[i].validation_accuracy = 0;
  }
  archive.column("history.loss", epochs, [](EpochRecord& epoch) -> double& { return epoch.loss; });
  archive.column("history.accuracy", epochs, [](EpochRecord& epoch) -> double& { return epoch.accuracy; });
  archive.column("history.learning_rate", epochs, [](EpochRecord& epoch) -> double& { return epoch.learning_rate; });
  archive.column("history.seconds", epochs, [](EpochRecord& epoch) -> double& { return epoch.seconds; });
  archive.column("history.images_per_second", epochs,
                 [](EpochRecord& epoch) -> double& { return epoch.images_per_second; });
  if (progress.sum.errors.outputs() > 0) {
    carry_scores(archive, "history.", epochs, &EpochRecord::regression);
    for (EpochRecord& epoch : epochs) epoch.accuracy = unknown_loss;
  }
  if (!progress.judged) return;
  archive.column("history.validation_loss", epochs,
                 [](EpochRecord& epoch) -> double& { return *epoch.validation_loss; });
  if (progress.judged_numbers) carry_scores(archive, "history.validation_", epochs, &EpochRecord::validation_regression);
  if (accuracy || (archive.reads() && archive.has("history.validation_accuracy")))
    archive.column("history.validation_accuracy", epochs,
                   [](EpochRecord& epoch) -> double& { return *epoch.validation_accuracy; });
  for (EpochRecord& epoch : epochs)
    if (!accuracy) epoch.validation_accuracy.reset();
}

LAMINA_FUNC void carry_tensors(RunArchive& archive, const std::string& prefix, std::string_view dtype,
                                        const std::vector<NamedTensor>& tensors, std::span<const NumberBytes> places) {
  for (std::size_t i = 0; i < tensors.size(); ++i)
    archive.numbers(prefix + tensors[i].name, dtype, tensors[i].shape, places[i]);
}

LAMINA_FUNC Checksum digest_of(std::span<const NumberBytes> places) {
  Checksum digest;
  for (const NumberBytes numbers : places) digest.add(numbers);
  return digest;
}

LAMINA_FUNC std::vector<NumberBytes> cut_as(std::span<std::byte> memory, std::span<const NumberBytes> tensors) {
  std::vector<NumberBytes> places;
  for (const NumberBytes numbers : tensors) {
    places.push_back(memory.first(numbers.size()));
    memory = memory.subspan(numbers.size());
  }
  return places;
}

}  // namespace lamina::detail
