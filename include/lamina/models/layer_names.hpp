#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns whether text is the name of a layer, which begins with a letter; numbers are the places of layers without a
/// name.
constexpr bool is_layer_name(std::string_view text) {
  const char first = text.empty() ? '0' : text.front();
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
}

/// Throws OptionError unless it is a name.
void check_layer_name(std::string_view name);

/// Gives the layers from `first` on a name. In a block they keep their own names, or have numbers, behind its name:
/// "layer1.conv1", "layer1.1".
void name_layers(std::vector<std::string>& names, std::size_t first, std::string_view name, bool is_block);

/// Throws OptionError if two layers have one name.
void check_layer_names(std::vector<std::string> names);

}  // namespace LAMINA_NAMESPACE::detail

#ifndef LAMINA_COMPILED
#include "impl/layer_names.ipp"
#endif
