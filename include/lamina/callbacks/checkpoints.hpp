#pragma once

#include <cmath>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "../core/write_file.hpp"
#include "../io/saved_model.hpp"
#include "../training/monitor.hpp"

namespace lamina {

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
  template <typename L, AnyTensor X>
  Checkpoints(const Model<L, X>& model, std::filesystem::path folder, CheckpointOptions options = {})
      : folder_(std::move(folder)),
        options_(std::move(options)),
        save_([&model](const std::filesystem::path& path, const ModelCard& card) { save(model, path, card); }) {
    open();
  }
  template <typename L, AnyTensor X>
  Checkpoints(Model<L, X>&&, std::filesystem::path, CheckpointOptions = {}) = delete;  // gone before the first epoch

  /// Throws DataError when the model cannot be saved, and OptionError when there is no validation set to go by.
  void operator()(const EpochEnd& end) {
    if (options_.best_only)
      detail::check_monitor("Checkpoints", options_.monitor, end.record.validation_loss.has_value());
    if (!called_) take_up(end.continued);
    called_ = true;
    if (!is_due(end.record)) return;
    save_(file_of(end.record), options_.card);
    list(file_of(end.record));
  }

  /// The files that were written and kept, the oldest first.
  const std::deque<std::filesystem::path>& files() const { return files_; }

  /// The last file written: where only the best are, the best.
  std::optional<std::filesystem::path> newest() const {
    return files_.empty() ? std::nullopt : std::optional(files_.back());
  }

 private:
  void open() const {
    if (options_.keep < 0)
      throw OptionError(
          message("Checkpoints: expects .keep of at least 0, where 0 keeps all, but got ", options_.keep));
    if (options_.name.find_first_of("/\\") != std::string::npos)
      throw OptionError(message("Checkpoints: expects a .name without slashes but got \"", options_.name,
                                "\"; the folder is given before"));
    detail::make_folder(folder_);
    if (!detail::may_write(folder_)) throw DataError(message(folder_.string(), ": cannot be written to; may you?"));
  }

  /// Of a run that was continued, what an object like this one made of the epochs before.
  void take_up(std::span<const EpochRecord> continued) {
    for (const EpochRecord& record : continued)
      if (std::error_code unknown; std::filesystem::exists(file_of(record), unknown) && is_due(record))
        list(file_of(record));
  }

  std::filesystem::path file_of(const EpochRecord& record) const {
    std::string number = std::to_string(record.epoch + 1);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    return folder_ / (options_.name + number + ".safetensors");
  }

  void list(const std::filesystem::path& file) {
    std::erase(files_, file);
    files_.push_back(file);
    while (options_.keep > 0 && std::ssize(files_) > options_.keep) {
      std::error_code already_gone;
      std::filesystem::remove(files_.front(), already_gone);
      files_.pop_front();
    }
  }

  /// Whether this epoch is to be saved: it is better than all before, where only such are.
  bool is_due(const EpochRecord& record) {
    if (!options_.best_only) return true;
    const double figure = detail::monitored(record, options_.monitor);
    if (std::isnan(figure) || (best_ && !(detail::rises(options_.monitor) ? figure > *best_ : figure < *best_)))
      return false;
    best_ = figure;
    return true;
  }

  std::filesystem::path folder_;
  CheckpointOptions options_;
  std::function<void(const std::filesystem::path&, const ModelCard&)> save_;
  std::deque<std::filesystem::path> files_;
  std::optional<double> best_;
  bool called_ = false;
};

}  // namespace lamina
