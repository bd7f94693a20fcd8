#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "../core/crew.hpp"
#include "../core/random.hpp"
#include "../layers/layer.hpp"
#include "any_tensor.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The settings of one pass.
struct Context {
  bool winograd = true;  // whether convolutions may use Winograd's algorithm, see allow_winograd
  Crew* crew = nullptr;  // threads for layers that can share a forward pass, see lend_crew
  Rng draws{};           // the random stream of layers that draw
  Index first = 0;       // the place in the whole batch of the first sample
};

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

  /// Run the layer for training and for inference. They overwrite y. Throw ShapeError when the layer cannot take x.
  virtual void forward(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const = 0;
  virtual void infer(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const = 0;
  virtual void backward(const void* p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, StepMemory& memory, TensorSlot<T> dx,
                        void* dp) const = 0;

  // See prepare and share_prepared of layers/layer.hpp.
  virtual void make_ready(StepMemory& memory) const = 0;
  virtual void prepare(const void* p, StepMemory& memory, Turns& turns, const Context& context) const = 0;
  virtual bool share_prepared(const StepMemory& from, StepMemory& to) const = 0;
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
  bool draws() const override { return lamina::draws<W>(); }
  std::unique_ptr<StepMemory> memory() const override { return std::make_unique<Memory>(); }

  void forward(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const override {
    layer_.forward(parameters(p), x.template as<in>(), told(memory, context), *y.template as<out>());
  }

  void infer(const void* p, TensorRef<T> x, StepMemory& memory, TensorSlot<T> y, const Context& context) const override {
    lamina::infer(layer_, parameters(p), x.template as<in>(), told(memory, context), *y.template as<out>());
  }

  void backward(const void* p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, StepMemory& memory, TensorSlot<T> dx,
                void* dp) const override {
    layer_.backward(parameters(p), x.template as<in>(), y.template as<out>(), dy.template as<out>(), workspace(memory),
                    dx.template as<in>(), *static_cast<P*>(dp));
  }

  void make_ready(StepMemory& memory) const override { lamina::make_ready(layer_, workspace(memory)); }

  void prepare(const void* p, StepMemory& memory, Turns& turns, const Context& context) const override {
    allow_winograd(workspace(memory), context.winograd);
    lamina::prepare(layer_, parameters(p), workspace(memory), turns);
  }

  bool share_prepared(const StepMemory& from, StepMemory& to) const override {
    return lamina::share_prepared(static_cast<const Memory&>(from).ws, workspace(to));
  }

 private:
  static const P& parameters(const void* p) { return *static_cast<const P*>(p); }
  static W& workspace(StepMemory& memory) { return static_cast<Memory&>(memory).ws; }

  /// Writes to the workspace how the pass is run, and returns it.
  static W& told(StepMemory& memory, const Context& context) {
    W& ws = workspace(memory);
    allow_winograd(ws, context.winograd);
    lend_crew(ws, context.crew);
    if constexpr (lamina::draws<W>()) hand_out_keys(ws, context.draws, context.first);
    return ws;
  }

  L layer_;
};

/// Makes the step that runs a layer. lamina::compiled has this function for the library's layers, see library_steps.hpp.
template <typename L, AnyTensor X>
std::unique_ptr<const Step<scalar_t<X>>> make_step(const L& layer) {
  return std::unique_ptr<const Step<scalar_t<X>>>(new LayerStep<L, X>(layer));
}

}  // namespace lamina::detail
