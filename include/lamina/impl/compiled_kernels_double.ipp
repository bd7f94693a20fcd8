#pragma once

// The kernels for double. compiled.hpp includes it.

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

template std::vector<const Edition*> editions<double>();
template const Edition& edition<double>(std::string_view key);
template const Edition& best<double>();
template const Activations<double>& activations<double>(const Edition& edition);
template const Activations<double>& activations<double>();
template const Conversions<double>& conversions<double>(const Edition& edition);
template const Conversions<double>& conversions<double>();
template const Convolutions<double>& convolutions<double>(const Edition& edition);
template const Convolutions<double>& convolutions<double>();
template const DenseLayers<double>& dense_layers<double>(const Edition& edition);
template const DenseLayers<double>& dense_layers<double>();
template const Depthwise<double>& depthwise<double>(const Edition& edition);
template const Depthwise<double>& depthwise<double>();
template Index grouped_scratch<double>(const Window& window);
template void grouped_forward<double>(const Window& window, const double* x, const double* w, const double* b, double* y, double* scratch);
template void grouped_backward<double>(const Window& window, const double* x, const double* w, const double* dy, double* dx, double* dw, double* db,
                                    double* scratch);
template const Functions<double>& functions<double>(const Edition& edition);
template const Functions<double>& functions<double>();
template const Normalisations<double>& normalisations<double>(const Edition& edition);
template const Normalisations<double>& normalisations<double>();
template const Pools<double>& pools<double>(const Edition& edition);
template const Pools<double>& pools<double>();
template const Updates<double>& updates<double>(const Edition& edition);
template const Updates<double>& updates<double>();

}  // namespace lamina::kernels
