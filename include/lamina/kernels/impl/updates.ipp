#pragma once

#include "../updates.hpp"

#include "editions.ipp"

#define LAMINA_TEXT "steps.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Updates<T>& updates(const Edition& edition) {
  return table<Updates<T>>(edition);
}

template <typename T>
const Updates<T>& updates() {
  static const Updates<T>& chosen = updates<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
