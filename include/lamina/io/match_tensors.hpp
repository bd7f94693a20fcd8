#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format_safetensors.hpp"
#include "stored_tensors.hpp"

namespace lamina {

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
inline std::string listed_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i)
    text += (i > 0 ? ", " : "") + JsonReader::printable(names[i]);
  return names.size() > 10 ? message(text, " and ", names.size() - 10, " more") : text;
}

/// The names that only a model has, those that only a file has, and those that both have in other shapes, with these.
struct Unmatched {
  std::vector<std::string> missing, unexpected, other_shapes;
};

/// Finds a file's tensor for each of a model's. Throws DataError where one is of another shape, unless such are skipped, or
/// of a type that is not read; strict, also where there is one without a counterpart. `remedy` ends the text.
inline Unmatched match_tensors(const SafeTensors& file, const std::vector<StoredTensor>& stored,
                               const LoadOptions& options, std::string_view remedy) {
  const auto [strict, skip_other_shapes] = options;
  const auto described = [](const SafeTensors::Entry& entry) {
    return entry.dtype + " " + format_shape(entry.shape);
  };
  Unmatched names;
  std::vector<std::string> wanted, wrong;
  for (const auto& [entry, layout] : stored) {
    wanted.push_back(entry.name);
    const auto* found = file.find(entry.name);
    if (!found)
      names.missing.push_back(entry.name);
    else if (found->shape != entry.shape || !is_read(found->dtype))
      (skip_other_shapes && is_read(found->dtype) ? names.other_shapes : wrong)
          .push_back(entry.name + " expects " + described(entry) + " but got " + described(*found));
  }
  std::sort(wanted.begin(), wanted.end());
  for (const auto& entry : file.entries)
    if (!std::binary_search(wanted.begin(), wanted.end(), entry.name)) names.unexpected.push_back(entry.name);
  if (wrong.empty() && (!strict || (names.missing.empty() && names.unexpected.empty()))) return names;
  std::string text = "is not a file of this model";
  if (strict && !names.missing.empty()) text.append("; missing: ").append(listed_names(names.missing));
  if (strict && !names.unexpected.empty()) text.append("; unexpected: ").append(listed_names(names.unexpected));
  if (!wrong.empty()) text.append("; ").append(listed_names(wrong));
  throw DataError(text.append("; ").append(remedy));
}

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
[[gnu::cold]] inline TensorsFile tensors_file(const std::vector<StoredTensor>& stored,
                                              std::map<std::string, std::string> metadata) {
  SafeTensors file{.metadata = std::move(metadata)};
  for (const auto& tensor : stored) file.entries.push_back(tensor.entry);
  const std::string header = format_safetensors_header(file);
  TensorsFile made{std::vector<std::byte>(header.size() + (stored.empty() ? 0 : stored.back().entry.end)), header.size()};
  std::memcpy(made.bytes.data(), header.data(), header.size());
  return made;
}

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
