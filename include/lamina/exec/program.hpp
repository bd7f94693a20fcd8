#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "layer_node.hpp"
#include "merge.hpp"
#include "model_parameters.hpp"
#include "step.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The generator that parameters are drawn with. Without one they are some, made quickly, that those of a file overwrite.
struct Draw {
  const Rng* rng;
  explicit Draw(const Rng* generator) : rng(generator) {}
};

/// A network as a list of its layers, and a list of the steps that run them. Some steps run several layers as one, see
/// layers/fusions.hpp. A step takes the output of the one before or of an earlier one; a merge takes several, see layers/merges.hpp.
/// `lower` makes a program once; it never changes, and copies share it. Training, validation and inference run the same program;
/// files, exports, summaries and reports read its layers.
///
/// With a_0 = x and a_l = f_l(a_{l−1}), backward is the chain rule from the last step to the first:
///
///   da_L = dy        da_{l−1}, dp_l = backward of step l from da_l        dx = da_0
///
/// If several steps take a value, its gradient is the sum of theirs, from the last step to the first.
template <typename T>
class Program {
 public:
  struct Layer {
    std::unique_ptr<const LayerNode<T>> node;
    std::vector<std::size_t> places;  // place of the layer in the network: {3}, nested {1, 0}
    std::string path;                 // "3", nested "1.0", or the layer's name, "conv1"; empty for a network that is one layer
    std::vector<Index> in, out;       // extents of its input and output for one sample: {1, 28, 28, 1}
    std::vector<std::size_t> inputs;  // its inputs: 0 is the network's input, l + 1 the output of layer l
  };

  /// A value that a step takes.
  struct Input {
    std::size_t value;    // 0 is the network's input, s + 1 the output of step s
    bool shares = false;  // whether another step, or place of this one, has given its gradient before this one does
  };

  struct Entry {
    std::unique_ptr<const Step<T>> step;  // null for a merge
    Merge merge;
    Input in;                         // of a merge the last value, …
    std::vector<Input> others;        // … and those before it
    std::size_t first, count;         // the layers that it runs
    std::size_t layer;                // the layer whose parameters it uses
    std::string place;                // "layer 3: ", nested "layer 1: layer 0: ", empty for a network that is one layer
    std::vector<std::uint64_t> draw;  // numbers that split the run's random stream for a step that draws
  };

  /// The role of a layer in training: none for one without parameters.
  enum class Role : unsigned char { none, trained, frozen };

  /// The steps that run as in inference while others are trained, and the first step that is trained: no step before it
  /// has a backward pass.
  struct Frozen {
    std::vector<unsigned char> steps;
    std::size_t lowest = 0;
  };

  /// A plan for inference. Some steps are left out, because the step before each does their work: batch normalisation is done
  /// by the convolution or dense layer before it, and ReLU or ReLU6 by a convolution. An output that no later step takes
  /// makes room for the next one, so that what steps read and write stays in the caches.
  struct Fold {
    std::vector<unsigned char> left_out;                         // for each step
    std::vector<std::unique_ptr<LayerParameters<T>>> parameters;  // for each layer; null where it has its own
    std::vector<std::size_t> places;                             // for each step: the step in whose y its output is
    std::vector<double> scale, offset;
  };

  /// The workspaces and outputs of all steps. Each thread that runs a program has one. It can serve any program, one at a time.
  class Memory {
   public:
    Context context{};
    const Frozen* frozen = nullptr;  // null unless `forward` and `backward` train only a part of the network

    Memory() = default;
    /// Copies the settings of passes, but not their results.
    Memory(const Memory& other) : context(other.context), frozen(other.frozen) {}
    Memory(Memory&&) noexcept = default;
    Memory& operator=(const Memory& other) { return *this = Memory(other); }
    Memory& operator=(Memory&&) noexcept = default;

   private:
    friend Program;
    struct Of {
      std::unique_ptr<StepMemory> own;
      AnyTensorValue<T> y, dy;  // the step's output and its gradient; unused for the last step
      AnyTensorValue<T> part;   // one step's share of a gradient that several steps add to
      TensorSlot<T> out;        // y, for writing
      TensorRef<T> in;          // y, for reading
    };
    std::vector<Of> steps_;
    std::vector<TensorRef<T>> merged_;    // the values of one merge
    std::shared_ptr<const void> program_;  // the program that it serves
    std::shared_ptr<Fold> fold_;           // none, unless it serves inference only
  };

  Program() = default;
  Program(std::vector<Layer> layers, std::vector<Entry> entries);

  /// Returns the layers in order; those of nested networks stand in their places. A program that was moved from has none.
  std::span<const Layer> layers() const { return parts_ ? std::span<const Layer>(parts_->layers) : std::span<const Layer>(); }

