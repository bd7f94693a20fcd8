#pragma once

#include "../functions.hpp"

#include "activations.ipp"
#include "editions.ipp"

#define LAMINA_TEXT "functions.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Functions<T>& functions(const Edition& edition) {
  return table<Functions<T>>(edition);
}

template <typename T>
const Functions<T>& functions() {
  static const Functions<T>& chosen = functions<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
