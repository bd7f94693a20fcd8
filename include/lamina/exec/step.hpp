#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "../layers/layer.hpp"
#include "any_tensor.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A layer's workspace without its type.
struct StepMemory {
  virtual ~StepMemory() = default;
};

/// One step of a program: a layer, or several that run as one, without its type. The pointers p and dp point to the layer's
/// parameters and to their gradient.
template <typename T>
class Step {
 public:
  virtual ~Step() = default;

  virtual int output_rank() const = 0;
  virtual bool draws() const = 0;
  virtual std::unique_ptr<StepMemory> memory() const = 0;

  /// Runs the layer for training and for inference. Overwrites y. Throws ShapeError if the layer cannot take x.
  virtual void forward(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const = 0;
  virtual void forward_inference(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const = 0;
  virtual void backward(const void* p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, StepMemory& memory, TensorSlot<T> dx,
                        void* dp, const Context& context) const = 0;

  /// Lets inference in this memory replace every number y by min(max(0, y), ceiling). Returns whether the layer can.
  virtual bool rectify(const void* p, StepMemory& memory, double ceiling) const = 0;

  // See RoundRobin.
  virtual void pack_weights(const void* p, StepMemory& memory, RoundRobin& turns, const Context& context) const = 0;
  virtual bool share_packed(const StepMemory& from, StepMemory& to) const = 0;
};

/// A step that runs a layer L on inputs of type X.
template <typename L, AnyTensor X>
class LayerStep final : public Step<scalar_t<X>> {
  using T = scalar_t<X>;
  using P = parameters_t<L, X>;
  using W = workspace_t<L, X>;
  static constexpr int in = rank_v<X>, out = rank_v<output_t<L, X>>;

  struct Memory final : StepMemory {
    W ws;
  };

 public:
  explicit LayerStep(L layer) : layer_(std::move(layer)) {}

  int output_rank() const override { return out; }
  bool draws() const override { return detail::draws<L, X>; }
  std::unique_ptr<StepMemory> memory() const override { return std::make_unique<Memory>(); }

  void forward(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const override {
    detail::forward(layer_, parameters(p), x.template as<in>(), workspace(memory), *y.template as<out>(), context);
  }

  void forward_inference(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const override {
    lamina::forward_inference(layer_, parameters(p), x.template as<in>(), workspace(memory), *y.template as<out>(), context);
  }

  void backward(const void* p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, StepMemory& memory, TensorSlot<T> dx, void* dp,
                const Context& context) const override {
    detail::backward(layer_, parameters(p), x.template as<in>(), y.template as<out>(), dy.template as<out>(),
                     workspace(memory), dx.template as<in>(), *static_cast<P*>(dp), context);
  }

  bool rectify([[maybe_unused]] const void* p, [[maybe_unused]] StepMemory& memory, [[maybe_unused]] double ceiling) const override {
    if constexpr (requires(const P& own, W& ws) { { layer_.rectify(own, ws, ceiling) } -> std::same_as<bool>; })
      return layer_.rectify(parameters(p), workspace(memory), ceiling);
    else
      return false;
  }

  void pack_weights([[maybe_unused]] const void* p, [[maybe_unused]] StepMemory& memory, [[maybe_unused]] RoundRobin& turns,
               [[maybe_unused]] const Context& context) const override {
    if constexpr (requires(const P& own, W& ws) { layer_.pack_weights(own, ws, turns, context); })
      layer_.pack_weights(parameters(p), workspace(memory), turns, context);
  }

  bool share_packed([[maybe_unused]] const StepMemory& from, [[maybe_unused]] StepMemory& to) const override {
    if constexpr (requires(const W& theirs, W& ws) { layer_.share_packed(theirs, ws); })
      return layer_.share_packed(static_cast<const Memory&>(from).ws, workspace(to));
    else
      return false;
  }

 private:
  static const P& parameters(const void* p) { return *static_cast<const P*>(p); }
  static W& workspace(StepMemory& memory) { return static_cast<Memory&>(memory).ws; }

  L layer_;
};

/// Makes the step that runs a layer. lamina::compiled has this function for the library's layers, see library_steps.hpp.
template <typename L, AnyTensor X>
std::unique_ptr<const Step<scalar_t<X>>> make_step(const L& layer) {
  return std::unique_ptr<const Step<scalar_t<X>>>(new LayerStep<L, X>(layer));
}

}  // namespace lamina::detail
