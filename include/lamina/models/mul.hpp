#pragma once

#include <string_view>
#include <utility>

#include "branches.hpp"

namespace LAMINA_NAMESPACE {

/// The product of two branches, number by number. One of them may make one number for each channel, (N, 1, 1, C) or rows
/// (N, C), where the other makes images: that number is a factor for all of the channel's pixels. Hu et al. 2018,
/// "Squeeze-and-excitation networks", eq. 4.
///
///   y[n,h,w,c] = a[n,h,w,c]·g[n,c]        a = b_0(x), g = b_1(x), or the other way round
///
///   da[n,h,w,c] = dy[n,h,w,c]·g[n,c]        dg[n,c] = Σ_{h,w} dy[n,h,w,c]·a[n,h,w,c]
///
/// as g[n,c] moves all H·W numbers of its channel. Of two branches of one shape: y = a·b, da = dy·b, db = dy·a.
///
///   Mul{Identity{}, Sequential{GlobalAveragePool{}, Conv{.filters = 4, .kernel = 1}, ReLU{}, Conv{.filters = 16, .kernel = 1},
///                              Sigmoid{}}}
///
/// Throws ShapeError for other shapes.
template <typename A, typename B>
class Mul : public detail::Branches<detail::ListedMul, A, B> {
 public:
  static constexpr std::string_view name = "Mul";
  constexpr explicit Mul(A a, B b) : detail::Branches<detail::ListedMul, A, B>(std::move(a), std::move(b)) {}
};

}  // namespace lamina
