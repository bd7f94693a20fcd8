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
#include "half_precision.hpp"
#include "layouts.hpp"
#include "option_json.hpp"
#include "safetensors.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Writes a number as little-endian bytes.
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

/// The names and layouts of a model's tensors in a file: by default those of PyTorch's nn.Sequential.
struct Naming {
  WeightLayout convention = WeightLayout::pytorch;
  const std::vector<std::string>* places = nullptr;  // names of the layers, if they are not the model's own
};

/// A tensor of a model with its entry and layout in a file.
struct StoredTensor {
  SafeTensors::Entry entry;
  FileLayout layout;
};

/// Returns the tensors of a model in the order of its parameters, placed one after another. Also returns the texts of its
/// layers if `texts` is given.
template <typename T>
std::vector<StoredTensor> stored_tensors(const BasicModel<T>& model, const Naming& naming = {},
                                         std::vector<LayerText>* texts = nullptr);

/// Copies the numbers of a tensor from memory to a file's bytes; read_numbers copies them back.
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

/// Converts a number to T and rounds it if necessary. Throws DataError for a number beyond the range of T.
template <typename T, typename InFile>
T rounded(InFile number) {
  if (std::isfinite(number) && std::abs(number) > static_cast<InFile>((std::numeric_limits<T>::max)()))
    throw DataError(str_cat("holds ", number, ", which is too large for the model's numbers; make them double"));
  return static_cast<T>(number);
}

/// Returns whether models can read numbers of this type.
constexpr bool is_read(std::string_view dtype) {
  return dtype == "F32" || dtype == "F64" || dtype == "F16" || dtype == "BF16";
}

/// Reads a tensor of any of those types.
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
