#pragma once

#include "confusion_matrix.hpp"
#include "per_class.hpp"

namespace LAMINA_NAMESPACE {

/// Of the samples that are not of a class, the share that was not taken for it: the recall of the rest.
///
///   specificity = TN / (TN + FP)        0 where every sample is of the class
///
/// With N samples, of which T are of the class, Y were taken for it and C both: TN + FP = N − T and FP = Y − C. Throws
/// DataError when nothing was counted.
PerClass specificity(const ConfusionMatrix& confusion);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/specificity.ipp"
#endif
