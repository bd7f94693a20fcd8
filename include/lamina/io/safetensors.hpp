#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/error.hpp"
#include "json_reader.hpp"

namespace LAMINA_NAMESPACE {

/// A file of named tensors: eight bytes with the length of a header (little-endian), the header in JSON, the numbers.
///
///   {"__metadata__":{"format":"pt"},"0.bias":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},…}
///
/// Numbers are little-endian, tensors row-major. https://github.com/huggingface/safetensors describes the format.
struct SafeTensors {
  struct Entry {
    std::string name = {};
    std::string dtype = {};                 // "F32"
    std::vector<std::uint64_t> shape = {};  // outermost first; none for a single number
    std::uint64_t begin = 0, end = 0;       // bytes, counted from the first number
  };

  /// The longest header that is read: the format's own limit.
  static constexpr std::uint64_t longest_header = 100'000'000;

  std::vector<Entry> entries = {};  // in the order of their numbers
  std::map<std::string, std::string> metadata = {};
  std::size_t numbers = 0;  // where the numbers begin in the file

  /// The entry of this name, or null.
  const Entry* find(std::string_view name) const;

  /// How many bits a number of this type takes. Throws DataError for types that the format does not know.
  static std::uint64_t bits(std::string_view dtype);

  /// How many bytes a tensor takes. Throws DataError when that is no whole number or more than 64 bits can count.
  static std::uint64_t byte_count(const Entry& entry);
};

namespace detail {

SafeTensors::Entry read_entry(JsonReader& json, const std::string& name);

/// Does something for a tensor; what it throws says which.
template <typename Action>
decltype(auto) for_tensor(const std::string& name, Action&& action) {
  try {
    return action();
  } catch (const DataError& error) {
    throw DataError(message(JsonReader::printable(name), ": ", error.what()));
  }
}

/// Every tensor begins where the one before it ends, and the last one ends with the file.
void check_places(std::vector<SafeTensors::Entry>& entries, std::uint64_t bytes);

}  // namespace detail

/// What is in a safetensors file, whose bytes these are. Throws DataError unless everything is as the format has it:
/// the header's length and JSON, no name twice, and the tensors' bytes side by side from first to last. What is held is
/// at most a few dozen times the header's length, which `max_header` limits.
SafeTensors parse_safetensors(std::span<const std::byte> file,
                                     std::uint64_t max_header = SafeTensors::longest_header);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/safetensors.ipp"
#endif
