#pragma once

#include "../convolutions.hpp"

#include "activations.ipp"
#include "instruction_sets.ipp"
#include "tile.ipp"

#define LAMINA_TEXT "convolutions.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Convolutions<T>& convolutions(const InstructionSet& instruction_set) {
  return table<Convolutions<T>>(instruction_set);
}

template <typename T>
const Convolutions<T>& convolutions() {
  static const Convolutions<T>& chosen = convolutions<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
