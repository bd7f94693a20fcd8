#pragma once

#include "../run_progress.hpp"

#include <algorithm>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void EpochSum::clear() {
  samples = 0;
  loss = correct = seconds = learning_rate = 0;
  errors.clear();
}

LAMINA_FUNC void EpochSum::tell(EpochRecord& record) const {
  if (samples == 0) return;
  record.loss = loss / static_cast<double>(samples);
  record.accuracy = correct / static_cast<double>(samples);
  record.learning_rate = learning_rate;
  record.seconds = seconds;
  if (errors.samples() > 0) record.regression = errors.mean();
  record.images_per_second = static_cast<double>(samples) / (std::max)(seconds, 1e-9);
}

}  // namespace lamina::detail
