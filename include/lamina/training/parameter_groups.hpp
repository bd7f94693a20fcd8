#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// A group of parameters that a Trainer treats differently from the rest, named by layer ("3", nested "1.0") or by tensor
/// ("3.weight"):
///
///   Trainer trainer{SoftmaxCrossEntropy{}, AdamW{}, {{.parameters = {"0", "3.weight"}, .frozen = true},
///                                                    {.parameters = {"9"}, .rate = 0.1, .weight_decay = 0}}};
///
/// Frozen parameters keep their values. Their gradient is not part of the clipped norm, and no reducer sees it. A layer
/// whose trained parameters are all frozen keeps its buffers, too, and runs as in inference. No gradient is computed
/// below the lowest trained layer. `rate` multiplies the learning rate, besides the schedule. `weight_decay` replaces the
/// optimizer's.
///
/// No parameter may be in two groups. A checkpoint continues only with the same groups.
struct ParameterGroup {
  std::vector<std::string> parameters{};
  bool frozen = false;
  double rate = 1;
  std::optional<double> weight_decay{};

  /// Throws OptionError, which calls it group i, for options that are invalid in every network.
  void check(Index i) const;
};

namespace detail {

struct NamedTensor;

/// Returns the group number of each tensor of a network, or −1 for none. Throws OptionError in the name of `who` if a
/// name matches nothing, a tensor is in two groups, or all are frozen.
[[gnu::cold]] std::vector<Index> groups_of(const char* who, std::span<const ParameterGroup> groups,
                                           const std::vector<NamedTensor>& tensors);

/// Returns a group's settings as text: "0, 3.weight: frozen".
[[gnu::cold]] std::string group_text(const ParameterGroup& group);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/parameter_groups.ipp"
#endif
