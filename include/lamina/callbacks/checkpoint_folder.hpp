#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include "../core/folder_lock.hpp"
#include "../core/write_file.hpp"
#include "../training/checkpoint.hpp"
#include "checkpoint_file.hpp"

namespace LAMINA_NAMESPACE {

/// The choice for a run that is already in the folder.
enum class ExistingRun {
  resume,   // continues it; throws if it is another run
  replace,  // discards it when the new run has begun
  refuse    // throws
};

struct CheckpointFolderOptions {
  ExistingRun existing = ExistingRun::resume;
  double every_seconds = 60;  // keeps the run if so much time has passed since the last time; 0: never,
  Index every_epochs = 1;     // after so many epochs; 0: never,
  Index every_batches = 0;    // and after so many batches; 0: never
  std::function<void(const DataError&)> on_trouble{};  // see CheckpointFolder
  detail::CheckpointLimits limits{};
};

using RunFolderOptions [[deprecated("RunFolderOptions is called CheckpointFolderOptions now")]] = CheckpointFolderOptions;

/// A folder that keeps a run of `fit`, so that it can be continued after Ctrl-C, kill -9 or a power failure. The same
/// program, started again, continues the run and gives the same bits as an uninterrupted one, with any number of threads:
///
///   CheckpointFolder folder{"runs/lenet"};
///   if (const auto at = folder.position()) std::cout << "continues in epoch " << at->epoch + 1 << '\n';
///   trainer.fit(model, train, {.epochs = 20, .checkpoint = folder});
///
/// run.safetensors holds the complete state: parameters, the optimizer's state, the epoch, the batch, and the state of
/// early stopping, the plateau rate and the history. Random numbers follow from the seed and the position. The file is
/// replaced only when its successor is completely on the disk. A run is kept when it begins, as often as the options say,
/// when a callback stops it, and when it ends. A finished run is returned as it is; one that a callback stopped
/// continues. The state of your own callbacks is not kept, and one of an epoch may be called a second time.
///
/// A run continues only with the same layers, loss, optimizer, data, schedule, first parameters and all other options
/// that change the result. Otherwise it is an error, and nothing is changed. .epochs may grow if the schedule is
/// Constant. It cannot detect changed callbacks, changed options of your own layers, losses and optimizers without
/// visit_options, or a change in .augment that the first few hundred images do not show.
///
/// After a resume, ModelCheckpoint and logs of epochs still contain the earlier epochs.
///
/// Only one run may use the folder at a time. Other processes get an error until this object or its process ends (if the
/// file system has locks: see FolderLock). A forked process must make its own CheckpointFolder: `fit` with its parent's throws
/// OptionError.
///
/// If the run cannot be kept (the disk is full), `fit` throws DataError before the first step. Later it calls on_trouble,
/// if given, and continues; the run is kept next time. Without on_trouble `fit` throws DataError, and the model has the
/// parameters that it had reached. In any case the file with the last kept state stays.
class CheckpointFolder {
 public:
  /// Locks the folder and creates it if it does not exist. Throws DataError, which names it, if it cannot be written to
  /// or another run uses it, and OptionError.
  explicit CheckpointFolder(std::filesystem::path folder, CheckpointFolderOptions options = {})
      : options_(checked(std::move(options))), lock_(made(folder)), file_(std::move(folder) / "run.safetensors") {
    if (lock_.locked()) remove_unfinished();
  }

  /// Returns the path of run.safetensors.
  const std::filesystem::path& file() const { return file_; }

  /// Returns the position of the run that is kept here, if there is one. Throws DataError, which names the file, if it is damaged.
  std::optional<RunPosition> position() const {
    const auto run = read();
    return run ? std::optional(run->position) : std::nullopt;
  }

  // These are called by `fit`, see StoresCheckpoints.

  std::optional<Checkpoint> find();

  bool due(const RunPosition& at) const;

  void keep(const Checkpoint& run);

 private:
  using Clock = std::chrono::steady_clock;

  static CheckpointFolderOptions checked(CheckpointFolderOptions options);

  static const std::filesystem::path& made(const std::filesystem::path& folder) {
    detail::make_folder(folder);
    return folder;
  }

  bool exists() const {
    std::error_code unknown;
    return std::filesystem::exists(std::filesystem::symlink_status(file_, unknown));
  }

  std::optional<Checkpoint> read() const;

  /// Removes unfinished files of a killed process. No other process writes here, because this object holds the folder.
  void remove_unfinished() const;

  CheckpointFolderOptions options_;
  detail::FolderLock lock_;
  std::filesystem::path file_;
  bool proven_ = false;  // whether this run could be kept once
  Clock::time_point kept_ = Clock::now();
};

using RunFolder [[deprecated("RunFolder is called CheckpointFolder now")]] = CheckpointFolder;

static_assert(StoresCheckpoints<CheckpointFolder>);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/checkpoint_folder.ipp"
#endif
