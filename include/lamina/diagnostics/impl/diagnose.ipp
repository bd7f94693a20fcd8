#pragma once

#include "../diagnose.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<Index> distinct(const SampleTable& table, Index most) {
  std::vector<Index> chosen;
  std::vector<std::uint64_t> seen;
  for (Index i = 0; i < table.size() && std::ssize(chosen) < most; ++i) {
    const Fingerprint print = fingerprint(table.row(i), table.features());
    if (print.constant || std::find(seen.begin(), seen.end(), print.digest) != seen.end()) continue;
    seen.push_back(print.digest);
    chosen.push_back(table.samples[static_cast<std::size_t>(i)]);
  }
  return chosen;
}

LAMINA_FUNC void look_at_memory(const OverfitTest& memory, std::size_t samples, bool steps_too_large, const Report& report) {
  if (memory.learned) return;
  const std::string times =
      str_cat("in ", memory.epochs, " epochs: the loss went from ", format_value(memory.first_loss), " to ",
              format_value(memory.last_loss),
              memory.accuracy ? str_cat(", the accuracy is ", format_fixed(*memory.accuracy, 2)) : "");
  report.error(str_cat("cannot learn ", samples, " samples by heart ", times),
               steps_too_large
                   ? "The steps are too large, see the warnings about layers: try a tenth of the learning rate."
               : memory.last_loss < 0.9 * memory.first_loss
                   ? "It learns, but too slowly or too little: a larger learning rate (see find_learning_rate), more "
                     "units, or more .overfit_epochs."
                   : "It does not learn: look at the other findings, the learning rate (see find_learning_rate), the "
                     "loss, and the last layer.");
}

}  // namespace lamina::detail
