#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the bytes of a file as they were at one moment. If the file is replaced meanwhile, it returns either the old
/// or the new bytes; if it is written to meanwhile, it is read again. Throws DataError if the file does not exist, is a
/// directory or a device, cannot be read, does not stop changing, does not fit in memory, or is a pointer of Git LFS.
std::vector<std::byte> read_file(const std::filesystem::path& path);

/// Reads a file as read_file does. Also throws DataError if the file has more bytes than `.limits.max_bytes` of the
/// caller's options.
std::vector<std::byte> read_limited_file(const std::filesystem::path& path, std::uint64_t max_bytes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/files.ipp"
#endif
