#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A layer as text in a file's architecture.
struct LayerText {
  std::string place;    // "3", nested "1.0", empty for a network that is one layer
  std::string type;     // "Conv"
  std::string options;  // ,"filters":6,…
};

std::string numbers_text(const std::vector<Index>& numbers);

/// Returns the architecture as JSON, for "lamina.architecture" in a file's metadata:
///
///   {"sample":[28,28,1],"layers":[{"name":"0","type":"Conv","filters":6,…},{"name":"1","type":"ReLU"},…]}
[[gnu::cold]] std::string architecture_text(const std::vector<Index>& sample, const std::optional<Index>& inputs,
                                                   const std::vector<LayerText>& layers);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/architecture_text.ipp"
#endif
