#pragma once

#include "../walk.hpp"

#include "../../layers/layer.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string place_in(const std::string& path, std::size_t i) {
  return path.empty() ? std::to_string(i) : path + "." + std::to_string(i);
}

}  // namespace lamina::detail
