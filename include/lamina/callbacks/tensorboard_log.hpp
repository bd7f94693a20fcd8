#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "../data/png.hpp"
#include "../training/history.hpp"
#include "event_file.hpp"

namespace lamina {

struct TensorBoardOptions {
  Index every_batches =
      0;  // how often a batch is written, where .on_batch is given: every so many of an epoch; 0: never
};

/// Writes what training comes to as an event file that TensorBoard shows: losses, accuracies and the learning rate per
/// epoch, and per batch if asked; scalars and images of one's own beside them. A run is a folder: give each its own.
///
///   TensorBoardLog board{"runs/lenet"};
///   trainer.fit(model, train, {.epochs = 5, .validation = &test, .on_epoch = std::ref(board)});
///   board.image("augmented", 0, contact_sheet(train, {Rotation{}}));
///
///   tensorboard --logdir runs
///
/// Tags are loss/train, loss/validation, accuracy/train, accuracy/validation, learning_rate, images_per_second, the
/// steps are epochs, counted from 1; of batches batch/loss, batch/accuracy and batch/learning_rate, the steps counted
/// through all epochs.
class TensorBoardLog {
 public:
  /// Begins a new file in the folder of the run, which is made if it is not there. Throws DataError when it cannot be
  /// written, and OptionError.
  explicit TensorBoardLog(const std::filesystem::path& folder, const TensorBoardOptions& options = {})
      : options_(checked(options)), file_(folder) {}

  const std::filesystem::path& path() const { return file_.path(); }

  /// A number. TensorBoard keeps it as float. Throws OptionError for a step below 0 and DataError.
  void scalar(std::string_view tag, Index step, double value) {
    file_.summary(checked(step), detail::ProtoMessage{}.text(1, tag).number(2, static_cast<float>(value)));
  }

  /// A picture (H, W, C) or (H, W), as encode_png takes it. Throws as encode_png, OptionError for a step below 0, and
  /// DataError.
  template <int Rank>
  void image(std::string_view tag, Index step, const Tensor<std::uint8_t, Rank>& pixels) {
    const auto png = encode_png(pixels);
    const auto extents = shape(pixels);
    Index channels = 1;
    if constexpr (Rank == 3) channels = extents[2];
    encoded_image(tag, step, {extents[0], extents[1], channels}, png);
  }

  void operator()(const EpochEnd& end) {
    const EpochRecord& epoch = end.record;
    const Index step = epoch.epoch + 1;
    scalar("loss/train", step, epoch.loss);
    scalar("accuracy/train", step, epoch.accuracy);
    if (epoch.validation_loss) scalar("loss/validation", step, *epoch.validation_loss);
    if (epoch.validation_accuracy) scalar("accuracy/validation", step, *epoch.validation_accuracy);
    scalar("learning_rate", step, epoch.learning_rate);
    scalar("images_per_second", step, epoch.images_per_second);
  }

  void operator()(const BatchEnd& end) {
    if (options_.every_batches == 0 || (end.batch + 1) % options_.every_batches != 0) return;
    const Index step = end.epoch * end.batches + end.batch + 1;
    scalar("batch/loss", step, end.batch_loss);
    scalar("batch/accuracy", step, end.accuracy);
    scalar("batch/learning_rate", step, end.learning_rate);
  }

 private:
  static const TensorBoardOptions& checked(const TensorBoardOptions& options) {
    if (options.every_batches < 0)
      throw OptionError(
          message("TensorBoardLog: expects .every_batches of at least 0 but got ", options.every_batches));
    return options;
  }
  static std::uint64_t checked(Index step) {
    if (step < 0) throw OptionError(message("TensorBoardLog: expects a step of at least 0 but got ", step));
    return static_cast<std::uint64_t>(step);
  }

  void encoded_image(std::string_view tag, Index step, const Shape<3>& extents, std::span<const std::byte> png) {
    const auto extent = [&](int axis) { return static_cast<std::uint64_t>(extents[axis]); };
    detail::ProtoMessage picture;
    picture.integer(1, extent(0)).integer(2, extent(1)).integer(3, extent(2));
    picture.text(4, {reinterpret_cast<const char*>(png.data()), png.size()});
    file_.summary(checked(step), detail::ProtoMessage{}.text(1, tag).text(4, picture.bytes()));
  }

  TensorBoardOptions options_;
  EventFile file_;
};

}  // namespace lamina
