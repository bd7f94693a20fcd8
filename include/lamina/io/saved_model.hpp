#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/files.hpp"
#include "../core/version.hpp"
#include "../models/model.hpp"
#include "../models/walk.hpp"
#include "format_safetensors.hpp"
#include "layouts.hpp"

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

/// Shows every tensor of parameters p of a model: visit(name, tensor, its layout in a file), the name as PyTorch's
/// nn.Sequential has it.
template <typename M, typename P, typename Visitor>
void for_each_stored(const M& model, P& p, Visitor&& visit) {
  RowImage image;
  walk(model.layer(), model.input_shape(1), p,
       [&](const std::string& path, const auto& layer, const auto& in, auto& own) {
         visit_named_parameters(
             [&](const std::string& name, auto& tensor) {
               visit(path.empty() ? name : path + "." + name, tensor, file_layout(layer, shape(tensor), image));
             },
             own);
         image = row_image_after(layer, in, own, image);
       });
}

/// At most ten names, and how many more there are.
inline std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i)
    text += (i > 0 ? ", " : "") + JsonReader::printable(names[i]);
  return names.size() > 10 ? message(text, " and ", names.size() - 10, " more") : text;
}

/// Throws unless the file has the model's tensors, each of the model's shape and of a type that fits, and no others.
template <typename M>
void check_tensors(const SafeTensors& file, const M& model) {
  std::vector<std::string> wanted, missing, unexpected, wrong;
  for_each_stored(
      model, model.parameters(), [&](const std::string& name, const auto& tensor, const FileLayout& layout) {
        using T = std::remove_cvref_t<decltype(*tensor.data())>;
        wanted.push_back(name);
        const auto* entry = file.find(name);
        if (!entry) return missing.push_back(name);
        const bool dtype_fits = entry->dtype == dtype_of<T>() || entry->dtype == "F32";
        if (!dtype_fits ||
            !std::equal(layout.shape.begin(), layout.shape.end(), entry->shape.begin(), entry->shape.end(),
                        [](Index a, std::uint64_t b) { return static_cast<std::uint64_t>(a) == b; }))
          wrong.push_back(message(name, " expects ", dtype_of<T>(), " ", SafeTensors::shape_text(layout.shape),
                                  " but got ", entry->dtype, " ", SafeTensors::shape_text(entry->shape)));
      });
  std::sort(wanted.begin(), wanted.end());
  for (const auto& entry : file.entries)
    if (!std::binary_search(wanted.begin(), wanted.end(), entry.name)) unexpected.push_back(entry.name);
  if (missing.empty() && unexpected.empty() && wrong.empty()) return;
  std::string text = "is not a file of this model";
  if (!missing.empty()) text += message("; missing: ", listed(missing));
  if (!unexpected.empty()) text += message("; unexpected: ", listed(unexpected));
  if (!wrong.empty()) text += message("; ", listed(wrong));
  throw DataError(text + "; build the model with the layers and the sample shape that it was saved with");
}

/// Does something with a file; what it throws says which.
template <typename Action>
void for_file(const std::filesystem::path& path, Action&& action) {
  try {
    action();
  } catch (const DataError& error) {
    throw DataError(message(path.string(), ": ", error.what()));
  }
}

}  // namespace detail

/// The bytes of a safetensors file with the parameters of a model, in PyTorch's names and layouts (io/layouts.hpp).
/// Throws DataError where two tensors of a layer have one name, or a name is not UTF-8.
template <typename L, AnyTensor X>
std::vector<std::byte> save_bytes(const Model<L, X>& model) {
  SafeTensors file{.metadata = {{"format", "pt"}, {"lamina", std::string(library_version)}}};
  detail::for_each_stored(
      model, model.parameters(), [&](const std::string& name, const auto& tensor, const FileLayout& layout) {
        using T = std::remove_cvref_t<decltype(*tensor.data())>;
        file.entries.push_back({name, std::string(detail::dtype_of<T>()), {layout.shape.begin(), layout.shape.end()}});
      });
  std::uint64_t size = 0;
  for (auto& entry : file.entries) {
    entry.begin = size;
    entry.end = size += SafeTensors::byte_count(entry);
  }
  const std::string header = format_safetensors_header(file);
  std::vector<std::byte> bytes(header.size() + static_cast<std::size_t>(size));
  std::memcpy(bytes.data(), header.data(), header.size());
  std::byte* place = bytes.data() + header.size();
  detail::for_each_stored(model, model.parameters(),
                          [&](const std::string&, const auto& tensor, const FileLayout& layout) {
                            layout.for_each_place([&](Index, Index in_memory) {
                              detail::write_number(tensor.data()[in_memory], place);
                              place += sizeof(*tensor.data());
                            });
                          });
  return bytes;
}

/// Gives a model the parameters in these bytes of a safetensors file. Names and shapes must be the model's own, all of
/// them and no others; numbers are float (F32) or the model's own type, so that what was trained in float can be looked
/// at in double, and nothing is ever rounded. Numbers that are not finite are taken as they are, as the format allows.
/// Throws DataError, and then nothing has changed.
template <typename L, AnyTensor X>
void load_bytes(Model<L, X>& model, std::span<const std::byte> bytes) {
  const SafeTensors file = parse_safetensors(bytes);
  detail::check_tensors(file, model);
  const std::byte* numbers = bytes.data() + file.numbers;
  auto p = model.parameters();  // of our own until all is done: memory may run out
  detail::for_each_stored(model, p, [&](const std::string& name, auto& tensor, const FileLayout& layout) {
    using T = std::remove_cvref_t<decltype(*tensor.data())>;
    const auto& entry = *file.find(name);
    const std::byte* place = numbers + entry.begin;
    layout.for_each_place([&](Index in_file, Index in_memory) {
      tensor.data()[in_memory] = entry.dtype == "F32"
                                     ? static_cast<T>(detail::read_number<float>(place + 4 * in_file))
                                     : static_cast<T>(detail::read_number<double>(place + 8 * in_file));
    });
  });
  model.parameters() = std::move(p);
}

/// Writes the parameters of a model to a safetensors file, in PyTorch's names and layouts, so that it can be read by
/// PyTorch and by later versions of lamina. The file is there wholly or not at all: on DataError, which says why it
/// cannot be written, what was there before is untouched.
///
///   save(model, "lenet.safetensors");
template <typename L, AnyTensor X>
void save(const Model<L, X>& model, const std::filesystem::path& path) {
  std::vector<std::byte> bytes;
  detail::for_file(path, [&] { bytes = save_bytes(model); });
  write_file(path, bytes);
}

/// Gives a model of the same layers the parameters in a file: lamina's own, or another's of the same names and shapes.
/// As load_bytes; throws DataError, which names the file, and then nothing has changed.
///
///   Model model{lenet, Shape{28, 28, 1}, Rng{}};
///   load(model, "lenet.safetensors");
template <typename L, AnyTensor X>
void load(Model<L, X>& model, const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  detail::for_file(path, [&] { load_bytes(model, bytes); });
}

}  // namespace lamina
