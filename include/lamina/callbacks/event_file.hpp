#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "log_file.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the CRC-32C of bytes (Castagnoli; RFC 3720, appendix B.4).
std::uint32_t crc32c(std::string_view bytes);

template <std::unsigned_integral U>
void append_little_endian(std::string& bytes, U value) {
  for (std::size_t i = 0; i < sizeof(U); ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// Returns a record of a TFRecord file: its length and its bytes, each followed by a check value. Check values are
/// rotated and shifted, so that check values of check values stay sound.
std::string framed(std::string_view content);

/// A message in the wire format of protocol buffers, with the few kinds of fields that events have.
class ProtoMessage {
 public:
  ProtoMessage& integer(int field, std::uint64_t value);
  ProtoMessage& number(int field, double value);
  ProtoMessage& number(int field, float value);
  ProtoMessage& text(int field, std::string_view bytes);
  const std::string& bytes() const { return bytes_; }

 private:
  void tag(int field, int kind) { varint(static_cast<std::uint64_t>(field << 3 | kind)); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

/// An event file for TensorBoard: records of TensorFlow's `Event` message, written without TensorFlow or protocol buffers.
///
///   Event    { 1: wall_time (double)  2: step  3: file_version (string)  5: Summary }
///   Summary  { 1: Value }    Value { 1: tag (string)  2: simple_value (float)  4: Image }
///   Image    { 1: height  2: width  3: colorspace (1 grey, 2 grey and alpha, 3 RGB, 4 RGBA)  4: a PNG file }
class EventFile {
 public:
  /// Begins a new file in this folder, which is created if it does not exist: events.out.tfevents.<time>.lamina, with a
  /// number at the end if that name is taken. Throws DataError if it cannot be written. Later errors go to on_trouble, if
  /// it is given.
  explicit EventFile(const std::filesystem::path& folder, LogTrouble on_trouble = {}) : file_(new_file(folder)) {
    write(event(0).text(3, "brain.Event:2"));
    file_.on_trouble(std::move(on_trouble));
  }

  const std::filesystem::path& path() const { return file_.path(); }

  /// Writes a summary with the bytes of a Value.
  void summary(std::uint64_t step, const detail::ProtoMessage& value) {
    write(event(step).text(5, detail::ProtoMessage{}.text(1, value.bytes()).bytes()));
  }

 private:
  static double now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }

  static LogFile new_file(const std::filesystem::path& folder);

  static detail::ProtoMessage event(std::uint64_t step);

  void write(const detail::ProtoMessage& event) { file_.write(detail::framed(event.bytes())); }

  LogFile file_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/event_file.ipp"
#endif
