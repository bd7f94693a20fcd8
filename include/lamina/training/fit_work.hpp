#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../data/normalisation.hpp"
#include "../data/sample_source.hpp"
#include "history.hpp"
#include "step_plan.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The memory of a tensor's numbers.
using NumberBytes = std::span<std::byte>;

/// The name and shape of a tensor of a network's parameters.
struct NamedTensor {
  std::string name;                  // "0.weight"
  std::vector<std::uint64_t> shape;  // in memory
};

/// Hyper-parameters as texts: "momentum", "0.9". The text is empty if the value cannot be written.
using OptionTexts = std::vector<std::pair<std::string_view, std::string>>;

/// A description of a layer, a loss or an optimizer with its hyper-parameters.
struct DescribedThing {
  std::string place = {};  // for a layer: "3", nested "1.0"; empty for a network that is one layer
  std::string name = {};   // "Conv"
  std::string shape = {};  // for a layer: the shape of its output for one sample, "(28, 28, 6)"
  OptionTexts options = {};
};

/// A description of a data set, without its type.
struct DescribedData {
  Index size = 0, classes = 0;
  std::string sample = {};  // its shape: "(28, 28, 1)"
  std::span<const std::byte> values = {}, labels = {}, targets = {};
  const Normalisation *normalisation = nullptr, *target_normalisation = nullptr;
  SourceView source = {};  // of a set that is not in memory; then there are no values here
};

/// A description of a run of `fit`, without its types, for a checkpoint.
struct RunDescription {
  std::string sample = {};      // shape of one sample: "(28, 28, 1)"
  std::string_view dtype = {};  // scalar type of the parameters: "F32"
  std::size_t number_size = 0;  // bytes per number
  DescribedThing loss = {}, optimizer = {};
  std::vector<DescribedThing> layers = {};
  std::vector<NamedTensor> tensors = {};
  DescribedData train = {}, validation = {};
  std::vector<Index> image = {};  // shape of a sample if samples are images
};

/// The samples of a step.
struct StepSamples {
  std::span<const Index> here;       // their numbers in the training set
  std::span<const Index> following;  // those of later steps of this epoch, which stand behind them
  Rng rng;                           // decides their augmentation
};

struct FitPlan;

/// The part of `fit` that depends on the scalar type: steps, validation, and the state to keep. FitLoop is the other part.
class FitWork {
 public:
  virtual const FitPlan& plan() const = 0;

  /// Overwrites `order` with the order of an epoch's samples.
  virtual void draw_order(std::vector<Index>& order, const Rng& rng) const = 0;

  /// Makes one step. Returns what became non-finite, see TrainStep::diverged, or null.
  virtual const char* step(const StepSamples& samples, const StepPlan& plan, StepResult& result) = 0;

  /// Allocates memory for shards of this size, before a step with these samples.
  virtual void reserve(const StepSamples& samples, Index shard) = 0;

  /// Returns a sentence that says which numbers of these samples, or of the model's output for them, are not finite.
  virtual std::string explain(const StepSamples& samples, double learning_rate) = 0;

  /// Returns empty sums for the prediction errors of the training set and of the validation set. They have no outputs if
  /// the loss or the set is not a regression, or if there is no such set.
  virtual ErrorSums training_errors() const = 0;
  virtual ErrorSums validation_errors() const = 0;

  /// Returns the errors of the last step.
  virtual const ErrorSums& step_errors() const = 0;

  /// Evaluates the model on the validation set.
  virtual Score judge() = 0;

  /// Returns the optimizer's learning rate.
  virtual double learning_rate() const = 0;

  /// Returns mutable access to the model's parameters, tensor after tensor.
  virtual std::span<const NumberBytes> parameters() = 0;

  /// Returns the optimizer's state, tensor after tensor of each memory.
  virtual std::vector<NumberBytes> state_tensors() = 0;

  /// Returns the moving average of the parameters, tensor after tensor; nothing if none is asked for.
  virtual std::vector<NumberBytes> average() = 0;

  /// Swaps the model's parameters with their moving average, if one is asked for.
  virtual void swap_average() = 0;

  /// Returns the number of the optimizer's updates, and the number of steps that the model has taken.
  virtual std::uint64_t& updates() = 0;
  virtual std::uint64_t model_steps() const = 0;
  virtual void set_model_steps(std::uint64_t steps) = 0;

  virtual RunDescription describe() const = 0;

  /// Reads an image of the training set, not normalised.
  virtual void read_image(Index i, float* x) const = 0;

 protected:
  ~FitWork() = default;
};

}  // namespace lamina::detail
