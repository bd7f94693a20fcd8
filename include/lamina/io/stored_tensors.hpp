#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/dtype.hpp"
#include "../models/model.hpp"
#include "architecture_text.hpp"
#include "layouts.hpp"
#include "option_json.hpp"
#include "safetensors.hpp"
#include "small_floats.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// A number at a place of little-endian bytes.
template <typename T>
void write_number(T value, std::byte* place) {
  std::memcpy(place, &value, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) std::reverse(place, place + sizeof(T));
}
template <typename T>
T read_number(const std::byte* place) {
  std::byte bytes[sizeof(T)];
  std::copy_n(place, sizeof(T), bytes);
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes, bytes + sizeof(T));
  return std::bit_cast<T>(bytes);
}

/// How a file names a model's tensors and lays them out: as PyTorch's nn.Sequential does unless told otherwise.
struct Naming {
  Convention convention = Convention::pytorch;
  const std::vector<std::string>* places = nullptr;  // of the layers, where they are not the model's own
};

/// A tensor of a model as a file knows it.
struct StoredTensor {
  SafeTensors::Entry entry;
  FileLayout layout;
};

/// Returns the tensors of a model in the order of its parameters, placed one after another, and texts of its layers if they
/// are asked for.
template <typename T>
std::vector<StoredTensor> stored_tensors(const BasicModel<T>& model, const Naming& naming = {},
                                         std::vector<LayerText>* texts = nullptr);

/// The numbers of a tensor, from memory to a file and back.
template <typename T>
void write_numbers(const FileLayout& layout, const T* numbers, std::byte* file) {
  const auto size = static_cast<Index>(sizeof(T));
  layout.for_each_place([&](Index at, Index in_memory) { write_number(numbers[in_memory], file + at * size); });
}
template <typename InFile, typename T>
void read_numbers(const FileLayout& layout, const std::byte* file, T* numbers, T (*meant)(InFile)) {
  const auto size = static_cast<Index>(sizeof(InFile));
  layout.for_each_place(
      [&](Index at, Index in_memory) { numbers[in_memory] = meant(read_number<InFile>(file + at * size)); });
}

/// A number as T has it, rounded where it must be. Throws DataError for a number that T has none for.
template <typename T, typename InFile>
T rounded(InFile number) {
  if (std::isfinite(number) && std::abs(number) > static_cast<InFile>((std::numeric_limits<T>::max)()))
    throw DataError(message("holds ", number, ", which is too large for the model's numbers; make them double"));
  return static_cast<T>(number);
}

/// The types of numbers that are read into models.
constexpr bool is_read(std::string_view dtype) {
  return dtype == "F32" || dtype == "F64" || dtype == "F16" || dtype == "BF16";
}

/// A tensor of any of those types.
template <typename T>
void read_numbers_of(std::string_view dtype, const FileLayout& layout, const std::byte* file, T* numbers) {
  if (dtype == "F32")
    read_numbers<float, T>(layout, file, numbers, [](float number) { return static_cast<T>(number); });
  else if (dtype == "F64")
    read_numbers<double, T>(layout, file, numbers, rounded<T, double>);
  else if (dtype == "F16")
    read_numbers<std::uint16_t, T>(layout, file, numbers, [](std::uint16_t bits) { return T(from_half(bits)); });
  else
    read_numbers<std::uint16_t, T>(layout, file, numbers, [](std::uint16_t bits) { return T(from_bfloat16(bits)); });
}

}  // namespace detail

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/stored_tensors.ipp"
#endif
