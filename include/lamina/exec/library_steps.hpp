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
/// A list of the steps of the library's own layers for float, which lamina::compiled contains.
/// LAMINA_LIBRARY_STEPS(template) gives explicit instantiations, LAMINA_LIBRARY_STEPS(extern template) declarations.
#define LAMINA_LIBRARY_STEP(declare, layer, rank) \
  declare std::unique_ptr<const Step<float>> make_step<layer, Tensor<float, rank>>(const layer&);
#define LAMINA_LIBRARY_NODE(declare, layer, rank) \
  declare std::unique_ptr<const LayerNode<float>> make_node<layer, Tensor<float, rank>>(const layer&);
#define LAMINA_LIBRARY_LAYER(declare, layer, rank) \
  LAMINA_LIBRARY_STEP(declare, layer, rank)        \
  LAMINA_LIBRARY_NODE(declare, layer, rank)
#define LAMINA_LIBRARY_STEPS(declare)                        \
  LAMINA_LIBRARY_LAYER(declare, Conv, 4)                     \
  LAMINA_LIBRARY_NODE(declare, ListedConv, 4)                \
  LAMINA_LIBRARY_LAYER(declare, ConvTranspose, 4)            \
  LAMINA_LIBRARY_NODE(declare, ListedConvTranspose, 4)       \
  LAMINA_LIBRARY_STEP(declare, ConvReLU<Conv>, 4)            \
  LAMINA_LIBRARY_STEP(declare, ConvReLUMaxPool<Conv>, 4)     \
  LAMINA_LIBRARY_LAYER(declare, Dense, 2)                    \
  LAMINA_LIBRARY_NODE(declare, ListedDense, 2)               \
  LAMINA_LIBRARY_STEP(declare, FlattenDense<Dense>, 2)       \
  LAMINA_LIBRARY_STEP(declare, FlattenDense<Dense>, 4)       \
  LAMINA_LIBRARY_LAYER(declare, Flatten, 2)                  \
  LAMINA_LIBRARY_LAYER(declare, Flatten, 4)                  \
  LAMINA_LIBRARY_LAYER(declare, MaxPool, 4)                  \
  LAMINA_LIBRARY_LAYER(declare, AvgPool, 4)                  \
  LAMINA_LIBRARY_LAYER(declare, GlobalMaxPool, 4)            \
  LAMINA_LIBRARY_LAYER(declare, GlobalAveragePool, 4)        \
  LAMINA_LIBRARY_LAYER(declare, Subsample, 4)                \
  LAMINA_LIBRARY_LAYER(declare, Upsample, 4)                 \
  LAMINA_LIBRARY_LAYER(declare, ChannelShuffle, 4)           \
  LAMINA_LIBRARY_LAYER(declare, Narrow, 2)                   \
  LAMINA_LIBRARY_LAYER(declare, Narrow, 4)                   \
  LAMINA_LIBRARY_LAYER(declare, Softmax, 2)                  \
  LAMINA_LIBRARY_LAYER(declare, ReLU, 2)                     \
  LAMINA_LIBRARY_LAYER(declare, ReLU, 4)                     \
  LAMINA_LIBRARY_LAYER(declare, LeakyReLU, 2)                \
  LAMINA_LIBRARY_LAYER(declare, LeakyReLU, 4)                \
  LAMINA_LIBRARY_LAYER(declare, Sigmoid, 2)                  \
  LAMINA_LIBRARY_LAYER(declare, Sigmoid, 4)                  \
  LAMINA_LIBRARY_LAYER(declare, Tanh, 2)                     \
  LAMINA_LIBRARY_LAYER(declare, Tanh, 4)                     \
  LAMINA_LIBRARY_LAYER(declare, Dropout, 2)                  \
  LAMINA_LIBRARY_LAYER(declare, Dropout, 4)                  \
  LAMINA_LIBRARY_LAYER(declare, ReLU6, 2)                    \
  LAMINA_LIBRARY_LAYER(declare, ReLU6, 4)                    \
  LAMINA_LIBRARY_LAYER(declare, HardSigmoid, 2)              \
  LAMINA_LIBRARY_LAYER(declare, HardSigmoid, 4)              \
  LAMINA_LIBRARY_LAYER(declare, HardSwish, 2)                \
  LAMINA_LIBRARY_LAYER(declare, HardSwish, 4)                \
  LAMINA_LIBRARY_LAYER(declare, SiLU, 2)                     \
  LAMINA_LIBRARY_LAYER(declare, SiLU, 4)                     \
  LAMINA_LIBRARY_LAYER(declare, GELU, 2)                     \
  LAMINA_LIBRARY_LAYER(declare, GELU, 4)                     \
  LAMINA_LIBRARY_LAYER(declare, ELU, 2)                      \
  LAMINA_LIBRARY_LAYER(declare, ELU, 4)                      \
  LAMINA_LIBRARY_LAYER(declare, Softplus, 2)                 \
  LAMINA_LIBRARY_LAYER(declare, Softplus, 4)                 \
  LAMINA_LIBRARY_LAYER(declare, PReLU, 2)                    \
  LAMINA_LIBRARY_LAYER(declare, PReLU, 4)                    \
  LAMINA_LIBRARY_LAYER(declare, LayerNorm, 2)                \
  LAMINA_LIBRARY_LAYER(declare, LayerNorm, 4)                \
  LAMINA_LIBRARY_LAYER(declare, GroupNorm, 4)                \
  LAMINA_LIBRARY_LAYER(declare, BatchNorm, 2)                \
  LAMINA_LIBRARY_LAYER(declare, BatchNorm, 4)

#ifdef LAMINA_COMPILED
namespace LAMINA_NAMESPACE::detail {

LAMINA_LIBRARY_STEPS(extern template)

}  // namespace lamina::detail
#endif
