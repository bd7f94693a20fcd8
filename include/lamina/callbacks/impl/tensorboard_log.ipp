#pragma once

#include "../tensorboard_log.hpp"

#include <optional>
#include <string>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void TensorBoardLog::operator()(const EpochEnd& end) {
  const EpochRecord& epoch = end.record;
  const Index step = epoch.epoch + 1;
  scalar("loss/train", step, epoch.loss);
  const auto scores = [&](const std::optional<RegressionScores>& regression, std::string_view set) {
    if (!regression) return false;
    scalar(std::string("rmse/").append(set), step, regression->rmse);
    scalar(std::string("mae/").append(set), step, regression->mae);
    scalar(std::string("r2/").append(set), step, regression->r2);
    return true;
  };
  if (!scores(epoch.regression, "train")) scalar("accuracy/train", step, epoch.accuracy);
  if (epoch.validation_loss) scalar("loss/validation", step, *epoch.validation_loss);
  if (epoch.validation_accuracy) scalar("accuracy/validation", step, *epoch.validation_accuracy);
  scores(epoch.validation_regression, "validation");
  scalar("learning_rate", step, epoch.learning_rate);
  scalar("images_per_second", step, epoch.images_per_second);
}

LAMINA_FUNC void TensorBoardLog::operator()(const BatchEnd& end) {
  if (options_.every_batches == 0 || (end.batch + 1) % options_.every_batches != 0) return;
  const Index step = end.epoch * end.batches + end.batch + 1;
  scalar("batch/loss", step, end.batch_loss);
  if (end.regression) {
    scalar("batch/rmse", step, end.regression->rmse);
    scalar("batch/mae", step, end.regression->mae);
    scalar("batch/r2", step, end.regression->r2);
  } else {
    scalar("batch/accuracy", step, end.accuracy);
  }
  scalar("batch/learning_rate", step, end.learning_rate);
}

LAMINA_FUNC const TensorBoardOptions& TensorBoardLog::checked(const TensorBoardOptions& options) {
  if (options.every_batches < 0)
    throw OptionError(str_cat("TensorBoardLog: expects .every_batches of at least 0 but got ", options.every_batches));
  return options;
}

LAMINA_FUNC std::uint64_t TensorBoardLog::checked(Index step) {
  if (step < 0) throw OptionError(str_cat("TensorBoardLog: expects a step of at least 0 but got ", step));
  return static_cast<std::uint64_t>(step);
}

LAMINA_FUNC void TensorBoardLog::encoded_image(std::string_view tag, Index step, const Shape<3>& extents,
                                               std::span<const std::byte> png) {
  const auto extent = [&](int axis) { return static_cast<std::uint64_t>(extents[axis]); };
  detail::ProtoMessage picture;
  picture.integer(1, extent(0)).integer(2, extent(1)).integer(3, extent(2));
  picture.text(4, {reinterpret_cast<const char*>(png.data()), png.size()});
  file_.summary(checked(step), detail::ProtoMessage{}.text(1, tag).text(4, picture.bytes()));
}

}  // namespace lamina
