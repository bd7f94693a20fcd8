#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/text.hpp"
#include "../exec/lowering.hpp"
#include "../layers/check_layer.hpp"
#include "inference_model.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

template <typename T>
class BeingTrained;

}  // namespace detail

/// A network and its parameters: programs name, train, save and run it. It is made from a Sequential, a Network, any
/// other layer, or a file (load_model, load_onnx). Models of all networks have one type. Copying a model copies its parameters.
///
///   Model model{lenet, Shape{28, 28, 1}, Rng{42}};
///   BasicModel<double> exact{lenet, Shape{28, 28, 1}, Rng{42}};
///   std::vector<Model> several{model, Model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}}};
template <typename T>
class BasicModel final : public detail::InferenceModel<T> {
  static_assert(std::floating_point<T>, "a model computes in float or double");
  using Base = detail::InferenceModel<T>;

 public:
  using Scalar = T;
  using Layer = typename detail::Program<T>::Layer;
  using Parameters = detail::ModelParameters<T>;
  using Workspace = typename detail::Program<T>::Memory;

  /// Makes a model for samples of this shape, without a batch axis: (28, 28, 1). Draws its parameters with rng. Throws
  /// ShapeError if the layers do not fit.
  template <typename L, int Rank>
  BasicModel(const L& layer, const Shape<Rank>& sample, const Rng& rng) : BasicModel(layer, sample, detail::Draw{&rng}) {}
  template <typename L, int Rank>
  BasicModel(const L& layer, const Shape<Rank>& sample, detail::Draw draw) {
    if constexpr (detail::check_layer<L, Tensor<T, Rank + 1>>()) {
      check_sample(sample.extents);
      const auto in = detail::batch_shape(1, sample);
      layer.output_shape(in);
      detail::Lowering<T> lowering(in.extents);
      detail::lower<Tensor<T, Rank + 1>>(layer, lowering);
      if constexpr (requires { inputs_ = layer.inputs(); }) inputs_ = layer.inputs();
      take(lowering.program(), draw);
    }
  }

  BasicModel(const BasicModel& other);
  BasicModel(BasicModel&&) noexcept = default;
  /// Assigns a model. It counts as a change, whatever is assigned.
  BasicModel& operator=(const BasicModel& other);
  BasicModel& operator=(BasicModel&& other) noexcept;

  /// Returns the layers in order; those of nested networks stand in their places.
  std::span<const Layer> layers() const { return program_.layers(); }

  /// Returns the extents of a sample, (28, 28, 1), and of its output, (10).
  std::span<const Index> sample_extents() const override { return sample_; }
  std::span<const Index> output_extents() const { return output_; }

  /// Returns the shape of a batch of N samples, and of its output. Rank includes the batch axis. Throws ShapeError if the
  /// model has another number of axes there.
  template <int Rank>
  Shape<Rank> input_shape(Index N) const { return shape_of<Rank>(N, sample_, "samples"); }
  template <int Rank>
  Shape<Rank> output_shape(Index N) const { return shape_of<Rank>(N, output_, "outputs"); }

  /// Returns how many numbers a sample must hold, whatever its extents; nothing if only the layers decide. See
  /// Network::expect_inputs.
  const std::optional<Index>& inputs() const { return inputs_; }

  /// Returns the parameters. Mutable access counts as a change: packed data is computed again. Throws OptionError if the
  /// model was moved from.
  Parameters& parameters() {
    check_owner();
    ++changes_;
    return *parameters_;
  }
  const Parameters& parameters() const {
    check_owner();
    return *parameters_;
  }
  Index parameter_count() const { return lamina::parameter_count(parameters()); }

  /// Draws new parameters, as for a new model, and resets the steps, the meaning of the outputs and the class names.
  void reset_parameters(const Rng& rng);

  /// Returns the network's output (N, K) for a batch x (N, …). It is const and re-entrant: any number of threads may use
  /// one model. Several threads share the larger convolutions and, for a single sample, the larger dense layers. A
  /// Predictor avoids allocating memory and starting threads for every call, and also divides batches. Throws ShapeError
  /// if x is not a batch of the model's samples, and if the network does not end in rows: then use `output`.
  template <int Rank>
  Tensor<T, 2> operator()(const Tensor<T, Rank>& x, const InferenceOptions& options = {}) const {
    return output<2>(x, options);
  }

  /// Returns the network's output with any rank: (N, P, Q, K) for a network that ends in images.
  template <int Out, int Rank>
  Tensor<T, Out> output(const Tensor<T, Rank>& x, const InferenceOptions& options = {}) const {
    Workspace ws;
    detail::arithmetic<T>("Model", options.winograd, options.precision).apply_to(ws.context);
    const auto thread_pool = options.threads == 1 ? nullptr : start(options, ws);
    Tensor<T, Out> y;
    forward_inference(x, ws, y);
    return y;
  }

  /// Writes the network's output to y, with the caller's workspace. Throws as `output` does.
  template <int Out, int Rank>
  void forward_inference(const Tensor<T, Rank>& x, Workspace& ws, Tensor<T, Out>& y) const {
    check(shape(x).extents);
    expect_output_rank(Out);
    program_.forward_inference(parameters().of_layers(), x, ws, y);
  }

