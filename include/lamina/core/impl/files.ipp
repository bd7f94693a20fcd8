#pragma once

#include "../files.hpp"

#include <fstream>

#include "../error.hpp"
#include "../write_file.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::error_code trouble;
  const auto status = std::filesystem::status(path, trouble);
  if (!std::filesystem::exists(status)) throw DataError(message(printable(path.string()), ": there is no such file"));
  if (std::filesystem::is_directory(status))
    throw DataError(message(printable(path.string()), ": expects a file but it is a directory"));
  if (!std::filesystem::is_regular_file(status))
    throw DataError(message(printable(path.string()), ": expects a file but it is a device, a pipe or a socket"));
  const auto size = std::filesystem::file_size(path, trouble);
  std::ifstream file(path, std::ios::binary);
  if (trouble || !file) throw DataError(message(printable(path.string()), ": cannot be opened; may you read it?"));
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const bool all = static_cast<std::size_t>(file.gcount()) == bytes.size();
  if (!all || file.bad() || file.peek() != std::ifstream::traits_type::eof())
    throw DataError(message(printable(path.string()), ": cannot be read, or changes meanwhile"));
  return bytes;
}

}  // namespace lamina
