#pragma once

#include "../safetensors.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC const SafeTensors::Entry* SafeTensors::find(std::string_view name) const {
  const auto same = [&](const Entry& entry) { return entry.name == name; };
  const auto place = std::find_if(entries.begin(), entries.end(), same);
  return place == entries.end() ? nullptr : &*place;
}

LAMINA_FUNC std::uint64_t SafeTensors::bits(std::string_view dtype) {
  constexpr std::pair<std::string_view, std::uint64_t> types[] = {
      {"F32", 32},    {"F64", 64},    {"F16", 16},    {"BF16", 16},       {"I64", 64},    {"I32", 32},
      {"I16", 16},    {"I8", 8},      {"U64", 64},    {"U32", 32},        {"U16", 16},    {"U8", 8},
      {"BOOL", 8},    {"C64", 64},    {"F8_E5M2", 8}, {"F8_E4M3", 8},     {"F8_E8M0", 8}, {"F8_E5M2FNUZ", 8},
      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4},      {"F8_E4M3FNUZ", 8},
  };
  for (const auto& [name, size] : types)
    if (name == dtype) return size;
  throw DataError(str_cat("has the unknown dtype \"", JsonReader::printable(dtype), "\""));
}

LAMINA_FUNC std::uint64_t SafeTensors::byte_count(const Entry& entry) {
  std::uint64_t product = bits(entry.dtype);
  if (std::find(entry.shape.begin(), entry.shape.end(), 0u) != entry.shape.end()) return 0;
  for (const std::uint64_t extent : entry.shape) {
    if (product > (std::numeric_limits<std::uint64_t>::max)() / extent)
      throw DataError(str_cat("has the shape ", format_shape(entry.shape), ", which holds more than any file"));
    product *= extent;
  }
  if (product % 8 != 0) throw DataError("does not end with a whole byte");
  return product / 8;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC SafeTensors::Entry read_entry(JsonReader& json, const std::string& name) {
  SafeTensors::Entry entry{.name = name};
  std::vector<std::uint64_t> offsets;
  int members = 0;
  json.object([&](const std::string& key) {
    ++members;
    if (key == "dtype")
      entry.dtype = json.string();
    else if (key == "shape")
      json.array([&] { entry.shape.push_back(json.number()); });
    else if (key == "data_offsets")
      json.array([&] { offsets.push_back(json.number()); });
    else
      throw DataError(str_cat("has a member \"", JsonReader::printable(key), "\", which the format does not know"));
  });
  if (members != 3 || offsets.size() != 2) throw DataError("expects dtype, shape and two data_offsets");
  entry.begin = offsets[0], entry.end = offsets[1];
  if (entry.begin > entry.end) throw DataError("ends before it begins");
  return entry;
}

LAMINA_FUNC void check_places(std::vector<SafeTensors::Entry>& entries, std::uint64_t bytes) {
  const auto before = [](const SafeTensors::Entry& a, const SafeTensors::Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end != b.end ? a.end < b.end : a.name < b.name;
  };
  std::make_heap(entries.begin(), entries.end(), before);  // std::sort is three times the code
  std::sort_heap(entries.begin(), entries.end(), before);
  std::uint64_t end = 0;
  for (const auto& entry : entries) {
    for_tensor(entry.name, [&] {
      if (entry.begin < end) throw DataError(str_cat("overlaps the tensor before it, which ends at byte ", end));
      if (entry.begin > end) throw DataError(str_cat("leaves a hole of ", entry.begin - end, " bytes before it"));
      if (entry.end > bytes)
        throw DataError(
            str_cat("ends at byte ", entry.end, " of the numbers, but there are ", bytes, "; is it cut short?"));
      if (entry.end - entry.begin != SafeTensors::byte_count(entry))
        throw DataError(str_cat("takes ", entry.end - entry.begin, " bytes, but ", entry.dtype, " ",
                                format_shape(entry.shape), " takes ", SafeTensors::byte_count(entry)));
    });
    end = entry.end;
  }
  if (end != bytes) throw DataError(str_cat("has ", bytes - end, " bytes after the last tensor"));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC SafeTensors parse_safetensors(std::span<const std::byte> file,
                                     std::uint64_t max_header) {
  if (file.size() < 8) throw DataError(str_cat("expects a header but has only ", file.size(), " bytes"));
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8 | std::to_integer<std::uint64_t>(file[i]);
  if (length > max_header)
    throw DataError(str_cat("expects a header of at most ", max_header, " bytes but got ", length,
                            "; is it a safetensors file?"));
  if (length > file.size() - 8)
    throw DataError(
        str_cat("expects a header of ", length, " bytes but has only ", file.size() - 8, "; is it cut short?"));

  SafeTensors tensors{.numbers = 8 + static_cast<std::size_t>(length)};
  const std::string_view header(reinterpret_cast<const char*>(file.data()) + 8, static_cast<std::size_t>(length));
  if (header.substr(0, 1) != "{") throw DataError("expects a header that begins with {; is it a safetensors file?");
  JsonReader json(header);
  json.object([&](const std::string& name) {
    if (name == "__metadata__")
      json.object([&](const std::string& key) { tensors.metadata[key] = json.string(); });
    else
      tensors.entries.push_back(detail::for_tensor(name, [&] { return detail::read_entry(json, name); }));
  });
  json.end();
  detail::check_places(tensors.entries, file.size() - tensors.numbers);
  return tensors;
}

}  // namespace lamina::detail
