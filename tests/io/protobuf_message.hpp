#pragma once

#include <cstddef>
#include <cstdint>
#include <lamina/io/protobuf_reader.hpp>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// A message in Protocol Buffers' wire format, as a test looks at it: fields by number, each a list in the file's
/// order.
struct Protobuf {
  std::map<std::uint64_t, std::vector<std::uint64_t>> numbers;  // varints
  std::map<std::uint64_t, std::vector<float>> floats;
  std::map<std::uint64_t, std::vector<std::string>> texts;  // texts and messages

  static Protobuf of(std::span<const std::byte> bytes) {
    Protobuf message;
    lamina::detail::read_protobuf(bytes, [&](const lamina::detail::ProtobufField& field) {
      if (field.wire_type == 0)
        message.numbers[field.number].push_back(field.whole());
      else if (field.wire_type == 5)
        message.floats[field.number].push_back(field.real());
      else
        message.texts[field.number].emplace_back(field.text());
    });
    return message;
  }

  /// The only one of its number.
  std::uint64_t number(std::uint64_t field) const { return only(numbers, field); }
  float real(std::uint64_t field) const { return only(floats, field); }
  std::string text(std::uint64_t field) const { return only(texts, field); }
  Protobuf message(std::uint64_t field) const { return of(std::as_bytes(std::span(only(texts, field)))); }

  /// All of a number.
  std::vector<Protobuf> messages(std::uint64_t field) const {
    std::vector<Protobuf> all;
    for (const std::string& bytes : list(field)) all.push_back(of(std::as_bytes(std::span(bytes))));
    return all;
  }
  std::vector<std::string> list(std::uint64_t field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? std::vector<std::string>{} : found->second;
  }

 private:
  template <typename T>
  static const T& only(const std::map<std::uint64_t, std::vector<T>>& values, std::uint64_t field) {
    if (values.count(field) != 1 || values.at(field).size() != 1)
      throw std::runtime_error("not exactly one of a field");
    return values.at(field)[0];
  }
};
