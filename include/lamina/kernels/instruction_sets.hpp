#pragma once

/// @file
/// The fast loops, compiled for every instruction set into one binary that needs no -march. The best instruction set that the
/// machine can run is chosen on first use.
///
/// The loops come in families (convolutions.hpp, dense_layers.hpp, pools.hpp, activations.hpp, conversions.hpp,
/// updates.hpp). A header declares a struct of function pointers and includes the text of its own family, so that a
/// program compiles only the families that it uses. Only pointers, extents and plain structs cross the border: no tensor,
/// no layer, no register. All families guarantee: outputs are overwritten, never added to. Every sum has an order that
/// depends on the extents only. Scratch memory must have the requested size, counted in T, and be aligned to 64 bytes;
/// nothing else needs alignment. No output may overlap an input, except that pointwise functions may write to their input.
//
// Each instruction set has a namespace; each_instruction_set.inc compiles the text of the kernels for it.

#include <string_view>
#include <vector>

#include "conv_shape.hpp"

#if !defined(__GNUC__)
#error "lamina's kernels are written with the vector extensions of g++ and clang++"
#endif
namespace LAMINA_NAMESPACE::kernels {

/// An instruction set that this program has kernels for.
struct InstructionSet {
  const char* name;  ///< for people: "AVX-512"
  const char* key;   ///< for LAMINA_ISA: "avx512"
};

/// Returns every instruction set in this program that this machine can run, the fastest first.
template <typename T>
std::vector<const InstructionSet*> instruction_sets();

/// Returns the instruction set with this key: "avx512", "avx2" or "baseline"; an empty key means the fastest. Throws
/// std::invalid_argument, which lists the choices, if there is no such instruction set or this machine cannot run it.
template <typename T>
const InstructionSet& instruction_set(std::string_view key);

/// Returns the fastest instruction set, or the one that the environment variable LAMINA_ISA names. It is chosen once. Throws
/// as instruction_set() does.
template <typename T>
const InstructionSet& best();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/instruction_sets.ipp"
#endif
