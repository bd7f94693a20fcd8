#pragma once

#include "../log_record.hpp"

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC LogRecord log_record(const EpochRecord& epoch) {
  return {{"epoch", static_cast<double>(epoch.epoch + 1)},
          {"loss", epoch.loss},
          {"accuracy", epoch.accuracy},
          {"learning_rate", epoch.learning_rate},
          {"validation_loss", epoch.validation_loss},
          {"validation_accuracy", epoch.validation_accuracy},
          {"seconds", epoch.seconds},
          {"images_per_second", epoch.images_per_second}};
}

LAMINA_FUNC LogRecord log_record(const BatchEnd& batch) {
  return {{"epoch", static_cast<double>(batch.epoch + 1)},
          {"batch", static_cast<double>(batch.batch + 1)},
          {"batch_loss", batch.batch_loss},
          {"loss", batch.loss},
          {"accuracy", batch.accuracy},
          {"learning_rate", batch.learning_rate}};
}

}  // namespace lamina::detail
