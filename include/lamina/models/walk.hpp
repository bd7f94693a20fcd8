#pragma once

#include <string>
#include <tuple>

#include "../layers/layer.hpp"

namespace lamina {

/// Shows every layer of a network in order, those of nested Sequentials in their places: visit(path, layer, in, p),
/// where path is "3", nested "1.0", empty for a network that is one layer; `in` is the shape of the layer's input and
/// p its parameters. Throws ShapeError where a layer cannot take what comes.
template <typename L, int Rank, typename P, typename Visitor>
void walk(const L& layer, const Shape<Rank>& in, P& p, Visitor&& visit, const std::string& path = "") {
  if constexpr (requires { layer.layers(); }) {
    layer.for_each_layer(in, [&](auto place, const auto& inner, const auto& at) {
      const std::string below = (path.empty() ? "" : path + ".") + std::to_string(place());
      walk(inner, at, std::get<place()>(p), visit, below);
    });
  } else {
    visit(path, layer, in, p);
  }
}

}  // namespace lamina
