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
#include "history.hpp"
#include "step_plan.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The numbers of a tensor in memory.
using NumberBytes = std::span<std::byte>;

/// A tensor of a network's parameters.
struct NamedTensor {
  std::string name;                  // "0.weight"
  std::vector<std::uint64_t> shape;  // in memory
};

/// Hyper-parameters as texts: "momentum", "0.9". One that cannot be written is empty.
using OptionTexts = std::vector<std::pair<std::string_view, std::string>>;

/// A layer, a loss or an optimizer with its hyper-parameters.
struct DescribedThing {
  std::string place = {};  // of a layer: "3", nested "1.0", empty for a network that is one layer
  std::string name = {};   // "Conv"
  std::string shape = {};  // of a layer's output for one sample: "(28, 28, 6)"
  OptionTexts options = {};
};

/// A data set without its type.
struct DescribedData {
  Index size = 0, classes = 0;
  std::string sample = {};  // its shape: "(28, 28, 1)"
  std::span<const std::byte> values = {}, labels = {}, targets = {};
  const Normalisation *normalisation = nullptr, *target_normalisation = nullptr;
};

/// A run of `fit`, described without its types, for a kept run.
struct RunDescription {
  std::string sample = {};      // the shape of one: "(28, 28, 1)"
  std::string_view dtype = {};  // of the parameters: "F32"
  std::size_t number_size = 0;  // of one of them, in bytes
  DescribedThing loss = {}, optimizer = {};
  std::vector<DescribedThing> layers = {};
  std::vector<NamedTensor> tensors = {};
  DescribedData train = {}, validation = {};
  std::vector<Index> image = {};  // the shape of a sample, where samples are images
};

/// The samples of a step.
struct StepSamples {
  std::span<const Index> here;       // their numbers in the training set
  std::span<const Index> following;  // those of the steps to come, of this epoch
  Rng rng;                           // decides how they are varied
};

struct FitPlan;

/// The part of a run of `fit` that depends on the scalar: steps, validation, and what is kept. FitLoop is the other part.
class FitWork {
 public:
  virtual const FitPlan& plan() const = 0;

  /// Makes one step. Returns what did not stay finite, see TrainingRun::diverged, or null.
  virtual const char* step(const StepSamples& samples, const StepPlan& plan, StepResult& result) = 0;

  /// Claims memory, before a step with these samples, for shards of this size.
  virtual void reserve(const StepSamples& samples, Index shard) = 0;

  /// Returns a sentence that says which numbers of these samples, or of what the model makes of them, are not finite.
  virtual std::string explain(const StepSamples& samples, double learning_rate) = 0;

  /// Return sums for the errors of the training set's and of the validation set's predictions, of no outputs where the loss
  /// or the set is not one of numbers, or there is no such set.
  virtual ErrorSums training_errors() const = 0;
  virtual ErrorSums validation_errors() const = 0;

  /// Returns the errors of the last step.
  virtual const ErrorSums& step_errors() const = 0;

  /// Judges the model by the validation set.
  virtual Score judge() = 0;

  /// The optimizer's learning rate.
  virtual double learning_rate() const = 0;

  /// The model's parameters, tensor after tensor: to be read or written.
  virtual std::span<const NumberBytes> parameters() = 0;

  /// Returns what the optimizer remembers, tensor after tensor of each memory.
  virtual std::vector<NumberBytes> memories() = 0;

  /// Returns the moving average of the parameters, tensor after tensor; nothing where none is asked for.
  virtual std::vector<NumberBytes> average() = 0;

  /// Exchanges the model's parameters and their moving average, where one is asked for.
  virtual void swap_average() = 0;

  /// Return how many updates the optimizer has made, and how many steps the model has taken.
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
