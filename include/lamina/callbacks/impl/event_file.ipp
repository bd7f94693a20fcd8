#pragma once

#include "../event_file.hpp"

#include <array>
#include <bit>

#include "../../core/error.hpp"
#include "../../core/write_file.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      entries[n] = n;
      for (int bit = 0; bit < 8; ++bit) entries[n] = entries[n] & 1 ? 0x82F63B78 ^ (entries[n] >> 1) : entries[n] >> 1;
    }
    return entries;
  }();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

LAMINA_FUNC std::string framed(std::string_view content) {
  const auto masked = [](std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xA282EAD8; };
  std::string record;
  append_little_endian(record, std::uint64_t{content.size()});
  append_little_endian(record, masked(record));
  record += content;
  append_little_endian(record, masked(content));
  return record;
}

LAMINA_FUNC ProtoMessage& ProtoMessage::integer(int field, std::uint64_t value) {
  tag(field, 0);
  varint(value);
  return *this;
}

LAMINA_FUNC ProtoMessage& ProtoMessage::number(int field, double value) {
  tag(field, 1);
  append_little_endian(bytes_, std::bit_cast<std::uint64_t>(value));
  return *this;
}

LAMINA_FUNC ProtoMessage& ProtoMessage::number(int field, float value) {
  tag(field, 5);
  append_little_endian(bytes_, std::bit_cast<std::uint32_t>(value));
  return *this;
}

LAMINA_FUNC ProtoMessage& ProtoMessage::text(int field, std::string_view bytes) {
  tag(field, 2);
  varint(bytes.size());
  bytes_ += bytes;
  return *this;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC LogFile EventFile::new_file(const std::filesystem::path& folder) {
  detail::make_folder(folder);
  const std::string name = str_cat("events.out.tfevents.", static_cast<std::int64_t>(now()), ".lamina");
  auto file = LogFile::create(folder / name);
  for (int number = 1; !file; ++number) file = LogFile::create(folder / str_cat(name, ".", number));
  return *std::move(file);
}

LAMINA_FUNC detail::ProtoMessage EventFile::event(std::uint64_t step) {
  detail::ProtoMessage event;
  event.number(1, now());
  if (step > 0) event.integer(2, step);  // 0 is the default, which is not written
  return event;
}

}  // namespace lamina::detail
