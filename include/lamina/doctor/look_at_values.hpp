#pragma once

#include <limits>

#include "diagnosis.hpp"
#include "sample_table.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Mean and deviation of numbers, and between what they lie.
struct Spread {
  double mean = 0, deviation = 0;
  double least = std::numeric_limits<double>::infinity(), most = -least;
};

/// Of the values that begin at `from` and come every `step`, of all samples.
Spread spread(const SampleTable& table, Index from = 0, Index step = 1);

/// Samples with values that are no numbers; whether there are any.
bool look_for_non_finite(const SampleTable& table, const Report& report);

/// Inputs that are not of about 1 in size, or whose channels or features differ in it. LeCun, Bottou, Orr, Müller 1998,
/// "Efficient BackProp", section 4.3.
void look_at_values(const SampleTable& table, const Report& report);

/// A second set that the network sees in another scale than the training set.
void compare_values(const SampleTable& first, const SampleTable& second, const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/look_at_values.ipp"
#endif
