#pragma once

#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "../io/saved_model.hpp"
#include "../training/monitor.hpp"

namespace LAMINA_NAMESPACE {

struct ModelCheckpointOptions {
  bool best_only = false;                      // saves only epochs that are the best so far by the monitor
  Monitor monitor = Monitor::validation_loss;  // used only with best_only
  Index keep = 0;                              // keeps the newest files, so many; 0: all
  std::string name = "epoch-";                 // prefix of the file names, before the epoch's number
  Metadata metadata{};                         // saved with the model, see metadata_of
};

using CheckpointOptions [[deprecated("CheckpointOptions is called ModelCheckpointOptions now")]] = ModelCheckpointOptions;

/// A callback that saves a model after every epoch, or after those that are the best so far: epoch-0001.safetensors, ….
/// It uses `save`, so that each file is written completely or not at all and `load` reads it.
///
///   ModelCheckpoint checkpoints{model, "checkpoints", {.best_only = true, .keep = 1, .metadata = metadata_of(train)}};
///   trainer.fit(model, train, {.epochs = 20, .validation = &validation, .on_epoch = std::ref(checkpoints)});
///   load(model, *checkpoints.newest());   // the best
///
/// Files of the same names are replaced; other files in the folder are left alone. It only removes files that it wrote,
/// or that an object like it wrote earlier in the same run (see CheckpointFolder). After a resume, the best epoch and the number
/// of files of the earlier part still count.
class ModelCheckpoint {
 public:
  /// Prepares to save a model, which must outlive this object. Creates the folder if it does not exist. Throws DataError,
  /// which names the folder, if no file can be written there, and OptionError.
  template <typename T>
  ModelCheckpoint(const BasicModel<T>& model, std::filesystem::path folder, ModelCheckpointOptions options = {})
      : folder_(std::move(folder)),
        options_(std::move(options)),
        save_([&model](const std::filesystem::path& path, const Metadata& metadata) { save(model, path, metadata); }) {
    open();
  }
  template <typename T>
  ModelCheckpoint(BasicModel<T>&&, std::filesystem::path, ModelCheckpointOptions = {}) = delete;  // gone before the first epoch

  /// Saves the model if it is due. Throws DataError if that fails, and OptionError if the monitor needs a validation set,
  /// or an accuracy, and there is none.
  void operator()(const EpochEnd& end);

  /// Returns the files that were written and kept, the oldest first.
  const std::deque<std::filesystem::path>& files() const { return files_; }

  /// Returns the last file written; with best_only, that is the best epoch.
  std::optional<std::filesystem::path> newest() const {
    return files_.empty() ? std::nullopt : std::optional(files_.back());
  }

 private:
  void open() const;

  /// Restores the state of an object like this one from the earlier epochs of a continued run.
  void take_up(std::span<const EpochRecord> continued);

  std::filesystem::path file_of(const EpochRecord& record) const;

  void list(const std::filesystem::path& file);

  /// Returns whether to save this epoch: with best_only, it must be better than all before.
  bool is_due(const EpochRecord& record);

  std::filesystem::path folder_;
  ModelCheckpointOptions options_;
  std::function<void(const std::filesystem::path&, const Metadata&)> save_;
  std::deque<std::filesystem::path> files_;
  std::optional<double> best_;
  bool called_ = false;
};

using Checkpoints [[deprecated("Checkpoints is called ModelCheckpoint now")]] = ModelCheckpoint;

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/model_checkpoint.ipp"
#endif
