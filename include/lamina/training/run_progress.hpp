#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "checkpoint_store.hpp"
#include "early_stopping.hpp"
#include "history.hpp"
#include "plateau.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The sums of an unfinished epoch.
struct EpochSum {
  Index samples = 0;
  double loss = 0, correct = 0;
  double seconds = 0;
  double learning_rate = 0;  // of the last step
  ErrorSums errors{};        // has no outputs unless the targets are numbers

  void clear();

  /// Writes the means so far to a record.
  void tell(EpochRecord& record) const;
};

/// The state that changes from batch to batch, except the model's parameters and the optimizer's state.
struct RunProgress {
  RunPosition at = {};
  EpochSum sum = {};
  std::optional<Patience> patience = {};
  std::optional<PlateauRate> plateau = {};
  bool restores_best = false;
  bool judged = false;               // there is a validation set
  bool judged_numbers = false;       // … and its targets are numbers
  std::vector<std::byte> best = {};  // the best epoch's parameters, tensor after tensor, if they are asked for

  /// Returns the factor of the learning rate besides the schedule.
  double rate() const { return plateau ? plateau->rate() : 1; }

  bool exhausted() const { return patience && patience->exhausted(); }
  bool has_best() const { return patience && restores_best && patience->best_epoch(); }
  bool finished() const { return at.epoch == at.epochs || (at.batch == 0 && exhausted()); }
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_progress.ipp"
#endif
