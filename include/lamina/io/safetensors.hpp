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

namespace LAMINA_NAMESPACE::detail {

/// The header of a file of named tensors. The file has eight bytes with the header's length (little-endian), the header
/// in JSON, and the numbers.
///
///   {"__metadata__":{"format":"pt"},"0.bias":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},…}
///
/// Numbers are little-endian, tensors row-major. https://github.com/huggingface/safetensors describes the format.
struct SafeTensors {
  struct Entry {
    std::string name = {};
    std::string dtype = {};                 // "F32"
    std::vector<std::uint64_t> shape = {};  // outermost first; empty for a single number
    std::uint64_t begin = 0, end = 0;       // bytes, counted from the first number
  };

  /// The longest header that is read: the format's own limit.
  static constexpr std::uint64_t longest_header = 100'000'000;

  std::vector<Entry> entries = {};  // in the order of their numbers
  std::map<std::string, std::string> metadata = {};
  std::size_t numbers = 0;  // offset of the numbers in the file

  /// Returns the entry of this name, or null.
  const Entry* find(std::string_view name) const;

  /// Returns the bits per number of this type. Throws DataError for types that the format does not have.
  static std::uint64_t bits(std::string_view dtype);

  /// Returns how many bytes a tensor takes. Throws DataError if that is not whole or does not fit 64 bits.
  static std::uint64_t byte_count(const Entry& entry);
};

SafeTensors::Entry read_entry(JsonReader& json, const std::string& name);

/// Runs an action for a tensor; its DataErrors get the tensor's name.
template <typename Action>
decltype(auto) for_tensor(const std::string& name, Action&& action) {
  try {
    return action();
  } catch (const DataError& error) {
    throw DataError(str_cat(JsonReader::printable(name), ": ", error.what()));
  }
}

/// Throws DataError unless every tensor begins where the one before it ends, and the last one ends with the file.
void check_places(std::vector<SafeTensors::Entry>& entries, std::uint64_t bytes);

/// Returns the header of a safetensors file with these bytes. Throws DataError unless everything follows the format: the
/// header's length and JSON, no name twice, and the tensors' bytes contiguous from first to last. It takes at most a few
/// dozen times the header's length of memory, and `max_header` limits that length.
SafeTensors parse_safetensors(std::span<const std::byte> file,
                                     std::uint64_t max_header = SafeTensors::longest_header);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/safetensors.ipp"
#endif
