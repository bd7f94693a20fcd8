#pragma once

#include "../layers/conv.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/pool.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/stages.hpp"
#include "../layers/tanh.hpp"
#include "step.hpp"

/// @file
/// Lists the steps of the library's own layers for float, which lamina::compiled has: LAMINA_LIBRARY_STEPS(template) is a list of
/// explicit instantiations, LAMINA_LIBRARY_STEPS(extern template) one of declarations.
#define LAMINA_LIBRARY_STEP(declare, layer, rank) \
  declare std::unique_ptr<const Step<float>> make_step<layer, Tensor<float, rank>>(const layer&);
#define LAMINA_LIBRARY_STEPS(declare)                          \
  LAMINA_LIBRARY_STEP(declare, Conv, 4)                        \
  LAMINA_LIBRARY_STEP(declare, ConvReLU<Conv>, 4)              \
  LAMINA_LIBRARY_STEP(declare, ConvReLUMaxPool<Conv>, 4)       \
  LAMINA_LIBRARY_STEP(declare, Dense, 2)                       \
  LAMINA_LIBRARY_STEP(declare, FlattenDense<Dense>, 4)         \
  LAMINA_LIBRARY_STEP(declare, Flatten, 4)                     \
  LAMINA_LIBRARY_STEP(declare, MaxPool, 4)                     \
  LAMINA_LIBRARY_STEP(declare, AvgPool, 4)                     \
  LAMINA_LIBRARY_STEP(declare, Softmax, 2)                     \
  LAMINA_LIBRARY_STEP(declare, ReLU, 2)                        \
  LAMINA_LIBRARY_STEP(declare, ReLU, 4)                        \
  LAMINA_LIBRARY_STEP(declare, LeakyReLU, 2)                   \
  LAMINA_LIBRARY_STEP(declare, LeakyReLU, 4)                   \
  LAMINA_LIBRARY_STEP(declare, Sigmoid, 2)                     \
  LAMINA_LIBRARY_STEP(declare, Sigmoid, 4)                     \
  LAMINA_LIBRARY_STEP(declare, Tanh, 2)                        \
  LAMINA_LIBRARY_STEP(declare, Tanh, 4)                        \
  LAMINA_LIBRARY_STEP(declare, Dropout, 2)                     \
  LAMINA_LIBRARY_STEP(declare, Dropout, 4)

#ifdef LAMINA_COMPILED
namespace LAMINA_NAMESPACE::detail {

LAMINA_LIBRARY_STEPS(extern template)

}  // namespace lamina::detail
#endif
