#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../models/model.hpp"
#include "../models/walk.hpp"
#include "layouts.hpp"
#include "safetensors.hpp"

namespace lamina {

namespace detail {

template <std::floating_point T>
constexpr std::string_view dtype_of() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "models of float or double are saved");
  return std::is_same_v<T, float> ? "F32" : "F64";
}

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

/// A tensor of a model as a file knows it: its name is the one that PyTorch's nn.Sequential gives it.
struct StoredTensor {
  SafeTensors::Entry entry;
  FileLayout layout;
};

/// Appends a tensor of the layer at `path`, behind those before it.
inline void store(std::vector<StoredTensor>& stored, const std::string& path, const std::string& name,
                  std::string_view dtype, FileLayout layout) {
  SafeTensors::Entry entry{path.empty() ? name : path + "." + name, std::string(dtype)};
  entry.shape.assign(layout.shape.begin(), layout.shape.end());
  entry.begin = stored.empty() ? 0 : stored.back().entry.end;
  entry.end = entry.begin + SafeTensors::byte_count(entry);
  stored.push_back({std::move(entry), std::move(layout)});
}

/// The tensors of a model in the order of visit_parameters, placed one after another. The walk over a network's types
/// is here, once, and what else there is to do knows only numbers: a network's own code would be compiled for each.
template <typename L, AnyTensor X>
std::vector<StoredTensor> stored_tensors(const Model<L, X>& model) {
  std::vector<StoredTensor> stored;
  RowImage image;
  walk(model.layer(), model.input_shape(1), model.parameters(),
       [&](const std::string& path, const auto& layer, const auto& in, const auto& p) {
         visit_named_parameters(
             [&](const std::string& name, const auto& tensor) {
               store(stored, path, name, dtype_of<scalar_t<std::remove_cvref_t<decltype(tensor)>>>(),
                     file_layout(layer, shape(tensor), image));
             },
             p);
         image = row_image_after(layer, in, p, image);
       });
  return stored;
}

/// The numbers of a tensor, from memory to a file and back.
template <typename T>
void write_numbers(const FileLayout& layout, const T* numbers, std::byte* file) {
  const auto size = static_cast<Index>(sizeof(T));
  layout.for_each_place([&](Index at, Index in_memory) { write_number(numbers[in_memory], file + at * size); });
}
template <typename InFile, typename T>
void read_numbers(const FileLayout& layout, const std::byte* file, T* numbers) {
  const auto size = static_cast<Index>(sizeof(InFile));
  layout.for_each_place(
      [&](Index at, Index in_memory) { numbers[in_memory] = static_cast<T>(read_number<InFile>(file + at * size)); });
}

}  // namespace detail

}  // namespace lamina
