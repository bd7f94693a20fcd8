#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../core/shape.hpp"
#include "format_safetensors.hpp"

namespace lamina::detail {

/// A layer as a file's architecture has it.
struct LayerText {
  std::string place;    // "3", nested "1.0", empty for a network that is one layer
  std::string type;     // "Conv"
  std::string options;  // ,"filters":6,…
};

inline std::string numbers_text(const std::vector<Index>& numbers) {
  std::string text = "[";
  for (const Index number : numbers) text.append(text.size() > 1 ? "," : "").append(std::to_string(number));
  return text + "]";
}

/// The architecture as JSON, for "lamina.architecture" in a file's metadata:
///
///   {"sample":[28,28,1],"layers":[{"name":"0","type":"Conv","filters":6,…},{"name":"1","type":"ReLU"},…]}
[[gnu::cold]] inline std::string architecture_text(const std::vector<Index>& sample, const std::optional<Index>& inputs,
                                                   const std::vector<LayerText>& layers) {
  std::string text = "{\"sample\":" + numbers_text(sample);
  if (inputs) text.append(",\"inputs\":").append(std::to_string(*inputs));
  text += ",\"layers\":[";
  bool first = true;
  for (const auto& layer : layers) {
    text.append(std::exchange(first, false) ? "{\"name\":" : ",{\"name\":").append(json_string(layer.place));
    text.append(",\"type\":").append(json_string(layer.type)).append(layer.options).append("}");
  }
  return text + "]}";
}

}  // namespace lamina::detail
