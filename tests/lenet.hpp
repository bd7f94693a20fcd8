#pragma once

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/models/sequential.hpp>

/// The network of the README's first screen.
inline constexpr auto lenet = lamina::Sequential{
    lamina::Conv{.filters = 6, .kernel = 5, .padding = 2}, lamina::ReLU{}, lamina::MaxPool{.window = 2},
    lamina::Conv{.filters = 16, .kernel = 5}, lamina::ReLU{}, lamina::MaxPool{.window = 2},
    lamina::Flatten{},
    lamina::Dense{.units = 120}, lamina::ReLU{},
    lamina::Dense{.units = 84}, lamina::ReLU{},
    lamina::Dense{.units = 10},
};
