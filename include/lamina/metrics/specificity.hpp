#pragma once

#include "confusion_matrix.hpp"
#include "per_class.hpp"

namespace LAMINA_NAMESPACE {

/// Returns the specificity of each class: of the samples of other classes, the share that was not predicted as it.
///
///   specificity = TN / (TN + FP)        0 if every sample has the class
///
/// Of N samples, T have the class, Y were predicted as it and C both: TN + FP = N − T and FP = Y − C. Throws DataError if
/// nothing was counted.
PerClass specificity(const ConfusionMatrix& confusion);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/specificity.ipp"
#endif
