#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../core/argmax.hpp"
#include "../core/output_meaning.hpp"
#include "../core/thread_pool.hpp"
#include "../exec/any_tensor.hpp"
#include "precision.hpp"

namespace LAMINA_NAMESPACE {

/// The options of inference by model(x).
struct InferenceOptions {
  bool winograd = true;  // allows Winograd's algorithm for convolutions: faster; float errors up to about 1e-5 of the largest result
  Index threads = 1;     // threads that share a pass; 1 starts none
  Precision precision = Precision::float32;

  /// Throws OptionError in the name of `who` for invalid options.
  void check(const char* who) const;
};

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

/// The interface of objects that compute a row per sample: a model, or an ensemble.
template <typename T>
class InferenceModel {
 public:
  /// The workspace of one thread. `memory` makes it for one object.
  struct Memory {
    Arithmetic arithmetic{};
    ThreadPool* thread_pool = nullptr;  // see Context
    virtual ~Memory() = default;
  };

  virtual const char* name() const = 0;  // for errors
  virtual std::unique_ptr<Memory> memory() const = 0;

  /// Precomputes data derived from the parameters, such as Winograd's transforms, into the first memory, and lets the
  /// others use it. The data is valid until the parameters change, see changes.
  virtual void pack_weights(std::span<Memory* const> memories) const = 0;
  virtual std::uint64_t changes() const = 0;

  /// Computes y (N, K) for samples x, whose shape the caller has checked. Throws ShapeError if the network does not
  /// output rows.
  virtual void answer(TensorRef<T> x, Memory& memory, Tensor<T, 2>& y) const = 0;

  /// Throws ShapeError if these are not the extents of a batch of samples.
  virtual void check(std::span<const Index> in) const = 0;

  /// Returns the extents of a sample, and K.
  virtual std::span<const Index> sample_extents() const = 0;
  virtual Index outputs() const = 0;

  /// Returns whether the network ends in a layer that outputs probabilities.
  virtual bool gives_probabilities() const = 0;

  /// Returns the meaning of the outputs.
  virtual OutputMeaning meaning() const = 0;

  /// Returns whether each output is an independent yes/no question, as after Sigmoid, instead of one of several classes.
  /// A single such output distinguishes two classes.
  virtual bool has_independent_outputs() const = 0;

  /// Converts rows to probabilities. Throws OptionError for values.
  void to_probabilities(Tensor<T, 2>& y) const;

  /// Finds the class of each row: that of the highest number. If one output distinguishes two classes, it is 1 if its
  /// probability is above ½. Throws OptionError for values.
  void decide(const Tensor<T, 2>& y, std::vector<std::int32_t>& classes) const;

  /// Finds the class of each row of probabilities, as `decide` does.
  void decide_probabilities(const Tensor<T, 2>& p, std::vector<std::int32_t>& decided) const;

  /// Returns the names of the classes, or of the outputs, in their order; empty if they are unknown.
  virtual std::span<const std::string> class_names() const = 0;

  /// Returns how many classes the rows distinguish.
  Index classes() const { return outputs() == 1 && has_independent_outputs() ? 2 : outputs(); }

 protected:
  ~InferenceModel() = default;
};

/// Returns advice, "; …", for samples with other extents than the network's: channels first, height and width exchanged,
/// or a missing axis. Returns an empty text for other differences.
[[gnu::cold]] std::string shape_remedy(std::span<const Index> expected, std::span<const Index> given);

/// Throws ShapeError if `in` is not a batch of such samples.
void check_samples(const char* who, std::span<const Index> sample, std::span<const Index> in);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/inference_model.ipp"
#endif
