#pragma once

#include <cstddef>

#include "conv_relu.hpp"
#include "conv_relu_max_pool.hpp"
#include "flatten_dense.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// What runs when a list of layers begins with these types: one stage, itself a Layer; how many layers it takes; and
/// whose parameters it uses. Sequential executes stages and does everything else layer by layer, so that names, saved
/// files, summaries and errors do not know about them. A stage equals its layers run one after another, up to rounding:
/// tests/contract checks each as a layer, and against its layers.
template <typename L, typename...>
struct Run {
  using stage = L;
  static constexpr std::size_t count = 1, owner = 0;
};

template <typename W, typename B, typename... Rest>
struct Run<BasicConv<W, B>, ReLU, Rest...> {
  using stage = ConvReLU<BasicConv<W, B>>;
  static constexpr std::size_t count = 2, owner = 0;
};

template <typename W, typename B, typename... Rest>
struct Run<BasicConv<W, B>, ReLU, MaxPool, Rest...> {
  using stage = ConvReLUMaxPool<BasicConv<W, B>>;
  static constexpr std::size_t count = 3, owner = 0;
};

template <typename W, typename B, typename... Rest>
struct Run<Flatten, BasicDense<W, B>, Rest...> {
  using stage = FlattenDense<BasicDense<W, B>>;
  static constexpr std::size_t count = 2, owner = 1;
};

}  // namespace lamina
