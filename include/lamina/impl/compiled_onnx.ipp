#pragma once

// The code of ONNX files. compiled.hpp includes it.

#include "../io/impl/onnx.ipp"
#include "../io/impl/onnx_builder.ipp"
#include "../io/impl/onnx_call.ipp"
#include "../io/impl/onnx_constants.ipp"
#include "../io/impl/onnx_folder.ipp"
#include "../io/impl/onnx_graph.ipp"
#include "../io/impl/onnx_nodes.ipp"
#include "../io/impl/onnx_operators.ipp"
#include "../io/impl/onnx_patterns.ipp"
#include "../io/impl/onnx_reader.ipp"
#include "../io/impl/onnx_tensor.ipp"
#include "../io/impl/onnx_windows.ipp"
#include "../io/impl/protobuf_reader.ipp"
#include "../io/impl/protobuf_writer.ipp"

namespace LAMINA_NAMESPACE {

template detail::ProtobufWriter detail::onnx_graph<float>(const BasicModel<float>& model);
template detail::ProtobufWriter detail::onnx_graph<double>(const BasicModel<double>& model);

}  // namespace lamina
