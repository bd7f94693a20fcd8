#pragma once

#include <cstddef>
#include <cstring>
#include <lamina/io/format_safetensors.hpp>
#include <string>
#include <vector>

/// A safetensors file with another header: edit(it) changes what was read of it, the numbers stay.
template <typename Edit>
std::vector<std::byte> edited(const std::vector<std::byte>& file, Edit edit) {
  lamina::detail::SafeTensors it = lamina::detail::parse_safetensors(file);
  const std::size_t begin = it.numbers;
  edit(it);
  const std::string header = lamina::detail::format_safetensors_header(it);
  std::vector<std::byte> bytes(header.size());
  std::memcpy(bytes.data(), header.data(), header.size());
  bytes.insert(bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(begin), file.end());
  return bytes;
}
