#pragma once

#include <string_view>
#include <utility>

#include "branches.hpp"

namespace LAMINA_NAMESPACE {

/// The product of two branches, element by element. If one branch gives images, the other may give one factor for each
/// channel, as (N, 1, 1, C) or as rows (N, C); it multiplies all pixels of its channel. Hu et al. 2018,
/// "Squeeze-and-excitation networks", eq. 4.
///
///   y[n,h,w,c] = a[n,h,w,c]·g[n,c]        a = b_0(x), g = b_1(x), or vice versa
///
///   da[n,h,w,c] = dy[n,h,w,c]·g[n,c]        dg[n,c] = Σ_{h,w} dy[n,h,w,c]·a[n,h,w,c]
///
/// The sum is over the H·W pixels that g[n,c] multiplies. For two branches of one shape, y = a·b, da = dy·b and db = dy·a.
///
///   Mul{Identity{}, Sequential{GlobalAveragePool{}, Conv{.filters = 4, .kernel = 1}, ReLU{}, Conv{.filters = 16, .kernel = 1},
///                              Sigmoid{}}}
///
/// Throws ShapeError if the shapes fit in neither way.
template <typename A, typename B>
class Mul : public detail::Branches<detail::ListedMul, A, B> {
 public:
  static constexpr std::string_view name = "Mul";
  constexpr explicit Mul(A a, B b) : detail::Branches<detail::ListedMul, A, B>(std::move(a), std::move(b)) {}
};

}  // namespace lamina
