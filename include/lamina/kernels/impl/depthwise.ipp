#pragma once

#include "../depthwise.hpp"

#include "editions.ipp"

#define LAMINA_TEXT "depthwise.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Depthwise<T>& depthwise(const Edition& edition) {
  return table<Depthwise<T>>(edition);
}

template <typename T>
const Depthwise<T>& depthwise() {
  static const Depthwise<T>& chosen = depthwise<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
