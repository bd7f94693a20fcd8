#pragma once

#include <variant>

#include "../layers/activations.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/channel_shuffle.hpp"
#include "../layers/conv.hpp"
#include "../layers/conv_transpose.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/global_pool.hpp"
#include "../layers/group_norm.hpp"
#include "../layers/layer_norm.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/listed_layers.hpp"
#include "../layers/merges.hpp"
#include "../layers/narrow.hpp"
#include "../layers/pool.hpp"
#include "../layers/prelu.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/subsample.hpp"
#include "../layers/tanh.hpp"
#include "../layers/upsample.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// A layer that is chosen at run time: one of the library's or the program's own types. Conv, ConvTranspose and Dense
/// have one type each for all initializers.
template <typename... Own>
using AnyLayer = std::variant<detail::ListedConv, detail::ListedDense, Flatten, ReLU, LeakyReLU, Sigmoid, Tanh, MaxPool,
                              AvgPool, GlobalMaxPool, GlobalAveragePool, Subsample, ChannelShuffle, Narrow, Upsample, Softmax, Dropout,
                              detail::From, detail::ListedAdd, detail::ListedMul, detail::ListedConcat, BatchNorm, ReLU6, HardSigmoid,
                              HardSwish, SiLU, GELU, ELU, Softplus, PReLU, GroupNorm, LayerNorm, detail::ListedConvTranspose, Own...>;

}  // namespace detail
}  // namespace lamina
