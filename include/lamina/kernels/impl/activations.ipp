#pragma once

#include "../activations.hpp"

#include "instruction_sets.ipp"

#define LAMINA_TEXT "pointwise.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Activations<T>& activations(const InstructionSet& instruction_set) {
  return table<Activations<T>>(instruction_set);
}

template <typename T>
const Activations<T>& activations() {
  static const Activations<T>& chosen = activations<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
