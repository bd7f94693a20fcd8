#pragma once

#include "../pools.hpp"

#include "editions.ipp"

#define LAMINA_TEXT "pool.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Pools<T>& pools(const Edition& edition) {
  return table<Pools<T>>(edition);
}

template <typename T>
const Pools<T>& pools() {
  static const Pools<T>& chosen = pools<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
