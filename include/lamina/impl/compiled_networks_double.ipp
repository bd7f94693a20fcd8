#pragma once

// The code of networks whose layers are listed at run time, and of reading them from files, for double. compiled.hpp
// includes it.

#include "../io/load_model.hpp"
#include "../models/network.hpp"

namespace LAMINA_NAMESPACE {

template void Network::lower<Tensor<double, 2>>(detail::Lowering<double>& to) const;
template void Network::lower<Tensor<double, 4>>(detail::Lowering<double>& to) const;
template LoadedModel<double> load_model_bytes<Network, double>(std::span<const std::byte> bytes, const ModelLimits& limits);

}  // namespace lamina
