#pragma once

#include "../carry_run.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void carry(RunArchive& archive, EpochSum& sum) {
  archive.number("epoch.loss", sum.loss);
  archive.number("epoch.hits", sum.hits);
  archive.number("epoch.seconds", sum.seconds);
  archive.number("epoch.learning_rate", sum.learning_rate);
  const auto errors = sum.errors.sums();
  if (!errors.empty())
    archive.numbers("epoch.errors", dtype_of<double>(), {errors.size(), sizeof(ErrorSums::Output) / sizeof(double)},
                    std::as_writable_bytes(errors));
}

LAMINA_FUNC void carry(RunArchive& archive, Patience::State& patience, Index epochs) {
  archive.number("early_stopping.best", patience.best);
  archive.number("early_stopping.best_epoch", patience.best_epoch);
  archive.number("early_stopping.waited", patience.waited);
  if (archive.reads() &&
      (patience.waited < 0 || patience.waited > epochs || patience.best_epoch.value_or(-1) >= epochs))
    archive.refuse("early stopping has seen epochs that were not");
}

LAMINA_FUNC void carry(RunArchive& archive, PlateauRate& plateau, Index epochs) {
  PlateauRate::State& state = plateau.state();
  archive.number("plateau.best", state.best);
  archive.number("plateau.rate", state.rate);
  archive.number("plateau.waited", state.waited);
  archive.number("plateau.resting", state.resting);
  if (archive.reads() && !(state.waited >= 0 && state.waited <= epochs && state.resting >= 0 &&
                           state.resting <= plateau.cooldown() && state.rate >= 0 && state.rate <= 1))
    archive.refuse("no plateau leaves such a rate, or waits so long");
}

LAMINA_FUNC void carry_history(RunArchive& archive, std::vector<EpochRecord>& records, Index count,
                               const RunProgress& progress) {
  const bool numbers = progress.sum.errors.outputs() > 0;
  archive.expect_column("history.loss", count);
  if (archive.reads()) records.assign(static_cast<std::size_t>(count), {});
  const auto epochs = std::span(records).first(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < epochs.size() && archive.reads(); ++i) {
    epochs[i].epoch = static_cast<Index>(i);
    if (progress.judged) epochs[i].validation_loss = 0;
    if (progress.judged_numbers) epochs[i].validation_regression.emplace();
    if (progress.judged && !progress.judged_numbers) epochs[i].validation_accuracy = 0;
    if (numbers) epochs[i].regression.emplace();
  }
  archive.column("history.loss", epochs, [](EpochRecord& epoch) -> double& { return epoch.loss; });
  archive.column("history.accuracy", epochs, [](EpochRecord& epoch) -> double& { return epoch.accuracy; });
  archive.column("history.learning_rate", epochs, [](EpochRecord& epoch) -> double& { return epoch.learning_rate; });
  archive.column("history.seconds", epochs, [](EpochRecord& epoch) -> double& { return epoch.seconds; });
  archive.column("history.images_per_second", epochs,
                 [](EpochRecord& epoch) -> double& { return epoch.images_per_second; });
  if (numbers) {
    archive.column("history.rmse", epochs, [](EpochRecord& epoch) -> double& { return epoch.regression->rmse; });
    archive.column("history.mae", epochs, [](EpochRecord& epoch) -> double& { return epoch.regression->mae; });
    archive.column("history.r2", epochs, [](EpochRecord& epoch) -> double& { return epoch.regression->r2; });
  }
  if (!progress.judged) return;
  archive.column("history.validation_loss", epochs,
                 [](EpochRecord& epoch) -> double& { return *epoch.validation_loss; });
  if (!progress.judged_numbers) {
    archive.column("history.validation_accuracy", epochs,
                   [](EpochRecord& epoch) -> double& { return *epoch.validation_accuracy; });
    return;
  }
  archive.column("history.validation_rmse", epochs,
                 [](EpochRecord& epoch) -> double& { return epoch.validation_regression->rmse; });
  archive.column("history.validation_mae", epochs,
                 [](EpochRecord& epoch) -> double& { return epoch.validation_regression->mae; });
  archive.column("history.validation_r2", epochs,
                 [](EpochRecord& epoch) -> double& { return epoch.validation_regression->r2; });
}

LAMINA_FUNC void carry_tensors(RunArchive& archive, const std::string& prefix, std::string_view dtype,
                                        const std::vector<NamedTensor>& tensors, std::span<const NumberBytes> places) {
  for (std::size_t i = 0; i < tensors.size(); ++i)
    archive.numbers(prefix + tensors[i].name, dtype, tensors[i].shape, places[i]);
}

LAMINA_FUNC Digest digest_of(std::span<const NumberBytes> places) {
  Digest digest;
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
