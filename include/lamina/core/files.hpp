#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// Returns the bytes of a file, as they were at one moment: a file that is replaced meanwhile gives the old bytes or the new ones,
/// and one that is written to meanwhile is read again. Throws DataError when there is none, when it is a directory or a
/// device, when it cannot be read, when it does not stop changing, and when there is no memory for it.
std::vector<std::byte> read_file(const std::filesystem::path& path);

namespace detail {

/// Reads a file as read_file does. Throws DataError, too, for a file of more bytes than `.limits.max_bytes` of the caller's options.
std::vector<std::byte> read_limited_file(const std::filesystem::path& path, std::uint64_t max_bytes);

}  // namespace detail

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/files.ipp"
#endif
