#pragma once

#include "../answers.hpp"

#include <algorithm>

#include "../../core/error.hpp"
#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_samples(const char* who, std::span<const Index> sample, std::span<const Index> in) {
  if (in.size() == sample.size() + 1 && in[0] >= 0 && std::equal(sample.begin(), sample.end(), in.begin() + 1)) return;
  throw ShapeError(message(who, ": expects a batch of ", format_shape(sample), " samples but got ", format_shape(in),
                           "; the first axis counts the samples"));
}

}  // namespace lamina::detail
