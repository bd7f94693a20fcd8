#pragma once

#include "../conversions.hpp"

#include "instruction_sets.ipp"

#define LAMINA_TEXT "bytes.inc"
#include "../each_instruction_set.inc"

namespace LAMINA_NAMESPACE::kernels {

template <typename T>
const Conversions<T>& conversions(const InstructionSet& instruction_set) {
  return table<Conversions<T>>(instruction_set);
}

template <typename T>
const Conversions<T>& conversions() {
  static const Conversions<T>& chosen = conversions<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels
