#pragma once

#include "../model_checkpoint.hpp"

#include <cmath>

#include "../../core/write_file.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void ModelCheckpoint::operator()(const EpochEnd& end) {
  if (options_.best_only) {
    detail::check_monitor("ModelCheckpoint", options_.monitor, end.record.validation_loss.has_value());
    detail::check_accuracy("ModelCheckpoint", options_.monitor, end.record.regression.has_value(),
                           end.record.validation_regression.has_value());
  }
  if (!called_) take_up(end.continued);
  called_ = true;
  if (!is_due(end.record)) return;
  save_(file_of(end.record), options_.metadata);
  list(file_of(end.record));
}

LAMINA_FUNC void ModelCheckpoint::open() const {
  if (options_.keep < 0)
    throw OptionError(
        str_cat("ModelCheckpoint: expects .keep of at least 0, where 0 keeps all, but got ", options_.keep));
  if (options_.name.find_first_of("/\\") != std::string::npos)
    throw OptionError(str_cat("ModelCheckpoint: expects a .name without slashes but got \"", options_.name,
                              "\"; the folder is given before"));
  detail::make_folder(folder_);
  if (!detail::may_write(folder_)) throw DataError(str_cat(printable(folder_.string()), ": cannot be written to; check its permissions"));
}

LAMINA_FUNC void ModelCheckpoint::take_up(std::span<const EpochRecord> continued) {
  for (const EpochRecord& record : continued)
    if (std::error_code unknown; std::filesystem::exists(file_of(record), unknown) && is_due(record))
      list(file_of(record));
}

LAMINA_FUNC std::filesystem::path ModelCheckpoint::file_of(const EpochRecord& record) const {
  std::string number = std::to_string(record.epoch + 1);
  number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
  return folder_ / (options_.name + number + ".safetensors");
}

LAMINA_FUNC void ModelCheckpoint::list(const std::filesystem::path& file) {
  std::erase(files_, file);
  files_.push_back(file);
  while (options_.keep > 0 && std::ssize(files_) > options_.keep) {
    std::error_code already_gone;
    std::filesystem::remove(files_.front(), already_gone);
    files_.pop_front();
  }
}

LAMINA_FUNC bool ModelCheckpoint::is_due(const EpochRecord& record) {
  if (!options_.best_only) return true;
  const double figure = detail::monitored(record, options_.monitor);
  if (std::isnan(figure) || (best_ && !(detail::rises(options_.monitor) ? figure > *best_ : figure < *best_)))
    return false;
  best_ = figure;
  return true;
}

}  // namespace lamina
