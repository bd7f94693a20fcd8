#pragma once

#include "../dense_layers.hpp"

#include "instruction_sets.ipp"
#include "tile.ipp"

#define LAMINA_TEXT "dense.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const DenseLayers<T>& dense_layers(const InstructionSet& instruction_set) {
  return table<DenseLayers<T>>(instruction_set);
}

template <typename T>
const DenseLayers<T>& dense_layers() {
  static const DenseLayers<T>& chosen = dense_layers<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
