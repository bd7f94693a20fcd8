#pragma once

// The kernels for float. compiled.hpp includes it.

#include "../kernels/impl/activations.ipp"
#include "../kernels/impl/conversions.ipp"
#include "../kernels/impl/convolutions.ipp"
#include "../kernels/impl/dense_layers.ipp"
#include "../kernels/impl/depthwise.ipp"
#include "../kernels/impl/editions.ipp"
#include "../kernels/impl/functions.ipp"
#include "../kernels/impl/grouped_convolutions.ipp"
#include "../kernels/impl/normalisations.ipp"
#include "../kernels/impl/pools.ipp"
#include "../kernels/impl/updates.ipp"

namespace LAMINA_NAMESPACE::kernels {

template std::vector<const Edition*> editions<float>();
template const Edition& edition<float>(std::string_view key);
template const Edition& best<float>();
template const Activations<float>& activations<float>(const Edition& edition);
template const Activations<float>& activations<float>();
template const Conversions<float>& conversions<float>(const Edition& edition);
template const Conversions<float>& conversions<float>();
template const Convolutions<float>& convolutions<float>(const Edition& edition);
template const Convolutions<float>& convolutions<float>();
template const DenseLayers<float>& dense_layers<float>(const Edition& edition);
template const DenseLayers<float>& dense_layers<float>();
template const Depthwise<float>& depthwise<float>(const Edition& edition);
template const Depthwise<float>& depthwise<float>();
template Index grouped_scratch<float>(const Window& window);
template void grouped_forward<float>(const Window& window, const float* x, const float* w, const float* b, float* y, float* scratch);
template void grouped_backward<float>(const Window& window, const float* x, const float* w, const float* dy, float* dx, float* dw, float* db,
                                    float* scratch);
template const Functions<float>& functions<float>(const Edition& edition);
template const Functions<float>& functions<float>();
template const Normalisations<float>& normalisations<float>(const Edition& edition);
template const Normalisations<float>& normalisations<float>();
template const Pools<float>& pools<float>(const Edition& edition);
template const Pools<float>& pools<float>();
template const Updates<float>& updates<float>(const Edition& edition);
template const Updates<float>& updates<float>();

}  // namespace lamina::kernels
