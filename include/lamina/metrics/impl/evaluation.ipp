#pragma once

#include "../evaluation.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ConfusionMatrix Evaluation::count(std::span<const std::int32_t> labels,
                                              std::span<const std::int32_t> predicted,
                                              std::vector<std::string> class_names) {
  detail::check_pairs("Evaluation", labels.size(), predicted.size());
  ConfusionMatrix confusion(std::move(class_names));
  confusion.add(labels, predicted);
  return confusion;
}

}  // namespace lamina