  /// Returns the steps in order.
  std::span<const Entry> steps() const { return parts_ ? std::span<const Entry>(parts_->entries) : std::span<const Entry>(); }

  /// Returns which steps are frozen for these roles of the layers.
  Frozen freeze(std::span<const Role> roles) const;

  /// Returns whether another program has the same layers, with the same options, for samples of the same extents.
  bool is_same(const Program& other) const;

  /// Draws the first parameters of the layers. The stream of a layer is rng, split by its places. Without rng it makes some,
  /// quickly, that are to be overwritten.
  ModelParameters<T> initialize(Draw draw) const;

  /// Throws ShapeError, which names the layer's place, unless these are parameters of such layers.
  void check(const ModelParameters<T>& p) const;

  /// Runs the network for training and for inference. p has a pointer to each layer's parameters. Throws ShapeError,
  /// which names the layer's place, if a layer cannot take its input.
  void forward(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const;
  void forward_inference(std::span<void* const> p, TensorRef<T> x, Memory& memory, TensorSlot<T> y) const;

  /// Computes the gradients after `forward`. dx may be empty. dp is overwritten. If steps are frozen, the gradients of
  /// layers below the lowest trained one are not touched, nor is dx; those of other frozen layers are undefined.
  void backward(std::span<void* const> p, TensorRef<T> x, TensorRef<T> y, TensorRef<T> dy, Memory& memory, TensorSlot<T> dx,
                std::span<void* const> dp) const;

  /// Runs the network for inference one layer at a time and calls visit(i, y) with the output of each layer: for
  /// inspection, not for speed.
  void trace(std::span<void* const> p, TensorRef<T> x, FunctionRef<void(std::size_t, TensorRef<T>)> visit) const;

  /// Precomputes data derived from the parameters, see RoundRobin. Call make_ready first, then pack_weights, which several
  /// workers may call at once with one RoundRobin each. Then share_packed lets another memory use the data of `from`; it returns
  /// whether there is any.
  void make_ready(Memory& memory) const;

  /// Removes steps from inference that only scale and shift the output of the step before them, which no other step takes:
  /// with f(x) = w·x + b, s·f(x) + t is (s·w)·x + (s·b + t). Then it removes the ReLU or ReLU6 of such an output, if the
  /// convolution's kernel can compute it. Outputs that are not needed at the same time share their memory. Call it before
  /// pack_weights, and again when the parameters have changed. The memory then serves inference only.
  void fold(const ModelParameters<T>& p, Memory& memory) const;
  void pack_weights(std::span<void* const> p, Memory& memory, RoundRobin& turns) const;
  bool share_packed(const Memory& from, Memory& to) const;

 private:
  struct Parts {
    std::vector<Layer> layers;
    std::vector<Entry> entries;
  };

  /// Returns value v of the last pass over x.
  static TensorRef<T> value(std::size_t v, TensorRef<T> x, const Memory& memory) { return v == 0 ? x : memory.steps_[v - 1].in; }

  /// Writes the values that a merge takes to the memory.
  static std::span<const TensorRef<T>> values_of(const Entry& merge, TensorRef<T> x, Memory& memory);

  /// Returns whether step s takes the output of the step before it, and no other step does.
  bool is_alone_behind(std::size_t s) const;

  /// Chooses where the output of each step is in inference, and lets a memory use that.
  void choose_places(Fold& fold) const;
  void use_places(Memory& memory) const;

  /// Returns the context of step s in a pass of training or of inference.
  Context context_of(std::size_t s, const Memory& memory, bool training) const;

  /// Returns the parameters that layer i has in a memory.
  static void* parameters_of(std::size_t i, std::span<void* const> p, const Memory& memory) {
    return memory.fold_ && memory.fold_->parameters[i] ? memory.fold_->parameters[i]->get() : p[i];
  }

  template <typename Run>
  void run(TensorRef<T> x, Memory& memory, TensorSlot<T> y, bool training, const Run& run_step) const;

  /// Returns the step whose output step s computes in inference: its own, or that of the last step behind it that is left out.
  static std::size_t last_done(const Fold& fold, std::size_t s) {
    while (s + 1 < fold.left_out.size() && fold.left_out[s + 1]) ++s;
    return s;
  }

  /// Returns the number of axes of the output of a step.
  int rank_behind(const Entry& entry) const { return static_cast<int>(parts_->layers[entry.first + entry.count - 1].out.size()); }

  /// Makes the workspaces of the steps if the memory served another program before.
  void make(Memory& memory) const;

  const std::vector<Entry>& entries() const { return parts_->entries; }

  std::shared_ptr<const Parts> parts_;
};

/// Returns "layer 1: layer 0: " for the places {1, 0}.
std::string place_text(std::span<const std::size_t> places);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/program.ipp"
#endif
