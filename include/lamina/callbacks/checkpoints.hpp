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

struct CheckpointOptions {
  bool best_only = false;                      // only epochs that are better than all before, by the monitor
  Monitor monitor = Monitor::validation_loss;  // of no meaning otherwise
  Index keep = 0;                              // of the files written, the newest so many are kept; 0: all
  std::string name = "epoch-";                 // what the files are called before the epoch's number
  ModelCard card{};                            // what is saved with the model, see card_of
};

/// Saves a model after every epoch, or after those that are the best so far: epoch-0001.safetensors, …, as `save` does,
/// each wholly or not at all, for `load`.
///
///   Checkpoints checkpoints{model, "checkpoints", {.best_only = true, .keep = 1, .card = card_of(train)}};
///   trainer.fit(model, train, {.epochs = 20, .validation = &validation, .on_epoch = std::ref(checkpoints)});
///   load(model, *checkpoints.newest());   // the best
///
/// Files of the same names are replaced. Others that are in the folder are left alone, and only files that this object
/// wrote are ever removed, or that one like it wrote of the same run, before that was continued (see RunFolder): what was
/// best then, and how many files there are, counts.
class Checkpoints {
 public:
  /// The model must outlive it. Makes the folder if it is not there. Throws DataError, which names the folder, when no
  /// file can be written there, and OptionError.
  template <typename T>
  Checkpoints(const BasicModel<T>& model, std::filesystem::path folder, CheckpointOptions options = {})
      : folder_(std::move(folder)),
        options_(std::move(options)),
        save_([&model](const std::filesystem::path& path, const ModelCard& card) { save(model, path, card); }) {
    open();
  }
  template <typename T>
  Checkpoints(BasicModel<T>&&, std::filesystem::path, CheckpointOptions = {}) = delete;  // gone before the first epoch

  /// Throws DataError when the model cannot be saved, and OptionError when there is no validation set, or no
  /// accuracy, to go by.
  void operator()(const EpochEnd& end);

  /// The files that were written and kept, the oldest first.
  const std::deque<std::filesystem::path>& files() const { return files_; }

  /// The last file written: where only the best are, the best.
  std::optional<std::filesystem::path> newest() const {
    return files_.empty() ? std::nullopt : std::optional(files_.back());
  }

 private:
  void open() const;

  /// Of a run that was continued, what an object like this one made of the epochs before.
  void take_up(std::span<const EpochRecord> continued);

  std::filesystem::path file_of(const EpochRecord& record) const;

  void list(const std::filesystem::path& file);

  /// Whether this epoch is to be saved: it is better than all before, where only such are.
  bool is_due(const EpochRecord& record);

  std::filesystem::path folder_;
  CheckpointOptions options_;
  std::function<void(const std::filesystem::path&, const ModelCard&)> save_;
  std::deque<std::filesystem::path> files_;
  std::optional<double> best_;
  bool called_ = false;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/checkpoints.ipp"
#endif
