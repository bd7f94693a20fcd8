#pragma once

#include "../saved_model.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ModelCard read_model_card(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  ModelCard card;
  detail::for_file(path, [&] { card = detail::read_card(parse_safetensors(bytes).metadata); });
  return card;
}

}  // namespace lamina
