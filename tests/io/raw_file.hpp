#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A safetensors file as anyone might write it: this header, whatever it says, then as many bytes of numbers.
inline std::vector<std::byte> raw_file(std::string_view header, std::size_t numbers, std::uint64_t claimed_length) {
  std::vector<std::byte> file;
  for (int byte = 0; byte < 8; ++byte) file.push_back(static_cast<std::byte>(claimed_length >> (8 * byte) & 0xFF));
  for (const char c : header) file.push_back(static_cast<std::byte>(c));
  for (std::size_t i = 0; i < numbers; ++i) file.push_back(static_cast<std::byte>(i % 64));
  return file;
}
inline std::vector<std::byte> raw_file(std::string_view header, std::size_t numbers) {
  return raw_file(header, numbers, header.size());
}
