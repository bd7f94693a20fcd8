#pragma once

#include "../functions.hpp"

#include "activations.ipp"
#include "instruction_sets.ipp"

#define LAMINA_TEXT "functions.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Functions<T>& functions(const InstructionSet& instruction_set) {
  return table<Functions<T>>(instruction_set);
}

template <typename T>
const Functions<T>& functions() {
  static const Functions<T>& chosen = functions<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
