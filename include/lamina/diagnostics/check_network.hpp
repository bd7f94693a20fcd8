#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "diagnosis.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A summary of an activation layer's output: how many units were never above zero, and how many numbers are near the
/// limits of a Sigmoid or Tanh.
struct LayerLook {
  std::string path{};
  std::string_view name{};
  Index units = 0, dead = 0;
  double saturated = 0;  // share of the numbers
};

/// Returns the summary of y: `size` numbers of `units` units in turn: the channels of images, the features of rows.
template <typename T>
LayerLook look_at_output(std::string path, std::string_view name, const T* y, Index size, Index units) {
  LayerLook look{.path = std::move(path), .name = name, .units = units};
  std::vector<bool> alive(static_cast<std::size_t>(units));
  Index ends = 0;
  for (Index i = 0; i < size; ++i) {
    if (y[i] > 0) alive[static_cast<std::size_t>(i % units)] = true;
    const T low = name == "Tanh" ? T(-1) : T(0), margin = name == "Tanh" ? T(0.02) : T(0.01);
    ends += y[i] < low + margin || y[i] > 1 - margin;
  }
  for (const bool unit : alive) look.dead += !unit;
  look.saturated = static_cast<double>(ends) / static_cast<double>(size);
  return look;
}

/// A tensor of weights during a trial of some steps.
struct WeightLook {
  std::string name{};
  double size = 0;        // root mean square, at the start
  double gradient = 0;    // root mean square, for the first batch
  double update = 0;      // of one step: the largest, relative to the weights
  bool is_scale = false;  // one number per channel, as of a normalisation: it may begin at 0
};

std::string layer_of(const std::string& parameter);

void look_at_layers(const std::vector<LayerLook>& layers, const Report& report);

/// Reports unusual gradients and updates of every tensor of weights, in the order of the layers. Updates of about a
/// thousandth of the weights per step are usual; the limits here are far from that. Returns whether steps are too large.
bool look_at_weights(const std::vector<WeightLook>& weights, const Report& report);

/// Reports a loss before training far above that of a uniform guess: ln K for a softmax over K classes.
void look_at_start(double loss, double ignorant, Index classes, const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/check_network.ipp"
#endif
