#pragma once

#include <string_view>
#include <utility>

#include "branches.hpp"

namespace LAMINA_NAMESPACE {

/// The concatenation of branches along the last axis: the channels of images, the features of rows. As torch.cat(…, 1).
/// Szegedy et al. 2015, "Going deeper with convolutions"; Huang et al. 2017, "Densely connected convolutional networks".
///
///   y = (b_0(x), b_1(x), …)        y (N, H, W, C_0 + C_1 + …)   or   (N, F_0 + F_1 + …)
///
/// Every element of dy belongs to one branch:
///
///   dy_k[n,h,w,c] = dy[n,h,w, C_0 + … + C_{k−1} + c]        dx = Σ_k ∂⟨b_k(x), dy_k⟩/∂x
///
///   Concat{Conv{.filters = 8, .kernel = 1}, Conv{.filters = 8, .kernel = 3, .padding = 1}}
///
/// Throws ShapeError if the branches' heights or widths differ. Does not compile if some branches give images and others rows.
template <typename... Branches>
class Concat : public detail::Branches<detail::ListedConcat, Branches...> {
 public:
  static constexpr std::string_view name = "Concat";
  constexpr explicit Concat(Branches... branches)
      : detail::Branches<detail::ListedConcat, Branches...>(std::move(branches)...) {}
};

template <typename... Branches>
Concat(Branches...) -> Concat<Branches...>;

}  // namespace lamina
