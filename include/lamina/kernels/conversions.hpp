#pragma once

/// The kernel that makes numbers of bytes. editions.hpp says what all kernels promise.

#include "editions.hpp"
#include "window.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The conversions of one edition.
template <typename T>
struct Conversions {
  /// y = scale · x + offset
  void (*from_bytes)(const unsigned char* x, T* y, Index n, T scale, T offset);
};

/// Returns the conversions of one edition, or of the edition that best() chooses.
template <typename T>
const Conversions<T>& conversions(const Edition& edition);
template <typename T>
const Conversions<T>& conversions();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/conversions.ipp"
#endif
