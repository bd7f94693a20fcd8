#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/function_ref.hpp"
#include "../exec/parameter_values.hpp"
#include "../exec/program.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The interface of what gives a row for each sample: a model, or an ensemble.
template <typename T>
class Answers {
 public:
  /// The workspace of one thread. `memory` makes it, for the object that it is called on.
  struct Memory {
    bool winograd = true;  // see allow_winograd
    virtual ~Memory() = default;
  };

  virtual const char* name() const = 0;  // for errors
  virtual std::unique_ptr<Memory> memory() const = 0;

  /// Computes y (N, K) for samples x, whose shape the caller has checked. Throws ShapeError when the network gives no rows.
  virtual void answer(TensorRef<T> x, Memory& memory, Tensor<T, 2>& y) const = 0;

  /// Return the extents of a sample, and K.
  virtual std::span<const Index> sample_extents() const = 0;
  virtual Index outputs() const = 0;

  /// Tell whether the rows are probabilities, and convert them to probabilities where they are not.
  virtual bool gives_probabilities() const = 0;
  virtual void to_probabilities(Tensor<T, 2>& y) const = 0;

 protected:
  ~Answers() = default;
};

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

/// A layer of a model, without its type.
struct LayerFacts {
  std::string place;       // "3", nested "1.0", empty for a network that is one layer
  std::string_view name;   // "Conv"
  std::vector<Index> out;  // the extents of its output for one sample

  /// Its hyper-parameters as texts; one that cannot be written is empty.
  std::vector<std::pair<std::string_view, std::string>> options;

  /// Its parameters: "weight", and their extents.
  std::vector<std::pair<std::string, std::vector<Index>>> tensors;

  [[gnu::cold]] void add_tensor(std::string_view tensor, std::span<const Index> extents) {
    tensors.emplace_back(tensor, std::vector<Index>(extents.begin(), extents.end()));
  }
};

/// The part of a model that does not depend on the types of its layers: a program, its parameters, the number of training
/// steps. Training and evaluation work on this class and are compiled once.
template <typename T>
class BasicModel : public detail::Answers<T> {
 public:
  const char* name() const override { return "Model"; }

  /// Returns how many training steps the parameters have taken.
  std::uint64_t steps() const { return steps_; }
  void count_step() { ++steps_; }

  /// Counts on from so many steps: its parameters are those that it had after them.
  void go_to(std::uint64_t steps) {
    changes_.add();
    steps_ = steps;
  }

  /// A number that grows when the parameters may have changed: by a step, by load, by an assignment, by whoever asked for
  /// them to be written. What is written later through a reference kept from before is not noticed.
  std::uint64_t changes() const { return changes_.count; }

  /// Marks the model as being trained by `fit` while this object lives. Throws OptionError when it is marked already.
  class Trains {
   public:
    explicit Trains(BasicModel& model) : model_(model) {
      if (model.trains_)
        throw OptionError("fit: the model is being trained already, by the fit that this one was called from; train a copy");
      model.trains_ = true;
    }
    Trains(const Trains&) = delete;
    Trains& operator=(const Trains&) = delete;
    ~Trains() { model_.trains_ = false; }

   private:
    BasicModel& model_;
  };

  const detail::Program<T>& program() const { return program_; }

  /// Return the parameters without their type. The second counts as a change. Throw OptionError when the model was moved
  /// from.
  const detail::ParameterValues<T>& values() const {
    if (!values_) refuse_moved();
    return *values_;
  }
  detail::ParameterValues<T>& values() {
    if (!values_) refuse_moved();
    changes_.add();
    return *values_;
  }

  /// Runs the network on samples whose shape the caller has checked.
  void infer(detail::TensorRef<T> x, typename detail::Program<T>::Memory& memory, detail::TensorSlot<T> y) const {
    program_.infer(values().of_steps(), x, memory, y);
  }

  /// Calls visit for every layer in order, those of nested networks in their places.
  virtual void describe_layers(FunctionRef<void(const LayerFacts&)> visit) const = 0;

  /// Returns a sentence about the first layer whose parameters, or output for x, are not finite; empty when all are.
  virtual std::string first_non_finite(detail::TensorRef<T> x) const = 0;

 protected:
  BasicModel(detail::Program<T> program, std::unique_ptr<detail::ParameterValues<T>> values)
      : program_(std::move(program)), values_(std::move(values)) {}
  /// Copies everything but the parameters, which the derived class copies.
  BasicModel(const BasicModel& other)
      : program_(other.program_), steps_(other.steps_), changes_(other.changes_) {}
  BasicModel(BasicModel&& other) noexcept
      : program_(std::move(other.program_)), values_(std::move(other.values_)), steps_(other.steps_),
        changes_(other.changes_) {}
  BasicModel& operator=(const BasicModel& other) {
    program_ = other.program_;
    steps_ = other.steps_;
    changes_ = other.changes_;
    return *this;
  }
  BasicModel& operator=(BasicModel&& other) noexcept {
    program_ = std::move(other.program_);
    values_ = std::move(other.values_);
    steps_ = other.steps_;
    changes_ = other.changes_;
    return *this;
  }
  ~BasicModel() = default;

  detail::Program<T> program_;
  std::unique_ptr<detail::ParameterValues<T>> values_;

 private:
  [[noreturn, gnu::cold]] static void refuse_moved() {
    throw OptionError("Model: was moved from, and has no parameters; use the model that it was moved to");
  }

  /// Being assigned to is a change, whatever is assigned.
  struct Changes {
    std::uint64_t count = 0;
    Changes() = default;
    Changes(const Changes&) = default;
    Changes& operator=(const Changes& other) {
      count = std::max(count, other.count) + 1;
      return *this;
    }
    void add() { ++count; }
  };

  std::uint64_t steps_ = 0;
  Changes changes_;
  bool trains_ = false;  // of this object, not of what is assigned to it
};

}  // namespace lamina
