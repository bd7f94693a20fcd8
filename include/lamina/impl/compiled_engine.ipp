#pragma once

// The code that runs and trains networks of any layers, for float and double. compiled.hpp includes it.

#include "../exec/impl/lowering.ipp"
#include "../exec/impl/merge.ipp"
#include "../exec/impl/model_parameters.ipp"
#include "../exec/impl/program.ipp"
#include "../exec/library_steps.hpp"
#include "../models/impl/inference_model.ipp"
#include "../models/impl/ensemble.ipp"
#include "../models/impl/model.ipp"
#include "../models/impl/precision.ipp"
#include "../models/impl/predictor.ipp"
#include "../training/impl/divergence.ipp"
#include "../training/impl/evaluate.ipp"
#include "../training/impl/fitting.ipp"
#include "../training/impl/parameter_update.ipp"
#include "../training/impl/step_once.ipp"
#include "../training/impl/train_step.ipp"
#include "../training/library_views.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

#define LAMINA_LIBRARY_MERGES(T)                                                                                        \
  template void Lowering<T>::merge(const From&);                                                                      \
  template void Lowering<T>::merge(const ListedAdd&);                                                                 \
  template void Lowering<T>::merge(const ListedMul&);                                                                 \
  template void Lowering<T>::merge(const ListedConcat&);                                                              \
  template void merge_forward(Merge merge, std::span<const TensorRef<T>> values, TensorSlot<T> y,                      \
                              ThreadPool* thread_pool);                                                                \
  template void merge_backward(Merge merge, std::span<const TensorRef<T>> values, std::size_t i, TensorRef<T> dy,      \
                               TensorSlot<T> dx, bool adds, ThreadPool* thread_pool);                                 \
  template void pass_on(TensorRef<T> dy, TensorSlot<T> dx, bool adds, ThreadPool* thread_pool);
LAMINA_LIBRARY_VIEWS(template)

template float* reshape_samples<float>(AnyTensorValue<float>& x, Index N, std::span<const Index> sample);
template class Program<float>;
template class Lowering<float>;
LAMINA_LIBRARY_MERGES(float)
template class InferenceModel<float>;
template class OutputLoop<float>;
template class Evaluator<float>;
template std::vector<std::int32_t> predict_class_numbers<float>(const InferenceModel<float>& model, const DataView<float>& data, ThreadPool& thread_pool, const EvaluateOptions& options);
template Tensor<float, 2> outputs_of<float>(const InferenceModel<float>& model, const DataView<float>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic, const std::optional<AugmentContext>& variation);
template Tensor<float, 2> probabilities_of<float>(const InferenceModel<float>& model, const DataView<float>& data, ThreadPool& thread_pool, const EvaluateOptions& options);
template ErrorSums errors_of<float>(const InferenceModel<float>& model, const DataView<float>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic);
template class StepRun<float>;
template History run_fit<float>(BasicModel<float>& model, const LossView<float>& loss,
                                const OptimizerView<float>& optimizer, const DataView<float>& train,
                                const DataView<float>* validation, const FitPlan& plan);

template double* reshape_samples<double>(AnyTensorValue<double>& x, Index N, std::span<const Index> sample);
template class Program<double>;
template class Lowering<double>;
LAMINA_LIBRARY_MERGES(double)
template class InferenceModel<double>;
template class OutputLoop<double>;
template class Evaluator<double>;
template std::vector<std::int32_t> predict_class_numbers<double>(const InferenceModel<double>& model, const DataView<double>& data, ThreadPool& thread_pool, const EvaluateOptions& options);
template Tensor<double, 2> outputs_of<double>(const InferenceModel<double>& model, const DataView<double>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic, const std::optional<AugmentContext>& variation);
template Tensor<double, 2> probabilities_of<double>(const InferenceModel<double>& model, const DataView<double>& data, ThreadPool& thread_pool, const EvaluateOptions& options);
template ErrorSums errors_of<double>(const InferenceModel<double>& model, const DataView<double>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic);
template class StepRun<double>;
template History run_fit<double>(BasicModel<double>& model, const LossView<double>& loss,
                                 const OptimizerView<double>& optimizer, const DataView<double>& train,
                                 const DataView<double>* validation, const FitPlan& plan);

}  // namespace detail

template class detail::ModelParameters<float>;
template class BasicModel<float>;
template class Ensemble<float>;
template class Predictor<float>;
template class detail::ParameterUpdate<float>;
template class detail::TrainStep<float>;
template std::string detail::first_non_finite<float>(const BasicModel<float>& model, detail::TensorRef<float> x);

template class detail::ModelParameters<double>;
template class BasicModel<double>;
template class Ensemble<double>;
template class Predictor<double>;
template class detail::ParameterUpdate<double>;
template class detail::TrainStep<double>;
template std::string detail::first_non_finite<double>(const BasicModel<double>& model, detail::TensorRef<double> x);

}  // namespace lamina
