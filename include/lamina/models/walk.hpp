#pragma once

#include <string>
#include <tuple>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The place of layer i of a network that is itself at `path`: "3", nested "1.0".
[[gnu::cold]] std::string place_in(const std::string& path, std::size_t i);

template <std::size_t I, typename Layers, int Rank, typename P, typename Visitor>
[[gnu::cold]] void walk_from(const Layers& layers, const Shape<Rank>& in, P& p, Visitor& visit, const std::string& path);

}  // namespace detail

/// Shows every layer of a network in order, those of nested Sequentials in their places: visit(path, layer, in, p),
/// where path is "3", nested "1.0", empty for a network that is one layer; `in` is the shape of the layer's input and
/// p its parameters. Throws ShapeError where a layer cannot take what comes.
template <typename L, int Rank, typename P, typename Visitor>
[[gnu::cold]] void walk(const L& layer, const Shape<Rank>& in, P& p, Visitor&& visit, const std::string& path = "") {
  if constexpr (requires { layer.walk_layers(in, p, visit, path); })
    layer.walk_layers(in, p, visit, path);
  else if constexpr (requires { layer.layers(); })
    detail::walk_from<0>(layer.layers(), in, p, visit, path);
  else
    visit(path, layer, in, p);
}

template <std::size_t I, typename Layers, int Rank, typename P, typename Visitor>
void detail::walk_from(const Layers& layers, const Shape<Rank>& in, P& p, Visitor& visit, const std::string& path) {
  if constexpr (I < std::tuple_size_v<Layers>) {
    walk(std::get<I>(layers), in, std::get<I>(p), visit, place_in(path, I));
    walk_from<I + 1>(layers, std::get<I>(layers).output_shape(in), p, visit, path);
  }
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/walk.ipp"
#endif
