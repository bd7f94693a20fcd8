#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// The end of a residual block in a Network: adds the input of the layer `back` layers before it. He et al. 2016, eq. 1.
///
///   y = x + a        x the output of the layer before, a what the layer `back` layers before was given; all of one shape
///
///   dx = dy        da = dy + what reaches a through the layers between
///
///   Network{Conv{.filters = 8}, ReLU{}, Conv{.filters = 8, .padding = 1}, ReLU{}, Add{.back = 2}}
///
/// In a Sequential, Residual says the same. An Add is no layer by itself, as it takes two inputs: the program adds.
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

  /// Throws ShapeError unless there is a layer to go back to among the `before` layers before it.
  void check_back(std::size_t before) const;
};

namespace detail {

/// Throws ShapeError unless the two inputs of an Add, its own and that of the earlier layer, have one shape.
void check_addends(std::span<const Index> own, std::span<const Index> earlier);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/add.ipp"
#endif
