#pragma once

#include "../architectures.hpp"
#include "../sequential.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The two ways in which a residual block adds an input of another shape.
enum class Shortcut : unsigned char { subsample, projection };  // options A and B of He et al. 2016

/// Returns a convolution that keeps height and width, or divides them by the stride, for a normalisation after it.
inline Conv unbiased_conv(Index filters, Index kernel, Index stride = 1, Index groups = 1) {
  return {
      .filters = filters, .kernel = kernel, .stride = stride, .padding = kernel / 2, .groups = groups, .bias = false};
}

/// Appends a stage of residual blocks, "name.0", "name.1", …; the first one has the stride.
inline void add_residual_stage(Network& network, const std::string& name, Index blocks, Index filters, Index stride,
                               Shortcut shortcut) {
  for (Index i = 0; i < blocks; ++i) {
    const std::string block = str_cat(name, ".", i);
    const Index own_stride = i == 0 ? stride : 1;
    Network body;
    body.push_back(unbiased_conv(filters, 3, own_stride), "conv1");
    body.push_back(BatchNorm{}, "bn1");
    body.push_back(ReLU{}, "relu1");
    body.push_back(unbiased_conv(filters, 3), "conv2");
    body.push_back(BatchNorm{}, "bn2");
    Network other;
    if (shortcut == Shortcut::projection)
      other.push_back(Sequential{unbiased_conv(filters, 1, own_stride), BatchNorm{}}, "downsample");
    else
      other.push_back(Subsample{.stride = own_stride, .channels = filters}, "shortcut");
    if (own_stride == 1)
      network.push_back(Residual{body}, block);
    else
      network.push_back(Residual{body, other}, block);
    network.push_back(ReLU{}, block + ".relu2");
  }
}

/// Returns the body of MobileNetV2's block for an input of so many channels.
inline Network inverted_bottleneck(Index channels, Index widening, Index filters, Index stride) {
  const Index width = widening * channels;
  Network body;
  Index place = 0;
  const auto name = [&] { return str_cat("conv.", place++); };
  if (widening > 1) body.push_back(Sequential{unbiased_conv(width, 1), BatchNorm{}, ReLU6{}}, name());
  body.push_back(Sequential{unbiased_conv(width, 3, stride, width), BatchNorm{}, ReLU6{}}, name());
  body.push_back(unbiased_conv(filters, 1), name());
  body.push_back(BatchNorm{}, name());
  return body;
}

}  // namespace LAMINA_NAMESPACE::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Network resnet18(Index classes) {
  Network network;
  network.push_back(detail::unbiased_conv(64, 7, 2), "conv1");
  network.push_back(BatchNorm{}, "bn1");
  network.push_back(ReLU{}, "relu");
  network.push_back(MaxPool{.window = 3, .stride = 2, .padding = 1}, "maxpool");
  for (Index stage = 1; stage <= 4; ++stage)
    detail::add_residual_stage(network, str_cat("layer", stage), 2, Index{32} << stage, stage == 1 ? 1 : 2,
                               detail::Shortcut::projection);
  network.push_back(GlobalAveragePool{}, "avgpool");
  network.push_back(Flatten{}, "flatten");
  network.push_back(Dense{.units = classes}, "fc");
  return network;
}

LAMINA_FUNC Network resnet20(Index classes) {
  Network network;
  network.push_back(detail::unbiased_conv(16, 3), "conv1");
  network.push_back(BatchNorm{}, "bn1");
  network.push_back(ReLU{}, "relu");
  for (Index stage = 1; stage <= 3; ++stage)
    detail::add_residual_stage(network, str_cat("layer", stage), 3, Index{8} << stage, stage == 1 ? 1 : 2,
                               detail::Shortcut::subsample);
  network.push_back(GlobalAveragePool{}, "avgpool");
  network.push_back(Flatten{}, "flatten");
  network.push_back(Dense{.units = classes}, "linear");
  return network;
}

LAMINA_FUNC Network mobilenet_v2(Index classes) {
  struct Row {
    Index t, c, n, s;
  };
  constexpr Row rows[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                          {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  Network network;
  Index place = 0, channels = 32;
  const auto name = [&] { return str_cat("features.", place++); };
  network.push_back(Sequential{detail::unbiased_conv(channels, 3, 2), BatchNorm{}, ReLU6{}}, name());
  for (const auto& [t, c, n, s] : rows)
    for (Index i = 0; i < n; ++i) {
      const Index stride = i == 0 ? s : 1;
      const Network body = detail::inverted_bottleneck(channels, t, c, stride);
      if (stride == 1 && channels == c)
        network.push_back(Residual{body}, name());
      else
        network.push_back(body, name());
      channels = c;
    }
  network.push_back(Sequential{detail::unbiased_conv(1280, 1), BatchNorm{}, ReLU6{}}, name());
  network.push_back(GlobalAveragePool{}, "avgpool");
  network.push_back(Flatten{}, "flatten");
  network.push_back(Dropout{.rate = 0.2}, "classifier.0");
  network.push_back(Dense{.units = classes}, "classifier.1");
  return network;
}

}  // namespace LAMINA_NAMESPACE
