#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../core/error.hpp"
#include "step.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A network as a list of steps. Each step takes the output of the one before. `lower` makes a program once; it never
/// changes, and copies share it. Training, validation and inference run the same program.
///
/// With a_0 = x and a_l = f_l(a_{l−1}), backward is the chain rule from the last step to the first:
///
///   da_L = dy        da_{l−1}, dp_l = backward of step l from da_l        dx = da_0
template <typename T>
class Program {
 public:
  struct Entry {
    std::unique_ptr<const Step<T>> step;
    std::string place;                // "layer 3: ", nested "layer 1: layer 0: ", empty for a network that is one layer
    std::vector<std::uint64_t> draw;  // numbers by which the run's random stream is split for a step that draws
  };

  /// The workspaces and outputs of all steps. Each thread that runs a program has one. It can serve any program, one at a
  /// time.
  class Memory {
   public:
    bool winograd = true;
    Crew* crew = nullptr;
    Rng draws{};
    Index first = 0;

   private:
    friend Program;
    struct Of {
      std::unique_ptr<StepMemory> own;
      AnyTensorValue<T> y, dy;  // the step's output and its gradient; not of the last step
      TensorSlot<T> out;        // y, to be written
      TensorRef<T> in;          // y, to be read
    };
    std::vector<Of> steps_;
    std::shared_ptr<const std::vector<Entry>> entries_;  // of the program that it serves
  };

  Program() = default;
  explicit Program(std::vector<Entry> entries) : entries_(std::make_shared<const std::vector<Entry>>(std::move(entries))) {}

  /// Run the network for training and for inference. p has a pointer to each step's parameters. Throw ShapeError, which names the layer's place, when a
  /// layer cannot take its input.
  void forward(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const;
  void infer(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const;

  /// Computes the gradients after `forward`. dx may be none; dp is overwritten.
  void backward(std::span<void* const> p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, Memory& memory, TensorSlot<T> dx,
                std::span<void* const> dp) const;

  /// Precompute data derived from the parameters, see `prepare` of layers/layer.hpp: first make_ready, then prepare, which
  /// several workers may call at once with a turn each, then share_prepared, which hands the data of `from` to another memory.
  /// share_prepared returns whether there is any.
  void make_ready(Memory& memory) const;
  void prepare(std::span<void* const> p, Memory& memory, Turns& turns) const;
  bool share_prepared(const Memory& from, Memory& to) const;

 private:
  template <typename Run>
  void run(TensorRef<T> x, Memory& memory, TensorSlot<T> y, const Run& run_step) const;

  /// Makes what the steps need, where the memory served another program before.
  void make(Memory& memory) const;

  std::shared_ptr<const std::vector<Entry>> entries_;
};

/// Makes a program of a network, see `lower`.
template <typename T>
class Lowering {
 public:
  /// Adds the step of a layer at the current place.
  template <AnyTensor X, typename L>
  void add(const L& layer) {
    push(make_step<L, X>(layer));
  }

  /// Enter and leave place i of a network. Between the two calls the layer at that place is lowered. Its random stream is
  /// the network's, split by `draw`.
  void enter(std::size_t i, std::uint64_t draw);
  void leave();

  Program<T> program() { return Program<T>(std::move(entries_)); }

 private:
  void push(std::unique_ptr<const Step<T>> step);

  std::vector<typename Program<T>::Entry> entries_;
  std::vector<std::size_t> places_;
  std::vector<std::uint64_t> draw_;
};

/// Adds the steps that run a network on inputs of type X: the parts of a network that has a member of this name, such as a
/// Sequential; one step for every other layer.
template <AnyTensor X, typename L>
void lower(const L& layer, Lowering<scalar_t<X>>& to) {
  if constexpr (requires { layer.template lower<X>(to); })
    layer.template lower<X>(to);
  else
    to.template add<X>(layer);
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/program.ipp"
#endif
