#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diagnosis.hpp"
#include "neighbours.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Reports samples far from all others. Their mean distance to the five nearest is above twice the median and beyond
/// Tukey's outer fence, which is three times the interquartile range above the upper quartile. Ramaswamy, Rastogi, Shim
/// 2000, "Efficient algorithms for mining outliers from large data sets"; Tukey 1977, "Exploratory data analysis",
/// chapter 2. Outliers that form groups are not found.
void look_for_outliers(const SampleTable& table, const Neighbours& near, const Report& report);

/// Returns labels that two tests doubt: networks that did not learn them, and the nearest samples.
///
/// The first is confident learning (Northcutt, Jiang, Chuang 2021, "Confident learning: estimating uncertainty in dataset
/// labels", JAIR 70, section 3). p (samples, K) are probabilities of a cross-validation; t[k], the mean of p[n,k] over
/// the samples n labelled k, is the average confidence in k. A sample counts as the class k with the largest p[n,k] ≥
/// t[k]. If that is not its label, the label is doubted. Because networks err, too, at least 4 of its 10 nearest samples
/// must have the label k and at most one its own.
std::vector<Suspect> suspects(const SampleTable& table, const Tensor<float, 2>& p, const Neighbours& near);

/// Reports doubted labels if there are at least two in a hundred. In clean sets of digits up to one in a hundred is
/// doubted, mostly ambiguous samples.
void look_at_suspects(const std::vector<Suspect>& doubted, Index looked_at,
                             const std::vector<std::string>& names, const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/check_samples.ipp"
#endif
