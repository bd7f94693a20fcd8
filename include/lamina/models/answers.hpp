#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../core/crew.hpp"
#include "../core/first_class.hpp"
#include "../core/output_meaning.hpp"
#include "../exec/any_tensor.hpp"

namespace LAMINA_NAMESPACE {

/// The way in which a network is asked: by model(x) and by a Predictor.
struct InferenceOptions {
  bool winograd = true;  // convolutions may use Winograd's algorithm: faster, in float off by up to about 1e-5 of the largest result
  Index threads = 1;     // that share a pass; 1 starts none

  /// Throws OptionError in the name of `who`.
  void check(const char* who) const;
};

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

/// The interface of what gives a row for each sample: a model, or an ensemble.
template <typename T>
class Answers {
 public:
  /// The workspace of one thread. `memory` makes it, for the object that it is called on.
  struct Memory {
    bool winograd = true;  // see Context
    Crew* crew = nullptr;  // see Context
    virtual ~Memory() = default;
  };

  virtual const char* name() const = 0;  // for errors
  virtual std::unique_ptr<Memory> memory() const = 0;

  /// Precomputes data derived from the parameters, such as Winograd's transforms, into the first memory, and lets the
  /// others use it. It serves until the parameters change, see changes.
  virtual void prepare(std::span<Memory* const> memories) const = 0;
  virtual std::uint64_t changes() const = 0;

  /// Computes y (N, K) for samples x, whose shape the caller has checked. Throws ShapeError when the network gives no rows.
  virtual void answer(TensorRef<T> x, Memory& memory, Tensor<T, 2>& y) const = 0;

  /// Throws ShapeError when these are not the extents of a batch of samples.
  virtual void check(std::span<const Index> in) const = 0;

  /// Return the extents of a sample, and K.
  virtual std::span<const Index> sample_extents() const = 0;
  virtual Index outputs() const = 0;

  /// Returns whether the network ends in a layer that gives probabilities.
  virtual bool gives_probabilities() const = 0;

  /// Returns what the rows are.
  virtual OutputMeaning meaning() const = 0;

  /// Returns whether each output is a question of its own, as behind Sigmoid, rather than one of several classes. A
  /// single one tells two classes apart.
  virtual bool has_independent_outputs() const = 0;

  /// Converts rows to probabilities. Throws OptionError for values.
  void to_probabilities(Tensor<T, 2>& y) const;

  /// Finds the class of each row: of the highest number; where one output tells two classes apart, 1 when its probability is
  /// above ½. Throws OptionError for values.
  void decide(const Tensor<T, 2>& y, std::vector<std::int32_t>& classes) const;

  /// Returns what the classes, or the outputs, are called, in their order; nothing where that is not known.
  virtual std::span<const std::string> class_names() const = 0;

  /// Returns how many classes the rows tell apart.
  Index classes() const { return outputs() == 1 && has_independent_outputs() ? 2 : outputs(); }

 protected:
  ~Answers() = default;
};

/// Returns what to do about samples of other extents than a network's, "; …", where one can tell: channels that stand
/// first, height and width exchanged, an axis that is missing. Else nothing.
[[gnu::cold]] std::string shape_remedy(std::span<const Index> expected, std::span<const Index> given);

/// Throws ShapeError when `in` is no batch of such samples.
void check_samples(const char* who, std::span<const Index> sample, std::span<const Index> in);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/answers.ipp"
#endif
