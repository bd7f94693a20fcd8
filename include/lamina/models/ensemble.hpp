#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "model.hpp"

namespace LAMINA_NAMESPACE {

/// Several models that answer together: with the mean of their probabilities. They may be of one type or of different
/// ones, on the same samples and with as many classes; the ensemble has copies of them.
///
///   Ensemble both{lenet_model, network_model};
///   both.push_back(another);
///   std::cout << evaluate(both, test);
///
///   y[n,k] = Σ_m p_m[n,k] / M        p_m (N, K) the probabilities of model m, see Model::probabilities; y (N, K)
///
/// What judges or asks a model takes an ensemble too: evaluate, predict_classes, predict_probabilities, Predictor. A loss
/// that is given to `evaluate` is one on probabilities, such as CrossEntropy.
template <AnyTensor X>
class Ensemble final : public detail::Answers<scalar_t<X>> {
  using Base = detail::Answers<scalar_t<X>>;

 public:
  using Input = X;
  using Scalar = scalar_t<X>;
  using Output = Tensor<Scalar, 2>;
  using Sample = Shape<rank_v<X> - 1>;

  /// Of every model its own, and one model's probabilities.
  struct Workspace {
    std::vector<std::unique_ptr<typename Base::Memory>> of_models;
    Output one;
    bool winograd = true;  // see allow_winograd
  };

  /// Of no model yet: what is asked of it throws ShapeError.
  Ensemble() = default;
  template <typename... Ls>
    requires(sizeof...(Ls) > 0)
  explicit Ensemble(Model<Ls, X>... models) {
    (push_back(std::move(models)), ...);
  }

  /// Throws ShapeError when the model takes other samples than those before it, or tells other classes apart.
  template <typename L>
  void push_back(Model<L, X> model) {
    static_assert(rank_v<typename Model<L, X>::Output> == 2, "Ensemble: takes models that end in rows (N, K)");
    const Index classes = model.output_shape(1)[1];
    if (members_.empty()) {
      sample_ = model.sample_shape();
      classes_ = classes;
    }
    if (model.sample_shape() != sample_ || classes != classes_)
      throw ShapeError(message("Ensemble: expects a model of samples ", sample_, " and ", classes_,
                               " classes, as those before, ", "but got one of ", model.sample_shape(), " and ",
                               classes));
    members_.push_back({std::move(model), [](const std::any& any) -> const Base& {
                          return *std::any_cast<Model<L, X>>(&any);
                        }});
  }

  /// How many models there are.
  std::size_t size() const { return members_.size(); }

  /// Model i, or null when its layer is not an L.
  template <typename L>
  const Model<L, X>* model(std::size_t i) const {
    return std::any_cast<Model<L, X>>(&members_.at(i).model);
  }

  const Sample& sample_shape() const { return sample_; }
  Shape<rank_v<X>> input_shape(Index N) const { return batch_shape(N, sample_); }
  Shape<2> output_shape(Index N) const {
    check_models();
    return {{N, classes_}};
  }

  /// The mean of the models' probabilities (N, K). Const and re-entrant. Throws ShapeError when x is not a batch of the
  /// models' samples.
  Output operator()(const X& x) const {
    Workspace ws;
    Output y;
    infer(x, ws, y);
    return y;
  }

  /// Writes the same to y and uses a workspace of the caller's, which serves this ensemble alone.
  void infer(const X& x, Workspace& ws, Output& y) const {
    check(shape(x));
    if (ws.of_models.size() != members_.size()) {
      ws.of_models.clear();
      for (const Member& member : members_) ws.of_models.push_back(member.answers().memory());
    }
    reshape(y, output_shape(x.dimension(0)));
    y.setZero();
    for (std::size_t m = 0; m < members_.size(); ++m) {
      const Base& model = members_[m].answers();
      ws.of_models[m]->winograd = ws.winograd;
      model.answer(x, *ws.of_models[m], ws.one);
      model.to_probabilities(ws.one);
      y += ws.one;
    }
    const Scalar count = static_cast<Scalar>(members_.size());
    for (Index i = 0; i < y.size(); ++i) y.data()[i] /= count;
  }

  Output probabilities(const X& x) const { return (*this)(x); }

  /// The most probable class of each sample (N), the first among equals.
  std::vector<std::int32_t> classes(const X& x) const {
    std::vector<std::int32_t> best;
    largest((*this)(x), best);
    return best;
  }

  void check(const Shape<rank_v<X>>& in) const {
    check_models();
    if (in[0] < 0 || lamina::sample_shape(in) != sample_)
      throw ShapeError(message("Ensemble: expects a batch of ", sample_, " samples but got ", in,
                               "; the first axis counts the samples"));
  }

  bool gives_probabilities() const override { return true; }
  void to_probabilities(Output&) const override {}
  static void largest(const Output& y, std::vector<std::int32_t>& best) { Rows::largest(y, best); }

  /// What a Predictor asks: the models of an ensemble do not change.
  std::uint64_t changes() const { return members_.size(); }

  // What Answers asks.

  const char* name() const override { return "Ensemble"; }
  std::span<const Index> sample_extents() const override { return sample_.extents; }
  Index outputs() const override { return output_shape(1)[1]; }
  std::unique_ptr<typename Base::Memory> memory() const override { return std::make_unique<AnswerMemory>(); }
  void answer(detail::TensorRef<Scalar> x, typename Base::Memory& memory, Output& y) const override {
    infer(x.template as<rank_v<X>>(), static_cast<AnswerMemory&>(memory).ws, y);
  }

 private:
  struct AnswerMemory final : Base::Memory {
    Workspace ws;
  };

  using Rows = Model<Softmax, Tensor<Scalar, 2>>;

  struct Member {
    std::any model;  // a Model<L, X>
    const Base& (*of)(const std::any& model);

    const Base& answers() const { return of(model); }
  };

  void check_models() const {
    if (members_.empty()) throw ShapeError("Ensemble: expects at least one model but has none; push_back some");
  }

  std::vector<Member> members_;
  Sample sample_{};
  Index classes_ = 0;
};

template <typename L, AnyTensor X, typename... Ls>
Ensemble(Model<L, X>, Model<Ls, X>...) -> Ensemble<X>;

}  // namespace lamina
