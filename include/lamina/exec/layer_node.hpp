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

/// A layer of a network, without its type: its name, the shapes of its input and output, and its hyper-parameters. Shapes
/// are those of batches.
template <typename T>
class LayerNode {
 public:
  virtual ~LayerNode() = default;

  virtual std::string_view name() const = 0;
  virtual int input_rank() const = 0;
  virtual bool gives_probabilities() const = 0;
  virtual const void* parameter_type() const = 0;  // see LayerParameters::type
  virtual std::vector<OptionValue> options() const = 0;

  /// Returns how it merges several values, see layers/merges.hpp; `none` for a layer with one input.
  virtual Merge merge() const { return Merge::none; }

  /// Returns the extents of the output. Throws ShapeError if the layer cannot take such an input.
  virtual std::vector<Index> output_extents(std::span<const Index> in) const = 0;

  /// Returns the multiply-adds of a forward pass; nothing if the layer does not tell.
  virtual std::optional<Index> multiply_adds(std::span<const Index> in) const = 0;

  /// Draws parameters; without a generator, quickly, some that are to be overwritten.
  virtual std::unique_ptr<LayerParameters<T>> initialize(std::span<const Index> in, const Rng* rng) const = 0;

  /// Computes the output for x in a temporary workspace: for inspection, not for speed.
  virtual void forward_inference(const void* p, TensorRef<T> x, TensorSlot<T> y) const = 0;

  /// Returns whether the layer's inference only multiplies by a scale and adds an offset along the last axis. If so, writes
  /// them, one of each per channel.
  virtual bool as_scale(const void* /*p*/, std::vector<double>& /*scale*/, std::vector<double>& /*offset*/) const { return false; }

  /// Returns whether parameters of the layer can include such a scale and offset of its output. If so, writes these parameters
  /// to `to`, a Parameters of the layer, unless it is null.
  virtual bool rescale(const void* /*p*/, const double* /*scale*/, const double* /*offset*/, void* /*to*/) const { return false; }

  /// Returns the layer, or one that computes the same, see plain; null if it is not an L.
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
  explicit LayerOf(const L& layer) : layer_(layer), plain_(detail::plain(layer)) {}

  std::string_view name() const override { return L::name; }
  int input_rank() const override { return rank_v<X>; }
  bool gives_probabilities() const override { return lamina::gives_probabilities<L>(); }
  const void* parameter_type() const override { return &type_key<P>; }
  [[gnu::cold]] std::vector<OptionValue> options() const override { return detail::option_values(layer_); }

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

  [[gnu::cold]] std::unique_ptr<LayerParameters<T>> initialize(std::span<const Index> in, const Rng* rng) const override {
    return std::make_unique<LayerParametersOf<T, P>>(rng ? layer_.template initialize<T>(shape_of(in), *rng)
                                                         : plain_.template initialize<T>(shape_of(in), Rng{}));
  }

  [[gnu::cold]] void forward_inference(const void* p, TensorRef<T> x, TensorSlot<T> y) const override {
    workspace_t<Plain, X> ws;
    lamina::forward_inference(plain_, *static_cast<const P*>(p), x.template as<rank_v<X>>(), ws,
                  *y.template as<rank_v<output_t<Plain, X>>>());
  }

  [[gnu::cold]] bool as_scale([[maybe_unused]] const void* p, [[maybe_unused]] std::vector<double>& scale,
                              [[maybe_unused]] std::vector<double>& offset) const override {
    if constexpr (requires(const P& own) { plain_.as_scale(own, scale, offset); }) {
      plain_.as_scale(*static_cast<const P*>(p), scale, offset);
      return true;
    } else {
      return false;
    }
  }

  [[gnu::cold]] bool rescale([[maybe_unused]] const void* p, [[maybe_unused]] const double* scale,
                             [[maybe_unused]] const double* offset, [[maybe_unused]] void* to) const override {
    if constexpr (requires(const P& own, P& other) { plain_.rescale(own, scale, offset, other); }) {
      if (to) plain_.rescale(*static_cast<const P*>(p), scale, offset, *static_cast<P*>(to));
      return true;
    } else {
      return false;
    }
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
