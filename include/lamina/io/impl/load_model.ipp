#pragma once

#include "../load_model.hpp"

#include <cstdint>

#include "../../core/version.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Index numbers_in(const SafeTensors& file) {
  std::uint64_t bits = 0;
  Index numbers = 0;
  for (const auto& entry : file.entries)
    if ((bits = SafeTensors::bits(entry.dtype)) > 0)
      numbers += static_cast<Index>((entry.end - entry.begin) * 8 / bits);
  return numbers;
}

LAMINA_FUNC void cannot_rebuild(const std::exception& error, const std::string& version) {
  const bool other = !version.empty() && version != library_version;
  throw DataError(str_cat("its model cannot be rebuilt: ", error.what(), other ? " (written by lamina " : "",
                          other ? JsonReader::printable(version) : "", other ? ")" : ""));
}

}  // namespace lamina::detail
