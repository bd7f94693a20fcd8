#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/error.hpp"
#include "layer_parameters.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The parameters of a network, or a gradient with respect to them: named tensors, trained ones and buffers, in the order
/// of the layers. A name is the layer's place and the tensor's name in the layer: "3.weight", nested "1.0.bias".
/// visit_parameters, visit_buffers and visit_named_tensors accept it like a layer's own Parameters.
///
///   Tensor<float, 2>& weight = model.parameters().tensor<2>("9.weight");
template <typename T>
class ModelParameters {
 public:
  using Layers = std::vector<std::unique_ptr<detail::LayerParameters<T>>>;

  ModelParameters() = default;
  /// Takes the parameters of layers at these places.
  ModelParameters(Layers layers, std::span<const std::string> places);
  ModelParameters(const ModelParameters& other);
  ModelParameters(ModelParameters&&) noexcept = default;

  /// Copies the numbers of another network's parameters with the same names and extents. Throws ShapeError or OptionError
  /// for others, and then nothing has changed. Parameters without a tensor accept anything. The tensors stay at their addresses.
  ModelParameters& operator=(const ModelParameters& other);
  ModelParameters& operator=(ModelParameters&& other);

  /// Swaps the parameters with those of any network.
  void swap(ModelParameters& other) noexcept;

  /// Returns the number of tensors, and their names.
  std::size_t size() const { return tensors_.size(); }
  std::span<const std::string> names() const { return names_ ? std::span<const std::string>(*names_) : std::span<const std::string>(); }

  /// Returns the tensor of a name, with its number of axes. Throws OptionError if there is none of this name, or if it
  /// has another number of axes.
  template <int Rank>
  Tensor<T, Rank>& tensor(std::string_view name) {
    return tensors_[find_tensor(name, Rank)].template as<Rank>();
  }
  template <int Rank>
  const Tensor<T, Rank>& tensor(std::string_view name) const {
    return tensors_[find_tensor(name, Rank)].template as<Rank>();
  }

  /// Returns tensor i, whose number of axes is known at run time.
  detail::TensorPointer<T> operator[](std::size_t i) const { return tensors_[i]; }

  /// Returns empty tensors of the same names, to which a gradient can be written.
  ModelParameters empty() const;

  /// Writes the tensors' addresses and sizes to `places`. Allocates nothing if there were as many before.
  void find(TensorViews<T>& places) const;

  /// Returns the layers' parameters without their types, and a pointer to those of each.
  const Layers& layers() const { return layers_; }
  std::span<void* const> of_layers() const { return of_layers_; }

  /// Calls visit(name, tensor) for each tensor of layer i, with its name in the layer.
  void each_tensor(std::size_t i, FunctionRef<void(std::string_view, detail::TensorPointer<T>)> visit) const {
    layers_[i]->each_tensor(visit);
  }

  /// Calls visitor(name, tensors…) for each tensor of p and of further values of the same network, as a layer's
  /// Parameters::visit does. Throws ShapeError if they are of different networks.
  template <typename Visitor, typename P, typename... Same>
  static void visit(Visitor&& visitor, P& p, Same&... same) {
    (p.expect_names(same.names()), ...);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const std::string_view name = (*p.names_)[i];
      const auto show = [&]<int Rank>() {
        if (p.tensors_[i].measured())
          visitor(name, p.template buffer<Rank>(i), same.template buffer<Rank>(i)...);
        else
          visitor(name, p.template at<Rank>(i), same.template at<Rank>(i)...);
      };
      switch (p.tensors_[i].rank()) {
        case 1: show.template operator()<1>(); break;
        case 2: show.template operator()<2>(); break;
        case 3: show.template operator()<3>(); break;
        case 4: show.template operator()<4>(); break;
        default: show.template operator()<5>();
      }
    }
  }

 private:
  template <int Rank>
  Tensor<T, Rank>& at(std::size_t i) {
    return tensors_[i].template as<Rank>();
  }
  template <int Rank>
  const Tensor<T, Rank>& at(std::size_t i) const {
    return tensors_[i].template as<Rank>();
  }

  template <int Rank>
  Buffer<T, Rank>& buffer(std::size_t i) {
    return static_cast<Buffer<T, Rank>&>(at<Rank>(i));
  }
  template <int Rank>
  const Buffer<T, Rank>& buffer(std::size_t i) const {
    return static_cast<const Buffer<T, Rank>&>(at<Rank>(i));
  }

  std::size_t find_tensor(std::string_view name, int rank) const;

  template <typename>
  friend class ModelParameters;

  /// Throws unless these are the names, or other parameters have these names, types and extents.
  void expect_names(std::span<const std::string> names) const;
  void expect_extents(const ModelParameters& other) const;

  /// Stores the addresses of the layers' parameters and tensors.
  void note_tensors();

  Layers layers_;
  std::shared_ptr<const std::vector<std::string>> names_;  // of the tensors
  std::vector<void*> of_layers_;
  std::vector<detail::TensorPointer<T>> tensors_;
};

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/model_parameters.ipp"
#endif
