#pragma once

#include <variant>

#include "../layers/add.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/listed_layers.hpp"
#include "../layers/pool.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/tanh.hpp"

namespace LAMINA_NAMESPACE {

/// A layer that is chosen at run time: one of the library's or the program's own types. Conv and Dense have one type each
/// for all initializers.
template <typename... Own>
using AnyLayer = std::variant<detail::ListedConv, detail::ListedDense, Flatten, ReLU, LeakyReLU, Sigmoid, Tanh, MaxPool,
                              AvgPool, Softmax, Dropout, Add, BatchNorm, Own...>;

}  // namespace lamina
