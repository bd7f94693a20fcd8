#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "../data/png.hpp"
#include "../training/history.hpp"
#include "event_file.hpp"

namespace LAMINA_NAMESPACE {

struct TensorBoardOptions {
  Index every_batches =
      0;  // how often a batch is written, where .on_batch is given: every so many of an epoch; 0: never
  LogTrouble on_trouble{};  // see LogOptions
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
/// through all epochs. Where targets are numbers, rmse/, mae/ and r2/ stand in place of accuracy/.
class TensorBoardLog {
 public:
  /// Begins a new file in the folder of the run, which is made if it is not there. Throws DataError when it cannot be
  /// written, and OptionError.
  explicit TensorBoardLog(const std::filesystem::path& folder, const TensorBoardOptions& options = {})
      : options_(checked(options)), file_(folder, options_.on_trouble) {}

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

  void operator()(const EpochEnd& end);

  void operator()(const BatchEnd& end);

 private:
  static const TensorBoardOptions& checked(const TensorBoardOptions& options);
  static std::uint64_t checked(Index step);

  void encoded_image(std::string_view tag, Index step, const Shape<3>& extents, std::span<const std::byte> png);

  TensorBoardOptions options_;
  EventFile file_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/tensorboard_log.ipp"
#endif
