#pragma once

#include "../normalisations.hpp"

#include "instruction_sets.ipp"

#define LAMINA_TEXT "normalise.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Normalisations<T>& normalisations(const InstructionSet& instruction_set) {
  return table<Normalisations<T>>(instruction_set);
}

template <typename T>
const Normalisations<T>& normalisations() {
  static const Normalisations<T>& chosen = normalisations<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
