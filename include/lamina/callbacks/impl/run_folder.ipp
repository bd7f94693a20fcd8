#pragma once

#include "../run_folder.hpp"

#include <cmath>
#include <string>

#include "../../core/files.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::optional<KeptRun> RunFolder::find() {
  proven_ = false;
  if (options_.existing == ExistingRun::replace) return std::nullopt;
  if (options_.existing == ExistingRun::refuse && exists())
    throw DataError(
        message(printable(file_.string()), ": there is a run already; give another folder, or .existing = ExistingRun::resume"));
  return read();
}

LAMINA_FUNC bool RunFolder::due(const RunPosition& at) const {
  const bool epoch = at.batch == 0;
  if (epoch && options_.every_epochs > 0 && at.epoch % options_.every_epochs == 0) return true;
  if (!epoch && options_.every_batches > 0 && at.steps % static_cast<std::uint64_t>(options_.every_batches) == 0)
    return true;
  return options_.every_seconds > 0 && Clock::now() - kept_ >= std::chrono::duration<double>(options_.every_seconds);
}

LAMINA_FUNC void RunFolder::keep(const KeptRun& run) {
  try {
    write_file(file_, kept_run_bytes(run));
    proven_ = true;
  } catch (const DataError& error) {
    const DataError trouble(message(error.what(), exists() ? "; what was kept there before is as it was" : ""));
    if (!proven_ || !options_.on_trouble) throw trouble;
    options_.on_trouble(trouble);
  }
  kept_ = Clock::now();
}

LAMINA_FUNC RunFolderOptions RunFolder::checked(RunFolderOptions options) {
  if (!std::isfinite(options.every_seconds) || options.every_seconds < 0)
    throw OptionError(
        message("RunFolder: expects finite .every_seconds of at least 0 but got ", options.every_seconds));
  const std::pair<const char*, Index> counts[] = {{"epochs", options.every_epochs},
                                                  {"batches", options.every_batches}};
  for (const auto& [what, count] : counts)
    if (count < 0) throw OptionError(message("RunFolder: expects .every_", what, " of at least 0 but got ", count));
  return options;
}

LAMINA_FUNC std::optional<KeptRun> RunFolder::read() const {
  if (!exists()) return std::nullopt;
  std::error_code unknown;
  const auto size = std::filesystem::file_size(file_, unknown);
  if (!unknown && size > options_.limits.max_bytes)
    throw DataError(message(printable(file_.string()), ": has ", size, " bytes, more than the ", options_.limits.max_bytes,
                            " allowed; raise .limits.max_bytes if it may"));
  std::vector<std::byte> bytes = read_file(file_);
  try {
    KeptRun run = read_kept_run(std::move(bytes), options_.limits);
    run.origin = printable(file_.string());
    return run;
  } catch (const DataError& error) {
    throw DataError(message(printable(file_.string()), ": ", error.what(), "; remove it to begin anew"));
  }
}

LAMINA_FUNC void RunFolder::remove_unfinished() const {
  std::error_code trouble;
  const std::string begin = file_.filename().string() + ".", end = ".unfinished";
  for (const auto& entry : std::filesystem::directory_iterator(file_.parent_path(), trouble)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin) && name.ends_with(end)) std::filesystem::remove(entry.path(), trouble);
  }
}

}  // namespace lamina
