#pragma once

#include <algorithm>
#include <cmath>

#include "../../models/layer_names.hpp"
#include "../../models/library_layer.hpp"
#include "../fine_tuning.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the numbers of the layers with parameters.
template <typename T>
[[gnu::cold]] std::vector<std::size_t> layers_with_parameters(const BasicModel<T>& model) {
  std::vector<std::size_t> with;
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    bool any = false;
    model.parameters().each_tensor(i, [&](std::string_view, TensorPointer<T>) { any = true; });
    if (any) with.push_back(i);
  }
  return with;
}

/// Returns the names of a layer's tensors, as a parameter group takes them.
template <typename T>
[[gnu::cold]] std::vector<std::string> tensor_names(const BasicModel<T>& model, std::size_t layer) {
  std::vector<std::string> names;
  const std::string& path = model.layers()[layer].path;
  model.parameters().each_tensor(layer, [&](std::string_view name, TensorPointer<T> tensor) {
    if (!tensor.measured()) names.push_back(path.empty() ? std::string(name) : str_cat(path, ".", name));
  });
  return names;
}

template <typename T>
std::size_t last_trained_layer(const char* who, const BasicModel<T>& model) {
  const auto with = layers_with_parameters(model);
  if (with.empty())
    throw OptionError(str_cat(who, ": expects a model with a layer that has parameters; none of its layers has any"));
  return with.back();
}

template <typename T>
Network list_layers(const char* who, const BasicModel<T>& model, std::size_t first, std::size_t last) {
  Network network;
  for (std::size_t i = first; i < last; ++i) {
    const auto& layer = model.layers()[i];
    const bool known = visit_library_layer(*layer.node, [&](const auto& own) {
      const auto& as_listed = listed(own);
      is_layer_name(layer.path) ? network.push_back(as_listed, layer.path) : network.push_back(as_listed);
    });
    if (!known)
      throw OptionError(
          str_cat(who, ": layer ", i, ", ", layer.node->name(),
                  ", is of your own; write the network with its new last layer and load the parameters into it"));
  }
  return network;
}

template <typename T>
void copy_layer_parameters(const BasicModel<T>& from, std::size_t first, std::size_t last, BasicModel<T>& to,
                           std::size_t at) {
  const auto collect = [](const auto& parameters, std::size_t begin, std::size_t end) {
    std::vector<std::pair<T*, Index>> tensors;
    for (std::size_t i = begin; i < end; ++i)
      parameters.each_tensor(i, [&](std::string_view, TensorPointer<T> tensor) {
        tensor.visit([&](auto& own) { tensors.emplace_back(own.data(), own.size()); });
      });
    return tensors;
  };
  const auto source = collect(from.parameters(), first, last);
  const auto target = collect(to.parameters(), at, at + (last - first));
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i].second != target.at(i).second) throw ShapeError("copy_layer_parameters: expects the same layers");
    std::copy_n(source[i].first, source[i].second, target[i].first);
  }
}

template <typename T>
TrunkAndHead<T>::TrunkAndHead(const char* who, const BasicModel<T>& model) : cut(last_trained_layer(who, model)) {
  const auto layers = model.layers();
  while (cut > 0 && layers[cut - 1].node->name() == std::string_view("Dropout")) --cut;
  if (cut == 0)
    throw OptionError(str_cat(who, ": the model has no layer before the last one with parameters; use fit"));
  const std::vector<Index>& rows = layers[cut].in;  // (1, F)
  if (rows.size() != 2)
    throw OptionError(str_cat(who, ": expects rows before the last layer with parameters but layer ", cut, ", ",
                              layers[cut].node->name(), ", takes ", format_shape(rows),
                              "; freeze the other layers and use fit"));
  trunk = make_model<T>(list_layers(who, model, 0, cut), model.sample_extents(), Rng{});
  copy_layer_parameters(model, 0, cut, *trunk, 0);
  head = make_model<T>(list_layers(who, model, cut, layers.size()), std::span<const Index>(rows).subspan(1), Rng{});
  copy_layer_parameters(model, cut, layers.size(), *head, 0);
}

LAMINA_FUNC void check_fixed_samples(const char* who, const Augmentation& augment, const Mixing& mix) {
  if (!augment.empty() || !mix.empty())
    throw OptionError(str_cat(
        who, ": ", augment.empty() ? ".mix" : ".augment",
        " changes the images in each epoch, so that what the frozen layers make of them cannot be kept; leave it "
        "out, or use fit with freeze_all_but_last"));
}

}  // namespace LAMINA_NAMESPACE::detail

namespace LAMINA_NAMESPACE {

template <typename T>
[[gnu::cold]] std::vector<ParameterGroup> layerwise_rates(const BasicModel<T>& model, double decay) {
  if (!(decay > 0 && decay <= 1))
    throw OptionError(str_cat("layerwise_rates: expects a decay above 0 and at most 1 but got ", decay));
  std::vector<ParameterGroup> groups;
  for (const std::size_t layer : detail::layers_with_parameters(model))
    if (auto names = detail::tensor_names(model, layer); !names.empty())
      groups.push_back({.parameters = std::move(names)});
  for (std::size_t g = 0; g < groups.size(); ++g)
    groups[g].rate = std::pow(decay, static_cast<double>(groups.size() - 1 - g));
  return groups;
}

template <typename T>
[[gnu::cold]] std::vector<ParameterGroup> freeze_all_but_last(const BasicModel<T>& model, Index count) {
  detail::check_at_least_one("freeze_all_but_last", "count", count);
  const auto with = detail::layers_with_parameters(model);
  ParameterGroup frozen{.frozen = true};
  for (std::size_t i = 0; static_cast<Index>(i) < std::ssize(with) - count; ++i)
    for (std::string& name : detail::tensor_names(model, with[i])) frozen.parameters.push_back(std::move(name));
  if (frozen.parameters.empty()) return {};
  return {frozen};
}

}  // namespace LAMINA_NAMESPACE
