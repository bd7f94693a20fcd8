#pragma once

// The code of files other than ONNX. compiled.hpp includes it.

#include "../io/impl/architecture.ipp"
#include "../io/impl/architecture_text.ipp"
#include "../io/impl/cpp_calls.ipp"
#include "../io/impl/cpp_constants.ipp"
#include "../io/impl/cpp_namespace.ipp"
#include "../io/impl/export_cpp.ipp"
#include "../io/impl/format_safetensors.ipp"
#include "../io/impl/half_precision.ipp"
#include "../io/impl/json_reader.ipp"
#include "../io/impl/layer_options.ipp"
#include "../io/impl/layouts.ipp"
#include "../io/impl/load_model.ipp"
#include "../io/impl/load_pytorch.ipp"
#include "../io/impl/match_tensors.ipp"
#include "../io/impl/metadata.ipp"
#include "../io/impl/number_text.ipp"
#include "../io/impl/option_json.ipp"
#include "../io/impl/safetensors.ipp"
#include "../io/impl/saved_model.ipp"
#include "../io/impl/self_test.ipp"
#include "../io/impl/stored_tensors.ipp"

namespace LAMINA_NAMESPACE {

template detail::Architecture detail::describe<float>(const BasicModel<float>& model);
template std::vector<std::byte> save_bytes<float>(const BasicModel<float>& model, const Metadata& metadata);
template LoadResult detail::load_named<float>(BasicModel<float>& model, std::span<const std::byte> bytes,
                                            const LoadOptions& options, const detail::Naming& naming);
template std::vector<detail::StoredTensor> detail::stored_tensors<float>(const BasicModel<float>& model, const detail::Naming& naming,
                                                                       std::vector<detail::LayerText>* texts);
template void detail::run_self_test<float>(const BasicModel<float>& model, std::string_view text);
template std::string detail::cpp_arrays<float>(const BasicModel<float>& model);

template detail::Architecture detail::describe<double>(const BasicModel<double>& model);
template std::vector<std::byte> save_bytes<double>(const BasicModel<double>& model, const Metadata& metadata);
template LoadResult detail::load_named<double>(BasicModel<double>& model, std::span<const std::byte> bytes,
                                            const LoadOptions& options, const detail::Naming& naming);
template std::vector<detail::StoredTensor> detail::stored_tensors<double>(const BasicModel<double>& model, const detail::Naming& naming,
                                                                       std::vector<detail::LayerText>* texts);
template void detail::run_self_test<double>(const BasicModel<double>& model, std::string_view text);
template std::string detail::cpp_arrays<double>(const BasicModel<double>& model);

}  // namespace lamina
