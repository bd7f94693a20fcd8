#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../core/error.hpp"
#include "step.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A network as a list of steps, each of which takes what the one before gives. It is made once, by `lower`, and constant
/// from then on; copies share it. One program runs training, validation and inference, whatever the network was made of.
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
    std::vector<std::uint64_t> draw;  // the streams of the run's that lead to the step's own
  };

  /// What the steps leave and hold: one for each thread that runs the program. It can serve any program, one at a time.
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

  const std::vector<Entry>& entries() const { return *entries_; }

  /// p: of each step, its layer's parameters. Throws ShapeError, which names the layer's place, where a layer cannot take
  /// what comes.
  void forward(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const;
  void infer(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const;

  /// dx may be none; dp is overwritten.
  void backward(std::span<void* const> p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, Memory& memory, TensorSlot<T> dx,
                std::span<void* const> dp) const;

  /// Make what every pass would make of the parameters anew, see `prepare` of layers/layer.hpp: make_ready first, then
  /// several workers with a turn each, then every memory is given what is in `from`. The last returns whether there is
  /// anything.
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
  /// Adds a step, of the layer at this place.
  template <AnyTensor X, typename L>
  void add(const L& layer) {
    push(make_step<L, X>(layer));
  }

  /// Goes to place i of a network, which draws from the network's stream `draw`, and back. What stands there is lowered
  /// between the two.
  void enter(std::size_t i, std::uint64_t draw);
  void leave();

  Program<T> program() { return Program<T>(std::move(entries_)); }

 private:
  void push(std::unique_ptr<const Step<T>> step);

  std::vector<typename Program<T>::Entry> entries_;
  std::vector<std::size_t> places_;
  std::vector<std::uint64_t> draw_;
};

/// Adds what runs a network on inputs of type X: of one with a member of this name, such as a Sequential, its parts; of every
/// other layer, one step.
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
