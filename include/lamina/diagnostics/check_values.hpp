#pragma once

#include <limits>

#include "diagnosis.hpp"
#include "sample_table.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The mean, deviation and range of numbers.
struct Spread {
  double mean = 0, deviation = 0;
  double least = std::numeric_limits<double>::infinity(), most = -least;
};

/// Returns them for the values at `from` and every `step` further on, of all samples.
Spread spread(const SampleTable& table, Index from = 0, Index step = 1);

/// Reports samples with values that are not finite. Returns whether there are any.
bool look_for_non_finite(const SampleTable& table, const Report& report);

/// Reports inputs that are not about 1 in size, or whose channels or features differ in size. LeCun, Bottou, Orr, Müller
/// 1998, "Efficient BackProp", section 4.3.
void check_values(const SampleTable& table, const Report& report);

/// Reports a second set with another scale than the training set.
void compare_values(const SampleTable& first, const SampleTable& second, const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/check_values.ipp"
#endif
