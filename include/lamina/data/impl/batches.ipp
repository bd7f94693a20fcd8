#pragma once

#include "../batches.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_augmentation(const char* who, const Augmentation& augmentation, int rank) {
  if (rank != 3 && !augmentation.empty())
    throw OptionError(str_cat(who, ": .augment is for images (H, W, C), but the data set's samples have rank ", rank));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<Index> epoch_order(Index size, Rng rng) {
  std::vector<Index> order(static_cast<std::size_t>(size));
  detail::draw_order(order, rng);
  return order;
}

}  // namespace lamina
