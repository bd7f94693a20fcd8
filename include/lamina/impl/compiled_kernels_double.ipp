#pragma once

// The kernels for double. compiled.hpp includes it.

#include "../kernels/impl/activations.ipp"
#include "../kernels/impl/conversions.ipp"
#include "../kernels/impl/convolutions.ipp"
#include "../kernels/impl/dense_layers.ipp"
#include "../kernels/impl/depthwise.ipp"
#include "../kernels/impl/instruction_sets.ipp"
#include "../kernels/impl/functions.ipp"
#include "../kernels/impl/grouped_convolutions.ipp"
#include "../kernels/impl/normalisations.ipp"
#include "../kernels/impl/pools.ipp"
#include "../kernels/impl/updates.ipp"

namespace LAMINA_NAMESPACE::kernels {

template std::vector<const InstructionSet*> instruction_sets<double>();
template const InstructionSet& instruction_set<double>(std::string_view key);
template const InstructionSet& best<double>();
template const Activations<double>& activations<double>(const InstructionSet& instruction_set);
template const Activations<double>& activations<double>();
template const Conversions<double>& conversions<double>(const InstructionSet& instruction_set);
template const Conversions<double>& conversions<double>();
template const Convolutions<double>& convolutions<double>(const InstructionSet& instruction_set);
template const Convolutions<double>& convolutions<double>();
template const DenseLayers<double>& dense_layers<double>(const InstructionSet& instruction_set);
template const DenseLayers<double>& dense_layers<double>();
template const Depthwise<double>& depthwise<double>(const InstructionSet& instruction_set);
template const Depthwise<double>& depthwise<double>();
template Index grouped_scratch<double>(const ConvShape& window);
template void grouped_forward<double>(const ConvShape& window, const double* x, const double* w, const double* b, double* y, double* scratch);
template void grouped_backward<double>(const ConvShape& window, const double* x, const double* w, const double* dy, double* dx, double* dw, double* db,
                                    double* scratch);
template const Functions<double>& functions<double>(const InstructionSet& instruction_set);
template const Functions<double>& functions<double>();
template const Normalisations<double>& normalisations<double>(const InstructionSet& instruction_set);
template const Normalisations<double>& normalisations<double>();
template const Pools<double>& pools<double>(const InstructionSet& instruction_set);
template const Pools<double>& pools<double>();
template const Updates<double>& updates<double>(const InstructionSet& instruction_set);
template const Updates<double>& updates<double>();

}  // namespace lamina::kernels
