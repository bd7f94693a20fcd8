#pragma once

#include <span>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// A metric of each class against all others, and its means. If it is undefined for a class, the class has NaN and the
/// means leave it out; if it is undefined for all, they are NaN.
struct PerClass {
  std::vector<double> classes;  ///< (K)
  double macro = 0;             ///< mean over the classes
  double weighted = 0;          ///< mean over the classes weighted by their samples
};

namespace detail {

/// Returns the values with their means. With s[k] the samples of class k, over the classes where v[k] is defined:
///
///   macro = Σ_k v[k] / Σ_k 1        weighted = Σ_k s[k]·v[k] / Σ_k s[k], or macro if no class has a sample
PerClass averaged(std::vector<double> values, std::span<const Index> support);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/per_class.ipp"
#endif
