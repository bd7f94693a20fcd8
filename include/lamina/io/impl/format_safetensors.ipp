#pragma once

#include "../format_safetensors.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../../core/utf8.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string json_string(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (utf8_length(text) != text.size()) throw DataError(str_cat("expects names in UTF-8 but got \"", text, "\""));
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20)
      (quoted += "\\u00") += {digits[code >> 4], digits[code & 15]};
    else
      quoted.append(c == '"' || c == '\\' ? "\\" : "") += c;
  }
  return quoted + "\"";
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string format_safetensors_header(const SafeTensors& tensors) {
  std::vector<std::string> names{"__metadata__"};
  std::string metadata, header;
  for (const auto& [key, value] : tensors.metadata)
    metadata += str_cat(metadata.empty() ? "" : ",", detail::json_string(key), ":", detail::json_string(value));
  header = "{\"__metadata__\":{" + metadata + "}";
  for (const auto& entry : tensors.entries) {
    std::string shape;
    for (const auto extent : entry.shape) shape += str_cat(shape.empty() ? "" : ",", extent);
    header += str_cat(",", detail::json_string(entry.name), ":{\"dtype\":", detail::json_string(entry.dtype),
                      ",\"shape\":[", shape, "],\"data_offsets\":[", entry.begin, ",", entry.end, "]}");
    names.push_back(entry.name);
  }
  header += "}";
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin != names.end()) throw DataError(str_cat("expects names that differ but got \"", *twin, "\" twice"));
  header.append((8 - header.size() % 8) % 8, ' ');
  std::string length;
  for (int byte = 0; byte < 8; ++byte)
    length += static_cast<char>(static_cast<std::uint64_t>(header.size()) >> (8 * byte) & 0xFF);
  return length + header;
}

}  // namespace lamina::detail
