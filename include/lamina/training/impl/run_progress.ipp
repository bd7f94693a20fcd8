#pragma once

#include "../run_progress.hpp"

#include <algorithm>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void EpochSum::tell(EpochRecord& record) const {
  if (samples == 0) return;
  record.loss = loss / static_cast<double>(samples);
  record.accuracy = hits / static_cast<double>(samples);
  record.learning_rate = learning_rate;
  record.seconds = seconds;
  record.images_per_second = static_cast<double>(samples) / std::max(seconds, 1e-9);
}

}  // namespace lamina::detail
