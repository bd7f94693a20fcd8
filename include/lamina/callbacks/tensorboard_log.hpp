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
      0;  // writes every so many batches of an epoch, if .on_batch is given; 0: none
  LogTrouble on_trouble{};  // see LogOptions
};

/// A callback that writes training results to an event file for TensorBoard: losses, accuracies and the learning rate per
/// epoch, and per batch if asked. You can add your own scalars and images. A run is a folder: give each its own.
///
///   TensorBoardLog board{"runs/lenet"};
///   trainer.fit(model, train, {.epochs = 5, .validation = &test, .on_epoch = std::ref(board)});
///   board.image("augmented", 0, contact_sheet(train, {Rotation{}}));
///
///   tensorboard --logdir runs
///
/// Tags are loss/train, loss/validation, accuracy/train, accuracy/validation, learning_rate and images_per_second; their
/// steps are epochs, counted from 1. For batches they are batch/loss, batch/accuracy and batch/learning_rate; their steps
/// count through all epochs. For regression rmse/, mae/ and r2/ replace accuracy/.
class TensorBoardLog {
 public:
  /// Begins a new file in the folder of the run, which is created if it does not exist. Throws DataError if it cannot be
  /// written, and OptionError.
  explicit TensorBoardLog(const std::filesystem::path& folder, const TensorBoardOptions& options = {})
      : options_(checked(options)), file_(folder, options_.on_trouble) {}

  const std::filesystem::path& path() const { return file_.path(); }

  /// Writes a number, which TensorBoard stores as float. Throws OptionError for a step below 0, and DataError.
  void scalar(std::string_view tag, Index step, double value) {
    file_.summary(checked(step), detail::ProtoMessage{}.text(1, tag).number(2, static_cast<float>(value)));
  }

  /// Writes a picture (H, W, C) or (H, W), as for encode_png. Throws as encode_png does, OptionError for a step below 0,
  /// and DataError.
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
  detail::EventFile file_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/tensorboard_log.ipp"
#endif
