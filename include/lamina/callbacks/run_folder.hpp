#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include "../core/folder_lock.hpp"
#include "../core/write_file.hpp"
#include "../training/kept_run.hpp"
#include "kept_run_file.hpp"

namespace LAMINA_NAMESPACE {

/// What is done about a run that is in the folder already.
enum class ExistingRun {
  resume,   // it is continued; if it is of another kind, that is an error
  replace,  // it is thrown away, once the new one has begun
  refuse    // it is an error
};

struct RunFolderOptions {
  ExistingRun existing = ExistingRun::resume;
  double every_seconds = 60;  // the run is kept when so much time has passed since it was last; 0: never therefore,
  Index every_epochs = 1;     // after so many epochs; 0: never therefore,
  Index every_batches = 0;    // and after so many batches; 0: never therefore
  std::function<void(const DataError&)> on_trouble{};  // see RunFolder
  KeptRunLimits limits{};
};

/// A folder in which a run of `fit` is kept, so that it can be continued after whatever ended it: Ctrl-C, kill -9, a power
/// failure. The same program, started again, goes on where the run was, and comes to the same bits as if nothing had
/// happened, with any number of threads:
///
///   RunFolder folder{"runs/lenet"};
///   if (const auto at = folder.position()) std::cout << "continues in epoch " << at->epoch + 1 << '\n';
///   trainer.fit(model, train, {.epochs = 20, .checkpoint = folder});
///
/// run.safetensors holds all that the rest depends on: parameters, what the optimizer remembers, the epoch, the batch, and
/// what early stopping, a plateau's rate and the history know; random numbers follow from the seed and the position. It is
/// replaced only when its successor is on the disk, wholly. A run is kept when it begins, as often as the options say, when
/// a callback stops it, and when it ends; a run that has ended is given back as it is. What was stopped by a callback goes
/// on; what a callback of one's own remembers is one's own affair, and an epoch's may be called a second time.
///
/// A run that differs in layers, loss, optimizer, data, schedule, first parameters or any other option that changes the
/// result is refused, and nothing is touched; .epochs may grow where the schedule is Constant. What cannot be seen is the
/// options of one's own layers, losses and optimizers that have no visit_options, what callbacks do, and a difference in
/// .augment that the first few hundred images do not show.
///
/// Checkpoints and logs of epochs, made anew when the run goes on, hold the epochs before it, too.
///
/// One run at a time: the folder is this object's, and other processes are refused, until it ends or its process does
/// (where the file system has locks: see FolderLock). A process that was forked makes a RunFolder of its own: with its
/// parent's `fit` throws OptionError.
///
/// When the run cannot be kept (the disk is full), `fit` throws DataError before the first step. Later on_trouble is told,
/// where it is given, and the run goes on, to be kept at the next occasion; without it `fit` throws DataError, and the
/// model has the parameters it had reached. In any case what was kept last is there.
class RunFolder {
 public:
  /// Makes the folder if it is not there. Throws DataError, which names it, when it cannot be written to and when another
  /// run is at work there, and OptionError.
  explicit RunFolder(std::filesystem::path folder, RunFolderOptions options = {})
      : options_(checked(std::move(options))), lock_(made(folder)), file_(std::move(folder) / "run.safetensors") {
    if (lock_.locked()) remove_unfinished();
  }

  /// run.safetensors in the folder.
  const std::filesystem::path& file() const { return file_; }

  /// Where the run is that is kept here, if there is one. Throws DataError, which names the file, when it is damaged.
  std::optional<RunPosition> position() const {
    const auto run = read();
    return run ? std::optional(run->position) : std::nullopt;
  }

  // What `fit` asks, see KeepsRuns.

  std::optional<KeptRun> find();

  bool due(const RunPosition& at) const;

  void keep(const KeptRun& run);

 private:
  using Clock = std::chrono::steady_clock;

  static RunFolderOptions checked(RunFolderOptions options);

  static const std::filesystem::path& made(const std::filesystem::path& folder) {
    detail::make_folder(folder);
    return folder;
  }

  bool exists() const {
    std::error_code unknown;
    return std::filesystem::exists(std::filesystem::symlink_status(file_, unknown));
  }

  std::optional<KeptRun> read() const;

  /// What a killed process was about to write. Nobody else is, as the folder is ours.
  void remove_unfinished() const;

  RunFolderOptions options_;
  FolderLock lock_;
  std::filesystem::path file_;
  bool proven_ = false;  // whether this run could be kept once
  Clock::time_point kept_ = Clock::now();
};

static_assert(KeepsRuns<RunFolder>);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/run_folder.ipp"
#endif
