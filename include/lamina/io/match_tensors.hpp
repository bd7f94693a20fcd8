#pragma once

#include <cstddef>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stored_tensors.hpp"

namespace LAMINA_NAMESPACE {

/// How a file is loaded into a model. For fine-tuning, when the last layer is to tell other classes apart:
///
///   load(model, "lenet.safetensors", {.skip_other_shapes = true});
struct LoadOptions {
  /// Whether the file must have all of the model's tensors and no others. If not, those are loaded that both have: layers
  /// whose names the file does not have stay as they are.
  bool strict = true;
  /// Whether tensors that both have, but in other shapes, stay as they are. If not, they are an error.
  bool skip_other_shapes = false;
};

namespace detail {

/// At most ten names, and how many more there are.
std::string listed_names(const std::vector<std::string>& names);

/// The names that only a model has, those that only a file has, and those that both have in other shapes, with these.
struct Unmatched {
  std::vector<std::string> missing, unexpected, other_shapes;
};

/// Finds a file's tensor for each of a model's. Throws DataError where one is of another shape, unless such are skipped, or
/// of a type that is not read; strict, also where there is one without a counterpart. `remedy` ends the text.
Unmatched match_tensors(const SafeTensors& file, const std::vector<StoredTensor>& stored,
                               const LoadOptions& options, std::string_view remedy);

/// Reads the tensors that the file has in their shapes to these places, which are those of `stored`.
template <typename T>
void read_tensors(const SafeTensors& file, std::span<const std::byte> bytes, const std::vector<StoredTensor>& stored,
                  const Places<T>& places) {
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const StoredTensor& own = stored[i];
    const auto* entry = file.find(own.entry.name);
    if (!entry || entry->shape != own.entry.shape) continue;
    for_tensor(entry->name, [&] {
      read_numbers_of(entry->dtype, own.layout, bytes.data() + file.numbers + entry->begin, places.begins[i]);
    });
  }
}

/// The bytes of a file with this metadata and room for tensors as `stored` describes them, and where the room begins.
struct TensorsFile {
  std::vector<std::byte> bytes;
  std::size_t numbers;
};
[[gnu::cold]] TensorsFile tensors_file(const std::vector<StoredTensor>& stored,
                                              std::map<std::string, std::string> metadata);

/// The bytes of a file with this metadata and the tensors at these places, which are those of `stored`.
template <typename T>
std::vector<std::byte> tensors_bytes(const std::vector<StoredTensor>& stored, const Places<T>& places,
                                     std::map<std::string, std::string> metadata) {
  TensorsFile file = tensors_file(stored, std::move(metadata));
  for (std::size_t i = 0; i < stored.size(); ++i)
    write_numbers(stored[i].layout, places.begins[i], file.bytes.data() + file.numbers + stored[i].entry.begin);
  return std::move(file.bytes);
}

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/match_tensors.ipp"
#endif
