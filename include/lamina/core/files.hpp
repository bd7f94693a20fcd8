#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "error.hpp"

namespace lamina {

/// The bytes of a file. Throws DataError when there is none, when it is a directory or a device, and when it cannot be
/// read.
inline std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::error_code trouble;
  const auto status = std::filesystem::status(path, trouble);
  if (!std::filesystem::exists(status)) throw DataError(message(path.string(), ": there is no such file"));
  if (std::filesystem::is_directory(status))
    throw DataError(message(path.string(), ": expects a file but it is a directory"));
  if (!std::filesystem::is_regular_file(status))
    throw DataError(message(path.string(), ": expects a file but it is a device, a pipe or a socket"));
  const auto size = std::filesystem::file_size(path, trouble);
  std::ifstream file(path, std::ios::binary);
  if (trouble || !file) throw DataError(message(path.string(), ": cannot be opened; may you read it?"));
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const bool all = static_cast<std::size_t>(file.gcount()) == bytes.size();
  if (!all || file.bad() || file.peek() != std::ifstream::traits_type::eof())
    throw DataError(message(path.string(), ": cannot be read, or changes meanwhile"));
  return bytes;
}

/// Writes a file that is there wholly or not at all: under another name in the same directory first, then renamed.
/// A file of this name is replaced. Throws DataError when that fails, and leaves what was there.
inline void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const auto moment = std::chrono::steady_clock::now().time_since_epoch().count();
  std::filesystem::path unfinished = path;
  unfinished += message(".", moment, ".unfinished");
  std::ofstream file(unfinished, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code trouble;
  if (file) std::filesystem::rename(unfinished, path, trouble);
  if (file && !trouble) return;
  std::filesystem::remove(unfinished, trouble);
  throw DataError(message(path.string(), ": cannot be written; is there room, and may you write to its directory?"));
}

}  // namespace lamina
