#pragma once

// Networks of papers, and a depthwise convolution, which take longer: measured if they are named. compare.py has the same in PyTorch.

#include "../../include/lamina/models/architectures.hpp"
#include "workload_modes.hpp"

namespace workloads {

/// visit(name, network, a sample's shape, Cut) for each.
template <typename Visitor>
void for_each_large(const Visitor& visit) {
  visit("resnet20", resnet20(10), picture, Cut{128});
  visit("resnet18", resnet18(1000), photograph, Cut{16});
  visit("mobilenet-v2", mobilenet_v2(1000), photograph, Cut{16});
}

}  // namespace workloads

namespace bench {

/// Forward and backward of a depthwise 3 × 3 convolution of 56 × 56 pixels and 64 channels, with all gradients, on one thread.
inline void measure_depthwise(const Settings& settings, Report& report) {
  const Conv conv{.filters = 64, .kernel = 3, .padding = 1, .groups = 64};
  const Shape in{settings.batch_size.value_or(8), 56, 56, 64};
  const auto p = conv.initialize<float>(in, Rng{1});
  Tensor<float, 4> x, y, dx;
  reshape(x, in);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i % 17) * 0.1F;
  Conv::Workspace<Tensor<float, 4>> ws;
  Conv::Parameters<float> dp;
  const double work = static_cast<double>(conv.multiply_adds(in));
  const auto forward = [&] { conv.forward(p, x, ws, y); };
  const auto backward = [&] { conv.backward(p, x, y, y, ws, &dx, dp); };
  const auto both = [&] { forward(), backward(); };
  report.add({"depthwise", "train", in[0], 1, time_of(both, settings.seconds), 3 * work});
  if (settings.mode == "train") return;
  report.add({"depthwise", "forward", in[0], 1, time_of(forward, settings.seconds), work});
  report.add({"depthwise", "backward", in[0], 1, time_of(backward, settings.seconds), 2 * work});
}

}  // namespace bench
