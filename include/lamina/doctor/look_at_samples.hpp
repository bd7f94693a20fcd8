#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diagnosis.hpp"
#include "neighbours.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Samples that are far from all others: the mean distance to their five nearest is beyond Tukey's outer fence, three
/// times the middle half's width above it, and twice the median. Ramaswamy, Rastogi, Shim 2000, "Efficient algorithms
/// for mining outliers from large data sets"; Tukey 1977, "Exploratory data analysis", chapter 2. Outliers that come in
/// crowds are not found.
void look_for_outliers(const SampleTable& table, const Neighbours& near, const Report& report);

/// Labels that are doubted by two witnesses: by networks that did not learn them, and by the samples nearest to them.
///
/// The first is confident learning (Northcutt, Jiang, Chuang 2021, "Confident learning: estimating uncertainty in
/// dataset labels", JAIR 70, section 3): p (samples, K) are probabilities of a cross-validation; t[k], the mean of
/// p[n,k] over the samples n labelled k, is how sure of k one is on average; a sample counts as k when p[n,k] ≥ t[k],
/// the largest such where there are several. Where that is not its label, the label is doubted. As networks err, too,
/// at least 4 of its 10 nearest samples must have the label k and at most one its own.
std::vector<Suspect> suspects(const SampleTable& table, const Tensor<float, 2>& p, const Neighbours& near);

/// Of clean sets of digits, up to one label in a hundred is doubted, mostly honest confusions: from two in a hundred on
/// it is told.
void look_at_suspects(const std::vector<Suspect>& doubted, Index looked_at,
                             const std::vector<std::string>& names, const Report& report);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/look_at_samples.ipp"
#endif
