#pragma once

#include <string_view>
#include <utility>

#include "branches.hpp"

namespace LAMINA_NAMESPACE {

/// The sum of branches. A branch is a layer, a Sequential, a Network or a block; all take the same input and give the same
/// shape.
///
///   y = b_0(x) + b_1(x) + …        dy_k = dy        dx = Σ_k ∂⟨b_k(x), dy⟩/∂x
///
///   Add{Conv{.filters = 8, .kernel = 1}, Sequential{Conv{.filters = 8, .kernel = 3, .padding = 1}, ReLU{}}}
///
/// Throws ShapeError if the branches' shapes differ. Does not compile if some branches give images and others rows.
template <typename... Branches>
class Add : public detail::Branches<detail::ListedAdd, Branches...> {
 public:
  static constexpr std::string_view name = "Add";
  constexpr explicit Add(Branches... branches) : detail::Branches<detail::ListedAdd, Branches...>(std::move(branches)...) {}
};

template <typename... Branches>
Add(Branches...) -> Add<Branches...>;

}  // namespace lamina
