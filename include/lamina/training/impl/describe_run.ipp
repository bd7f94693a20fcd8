#pragma once

#include "../describe_run.hpp"

#include "../../core/dtype.hpp"
#include "../../models/walk.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void add_tensor(RunDescription& run, const std::string& path, std::string_view name,
                                     std::span<const Index> extents) {
  run.tensors.push_back(
      {(path.empty() ? "" : path + ".").append(name), {extents.begin(), extents.end()}});
}

}  // namespace lamina::detail
