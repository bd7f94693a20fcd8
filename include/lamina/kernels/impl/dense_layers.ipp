#pragma once

#include "../dense_layers.hpp"

#include "editions.ipp"
#include "tile.ipp"

#define LAMINA_TEXT "dense.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const DenseLayers<T>& dense_layers(const Edition& edition) {
  return table<DenseLayers<T>>(edition);
}

template <typename T>
const DenseLayers<T>& dense_layers() {
  static const DenseLayers<T>& chosen = dense_layers<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
