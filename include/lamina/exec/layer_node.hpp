#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../layers/merges.hpp"
#include "layer_parameters.hpp"
#include "option_values.hpp"
#include "step.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A layer of a network, without its type: what it is called, the shapes that it takes and gives, and its
/// hyper-parameters. Shapes are those of batches.
template <typename T>
class LayerNode {
 public:
  virtual ~LayerNode() = default;

  virtual std::string_view name() const = 0;
  virtual int input_rank() const = 0;
  virtual bool gives_probabilities() const = 0;
  virtual const void* parameter_type() const = 0;  // see LayerParameters::type
  virtual std::vector<OptionValue> options() const = 0;

  /// Returns how it makes one value of several, see layers/merges.hpp; `none` for a layer of one input.
  virtual Merge merge() const { return Merge::none; }

  /// Returns the extents of the output. Throws ShapeError when the layer cannot take such an input.
  virtual std::vector<Index> output_extents(std::span<const Index> in) const = 0;

  /// Returns the multiply-adds of a forward pass; nothing when the layer does not say.
  virtual std::optional<Index> multiply_adds(std::span<const Index> in) const = 0;

  virtual std::unique_ptr<LayerParameters<T>> initialize(std::span<const Index> in, const Rng& rng) const = 0;

  /// Computes the output for x in a workspace of its own: for a look inside, not for speed.
  virtual void infer(const void* p, TensorRef<T> x, TensorSlot<T> y) const = 0;

  /// Returns the layer, or what computes the same, see plain; null when that is no L.
  template <typename L>
  const L* get_if() const {
    return static_cast<const L*>(find(&type_key<L>));
  }

 protected:
  virtual const void* find(const void* key) const = 0;
};

/// The node of a layer L on inputs of type X.
template <typename L, AnyTensor X>
class LayerOf final : public LayerNode<scalar_t<X>> {
  using T = scalar_t<X>;
  using P = parameters_t<L, X>;
  using Plain = plain_t<L>;
  using In = Shape<rank_v<X>>;

 public:
  explicit LayerOf(const L& layer) : layer_(layer), plain_(plain(layer)) {}

  std::string_view name() const override { return L::name; }
  int input_rank() const override { return rank_v<X>; }
  bool gives_probabilities() const override { return lamina::gives_probabilities<L>(); }
  const void* parameter_type() const override { return &type_key<P>; }
  [[gnu::cold]] std::vector<OptionValue> options() const override { return option_values(layer_); }

  [[gnu::cold]] std::vector<Index> output_extents(std::span<const Index> in) const override {
    const auto out = layer_.output_shape(shape_of(in));
    return {out.extents.begin(), out.extents.end()};
  }

  [[gnu::cold]] std::optional<Index> multiply_adds([[maybe_unused]] std::span<const Index> in) const override {
    if constexpr (requires(const In& shape) { layer_.multiply_adds(shape); })
      return layer_.multiply_adds(shape_of(in));
    else
      return {};
  }

  [[gnu::cold]] std::unique_ptr<LayerParameters<T>> initialize(std::span<const Index> in, const Rng& rng) const override {
    return std::make_unique<LayerParametersOf<T, P>>(layer_.template initialize<T>(shape_of(in), rng));
  }

  [[gnu::cold]] void infer(const void* p, TensorRef<T> x, TensorSlot<T> y) const override {
    workspace_t<Plain, X> ws;
    lamina::infer(plain_, *static_cast<const P*>(p), x.template as<rank_v<X>>(), ws,
                  *y.template as<rank_v<output_t<Plain, X>>>());
  }

 private:
  static In shape_of(std::span<const Index> extents) {
    In shape;
    std::copy_n(extents.begin(), In::rank, shape.extents.begin());
    return shape;
  }

  const void* find(const void* key) const override { return key == &type_key<Plain> ? &plain_ : nullptr; }

  L layer_;
  Plain plain_;
};

/// Makes the node of a layer. lamina::compiled has this function for the library's layers, see library_steps.hpp.
template <typename L, AnyTensor X>
std::unique_ptr<const LayerNode<scalar_t<X>>> make_node(const L& layer) {
  return std::unique_ptr<const LayerNode<scalar_t<X>>>(new LayerOf<L, X>(layer));
}

}  // namespace lamina::detail
