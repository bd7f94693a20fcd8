#pragma once

// The code of training, callbacks and files. compiled.hpp includes it.

#include "../callbacks/impl/model_checkpoint.ipp"
#include "../callbacks/impl/csv_log.ipp"
#include "../callbacks/impl/event_file.ipp"
#include "../callbacks/impl/json_lines_log.ipp"
#include "../callbacks/impl/checkpoint_file.ipp"
#include "../callbacks/impl/log_file.ipp"
#include "../callbacks/impl/log_record.ipp"
#include "../callbacks/impl/checkpoint_folder.ipp"
#include "../callbacks/impl/tensorboard_log.ipp"
#include "../io/impl/architecture.ipp"
#include "../io/impl/architecture_text.ipp"
#include "../io/impl/cpp_calls.ipp"
#include "../io/impl/cpp_constants.ipp"
#include "../io/impl/cpp_namespace.ipp"
#include "../io/impl/export_cpp.ipp"
#include "../io/impl/format_safetensors.ipp"
#include "../io/impl/json_reader.ipp"
#include "../io/impl/layer_options.ipp"
#include "../io/impl/layouts.ipp"
#include "../io/impl/load_model.ipp"
#include "../io/impl/load_pytorch.ipp"
#include "../io/impl/match_tensors.ipp"
#include "../io/impl/metadata.ipp"
#include "../io/impl/number_text.ipp"
#include "../io/impl/onnx.ipp"
#include "../io/impl/onnx_builder.ipp"
#include "../io/impl/onnx_constants.ipp"
#include "../io/impl/onnx_call.ipp"
#include "../io/impl/onnx_folder.ipp"
#include "../io/impl/onnx_graph.ipp"
#include "../io/impl/onnx_nodes.ipp"
#include "../io/impl/onnx_operators.ipp"
#include "../io/impl/onnx_reader.ipp"
#include "../io/impl/onnx_patterns.ipp"
#include "../io/impl/onnx_tensor.ipp"
#include "../io/impl/onnx_windows.ipp"
#include "../io/impl/option_json.ipp"
#include "../io/impl/protobuf_reader.ipp"
#include "../io/impl/protobuf_writer.ipp"
#include "../io/impl/safetensors.ipp"
#include "../io/impl/saved_model.ipp"
#include "../io/impl/self_test.ipp"
#include "../io/impl/half_precision.ipp"
#include "../io/impl/stored_tensors.ipp"
#include "../training/impl/bagging.ipp"
#include "../training/impl/carry_run.ipp"
#include "../training/impl/checks.ipp"
#include "../training/impl/cross_validate.ipp"
#include "../training/impl/early_stopping.ipp"
#include "../training/impl/fit_loop.ipp"
#include "../training/impl/fit_progress.ipp"
#include "../training/impl/gradient_sum.ipp"
#include "../training/impl/checkpointing.ipp"
#include "../training/impl/fine_tuning.ipp"
#include "../training/impl/learning_rate_finder.ipp"
#include "../training/impl/monitor.ipp"
#include "../training/impl/moving_average.ipp"
#include "../training/impl/parameter_groups.ipp"
#include "../training/impl/plateau.ipp"
#include "../training/impl/process_group.ipp"
#include "../training/impl/progress_bar.ipp"
#include "../training/impl/run_archive.ipp"
#include "../training/impl/run_checksums.ipp"
#include "../training/impl/run_progress.ipp"
#include "../training/impl/run_settings.ipp"
#include "../training/impl/schedules.ipp"
#include "../training/impl/shown_settings.ipp"
#include "../training/impl/search.ipp"
#include "../training/impl/search_result.ipp"
#include "../training/impl/run_concurrently.ipp"
#include "../training/impl/training_progress.ipp"
#include "../training/impl/trial_settings.ipp"

namespace LAMINA_NAMESPACE {

template detail::Architecture detail::describe<float>(const BasicModel<float>& model);
template std::vector<std::byte> save_bytes<float>(const BasicModel<float>& model, const Metadata& metadata);
template LoadResult detail::load_named<float>(BasicModel<float>& model, std::span<const std::byte> bytes,
                                            const LoadOptions& options, const detail::Naming& naming);
template std::vector<detail::StoredTensor> detail::stored_tensors<float>(const BasicModel<float>& model, const detail::Naming& naming,
                                                                       std::vector<detail::LayerText>* texts);
template void detail::run_self_test<float>(const BasicModel<float>& model, std::string_view text);
template std::string detail::cpp_arrays<float>(const BasicModel<float>& model);
template detail::ProtobufWriter detail::onnx_graph<float>(const BasicModel<float>& model);

template detail::Architecture detail::describe<double>(const BasicModel<double>& model);
template std::vector<std::byte> save_bytes<double>(const BasicModel<double>& model, const Metadata& metadata);
template LoadResult detail::load_named<double>(BasicModel<double>& model, std::span<const std::byte> bytes,
                                            const LoadOptions& options, const detail::Naming& naming);
template std::vector<detail::StoredTensor> detail::stored_tensors<double>(const BasicModel<double>& model, const detail::Naming& naming,
                                                                       std::vector<detail::LayerText>* texts);
template void detail::run_self_test<double>(const BasicModel<double>& model, std::string_view text);
template std::string detail::cpp_arrays<double>(const BasicModel<double>& model);
template detail::ProtobufWriter detail::onnx_graph<double>(const BasicModel<double>& model);

template std::size_t detail::last_trained_layer<float>(const char* who, const BasicModel<float>& model);
template Network detail::list_layers<float>(const char* who, const BasicModel<float>& model, std::size_t first, std::size_t last);
template void detail::copy_layer_parameters<float>(const BasicModel<float>& from, std::size_t first, std::size_t last,
                                                    BasicModel<float>& to, std::size_t at);
template struct detail::TrunkAndHead<float>;
template std::vector<ParameterGroup> layerwise_rates<float>(const BasicModel<float>& model, double decay);
template std::vector<ParameterGroup> freeze_all_but_last<float>(const BasicModel<float>& model, Index count);
template std::size_t detail::last_trained_layer<double>(const char* who, const BasicModel<double>& model);
template Network detail::list_layers<double>(const char* who, const BasicModel<double>& model, std::size_t first, std::size_t last);
template void detail::copy_layer_parameters<double>(const BasicModel<double>& from, std::size_t first, std::size_t last,
                                                    BasicModel<double>& to, std::size_t at);
template struct detail::TrunkAndHead<double>;
template std::vector<ParameterGroup> layerwise_rates<double>(const BasicModel<double>& model, double decay);
template std::vector<ParameterGroup> freeze_all_but_last<double>(const BasicModel<double>& model, Index count);

}  // namespace lamina
