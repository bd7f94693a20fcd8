#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "onnx_builder.hpp"
#include "onnx_call.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Computes a node whose inputs are constant integers, such as extents and pads: torch.onnx.export writes such nodes for
/// x.view(x.size(0), −1) and F.pad. The operators are Shape, Gather, Concat, Unsqueeze, Squeeze, Slice, Cast, Reshape,
/// Transpose, Add, Sub, Mul, Div, ConstantOfShape and Identity, the last also of an initializer of real numbers. The number of samples in
/// a Shape is OnnxIntegers::batch. Returns whether the node was such a node. Throws DataError for what it cannot compute.
bool fold_onnx(OnnxCall& call, OnnxBuilder& built);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_folder.ipp"
#endif
