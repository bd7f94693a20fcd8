#pragma once

#include "../architecture_text.hpp"

#include <utility>

#include "../format_safetensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string numbers_text(const std::vector<Index>& numbers) {
  std::string text = "[";
  for (const Index number : numbers) text.append(text.size() > 1 ? "," : "").append(std::to_string(number));
  return text + "]";
}

LAMINA_FUNC std::string architecture_text(const std::vector<Index>& sample, const std::optional<Index>& inputs,
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
