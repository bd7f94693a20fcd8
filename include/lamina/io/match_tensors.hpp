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

/// The options of loading a file into a model. For fine-tuning, when the new task has different classes:
///
///   load(model, "lenet.safetensors", {.skip_other_shapes = true});
struct LoadOptions {
  /// The strict mode: the file must have exactly the model's tensors. If false, the tensors that both have are loaded, and
  /// the model's other layers stay as they are.
  bool strict = true;
  /// The treatment of tensors that both have with different shapes: true leaves the model's as they are, false makes them
  /// an error.
  bool skip_other_shapes = false;
};

namespace detail {

/// Returns at most ten names and the number of further ones.
std::string listed_names(const std::vector<std::string>& names);

/// The names that only the model has, those that only the file has, and those that both have in other shapes, with these.
struct Unmatched {
  std::vector<std::string> missing, unexpected, other_shapes;
};

/// Finds a file's tensor for each of a model's. Throws DataError if one has another shape, unless such are skipped, or an
/// unsupported type. If strict, it also throws for a tensor without a counterpart. `remedy` ends the error text.
Unmatched match_tensors(const SafeTensors& file, const std::vector<StoredTensor>& stored,
                               const LoadOptions& options, std::string_view remedy);

/// Reads the tensors that match in name and shape into these places, which are those of `stored`.
template <typename T>
void read_tensors(const SafeTensors& file, std::span<const std::byte> bytes, const std::vector<StoredTensor>& stored,
                  const TensorViews<T>& places) {
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const StoredTensor& own = stored[i];
    const auto* entry = file.find(own.entry.name);
    if (!entry || entry->shape != own.entry.shape) continue;
    for_tensor(entry->name, [&] {
      read_numbers_of(entry->dtype, own.layout, bytes.data() + file.numbers + entry->begin, places.begins[i]);
    });
  }
}

/// The bytes of a file with this metadata and room for the tensors of `stored`, and the offset of that room.
struct TensorsFile {
  std::vector<std::byte> bytes;
  std::size_t numbers;
};
[[gnu::cold]] TensorsFile tensors_file(const std::vector<StoredTensor>& stored,
                                              std::map<std::string, std::string> metadata);

/// Returns the bytes of a file with this metadata and the tensors at these places, which are those of `stored`.
template <typename T>
std::vector<std::byte> tensors_bytes(const std::vector<StoredTensor>& stored, const TensorViews<T>& places,
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
