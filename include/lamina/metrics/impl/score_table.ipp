#pragma once

#include "../score_table.hpp"

#include <cmath>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void ScoreTable::check_finite(const char* who) const {
  for (Index n = 0; n < samples(); ++n)
    for (Index k = 0; k < classes(); ++k)
      if (!std::isfinite((*this)(n, k))) refuse(who, "finite scores", n, k, "; did training diverge?");
}

LAMINA_FUNC void ScoreTable::check_probabilities(const char* who) const {
  constexpr double rounding = 1e-5;
  for (Index n = 0; n < samples(); ++n)
    for (Index k = 0; k < classes(); ++k)
      if (!((*this)(n, k) >= -rounding && (*this)(n, k) <= 1 + rounding))
        refuse(who, "probabilities in [0, 1]", n, k, "; turn logits into probabilities first");
}

LAMINA_FUNC void ScoreTable::check_distributions(const char* who) const {
  check_probabilities(who);
  for (Index n = 0; n < samples(); ++n) {
    double sum = 0;
    for (Index k = 0; k < classes(); ++k) sum += (*this)(n, k);
    if (std::abs(sum - 1) > 1e-4)
      throw DataError(str_cat(who, ": expects probabilities that add up to 1 but those of sample ", n, " add up to ",
                              sum, "; several labels at once have no distribution over the classes"));
  }
}

LAMINA_FUNC void ScoreTable::refuse(const char* who, const char* what, Index n, Index k, const char* remedy) const {
  throw DataError(
      str_cat(who, ": expects ", what, " but got ", (*this)(n, k), " for class ", k, " of sample ", n, remedy));
}

}  // namespace lamina
