#pragma once

#include "../checkpoint_folder.hpp"

#include <cmath>
#include <string>

#include "../../core/files.hpp"
#include "../../core/printable.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::optional<Checkpoint> CheckpointFolder::find() {
  lock_.check_process("CheckpointFolder");
  proven_ = false;
  if (options_.existing == ExistingRun::replace) return std::nullopt;
  if (options_.existing == ExistingRun::refuse && exists())
    throw DataError(
        str_cat(printable(file_.string()), ": there is a run already; give another folder, or .existing = ExistingRun::resume"));
  return read();
}

LAMINA_FUNC bool CheckpointFolder::due(const RunPosition& at) const {
  const bool epoch = at.batch == 0;
  if (epoch && options_.every_epochs > 0 && at.epoch % options_.every_epochs == 0) return true;
  if (!epoch && options_.every_batches > 0 && at.steps % static_cast<std::uint64_t>(options_.every_batches) == 0)
    return true;
  return options_.every_seconds > 0 && Clock::now() - kept_ >= std::chrono::duration<double>(options_.every_seconds);
}

LAMINA_FUNC void CheckpointFolder::keep(const Checkpoint& run) {
  lock_.check_process("CheckpointFolder");
  try {
    write_file(file_, detail::checkpoint_bytes(run));
    proven_ = true;
  } catch (const DataError& error) {
    const DataError trouble(str_cat(error.what(), exists() ? "; the file that was kept before is unchanged" : ""));
    if (!proven_ || !options_.on_trouble) throw trouble;
    options_.on_trouble(trouble);
  }
  kept_ = Clock::now();
}

LAMINA_FUNC CheckpointFolderOptions CheckpointFolder::checked(CheckpointFolderOptions options) {
  if (!std::isfinite(options.every_seconds) || options.every_seconds < 0)
    throw OptionError(
        str_cat("CheckpointFolder: expects finite .every_seconds of at least 0 but got ", options.every_seconds));
  const std::pair<const char*, Index> counts[] = {{"epochs", options.every_epochs},
                                                  {"batches", options.every_batches}};
  for (const auto& [what, count] : counts)
    if (count < 0) throw OptionError(str_cat("CheckpointFolder: expects .every_", what, " of at least 0 but got ", count));
  return options;
}

LAMINA_FUNC std::optional<Checkpoint> CheckpointFolder::read() const {
  if (!exists()) return std::nullopt;
  std::vector<std::byte> bytes = detail::read_limited_file(file_, options_.limits.max_bytes);
  try {
    Checkpoint run = detail::read_checkpoint(std::move(bytes), options_.limits);
    run.origin = printable(file_.string());
    return run;
  } catch (const DataError& error) {
    throw DataError(str_cat(printable(file_.string()), ": ", error.what(), "; remove it to begin anew"));
  }
}

LAMINA_FUNC void CheckpointFolder::remove_unfinished() const {
#if !defined(_WIN32)
  std::error_code unknown;
  const detail::OpenFile folder(file_.parent_path(), O_RDONLY | O_DIRECTORY);
  for (const auto& entry : std::filesystem::directory_iterator(file_.parent_path(), unknown))
    if (const std::string name = entry.path().filename().string(); detail::is_unfinished_name(file_, name))
      detail::remove_if_left(folder, name);
#endif
}

}  // namespace lamina
