#pragma once

#include "../check_network.hpp"

#include <algorithm>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string layer_of(const std::string& parameter) {
  const auto dot = parameter.rfind('.');
  return str_cat("layer ", dot == std::string::npos ? "0" : parameter.substr(0, dot));
}

LAMINA_FUNC void look_at_layers(const std::vector<LayerLook>& layers, const Report& report) {
  for (const auto& [path, name, units, dead, saturated] : layers) {
    const Report here = report.at(str_cat("layer ", path.empty() ? "0" : path, " (", name, ")"));
    if (name == "ReLU" && dead == units)
      here.error(
          str_cat("none of its ", units, " units is ever above 0: nothing passes"),
          "Begin with other parameters (HeNormal weights, Zeros biases), a smaller learning rate, or LeakyReLU.");
    else if (name == "ReLU" && 2 * dead > units)
      here.warning(str_cat(dead, " of its ", units, " units are never above 0: they are dead and do not learn"),
                   "Try a smaller learning rate, inputs scaled to about −1 … 1, HeNormal weights, or LeakyReLU.");
    if ((name == "Sigmoid" || name == "Tanh") && saturated > 0.5)
      here.warning(str_cat(format_fixed(100 * saturated, 0),
                           " % of its outputs are at the ends of what it can give, where it hardly learns"),
                   "Begin with smaller weights (GlorotUniform), or scale its inputs to about −1 … 1.");
  }
}

LAMINA_FUNC bool look_at_weights(const std::vector<WeightLook>& weights, const Report& report) {
  double largest_gradient = 0, largest_update = 0;
  bool begins_with_less = false;  // a branch whose scale is 0 is nothing yet, and its other weights get no gradient
  for (const WeightLook& w : weights) {
    begins_with_less = begins_with_less || (w.is_scale && w.size == 0);
    if (w.size > 0) largest_gradient = (std::max)(largest_gradient, w.gradient / w.size);
    largest_update = (std::max)(largest_update, w.update);
  }
  if (weights.empty()) return false;
  for (const WeightLook& w : weights)
    if (w.size == 0 && !w.is_scale)
      report.at(layer_of(w.name))
          .error("all its weights are 0", "Its units would all learn the same: draw the weights, such as by HeNormal.");
  if (largest_gradient == 0) {
    report.at("network").error("no layer gets a gradient: nothing can be learned", "Look at the findings on layers, and at the loss.");
    return false;
  }
  bool too_large = false;
  for (const auto& [name, size, gradient, update, is_scale] : weights) {
    const Report here = report.at(layer_of(name));
    if (size > 0 && !(gradient == 0 && begins_with_less) && gradient / size < 1e-3 * largest_gradient)
      here.warning(str_cat("its gradient vanishes: relative to its weights it is ",
                           format_value(gradient / size / largest_gradient), " of the largest layer's"),
                   "Use ReLU in place of Sigmoid or Tanh, HeNormal weights, or fewer layers.");
    if (update > 0.5 && !(is_scale && size == 0)) {
      too_large = true;
      here.warning(str_cat("a step changes its weights by ", format_fixed(100 * update, 0), " %"),
                   "The learning rate is too large, or the gradient explodes: about 0.1 % per step is usual; see "
                   "find_learning_rate.");
    }
  }
  if (largest_update < 1e-6)
    report.at("optimizer")
        .warning(str_cat("a step changes no layer's weights by more than ", format_value(100 * largest_update), " %"),
                 "The learning rate is too small: about 0.1 % per step is usual; see find_learning_rate.");
  return too_large;
}

LAMINA_FUNC void look_at_start(double loss, double ignorant, Index classes, const Report& report) {
  if (loss > 3 * ignorant + 1)
    report.warning(
        str_cat("the loss begins at ", format_value(loss), "; knowing nothing costs ", format_value(ignorant),
                classes > 0 ? str_cat(" (ln ", classes, ")") : std::string()),
        "The first outputs are too large: begin with smaller weights (HeNormal, GlorotUniform), or scale the inputs.");
}

}  // namespace lamina::detail
