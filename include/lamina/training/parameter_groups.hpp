#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// Parameters that a Trainer treats in another way than the rest, named by layer ("3", nested "1.0") or by tensor
/// ("3.weight"):
///
///   Trainer trainer{SoftmaxCrossEntropy{}, AdamW{}, {{.parameters = {"0", "3.weight"}, .frozen = true},
///                                                    {.parameters = {"9"}, .rate = 0.1, .weight_decay = 0}}};
///
/// Frozen parameters keep their values, and their gradient counts nowhere: not in the norm that is clipped, and no reducer
/// sees it. A layer whose trained parameters are all frozen keeps its buffers, too, and runs as in inference; below the lowest layer
/// that is trained, no gradient is computed. `rate` multiplies the learning rate, beside the schedule. `weight_decay` takes the place of the optimizer's.
///
/// No parameter may be in two groups. Groups are part of what a kept run is known by.
struct ParameterGroup {
  std::vector<std::string> parameters{};
  bool frozen = false;
  double rate = 1;
  std::optional<double> weight_decay{};

  /// Throws OptionError, which calls it group i, for what cannot be in any network.
  void check(Index i) const;
};

namespace detail {

struct NamedTensor;

/// Returns, for each tensor of a network, the number of the group that it is in; −1 for none. Throws OptionError in the name
/// of `who` when a name matches nothing, a tensor is in two groups, or all are frozen.
[[gnu::cold]] std::vector<Index> groups_of(const char* who, std::span<const ParameterGroup> groups,
                                           const std::vector<NamedTensor>& tensors);

/// Returns a group's settings as a text: "0, 3.weight: frozen".
[[gnu::cold]] std::string group_text(const ParameterGroup& group);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/parameter_groups.ipp"
#endif
