#pragma once

// The code of networks whose layers are listed at run time, and of reading them from files, for float. compiled.hpp
// includes it.

#include "../io/load_model.hpp"
#include "../models/network.hpp"

namespace LAMINA_NAMESPACE {

template void Network::lower<Tensor<float, 2>>(detail::Lowering<float>& to) const;
template void Network::lower<Tensor<float, 4>>(detail::Lowering<float>& to) const;
template LoadedModel<float> load_model_bytes<Network, float>(std::span<const std::byte> bytes, const ModelLimits& limits);

}  // namespace lamina
