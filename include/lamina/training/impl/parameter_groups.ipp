#pragma once

#include "../parameter_groups.hpp"

#include <algorithm>
#include <cmath>

#include "../../core/error.hpp"
#include "../../core/text.hpp"
#include "../fit_work.hpp"

namespace LAMINA_NAMESPACE {

[[gnu::cold]] LAMINA_FUNC void ParameterGroup::check(Index i) const {
  const auto refuse = [i](const auto&... why) { throw OptionError(str_cat("Trainer: group ", i, ": ", why...)); };
  if (parameters.empty()) refuse("expects at least one name in .parameters");
  if (frozen && (rate != 1 || weight_decay)) refuse("is frozen, and has a .rate or .weight_decay; leave one of them out");
  if (!std::isfinite(rate) || rate <= 0)
    refuse("expects a finite .rate above 0 but got ", rate, "; .frozen = true keeps parameters as they are");
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] LAMINA_FUNC std::vector<Index> groups_of(const char* who, std::span<const ParameterGroup> groups,
                                         const std::vector<NamedTensor>& tensors) {
  std::vector<Index> of(tensors.size(), -1);
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const std::string& name : groups[g].parameters) {
      bool any = false;
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        const std::string& tensor = tensors[i].name;
        if (tensor != name && !tensor.starts_with(name + ".")) continue;
        any = true;
        if (of[i] >= 0 && of[i] != static_cast<Index>(g))
          throw OptionError(str_cat(who, ": ", tensor, " is in group ", of[i], " and in group ", g,
                                    "; a parameter is in one group at most"));
        of[i] = static_cast<Index>(g);
      }
      if (any) continue;
      std::string list;
      constexpr std::size_t most = 24;
      for (std::size_t i = 0; i < tensors.size() && i < most; ++i)
        list.append(i > 0 ? ", " : "").append(tensors[i].name);
      if (tensors.size() > most) list += str_cat(" and ", tensors.size() - most, " more");
      throw OptionError(str_cat(who, ": group ", g, ": no layer or parameter is called \"", name, "\"; there are ", list));
    }
  const auto frozen = [&](Index g) { return g >= 0 && groups[static_cast<std::size_t>(g)].frozen; };
  if (!of.empty() && std::all_of(of.begin(), of.end(), frozen))
    throw OptionError(str_cat(who, ": all parameters are frozen; leave some to be trained"));
  return of;
}

[[gnu::cold]] LAMINA_FUNC std::string group_text(const ParameterGroup& group) {
  std::string text;
  for (const std::string& name : group.parameters) text.append(text.empty() ? "" : ", ").append(name);
  if (group.frozen) return text + ": frozen";
  text += ": rate " + shortest(group.rate);
  return group.weight_decay ? text + ", weight_decay " + shortest(*group.weight_decay) : text;
}

}  // namespace lamina::detail
