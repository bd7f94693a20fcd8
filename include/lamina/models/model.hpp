#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../core/first_class.hpp"
#include "../layers/layer.hpp"
#include "../layers/softmax.hpp"
#include "basic_model.hpp"
#include "layer_facts.hpp"
#include "trace.hpp"

namespace LAMINA_NAMESPACE {

/// A layer, usually a Sequential, and its parameters: what a program names, trains, saves, asks. Copying it copies the
/// parameters.
///
///   Model model{lenet, Shape{28, 28, 1}, Rng{42}};              // float
///   Model<decltype(lenet), Tensor<double, 4>> exact{lenet, Shape{28, 28, 1}, Rng{42}};
template <typename L, AnyTensor X>
  requires Layer<L, X>
class Model final : public BasicModel<scalar_t<X>> {
  using Base = BasicModel<scalar_t<X>>;
  using Values = detail::ParametersOf<L, X>;

 public:
  using Input = X;
  using Output = output_t<L, X>;
  using Scalar = scalar_t<X>;
  using Parameters = parameters_t<L, X>;
  using Workspace = typename detail::Program<Scalar>::Memory;
  using Sample = Shape<rank_v<X> - 1>;

  /// For samples of this shape, without a batch axis: (28, 28, 1). Throws ShapeError where the layers do not fit.
  Model(L layer, const Sample& sample, Rng rng) : Base({}, nullptr), layer_(std::move(layer)), sample_(sample) {
    for (int axis = 0; axis < Sample::rank; ++axis)
      if (sample[axis] < 1)
        throw ShapeError(message("Model: expects samples of extents of at least 1 but got ", sample));
    layer_.output_shape(input_shape(1));
    this->values_ = std::make_unique<Values>(layer_.template initialize<Scalar>(input_shape(1), rng));
    detail::Lowering<Scalar> lowering;
    detail::lower<X>(layer_, lowering);
    this->program_ = lowering.program();
  }

  /// Copies the parameters, too.
  Model(const Model& other) : Base(other), layer_(other.layer_), sample_(other.sample_) { copy_parameters(other); }
  Model(Model&&) noexcept = default;
  Model& operator=(const Model& other) {
    if (this != &other) copy_parameters(other);
    Base::operator=(other);  // which counts as a change in any case
    layer_ = other.layer_;
    sample_ = other.sample_;
    return *this;
  }
  Model& operator=(Model&&) noexcept = default;

  const L& layer() const { return layer_; }
  const Sample& sample_shape() const { return sample_; }
  Shape<rank_v<X>> input_shape(Index N) const { return batch_shape(N, sample_); }
  Shape<rank_v<Output>> output_shape(Index N) const { return layer_.output_shape(input_shape(N)); }

  /// To be written: who asks for them so, changes them.
  Parameters& parameters() { return static_cast<Values&>(this->values()).typed(); }
  const Parameters& parameters() const { return static_cast<const Values&>(this->values()).typed(); }
  Index parameter_count() const { return lamina::parameter_count(parameters()); }

  /// The network's output for a batch x (N, …). Const and re-entrant: any number of threads may ask one model. A
  /// Predictor saves the memory that is taken here for every call.
  Output operator()(const X& x) const {
    Workspace ws;
    Output y;
    infer(x, ws, y);
    return y;
  }

  /// As above, into memory of the caller's. Throws ShapeError when x is not a batch of the model's samples.
  void infer(const X& x, Workspace& ws, Output& y) const {
    check(shape(x));
    Base::infer(x, ws, y);
  }

  /// Probabilities of the classes (N, K): the softmax of the logits, or the output itself where the network ends in
  /// Softmax or Sigmoid.
  Output probabilities(const X& x) const {
    static_assert(rank_v<Output> == 2, "probabilities are asked of a network that ends in rows (N, K)");
    Output y = (*this)(x);
    to_probabilities(y);
    return y;
  }

  /// The most probable class of each sample (N), the first among equals; a NaN loses to every number.
  std::vector<std::int32_t> classes(const X& x) const {
    static_assert(rank_v<Output> == 2, "classes are asked of a network that ends in rows (N, K)");
    std::vector<std::int32_t> best;
    largest((*this)(x), best);
    return best;
  }

  void check(const Shape<rank_v<X>>& in) const {
    if (in[0] < 0 || lamina::sample_shape(in) != sample_)
      refuse(in);
  }

  /// Whether the network ends in Softmax or Sigmoid. One that is listed at run time knows it, its type does not.
  bool gives_probabilities() const override {
    if constexpr (requires { layer_.ends_in_probabilities(); })
      return layer_.ends_in_probabilities();
    else
      return lamina::gives_probabilities<L>();
  }

  void to_probabilities(Tensor<Scalar, 2>& y) const override {
    if constexpr (!lamina::gives_probabilities<L>()) {
      if (gives_probabilities()) return;
      const auto [N, K] = shape(y);
      for (Index n = 0; n < N; ++n) softmax_row(y.data() + n * K, K, y.data() + n * K);
    }
  }

  static void largest(const Tensor<Scalar, 2>& y, std::vector<std::int32_t>& best) {
    const auto [N, K] = shape(y);
    best.resize(static_cast<std::size_t>(N));
    for (Index n = 0; n < N; ++n)
      best[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(detail::first_class(y.data() + n * K, K));
  }

  // What BasicModel asks.

  std::span<const Index> sample_extents() const override { return sample_.extents; }

  Index outputs() const override {
    if constexpr (rank_v<Output> == 2)
      return output_shape(1)[1];
    else
      throw ShapeError(message("Model: expects a network that ends in rows (N, K) but it gives ", output_shape(1)));
  }

  std::unique_ptr<typename Base::Memory> memory() const override { return std::make_unique<AnswerMemory>(); }

  void answer(detail::TensorRef<Scalar> x, typename Base::Memory& memory, Tensor<Scalar, 2>& y) const override {
    if constexpr (rank_v<Output> != 2) outputs();
    Workspace& ws = static_cast<AnswerMemory&>(memory).ws;
    ws.winograd = memory.winograd;
    Base::infer(x, ws, y);
  }

  [[gnu::cold]] void describe_layers(FunctionRef<void(const LayerFacts&)> visit) const override {
    walk(layer_, input_shape(1), parameters(), detail::TellFacts{visit});
  }

  [[gnu::cold]] std::string first_non_finite(detail::TensorRef<Scalar> x) const override {
    return lamina::first_non_finite(layer_, parameters(), x.template as<rank_v<X>>());
  }

 private:
  struct AnswerMemory final : Base::Memory {
    Workspace ws;
  };

  void copy_parameters(const Model& other) { this->values_ = std::make_unique<Values>(other.parameters()); }

  [[noreturn, gnu::cold]] void refuse(const Shape<rank_v<X>>& in) const {
    throw ShapeError(message("Model: expects a batch of ", sample_, " samples but got ", in,
                             "; the first axis counts the samples"));
  }

  L layer_;
  Sample sample_;
};

template <typename L, int Rank>
Model(L, Shape<Rank>, Rng) -> Model<L, Tensor<float, Rank + 1>>;

}  // namespace lamina

#ifdef LAMINA_COMPILED
#include "../exec/library_steps.hpp"
#endif
