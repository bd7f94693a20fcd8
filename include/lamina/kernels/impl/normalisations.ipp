#pragma once

#include "../normalisations.hpp"

#include "editions.ipp"

#define LAMINA_TEXT "normalise.inc"
#include "../each_edition.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Normalisations<T>& normalisations(const Edition& edition) {
  return table<Normalisations<T>>(edition);
}

template <typename T>
const Normalisations<T>& normalisations() {
  static const Normalisations<T>& chosen = normalisations<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
