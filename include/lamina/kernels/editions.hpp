#pragma once

/// The fast loops, once for every instruction set, in one binary that needs no -march: the best edition this machine can
/// run is chosen when it is first asked for.
///
/// The loops come in families (convolutions.hpp, dense_layers.hpp, pools.hpp, activations.hpp, conversions.hpp,
/// updates.hpp): a header declares a struct of function pointers and includes the text of its own family, so that a
/// program compiles only the families that it uses. Pointers, extents and plain structs cross the border, nothing else: no
/// tensor, no layer, no register. For all families: outputs are overwritten, never added to. Every sum has an order that
/// depends on the extents only. Scratch has the size asked for, counted in T, and is aligned to 64 bytes; nothing else need
/// be aligned. No output may overlap an input, except that the pointwise functions may write over what they read.
//
// An edition is a namespace whose text, read by each_edition.inc, is compiled for one instruction set. Not every edition
// has to serve every scalar type: bfloat16 on AMX tiles would be one more region whose tables exist for that type alone
// (with packed operands in its scratch, float accumulators and float master weights).

#include <string_view>
#include <vector>

#include "window.hpp"

#if !defined(__GNUC__)
#error "lamina's kernels are written with the vector extensions of g++ and clang++"
#endif
namespace LAMINA_NAMESPACE::kernels {

/// An instruction set for which this program has the kernels.
struct Edition {
  const char* name;  ///< for people: "AVX-512"
  const char* key;   ///< for LAMINA_EDITION: "avx512"
};

/// Returns every edition in this program that this machine can run, the fastest first.
template <typename T>
std::vector<const Edition*> editions();

/// Returns the edition of that key: "avx512", "avx2" or "baseline"; an empty one asks for the fastest.
/// Throws std::invalid_argument, naming the choices, when there is none of that key or this machine cannot run it.
template <typename T>
const Edition& edition(std::string_view key);

/// Returns the fastest edition, or the one that the environment variable LAMINA_EDITION names; chosen once. Throws as
/// edition().
template <typename T>
const Edition& best();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/editions.ipp"
#endif
