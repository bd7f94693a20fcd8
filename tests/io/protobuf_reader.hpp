#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// A message in Protocol Buffers' wire format, as a test reads it: fields by number, each a list in the file's order.
struct Protobuf {
  std::map<std::uint64_t, std::vector<std::uint64_t>> numbers;  // varints
  std::map<std::uint64_t, std::vector<float>> floats;
  std::map<std::uint64_t, std::vector<std::string>> texts;  // texts and messages

  explicit Protobuf(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const std::uint64_t key = varint(bytes, at), field = key >> 3;
      if ((key & 7) == 0) {
        numbers[field].push_back(varint(bytes, at));
      } else if ((key & 7) == 2) {
        const std::uint64_t size = varint(bytes, at);
        texts[field].push_back(take(bytes, at, size));
      } else if ((key & 7) == 5) {
        float number = 0;
        std::memcpy(&number, take(bytes, at, 4).data(), 4);
        floats[field].push_back(number);
      } else {
        throw std::runtime_error("a wire type that lamina does not write");
      }
    }
  }
  static Protobuf of(std::span<const std::byte> bytes) {
    return Protobuf(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }

  /// The only one of its number.
  std::uint64_t number(std::uint64_t field) const { return only(numbers, field); }
  float real(std::uint64_t field) const { return only(floats, field); }
  std::string text(std::uint64_t field) const { return only(texts, field); }
  Protobuf message(std::uint64_t field) const { return Protobuf(text(field)); }

  /// All of a number.
  std::vector<Protobuf> messages(std::uint64_t field) const {
    std::vector<Protobuf> all;
    for (const std::string& bytes : list(field)) all.emplace_back(bytes);
    return all;
  }
  std::vector<std::string> list(std::uint64_t field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? std::vector<std::string>{} : found->second;
  }

 private:
  template <typename T>
  static T only(const std::map<std::uint64_t, std::vector<T>>& values, std::uint64_t field) {
    if (values.count(field) != 1 || values.at(field).size() != 1) throw std::runtime_error("not exactly one of a field");
    return values.at(field)[0];
  }
  static std::string take(const std::string& bytes, std::size_t& at, std::uint64_t size) {
    if (size > bytes.size() - at) throw std::runtime_error("a field beyond the end");
    at += size;
    return bytes.substr(at - size, size);
  }
  static std::uint64_t varint(const std::string& bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(bytes, at, 1)[0]);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    throw std::runtime_error("a varint without an end");
  }
};
