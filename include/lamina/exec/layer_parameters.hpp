#pragma once

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../core/function_ref.hpp"
#include "../core/parameters.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A key that identifies a type by the address of an object.
template <typename Type>
inline constexpr char type_key = 0;

/// The largest number of axes that a layer's parameters may have.
inline constexpr int largest_parameter_rank = 5;

/// A pointer to a tensor of parameters, whose number of axes is known at run time.
template <typename T>
class TensorPointer {
 public:
  template <int Rank>
  TensorPointer(Tensor<T, Rank>& tensor) : tensor_(&tensor), rank_(Rank) {
    static_assert(Rank >= 1 && Rank <= largest_parameter_rank, "a layer's parameters have 1 to 5 axes");
  }

  template <int Rank>
  TensorPointer(Buffer<T, Rank>& buffer) : TensorPointer(static_cast<Tensor<T, Rank>&>(buffer)) {
    measured_ = true;
  }

  int rank() const { return rank_; }

  /// Returns whether it is a Buffer.
  bool measured() const { return measured_; }

  /// Returns the tensor. Rank must be rank().
  template <int Rank>
  Tensor<T, Rank>& as() const {
    return *static_cast<Tensor<T, Rank>*>(tensor_);
  }

  /// Calls visitor(tensor) with the tensor as its own type.
  template <typename Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    switch (rank_) {
      case 1: return visitor(as<1>());
      case 2: return visitor(as<2>());
      case 3: return visitor(as<3>());
      case 4: return visitor(as<4>());
      default: return visitor(as<5>());
    }
  }

 private:
  void* tensor_;
  int rank_;
  bool measured_ = false;
};

/// The parameters of one layer, or a gradient with respect to them, without their type.
template <typename T>
class LayerParameters {
 public:
  virtual ~LayerParameters() = default;
  virtual std::unique_ptr<LayerParameters> copy() const = 0;

  /// Returns an empty value of the same type, to which a gradient can be written.
  virtual std::unique_ptr<LayerParameters> empty() const = 0;

  /// Returns a pointer to the layer's Parameters<T>, and the key of that type.
  virtual void* get() = 0;
  virtual const void* type() const = 0;

  /// Calls visit(name, tensor) for each tensor, trained or measured.
  virtual void each_tensor(FunctionRef<void(std::string_view, TensorPointer<T>)> visit) = 0;
};

template <typename T, typename P>
class LayerParametersOf final : public LayerParameters<T> {
 public:
  LayerParametersOf() = default;
  explicit LayerParametersOf(P values) : values_(std::move(values)) {}

  std::unique_ptr<LayerParameters<T>> copy() const override { return std::make_unique<LayerParametersOf>(values_); }
  std::unique_ptr<LayerParameters<T>> empty() const override {
    if constexpr (requires { values_.empty_like(); })
      return std::make_unique<LayerParametersOf>(values_.empty_like());
    else
      return std::make_unique<LayerParametersOf>();
  }
  void* get() override { return &values_; }
  const void* type() const override { return &type_key<P>; }

  [[gnu::cold]] void each_tensor(FunctionRef<void(std::string_view, TensorPointer<T>)> visit) override {
    lamina::visit_named_tensors([&](const auto& name, auto& tensor) { visit(name, TensorPointer<T>(tensor)); }, values_);
  }

 private:
  P values_;
};

}  // namespace lamina::detail
