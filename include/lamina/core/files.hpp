#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// The bytes of a file. Throws DataError when there is none, when it is a directory or a device, and when it cannot be
/// read.
std::vector<std::byte> read_file(const std::filesystem::path& path);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/files.ipp"
#endif
