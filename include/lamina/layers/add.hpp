#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// The end of a residual block in a Network: adds the input of the layer `back` layers before it. He et al. 2016, eq. 1.
///
///   y = x + a        x: output of the layer before; a: input of the layer `back` layers before; all of one shape
///
///   dx = dy        da = dy + the gradient that reaches a through the layers between
///
///   Network{Conv{.filters = 8}, ReLU{}, Conv{.filters = 8, .padding = 1}, ReLU{}, Add{.back = 2}}
///
/// In a Sequential, use Residual instead. Add is not a Layer, because it takes two inputs: the program adds them.
struct Add {
  Index back = 1;

  static constexpr std::string_view name = "Add";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("back", self.back...);
  }

  template <typename>
  using Parameters = None;

  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    return in;
  }

  /// Throws ShapeError unless .back names one of the `before` layers before it.
  void check_back(std::size_t before) const;
};

namespace detail {

/// Throws ShapeError unless the two inputs of an Add, its own and the earlier layer's, have one shape.
void check_addends(std::span<const Index> own, std::span<const Index> earlier);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/add.ipp"
#endif
