#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "onnx_builder.hpp"
#include "onnx_call.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Computes a node whose inputs are constants, whole numbers for extents, pads and the like: what torch.onnx.export writes of
/// x.view(x.size(0), −1) or F.pad. Reads Shape, Gather, Concat, Unsqueeze, Squeeze, Slice, Cast, Reshape, Transpose, Add, Sub, Mul,
/// Div, ConstantOfShape and Identity, also an Identity of an initializer of real numbers. The number of samples that Shape
/// gives is OnnxIntegers::batch. Returns whether it was one. Throws DataError for what it cannot compute.
bool fold_onnx(OnnxCall& call, OnnxBuilder& built);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_folder.ipp"
#endif
