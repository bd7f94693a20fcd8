#pragma once

#include "../sample_source.hpp"

#include <numeric>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void draw_order(std::vector<Index>& order, Rng rng) {
  std::iota(order.begin(), order.end(), Index{0});
  shuffle(order, rng);
}

}  // namespace lamina::detail
