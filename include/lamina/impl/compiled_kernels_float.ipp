#pragma once

// The kernels for float. compiled.hpp includes it.

#include "../kernels/impl/activations.ipp"
#include "../kernels/impl/bf16.ipp"
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

template std::vector<const InstructionSet*> instruction_sets<float>();
template const InstructionSet& instruction_set<float>(std::string_view key);
template const InstructionSet& best<float>();
template const Activations<float>& activations<float>(const InstructionSet& instruction_set);
template const Activations<float>& activations<float>();
template const Conversions<float>& conversions<float>(const InstructionSet& instruction_set);
template const Conversions<float>& conversions<float>();
template const Convolutions<float>& convolutions<float>(const InstructionSet& instruction_set);
template const Convolutions<float>& convolutions<float>();
template const DenseLayers<float>& dense_layers<float>(const InstructionSet& instruction_set);
template const DenseLayers<float>& dense_layers<float>();
template const Depthwise<float>& depthwise<float>(const InstructionSet& instruction_set);
template const Depthwise<float>& depthwise<float>();
template Index grouped_scratch<float>(const ConvShape& window);
template void grouped_forward<float>(const ConvShape& window, const float* x, const float* w, const float* b, float* y, float* scratch);
template void grouped_backward<float>(const ConvShape& window, const float* x, const float* w, const float* dy, float* dx, float* dw, float* db,
                                    float* scratch);
template const Functions<float>& functions<float>(const InstructionSet& instruction_set);
template const Functions<float>& functions<float>();
template const Normalisations<float>& normalisations<float>(const InstructionSet& instruction_set);
template const Normalisations<float>& normalisations<float>();
template const Pools<float>& pools<float>(const InstructionSet& instruction_set);
template const Pools<float>& pools<float>();
template const Updates<float>& updates<float>(const InstructionSet& instruction_set);
template const Updates<float>& updates<float>();

}  // namespace lamina::kernels
