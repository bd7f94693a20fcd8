// δ = a − y: that the losses on logits and the textbook's pairs are one and the same, and that the squared error is not.

#include <lamina/layers/dense.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/training/trainer.hpp>

#include "losses.hpp"

using namespace lamina;

// Not in their headers, where everyone who includes them would compile it.
static_assert(Loss<BinaryCrossEntropy> && Loss<CrossEntropy> && Loss<MeanSquaredError> && Loss<SigmoidCrossEntropy> &&
              Loss<SoftmaxCrossEntropy>);

namespace {

using RowBatch = Batch<Rows>;

/// The parameters after a hundred steps.
template <typename L, typename F>
auto train(const L& layer, const F& loss, const RowBatch& batch) {
  BasicModel<scalar_t<Rows>> model{layer, Shape{6}, Rng{1}};
  Trainer trainer{loss, SGD{.learning_rate = 0.5, .momentum = 0.9}};
  for (int step = 0; step < 100; ++step) trainer.step(model, batch);
  return model.parameters();
}

constexpr Sequential logits{Dense{.units = 8}, Sigmoid{}, Dense{.units = 4}};
constexpr Sequential with_softmax{Dense{.units = 8}, Sigmoid{}, Dense{.units = 4}, Softmax{}};
constexpr Sequential with_sigmoid{Dense{.units = 8}, Sigmoid{}, Dense{.units = 4}, Sigmoid{}};

double apart(const auto& a, const auto& b) {
  const auto apart = [&]<int Rank>(const char* name, Shape<Rank>) {
    return distance(a.template tensor<Rank>(name), b.template tensor<Rank>(name));
  };
  return std::max({apart("0.weight", Shape<2>{}), apart("0.bias", Shape<1>{}), apart("2.weight", Shape<2>{}),
                   apart("2.bias", Shape<1>{})});
}

/// ∂loss/∂z behind a Sigmoid, the last layer's δ.
template <typename F>
Rows delta(const F& loss, const Rows& z, const Rows& y) {
  None none;
  Rows a, da, dz;
  Sigmoid{}.forward(none, z, none, a);
  loss(a, y, z.dimension(0), da);
  Sigmoid{}.backward(none, z, a, da, none, &dz, none);
  return dz;
}

}  // namespace

TEST_CASE("Softmax with cross-entropy and logits with softmax cross-entropy train the same weights") {
  const RowBatch batch{drawn(Shape{12, 6}, Rng{2}), {0, 1, 2, 3, 0, 1, 2, 3, 3, 2, 1, 0}, {}};
  const auto start = with_softmax.initialize<double>(Shape{1, 6}, Rng{1});
  const auto textbook = train(with_softmax, CrossEntropy{}, batch);
  const auto fused = train(logits, SoftmaxCrossEntropy{}, batch);
  CHECK(apart(textbook, fused) < 1e-10);
  CHECK(distance(std::get<0>(start).weight, fused.tensor<2>("0.weight")) > 0.1);  // the steps were real ones
}

TEST_CASE("Sigmoid with binary cross-entropy and logits with sigmoid cross-entropy train the same weights") {
  Rows answers(12, 4);
  Rng rng{3};
  for (Index i = 0; i < answers.size(); ++i) answers.data()[i] = static_cast<double>(rng.below(2));
  const RowBatch batch{drawn(Shape{12, 6}, Rng{2}), {}, answers};
  const auto start = with_sigmoid.initialize<double>(Shape{1, 6}, Rng{1});
  const auto textbook = train(with_sigmoid, BinaryCrossEntropy{}, batch);
  const auto fused = train(logits, SigmoidCrossEntropy{}, batch);
  CHECK(apart(textbook, fused) < 1e-10);
  CHECK(distance(std::get<0>(start).weight, fused.tensor<2>("0.weight")) > 0.1);
}

TEST_CASE("cross-entropy's last δ is a − y, the squared error's is (a − y)·σ′: neither has the other's factor") {
  const Index N = 3, K = 4;
  const auto z = drawn(Shape{N, K}, Rng{4});
  const auto y = one_hot_rows({1, 3, 0}, K);
  None none;
  Rows a, fused;
  Sigmoid{}.forward(none, z, none, a);
  SigmoidCrossEntropy{}(z, y, N, fused);
  const Rows plain = (a - y) / double(N);
  const Rows with_slope = (a - y) * a * (a.constant(1) - a) / double(N);
  CHECK(distance(fused, plain) < 1e-15);
  CHECK(distance(delta(BinaryCrossEntropy{}, z, y), plain) < 1e-14);
  const Rows squared = with_slope * (2.0 / double(K));
  CHECK(distance(delta(MeanSquaredError{}, z, y), squared) < 1e-15);
  CHECK(distance(plain, with_slope) > 0.05);  // the two are told apart here
}
