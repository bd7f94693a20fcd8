#pragma once

/// The kernels, compiled here for float and double. For programs of many source files: compile all of them with
/// LAMINA_COMPILED_KERNELS defined, include this in one that includes nothing else of lamina before it, and each of the
/// others compiles some seconds faster. It is not part of lamina.hpp.

#ifdef LAMINA_KERNELS_DECLARED
#error "lamina/kernels/compiled.hpp has to be included before anything else of lamina"
#endif
#undef LAMINA_COMPILED_KERNELS
#include "activations.hpp"
#include "conversions.hpp"
#include "convolutions.hpp"
#include "dense_layers.hpp"
#include "editions.hpp"
#include "pools.hpp"
#include "updates.hpp"

#define LAMINA_INSTANTIATE(T)                                                \
  template std::vector<const Edition*> editions<T>();                        \
  template const Edition& edition<T>(std::string_view key);                  \
  template const Edition& best<T>();                                         \
  template const Activations<T>& activations<T>(const Edition& edition);     \
  template const Activations<T>& activations<T>();                           \
  template const Conversions<T>& conversions<T>(const Edition& edition);     \
  template const Conversions<T>& conversions<T>();                           \
  template const Convolutions<T>& convolutions<T>(const Edition& edition);   \
  template const Convolutions<T>& convolutions<T>();                         \
  template const DenseLayers<T>& dense_layers<T>(const Edition& edition);    \
  template const DenseLayers<T>& dense_layers<T>();                          \
  template const Pools<T>& pools<T>(const Edition& edition);                 \
  template const Pools<T>& pools<T>();                                       \
  template const Updates<T>& updates<T>(const Edition& edition);             \
  template const Updates<T>& updates<T>();

namespace lamina::kernels {

LAMINA_INSTANTIATE(float)
LAMINA_INSTANTIATE(double)

}  // namespace lamina::kernels

#undef LAMINA_INSTANTIATE
