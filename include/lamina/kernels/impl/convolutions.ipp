#pragma once

#include "../convolutions.hpp"

#include "activations.ipp"
#include "editions.ipp"
#include "tile.ipp"

#define LAMINA_TEXT "convolutions.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Convolutions<T>& convolutions(const Edition& edition) {
  return table<Convolutions<T>>(edition);
}

template <typename T>
const Convolutions<T>& convolutions() {
  static const Convolutions<T>& chosen = convolutions<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
