#pragma once

#include "../updates.hpp"

#include "instruction_sets.ipp"

#define LAMINA_TEXT "steps.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Updates<T>& updates(const InstructionSet& instruction_set) {
  return table<Updates<T>>(instruction_set);
}

template <typename T>
const Updates<T>& updates() {
  static const Updates<T>& chosen = updates<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
