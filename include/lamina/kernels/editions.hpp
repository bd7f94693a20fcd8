#pragma once

/// @file
/// The fast loops, compiled for every instruction set into one binary that needs no -march. The best edition that the
/// machine can run is chosen on first use.
///
/// The loops come in families (convolutions.hpp, dense_layers.hpp, pools.hpp, activations.hpp, conversions.hpp,
/// updates.hpp). A header declares a struct of function pointers and includes the text of its own family, so that a
/// program compiles only the families that it uses. Only pointers, extents and plain structs cross the border: no tensor,
/// no layer, no register. All families guarantee: outputs are overwritten, never added to. Every sum has an order that
/// depends on the extents only. Scratch memory must have the requested size, counted in T, and be aligned to 64 bytes;
/// nothing else needs alignment. No output may overlap an input, except that pointwise functions may write to their input.
//
// An edition is a namespace whose text, read by each_edition.inc, is compiled for one instruction set. An edition need
// not serve every scalar type: bfloat16 on AMX tiles would be one more region with tables for that type alone (with
// packed operands in its scratch, float accumulators and float master weights).

#include <string_view>
#include <vector>

#include "window.hpp"

#if !defined(__GNUC__)
#error "lamina's kernels are written with the vector extensions of g++ and clang++"
#endif
namespace LAMINA_NAMESPACE::kernels {

/// An instruction set that this program has kernels for.
struct Edition {
  const char* name;  ///< for people: "AVX-512"
  const char* key;   ///< for LAMINA_EDITION: "avx512"
};

/// Returns every edition in this program that this machine can run, the fastest first.
template <typename T>
std::vector<const Edition*> editions();

/// Returns the edition with this key: "avx512", "avx2" or "baseline"; an empty key means the fastest. Throws
/// std::invalid_argument, which lists the choices, if there is no such edition or this machine cannot run it.
template <typename T>
const Edition& edition(std::string_view key);

/// Returns the fastest edition, or the one that the environment variable LAMINA_EDITION names. It is chosen once. Throws
/// as edition() does.
template <typename T>
const Edition& best();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/editions.ipp"
#endif
