#pragma once

#include "../layers/activations.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/channel_shuffle.hpp"
#include "../layers/conv.hpp"
#include "../layers/conv_transpose.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/fusions.hpp"
#include "../layers/global_pool.hpp"
#include "../layers/group_norm.hpp"
#include "../layers/layer_norm.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/listed_layers.hpp"
#include "../layers/narrow.hpp"
#include "../layers/pool.hpp"
#include "../layers/prelu.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/subsample.hpp"
#include "../layers/tanh.hpp"
#include "../layers/upsample.hpp"
#include "layer_node.hpp"
#include "step.hpp"

/// @file
/// A list of the steps of the library's own layers for a scalar, which lamina::compiled contains.
/// LAMINA_LIBRARY_STEPS(template, float) gives explicit instantiations, LAMINA_LIBRARY_STEPS(extern template, float)
/// declarations.
#define LAMINA_LIBRARY_STEP(declare, T, layer, rank) \
  declare std::unique_ptr<const Step<T>> make_step<layer, Tensor<T, rank>>(const layer&);
#define LAMINA_LIBRARY_NODE(declare, T, layer, rank) \
  declare std::unique_ptr<const LayerNode<T>> make_node<layer, Tensor<T, rank>>(const layer&);
#define LAMINA_LIBRARY_LAYER(declare, T, layer, rank) \
  LAMINA_LIBRARY_STEP(declare, T, layer, rank)        \
  LAMINA_LIBRARY_NODE(declare, T, layer, rank)
#define LAMINA_LIBRARY_STEPS(declare, T)                    \
  LAMINA_LIBRARY_LAYER(declare, T, Conv, 4)                 \
  LAMINA_LIBRARY_NODE(declare, T, ListedConv, 4)            \
  LAMINA_LIBRARY_LAYER(declare, T, ConvTranspose, 4)        \
  LAMINA_LIBRARY_NODE(declare, T, ListedConvTranspose, 4)   \
  LAMINA_LIBRARY_STEP(declare, T, ConvReLU<Conv>, 4)        \
  LAMINA_LIBRARY_STEP(declare, T, ConvReLUMaxPool<Conv>, 4) \
  LAMINA_LIBRARY_LAYER(declare, T, Dense, 2)                \
  LAMINA_LIBRARY_NODE(declare, T, ListedDense, 2)           \
  LAMINA_LIBRARY_STEP(declare, T, FlattenDense<Dense>, 2)   \
  LAMINA_LIBRARY_STEP(declare, T, FlattenDense<Dense>, 4)   \
  LAMINA_LIBRARY_LAYER(declare, T, Flatten, 2)              \
  LAMINA_LIBRARY_LAYER(declare, T, Flatten, 4)              \
  LAMINA_LIBRARY_LAYER(declare, T, MaxPool, 4)              \
  LAMINA_LIBRARY_LAYER(declare, T, AvgPool, 4)              \
  LAMINA_LIBRARY_LAYER(declare, T, GlobalMaxPool, 4)        \
  LAMINA_LIBRARY_LAYER(declare, T, GlobalAveragePool, 4)    \
  LAMINA_LIBRARY_LAYER(declare, T, Subsample, 4)            \
  LAMINA_LIBRARY_LAYER(declare, T, Upsample, 4)             \
  LAMINA_LIBRARY_LAYER(declare, T, ChannelShuffle, 4)       \
  LAMINA_LIBRARY_LAYER(declare, T, Narrow, 2)               \
  LAMINA_LIBRARY_LAYER(declare, T, Narrow, 4)               \
  LAMINA_LIBRARY_LAYER(declare, T, Softmax, 2)              \
  LAMINA_LIBRARY_LAYER(declare, T, ReLU, 2)                 \
  LAMINA_LIBRARY_LAYER(declare, T, ReLU, 4)                 \
  LAMINA_LIBRARY_LAYER(declare, T, LeakyReLU, 2)            \
  LAMINA_LIBRARY_LAYER(declare, T, LeakyReLU, 4)            \
  LAMINA_LIBRARY_LAYER(declare, T, Sigmoid, 2)              \
  LAMINA_LIBRARY_LAYER(declare, T, Sigmoid, 4)              \
  LAMINA_LIBRARY_LAYER(declare, T, Tanh, 2)                 \
  LAMINA_LIBRARY_LAYER(declare, T, Tanh, 4)                 \
  LAMINA_LIBRARY_LAYER(declare, T, Dropout, 2)              \
  LAMINA_LIBRARY_LAYER(declare, T, Dropout, 4)              \
  LAMINA_LIBRARY_LAYER(declare, T, ReLU6, 2)                \
  LAMINA_LIBRARY_LAYER(declare, T, ReLU6, 4)                \
  LAMINA_LIBRARY_LAYER(declare, T, HardSigmoid, 2)          \
  LAMINA_LIBRARY_LAYER(declare, T, HardSigmoid, 4)          \
  LAMINA_LIBRARY_LAYER(declare, T, HardSwish, 2)            \
  LAMINA_LIBRARY_LAYER(declare, T, HardSwish, 4)            \
  LAMINA_LIBRARY_LAYER(declare, T, SiLU, 2)                 \
  LAMINA_LIBRARY_LAYER(declare, T, SiLU, 4)                 \
  LAMINA_LIBRARY_LAYER(declare, T, GELU, 2)                 \
  LAMINA_LIBRARY_LAYER(declare, T, GELU, 4)                 \
  LAMINA_LIBRARY_LAYER(declare, T, ELU, 2)                  \
  LAMINA_LIBRARY_LAYER(declare, T, ELU, 4)                  \
  LAMINA_LIBRARY_LAYER(declare, T, Softplus, 2)             \
  LAMINA_LIBRARY_LAYER(declare, T, Softplus, 4)             \
  LAMINA_LIBRARY_LAYER(declare, T, PReLU, 2)                \
  LAMINA_LIBRARY_LAYER(declare, T, PReLU, 4)                \
  LAMINA_LIBRARY_LAYER(declare, T, LayerNorm, 2)            \
  LAMINA_LIBRARY_LAYER(declare, T, LayerNorm, 4)            \
  LAMINA_LIBRARY_LAYER(declare, T, GroupNorm, 4)            \
  LAMINA_LIBRARY_LAYER(declare, T, BatchNorm, 2)            \
  LAMINA_LIBRARY_LAYER(declare, T, BatchNorm, 4)

#ifdef LAMINA_COMPILED
namespace LAMINA_NAMESPACE::detail {

LAMINA_LIBRARY_STEPS(extern template, float)
LAMINA_LIBRARY_STEPS(extern template, double)

}  // namespace lamina::detail
#endif
