#pragma once

/// @file
/// The kernel that converts bytes to numbers. editions.hpp describes what all kernels guarantee.

#include "editions.hpp"
#include "window.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The conversions of one edition.
template <typename T>
struct Conversions {
  /// Computes y = scale · x + offset.
  void (*from_bytes)(const unsigned char* x, T* y, Index n, T scale, T offset);
};

/// Returns the conversions of one edition, or of the one that best() chooses.
template <typename T>
const Conversions<T>& conversions(const Edition& edition);
template <typename T>
const Conversions<T>& conversions();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/conversions.ipp"
#endif
