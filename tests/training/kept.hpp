#pragma once

#include <bit>
#include <lamina/callbacks/checkpoint_file.hpp>
#include <optional>
#include <vector>

#include "small.hpp"

namespace small {

/// Keeps a run as the bytes of a file, after every so many steps and, if asked, epochs.
struct CheckpointBytes {
  std::vector<std::byte> file{};
  std::uint64_t every = ~std::uint64_t{0};
  bool epochs = false;
  int times = 0;

  std::optional<Checkpoint> find() const {
    if (file.empty()) return std::nullopt;
    Checkpoint run = detail::read_checkpoint(file);
    run.origin = "the run";
    return run;
  }
  bool due(const RunPosition& at) const { return at.batch == 0 ? epochs : at.steps % every == 0; }
  void keep(const Checkpoint& run) {
    file = detail::checkpoint_bytes(run);
    ++times;
  }
};

/// What a run came to, to the bit; times are left out, as they are never the same.
template <typename M>
std::vector<std::uint64_t> bits_of(const M& model, const History& history) {
  std::vector<std::uint64_t> bits{digest(model), model.steps(), history.stopped,
                                  std::bit_cast<std::uint64_t>(history.best_epoch.value_or(-1)), history.epochs.size()};
  for (const EpochRecord& epoch : history.epochs) {
    const RegressionScores none, train = epoch.regression.value_or(none), other = epoch.validation_regression.value_or(none);
    for (const double number :
         {static_cast<double>(epoch.epoch), epoch.loss, epoch.accuracy, epoch.validation_loss.value_or(-1),
          epoch.validation_accuracy.value_or(-1), epoch.learning_rate, train.rmse, train.mae, train.r2, other.rmse,
          other.mae, other.r2})
      bits.push_back(std::bit_cast<std::uint64_t>(number));
  }
  return bits;
}

}  // namespace small
