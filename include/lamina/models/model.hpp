#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/first_class.hpp"
#include "../layers/layer.hpp"
#include "../layers/softmax.hpp"

namespace LAMINA_NAMESPACE {

/// A layer, usually a Sequential, and its parameters: what a program names, trains, saves, asks. Copying it copies the
/// parameters.
///
///   Model model{lenet, Shape{28, 28, 1}, Rng{42}};              // float
///   Model<decltype(lenet), Tensor<double, 4>> exact{lenet, Shape{28, 28, 1}, Rng{42}};
template <typename L, AnyTensor X>
  requires Layer<L, X>
class Model {
 public:
  using Input = X;
  using Output = output_t<L, X>;
  using Scalar = scalar_t<X>;
  using Parameters = parameters_t<L, X>;
  using Workspace = workspace_t<L, X>;
  using Sample = Shape<rank_v<X> - 1>;

  /// For samples of this shape, without a batch axis: (28, 28, 1). Throws ShapeError where the layers do not fit.
  Model(L layer, const Sample& sample, Rng rng) : layer_(std::move(layer)), sample_(sample) {
    for (int axis = 0; axis < Sample::rank; ++axis)
      if (sample[axis] < 1)
        throw ShapeError(message("Model: expects samples of extents of at least 1 but got ", sample));
    layer_.output_shape(input_shape(1));
    parameters_ = layer_.template initialize<Scalar>(input_shape(1), rng);
  }

  const L& layer() const { return layer_; }
  const Sample& sample_shape() const { return sample_; }
  Shape<rank_v<X>> input_shape(Index N) const { return batch_shape(N, sample_); }
  Shape<rank_v<Output>> output_shape(Index N) const { return layer_.output_shape(input_shape(N)); }

  /// To be written: who asks for them so, changes them.
  Parameters& parameters() {
    changes_.add();
    return parameters_;
  }
  const Parameters& parameters() const { return parameters_; }
  Index parameter_count() const { return lamina::parameter_count(parameters_); }

  /// How many training steps made these parameters what they are.
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

  /// The network's output for a batch x (N, …). Const and re-entrant: any number of threads may ask one model. A
  /// Predictor saves the memory that is taken here for every call.
  Output operator()(const X& x) const {
    Workspace ws;
    Output y;
    infer(x, ws, y);
    return y;
  }

  /// As above, into memory of the caller's. Throws ShapeError when x is not a batch of the model's samples.
  [[gnu::noinline]] void infer(const X& x, Workspace& ws, Output& y) const {
    check(shape(x));
    lamina::infer(layer_, parameters_, x, ws, y);
  }

  /// Probabilities of the classes (N, K): the softmax of the logits, or the output itself where the network ends in
  /// Softmax or Sigmoid.
  Output probabilities(const X& x) const {
    Output y = (*this)(x);
    to_probabilities(y);
    return y;
  }

  /// The most probable class of each sample (N), the first among equals; a NaN loses to every number.
  std::vector<std::int32_t> classes(const X& x) const {
    std::vector<std::int32_t> best;
    largest((*this)(x), best);
    return best;
  }

  void check(const Shape<rank_v<X>>& in) const {
    if (in[0] < 0 || lamina::sample_shape(in) != sample_)
      refuse(in);
  }

  /// Whether the network ends in Softmax or Sigmoid. One that is listed at run time knows it, its type does not.
  bool gives_probabilities() const {
    if constexpr (requires { layer_.ends_in_probabilities(); })
      return layer_.ends_in_probabilities();
    else
      return lamina::gives_probabilities<L>();
  }

  void to_probabilities(Output& y) const {
    if constexpr (!lamina::gives_probabilities<L>()) {
      static_assert(rank_v<Output> == 2, "probabilities are asked of a network that ends in rows (N, K)");
      if (gives_probabilities()) return;
      const auto [N, K] = shape(y);
      for (Index n = 0; n < N; ++n) softmax_row(y.data() + n * K, K, y.data() + n * K);
    }
  }

  static void largest(const Output& y, std::vector<std::int32_t>& best) {
    static_assert(rank_v<Output> == 2, "classes are asked of a network that ends in rows (N, K)");
    const auto [N, K] = shape(y);
    best.resize(static_cast<std::size_t>(N));
    for (Index n = 0; n < N; ++n)
      best[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(detail::first_class(y.data() + n * K, K));
  }

 private:
  [[noreturn, gnu::cold]] void refuse(const Shape<rank_v<X>>& in) const {
    throw ShapeError(message("Model: expects a batch of ", sample_, " samples but got ", in,
                             "; the first axis counts the samples"));
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

  L layer_;
  Sample sample_;
  Parameters parameters_;
  std::uint64_t steps_ = 0;
  Changes changes_;
};

template <typename L, int Rank>
Model(L, Shape<Rank>, Rng) -> Model<L, Tensor<float, Rank + 1>>;

}  // namespace lamina
