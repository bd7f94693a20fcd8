#pragma once

#include "../depthwise.hpp"

#include "instruction_sets.ipp"

#define LAMINA_TEXT "depthwise.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Depthwise<T>& depthwise(const InstructionSet& instruction_set) {
  return table<Depthwise<T>>(instruction_set);
}

template <typename T>
const Depthwise<T>& depthwise() {
  static const Depthwise<T>& chosen = depthwise<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
