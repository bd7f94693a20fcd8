#pragma once

#include <lamina/models/network.hpp>
#include <lamina/models/sequential.hpp>
#include <vector>

/// A Sequential of Sequentials, for images of two channels.
inline constexpr auto nested = lamina::Sequential{
    lamina::Sequential{lamina::Conv{.filters = 3, .kernel = {3, 2}, .padding = 1}, lamina::ReLU{},
                       lamina::MaxPool{.window = 2}},
    lamina::Conv{.filters = 4, .kernel = 2, .stride = {1, 2}},
    lamina::Tanh{},
    lamina::Flatten{},
    lamina::LeakyReLU{.slope = 0.01},
    lamina::Sequential{lamina::Sequential{lamina::Dense{.units = 5}}, lamina::Sigmoid{}},
    lamina::Dense{.units = 3},
};

/// Every layer, for images of two channels.
inline constexpr auto every_layer = lamina::Sequential{
    lamina::Sequential{lamina::Conv{.filters = 3, .kernel = {3, 2}, .stride = {2, 1}, .padding = {0, 3}},
                       lamina::LeakyReLU{.slope = 0.1}},
    lamina::MaxPool{.window = {2, 3}, .stride = {1, 2}, .padding = {1, 0}},
    lamina::Tanh{},
    lamina::AvgPool{.window = 3, .padding = 1},
    lamina::ReLU{},
    lamina::Flatten{},
    lamina::Dropout{.rate = 0.25},
    lamina::Dense{.units = 5},
    lamina::Sigmoid{},
    lamina::Dense{.units = 3},
    lamina::Softmax{},
};

using Layers = std::vector<lamina::detail::AnyLayer<>>;

/// Every layer, with its options. Behind each is a Dense: an image's numbers, read as a row, have
/// another order in other programs.
inline std::vector<Layers> one_by_one() {
  using namespace lamina;
  const auto conv = [](Index filters, Size2D kernel, Size2D stride, Size2D padding) {
    return detail::ListedConv{.filters = filters, .kernel = kernel, .stride = stride, .padding = padding};
  };
  std::vector<Layers> all{
      {conv(3, 3, 1, 1)},
      {conv(5, {2, 4}, {3, 2}, {1, 0})},
      {conv(4, 1, 1, 0), conv(20, 3, 1, 1)},
      {detail::ListedConv{.filters = 3, .bias = false}},
      {detail::ListedConv{.filters = 5, .bias = false}, BatchNorm{.affine = false}, Flatten{}, Tanh{},
       detail::ListedDense{.units = 6, .bias = false}},
      {detail::ListedConv{.filters = 6, .stride = {2, 1}, .padding = {0, 1, 2, 0}, .groups = 3}},
      {detail::ListedConv{.filters = 3, .padding = Same{}, .groups = 3}},
      {detail::ListedConv{.filters = 2, .kernel = {2, 3}, .padding = 1, .dilation = {2, 3}, .bias = false}},
      {detail::ListedConvTranspose{.filters = 4, .stride = 2, .padding = 1, .output_padding = 1}, ReLU{}, conv(3, 3, 1, 0)},
      {detail::ListedConvTranspose{.filters = 6, .kernel = {2, 4}, .stride = {2, 3}, .padding = {0, 1, 2, 0}, .output_padding = {0, 2},
                                   .groups = 3, .bias = false}},
      {detail::ListedConvTranspose{.filters = 2, .kernel = {2, 3}, .padding = 1, .dilation = {2, 3}}},
      {detail::ListedConvTranspose{.filters = 3, .kernel = {4, 1}, .stride = {1, 2}, .padding = Same{}, .groups = 3}},
      {MaxPool{.window = 3, .stride = 2, .padding = {0, 1, 1, 0}, .ceil_mode = true}},
      {AvgPool{.window = 3, .stride = 2, .padding = Same{}}},
      {AvgPool{.window = 3, .stride = 2, .padding = {1, 0, 1, 1}, .ceil_mode = true, .count_include_pad = true}},
      {MaxPool{.window = 2}},
      {MaxPool{.window = {3, 2}, .stride = {1, 2}, .padding = {1, 0}}},
      {AvgPool{.window = 2}},
      {GlobalAveragePool{}},
      {GlobalMaxPool{}},
      {Subsample{.stride = {2, 3}, .channels = 6}},
      {Subsample{.stride = 2}},
      {Upsample{.scale_factor = {3, 2}}},
      {Upsample{.scale_factor = {2, 3}, .bilinear = true}},
      {ChannelShuffle{.groups = 3}, conv(6, 1, 1, 0), ChannelShuffle{.groups = 2}},
      {conv(7, 1, 1, 0), Narrow{.start = 2, .length = 4}},
      {AvgPool{.window = {3, 4}, .stride = {2, 1}, .padding = {1, 2}}},
      {conv(6, 3, 1, 1), ReLU{}, MaxPool{.window = 2}, Flatten{}, Tanh{}},
  };
  for (const detail::AnyLayer<>& layer :
       Layers{ReLU{}, LeakyReLU{.slope = 0.3}, Sigmoid{}, Tanh{}, Dropout{.rate = 0.9}, BatchNorm{.epsilon = 0.25},
              ReLU6{}, HardSigmoid{}, HardSwish{}, SiLU{}, GELU{}, GELU{.approximate = true}, ELU{.alpha = 0.5}, Softplus{},
              Softplus{.beta = 2}, PReLU{}, LayerNorm{.epsilon = 0.25}})
    all.push_back({layer, Flatten{}, layer});
  for (Layers& layers : all) {
    if (layers.back().index() != detail::AnyLayer<>(Flatten{}).index()) layers.push_back(Flatten{});
    layers.push_back(detail::ListedDense{.units = 4});
  }
  all.push_back({Flatten{}, detail::ListedDense{.units = 4}, Softmax{}});
  all.push_back({Flatten{}, detail::ListedDense{.units = 7}, Narrow{.start = 1, .length = 5}, detail::ListedDense{.units = 4}});
  all.push_back({PReLU{.num_parameters = 3}, GroupNorm{.groups = 3}, Flatten{}, PReLU{.num_parameters = 162},
                 detail::ListedDense{.units = 4}});
  all.push_back({GroupNorm{.groups = 1, .epsilon = 0.25, .affine = false}, LayerNorm{.affine = false}, Flatten{},
                 LayerNorm{.affine = false}, detail::ListedDense{.units = 4}});
  return all;
}
