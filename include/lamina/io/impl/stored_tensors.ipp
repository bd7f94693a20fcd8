#pragma once

#include "../stored_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void store(std::vector<StoredTensor>& stored, const std::string& path, const std::string& name,
                  std::string_view dtype, FileLayout layout) {
  SafeTensors::Entry entry{path.empty() ? name : path + "." + name, std::string(dtype)};
  entry.shape.assign(layout.shape.begin(), layout.shape.end());
  entry.begin = stored.empty() ? 0 : stored.back().entry.end;
  entry.end = entry.begin + SafeTensors::byte_count(entry);
  stored.push_back({std::move(entry), std::move(layout)});
}

LAMINA_FUNC std::string StoringWalk::place_of(const std::string& path) const {
  if (naming_.convention == Convention::keras) return std::to_string(layers_with_tensors_);
  return naming_.places ? naming_.places->at(layers_) : path;
}

}  // namespace lamina::detail
