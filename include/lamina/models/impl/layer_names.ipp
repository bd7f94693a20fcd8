#pragma once

#include <algorithm>

#include "../layer_names.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_layer_name(std::string_view name) {
  if (is_layer_name(name)) return;
  throw OptionError(str_cat("Network: expects a name that begins with a letter but got \"", name,
                            "\"; a layer without a name is called by its place"));
}

LAMINA_FUNC void name_layers(std::vector<std::string>& names, std::size_t first, std::string_view name, bool is_block) {
  for (std::size_t i = first; i < names.size(); ++i)
    names[i] =
        !is_block ? std::string(name) : str_cat(name, ".", names[i].empty() ? std::to_string(i - first) : names[i]);
}

LAMINA_FUNC void check_layer_names(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const auto twin =
      std::adjacent_find(names.begin(), names.end(), [](const auto& a, const auto& b) { return !a.empty() && a == b; });
  if (twin != names.end())
    throw OptionError(str_cat("Network: two layers are called \"", *twin,
                              "\"; give one of them, or the block around it, another name"));
}

}  // namespace LAMINA_NAMESPACE::detail
