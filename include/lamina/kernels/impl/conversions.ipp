#pragma once

#include "../conversions.hpp"

#include "editions.ipp"

#define LAMINA_TEXT "bytes.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Conversions<T>& conversions(const Edition& edition) {
  return table<Conversions<T>>(edition);
}

template <typename T>
const Conversions<T>& conversions() {
  static const Conversions<T>& chosen = conversions<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
