#pragma once

#include "../pools.hpp"

#include "instruction_sets.ipp"

#define LAMINA_TEXT "pool.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Pools<T>& pools(const InstructionSet& instruction_set) {
  return table<Pools<T>>(instruction_set);
}

template <typename T>
const Pools<T>& pools() {
  static const Pools<T>& chosen = pools<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
