#pragma once

#include "../activations.hpp"

#include "editions.ipp"

#define LAMINA_TEXT "pointwise.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Activations<T>& activations(const Edition& edition) {
  return table<Activations<T>>(edition);
}

template <typename T>
const Activations<T>& activations() {
  static const Activations<T>& chosen = activations<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
