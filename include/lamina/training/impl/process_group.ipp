#pragma once

#include "../process_group.hpp"

#include <cstddef>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool share_figures(ProcessGroup& group, Index parts, FunctionRef<PartFigures&(Index)> figures,
                               std::vector<double>& numbers, bool holds) {
  // A row for each part, and a last number that counts the ranks on which `holds` does not. Other ranks' rows are 0, so
  // that every sum is exact.
  const PartRange own = group.own(parts);
  std::size_t width = 4;
  if (parts > 0) width += 4 * static_cast<std::size_t>(figures(0).errors.outputs());
  numbers.assign(width * static_cast<std::size_t>(parts) + 1, 0);
  for (Index p = own.first; p < own.last; ++p) {
    double* row = numbers.data() + width * static_cast<std::size_t>(p);
    PartFigures& part = figures(p);
    for (const double number : {part.loss, part.correct, part.weight, static_cast<double>(part.errors.samples())}) *row++ = number;
    for (const ErrorSums::Output& output : part.errors.sums())
      for (const double number : {output.squares, output.sizes, output.mean, output.spread}) *row++ = number;
  }
  numbers.back() = holds ? 0 : 1;
  group.sum(numbers);
  for (Index p = 0; p < parts; ++p) {
    const double* row = numbers.data() + width * static_cast<std::size_t>(p);
    PartFigures& part = figures(p);
    part.loss = row[0];
    part.correct = row[1];
    part.weight = row[2];
    part.errors.set_samples(static_cast<Index>(row[3]));
    row += 4;
    for (ErrorSums::Output& output : part.errors.sums()) {
      output = {row[0], row[1], row[2], row[3]};
      row += 4;
    }
  }
  return numbers.back() == 0;
}

}  // namespace lamina::detail
