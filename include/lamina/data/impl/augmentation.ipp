#pragma once

#include "../augmentation.hpp"

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void Augmentation::check_probability(double probability) {
  if (!(probability >= 0 && probability <= 1))
    throw OptionError(str_cat("augmentation: expects a probability of 0 … 1 but got ", probability));
}

LAMINA_FUNC Augmentation one_of(std::initializer_list<Augmentation> parts) {
  if (parts.size() == 0) throw OptionError("one_of: expects at least one step to choose from but got none");
  Augmentation choice(parts);
  choice.is_choice_ = true;
  return choice;
}

LAMINA_FUNC Augmentation sometimes(double probability, Augmentation augmentation) {
  Augmentation::check_probability(probability);
  Augmentation maybe;
  maybe.parts_.push_back(std::move(augmentation));
  maybe.probability_ = probability;
  return maybe;
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_range(const char* who, const char* what, const RandomRange& range, double lowest, double highest) {
  if (range.low <= range.high && range.low >= lowest && range.high <= highest) return;
  throw OptionError(str_cat(who, ": expects .", what, " from low to high within ", lowest, " … ", highest, " but got ",
                            range.low, " … ", range.high));
}

}  // namespace lamina::detail
