#pragma once

#include "../match_tensors.hpp"

#include <algorithm>

#include "../../core/text.hpp"
#include "../format_safetensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string listed_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i)
    text += (i > 0 ? ", " : "") + JsonReader::printable(names[i]);
  return names.size() > 10 ? str_cat(text, " and ", names.size() - 10, " more") : text;
}

/// Returns the name of the running mean that belongs to PyTorch's batch counter of this name, "3.num_batches_tracked".
/// lamina does not count batches and ignores the number.
LAMINA_FUNC std::string counted_batches_of(std::string name) {
  constexpr std::string_view counter = "num_batches_tracked";
  return name.ends_with(counter) ? name.replace(name.size() - counter.size(), counter.size(), "running_mean") : std::string();
}

LAMINA_FUNC Unmatched match_tensors(const SafeTensors& file, const std::vector<StoredTensor>& stored,
                                    const LoadOptions& options, std::string_view remedy) {
  const auto [strict, skip_other_shapes] = options;
  const auto described = [](const SafeTensors::Entry& entry) { return entry.dtype + " " + format_shape(entry.shape); };
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
  const auto is_wanted = [&](const std::string& name) { return std::binary_search(wanted.begin(), wanted.end(), name); };
  for (const auto& entry : file.entries)
    if (!is_wanted(entry.name) && !is_wanted(counted_batches_of(entry.name))) names.unexpected.push_back(entry.name);
  if (wrong.empty() && (!strict || (names.missing.empty() && names.unexpected.empty()))) return names;
  std::string text = "is not a file of this model";
  if (strict && !names.missing.empty()) text.append("; missing: ").append(listed_names(names.missing));
  if (strict && !names.unexpected.empty()) text.append("; unexpected: ").append(listed_names(names.unexpected));
  if (!wrong.empty()) text.append("; ").append(listed_names(wrong));
  throw DataError(text.append("; ").append(remedy));
}

LAMINA_FUNC TensorsFile tensors_file(const std::vector<StoredTensor>& stored,
                                     std::map<std::string, std::string> metadata) {
  SafeTensors file{.metadata = std::move(metadata)};
  for (const auto& tensor : stored) file.entries.push_back(tensor.entry);
  const std::string header = format_safetensors_header(file);
  TensorsFile made{std::vector<std::byte>(header.size() + (stored.empty() ? 0 : stored.back().entry.end)),
                   header.size()};
  std::memcpy(made.bytes.data(), header.data(), header.size());
  return made;
}

}  // namespace lamina::detail
