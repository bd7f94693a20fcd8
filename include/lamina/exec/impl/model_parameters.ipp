#pragma once

#include "../model_parameters.hpp"

#include <algorithm>
#include <utility>

namespace LAMINA_NAMESPACE {

namespace detail {

template <typename T>
[[gnu::cold]] ModelParameters<T>::ModelParameters(Layers layers, std::span<const std::string> places) : layers_(std::move(layers)) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < layers_.size(); ++i)
    layers_[i]->each_tensor([&](std::string_view name, detail::TensorPointer<T>) {
      names.push_back(places[i].empty() ? std::string(name) : places[i] + "." + std::string(name));
    });
  names_ = std::make_shared<const std::vector<std::string>>(std::move(names));
  note_tensors();
}

template <typename T>
[[gnu::cold]] ModelParameters<T>::ModelParameters(const ModelParameters& other) : names_(other.names_) {
  for (const auto& layer : other.layers_) layers_.push_back(layer->copy());
  note_tensors();
}

template <typename T>
[[gnu::cold]] ModelParameters<T>& ModelParameters<T>::operator=(const ModelParameters& other) {
  if (this == &other) return *this;
  if (size() == 0) {
    ModelParameters copy(other);
    swap(copy);
    return *this;
  }
  expect_extents(other);
  for (std::size_t i = 0; i < size(); ++i)
    tensors_[i].visit([&]<int Rank>(Tensor<T, Rank>& own) { own = other.template at<Rank>(i); });
  return *this;
}

template <typename T>
[[gnu::cold]] ModelParameters<T>& ModelParameters<T>::operator=(ModelParameters&& other) {
  if (size() > 0) return *this = std::as_const(other);
  swap(other);
  return *this;
}

template <typename T>
void ModelParameters<T>::swap(ModelParameters& other) noexcept {
  layers_.swap(other.layers_);
  names_.swap(other.names_);
  of_layers_.swap(other.of_layers_);
  tensors_.swap(other.tensors_);
}

template <typename T>
[[gnu::cold]] ModelParameters<T> ModelParameters<T>::empty() const {
  ModelParameters none;
  none.names_ = names_;
  for (const auto& layer : layers_) none.layers_.push_back(layer->empty());
  none.note_tensors();
  return none;
}

template <typename T>
void ModelParameters<T>::find(TensorViews<T>& places) const {
  places.clear();
  for (const detail::TensorPointer<T> pointer : tensors_)
    pointer.visit([&](auto& tensor) { places.add(tensor.data(), tensor.size(), pointer.rank(), pointer.measured()); });
}

template <typename T>
[[gnu::cold]] std::size_t ModelParameters<T>::find_tensor(std::string_view name, int rank) const {
  const auto all = names();
  const auto found = std::find(all.begin(), all.end(), name);
  if (found == all.end()) {
    std::string known;
    for (const std::string& one : all) known.append(known.empty() ? "" : ", ").append(one);
    throw OptionError(str_cat("parameters: there is no tensor \"", name, "\"; the network has ",
                              known.empty() ? "none" : known));
  }
  const auto i = static_cast<std::size_t>(found - all.begin());
  if (tensors_[i].rank() != rank)
    throw OptionError(str_cat("parameters: \"", name, "\" has ", tensors_[i].rank(), " axes but was asked for with ", rank,
                              "; write tensor<", tensors_[i].rank(), ">(\"", name, "\")"));
  return i;
}

template <typename T>
void ModelParameters<T>::expect_names(std::span<const std::string> others) const {
  if (names().data() == others.data() || std::ranges::equal(names(), others)) return;
  throw ShapeError("parameters: expects those of one network but got those of two");
}

template <typename T>
[[gnu::cold]] void ModelParameters<T>::expect_extents(const ModelParameters& other) const {
  expect_names(other.names());
  for (std::size_t i = 0; i < layers_.size(); ++i)
    if (i >= other.layers_.size() || layers_[i]->type() != other.layers_[i]->type())
      throw OptionError(str_cat("parameters: expects those of the same layers but those of layer ", i,
                                " are another layer's; they are of another network"));
  const auto extents = [](detail::TensorPointer<T> pointer) {
    return pointer.visit([](const auto& tensor) { return str_cat(shape(tensor)); });
  };
  for (std::size_t i = 0; i < size(); ++i) {
    const std::string own = extents(tensors_[i]), theirs = extents(other.tensors_[i]);
    if (own != theirs)
      throw OptionError(str_cat("parameters: ", (*names_)[i], " expects ", own, " but got ", theirs,
                                "; they are those of another network"));
  }
}

template <typename T>
[[gnu::cold]] void ModelParameters<T>::note_tensors() {
  of_layers_.reserve(layers_.size());
  for (const auto& layer : layers_) {
    of_layers_.push_back(layer->get());
    layer->each_tensor([this](std::string_view, detail::TensorPointer<T> tensor) { tensors_.push_back(tensor); });
  }
}

}  // namespace detail
}  // namespace lamina