  /// Returns the meaning of the outputs. Before training it is probabilities if the network ends in Softmax or Sigmoid,
  /// otherwise logits of classes. `fit` and `step` set it from the loss.
  OutputMeaning meaning() const override { return meaning_; }

  /// Sets the meaning of the outputs, for a model whose parameters come from elsewhere. Throws OptionError for logits if
  /// the network ends in Softmax or Sigmoid.
  void set_meaning(OutputMeaning meaning);

  /// Returns the names of the classes, or of the outputs, in their order; empty if they are unknown. `fit` takes them
  /// from the training set, `load` from the file's metadata. Evaluation compares the data set's names with them.
  std::span<const std::string> class_names() const override { return class_names_; }

  /// Sets these names. Throws OptionError unless there is one per output, two for a single output, or none.
  void set_class_names(std::vector<std::string> names);

  /// Returns probabilities (N, K): the softmax of logits of classes; the sigmoid of logits of independent questions; the
  /// output itself if the network ends in Softmax or Sigmoid. Throws OptionError for values.
  template <int Rank>
  Tensor<T, 2> probabilities(const Tensor<T, Rank>& x, const InferenceOptions& options = {}) const {
    Tensor<T, 2> y = (*this)(x, options);
    this->to_probabilities(y);
    return y;
  }

  /// Returns the most probable class of each sample (N), the first among equals; a NaN loses to every number. One output
  /// that distinguishes two classes gives 1 if its probability is above ½. Throws OptionError for values.
  template <int Rank>
  std::vector<std::int32_t> classes(const Tensor<T, Rank>& x, const InferenceOptions& options = {}) const {
    std::vector<std::int32_t> classes;
    this->decide((*this)(x, options), classes);
    return classes;
  }
  using Base::classes;

  /// Returns how many training steps the parameters have taken.
  std::uint64_t steps() const { return steps_; }
  void count_step() { ++steps_; }

  /// Sets the number of steps, when the parameters of a model with so many steps were restored.
  void go_to(std::uint64_t steps) {
    ++changes_;
    steps_ = steps;
  }

  /// Returns a number that grows when the parameters may have changed: by a step, load, an assignment, or mutable access.
  /// Writes through a reference that was kept from before are not noticed.
  std::uint64_t changes() const override { return changes_; }

  const detail::Program<T>& program() const { return program_; }

  // The interface of Targets follows.

  const char* name() const override { return "Model"; }
  void check(std::span<const Index> in) const override {
    check_owner();
    detail::check_samples("Model", sample_, in);
  }
  Index outputs() const override;
  bool gives_probabilities() const override;
  bool has_independent_outputs() const override;
  std::unique_ptr<typename Base::Memory> memory() const override;
  void pack_weights(std::span<typename Base::Memory* const> memories) const override;
  void answer(detail::TensorRef<T> x, typename Base::Memory& memory, Tensor<T, 2>& y) const override;

 private:
  friend detail::BeingTrained<T>;

  struct AnswerMemory final : Base::Memory {
    Workspace ws;
  };

  /// Returns the meaning of the outputs before training.
  OutputMeaning first_meaning() const { return gives_probabilities() ? OutputMeaning::probabilities : OutputMeaning::softmax; }

  /// Precomputes data derived from the parameters in a workspace.
  void prepare_in(Workspace& ws) const;

  /// A mark that belongs to this object; moving the model does not move it.
  struct Mark {
    bool on = false;
    Mark() = default;
    Mark(Mark&&) noexcept {}
  };

  /// Starts the threads of a pass and prepares the data that they share.
  std::unique_ptr<ThreadPool> start(const InferenceOptions& options, Workspace& ws) const;

  static void check_sample(std::span<const Index> sample);
  void take(detail::Program<T> program, detail::Draw draw);

  template <int Rank>
  static Shape<Rank> shape_of(Index N, std::span<const Index> extents, const char* what) {
    if (extents.size() + 1 != Rank) refuse_rank(Rank, extents, what);
    Shape<Rank> shape;
    shape[0] = N;
    std::copy(extents.begin(), extents.end(), shape.extents.begin() + 1);
    return shape;
  }

  void expect_output_rank(int rank) const {
    if (static_cast<int>(output_.size()) + 1 != rank) refuse_output(rank);
  }
  void check_owner() const {
    if (!parameters_) refuse_moved();
  }
  [[noreturn, gnu::cold]] void refuse_output(int rank) const;
  [[noreturn, gnu::cold]] static void refuse_rank(int rank, std::span<const Index> extents, const char* what);
  [[noreturn, gnu::cold]] static void refuse_moved();

  detail::Program<T> program_;
  std::unique_ptr<Parameters> parameters_;
  std::vector<Index> sample_, output_;
  std::optional<Index> inputs_;
  OutputMeaning meaning_ = OutputMeaning::softmax;
  std::vector<std::string> class_names_;
  std::uint64_t steps_ = 0, changes_ = 0;
  Mark training_;
};

/// A model of float.
using Model = BasicModel<float>;

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/model.ipp"
#else
#include "../exec/library_steps.hpp"
#endif
