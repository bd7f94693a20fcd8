#pragma once

#include "../check_values.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Spread spread(const SampleTable& table, Index from, Index step) {
  Spread found;
  double count = 0, sum = 0, squares = 0;
  for (std::size_t i = static_cast<std::size_t>(from); i < table.values.size(); i += static_cast<std::size_t>(step)) {
    const double value = static_cast<double>(table.values[i]);
    count += 1, sum += value, squares += value * value;
    found.least = (std::min)(found.least, value), found.most = (std::max)(found.most, value);
  }
  found.mean = sum / count;
  found.deviation = std::sqrt((std::max)(0.0, squares / count - found.mean * found.mean));
  return found;
}

LAMINA_FUNC bool look_for_non_finite(const SampleTable& table, const Report& report) {
  std::vector<Index> wrong;
  for (Index i = 0; i < table.size(); ++i)
    if (!std::all_of(table.row(i), table.row(i) + table.features(), [](float value) { return std::isfinite(value); }))
      wrong.push_back(table.samples[static_cast<std::size_t>(i)]);
  if (!wrong.empty())
    report.error(str_cat(samples_are(wrong.size()), " not of finite numbers: ", few(wrong)),
                 "Correct them or leave them out.");
  return !wrong.empty();
}

LAMINA_FUNC void check_values(const SampleTable& table, const Report& report) {
  const Spread all = spread(table);
  const double size = std::sqrt(all.mean * all.mean + all.deviation * all.deviation);
  const std::string range = str_cat("reach from ", format_value(all.least), " to ", format_value(all.most));
  const std::string normalise = "Normalise them: train.normalise(measure_normalisation(train)), and other sets alike.";
  if (all.least == all.most)
    return report.error(str_cat("all values of all samples are ", format_value(all.least)),
                        "Look at how the data was read.");
  if (size > 10)
    report.error(str_cat("the network is given values that ", range, "; it expects about −1 … 1"),
                 all.least >= 0 && all.most <= 255
                     ? "Grey values of 0 … 255 as float are to be divided by 255; bytes are so by themselves."
                     : normalise);
  else if (size < 0.02)
    report.error(str_cat("the network is given values that ", range, ", which is next to nothing"),
                 all.most <= 1.01 / 255 && all.least >= 0
                     ? "Bytes of 0 and 1 become 0 and 1/255: store them as float, or as 0 and 255."
                     : normalise);
  else if (std::abs(all.mean) > 10 * all.deviation)
    report.warning(
        str_cat("the values lie close together, around ", format_value(all.mean), " ± ", format_value(all.deviation)),
        normalise);
  if (table.images && (table.H == 1 || table.H == 3) && table.W >= 8 && table.C >= 8)
    report.warning(str_cat("samples of (", table.H, ", ", table.W, ", ", table.C, ") are ", table.C, " channels of images ",
                           table.H, " high: the channels seem to stand first"),
                   "Bring the samples into the order (height, width, channels).");
  const Index groups = table.images ? table.C : table.features();
  if (groups < 2) return;
  std::vector<Index> constant;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (Index g = 0; g < groups; ++g) {
    const double deviation = spread(table, g, groups).deviation;
    if (deviation == 0) constant.push_back(g);
    if (deviation > 0) least = (std::min)(least, deviation);
    most = (std::max)(most, deviation);
  }
  if (!constant.empty() && table.images)
    report.warning(str_cat("channels that are the same in all pixels: ", few(constant)),
                   "Leave them out, or look at how the images were read.");
  if (groups <= 64 && most > 100 * least)
    report.warning(
        str_cat("some ", table.images ? "channels" : "features", " vary ", format_value(most / least),
                " times as much as others"),
        "The smaller ones will be overlooked: normalise each, train.normalise({.mean = {…}, .deviation = {…}}).");
}

LAMINA_FUNC void compare_values(const SampleTable& first, const SampleTable& second, const Report& report) {
  const Spread a = spread(first), b = spread(second);
  const double ratio = b.deviation / a.deviation, shift = std::abs(b.mean - a.mean) / a.deviation;
  if (ratio > 0.5 && ratio < 2 && shift < 1) return;
  report.error(str_cat("its values are ", format_value(b.mean), " ± ", format_value(b.deviation),
                       ", the training set's ", format_value(a.mean), " ± ", format_value(a.deviation)),
               "Bring both into one scale: validation.normalise(train.normalisation()).");
}

}  // namespace lamina::detail
