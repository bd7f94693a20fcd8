#pragma once

#include "../losses/softmax_cross_entropy.hpp"
#include "../optimizers/adam.hpp"
#include "../optimizers/sgd.hpp"
#include "views.hpp"

/// @file
/// A list of the usual data sets, losses and optimizers for float, whose interfaces lamina::compiled contains.
/// LAMINA_LIBRARY_VIEWS(template) gives explicit instantiations, LAMINA_LIBRARY_VIEWS(extern template) declarations.
#define LAMINA_LIBRARY_VIEWS(declare)                       \
  declare class DatasetView<float, 1>;                      \
  declare class DatasetView<float, 3>;                      \
  declare class LossOf<float, SoftmaxCrossEntropy>;         \
  declare class OptimizerOf<float, SGD>;                    \
  declare class OptimizerOf<float, Adam>;                   \
  declare class OptimizerOf<float, AdamW>;

#ifdef LAMINA_COMPILED
namespace LAMINA_NAMESPACE::detail {

LAMINA_LIBRARY_VIEWS(extern template)

}  // namespace lamina::detail
#endif
