#pragma once

// The code of searches, folds, ensembles and fine-tuning. compiled.hpp includes it.

#include "../training/impl/bagging.ipp"
#include "../training/impl/cross_validate.ipp"
#include "../training/impl/fine_tuning.ipp"
#include "../training/impl/learning_rate_finder.ipp"
#include "../training/impl/run_concurrently.ipp"
#include "../training/impl/search.ipp"
#include "../training/impl/search_result.ipp"
#include "../training/impl/trial_settings.ipp"

namespace LAMINA_NAMESPACE {

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
