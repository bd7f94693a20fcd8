// The equations of examples/mlp/README.md, in loops, one sample after another, against a step of lamina on a mini-batch.

#include <algorithm>
#include <cmath>
#include <vector>

#include <lamina/core/parameters.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/mlp.hpp>
#include <lamina/models/model.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/training/trainer.hpp>

#include "../catch.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

using Column = std::vector<double>;
enum class Output { softmax, sigmoid };
enum class Rule { cross_entropy, squared_error };
constexpr double rate = 0.5;

/// W (units, inputs), row after row, and b (units).
struct Weights {
  Column W, b;

  double at(std::size_t u, std::size_t f) const { return W[u * W.size() / b.size() + f]; }

  /// z = W·a + b
  Column sum(const Column& a) const {
    Column z = b;
    for (std::size_t u = 0; u < z.size(); ++u)
      for (std::size_t f = 0; f < a.size(); ++f) z[u] += at(u, f) * a[f];
    return z;
  }

  /// W ← W − η·δ·aᵀ,  b ← b − η·δ
  void descend(const Column& delta, const Column& a, double eta) {
    for (std::size_t u = 0; u < b.size(); ++u) {
      for (std::size_t f = 0; f < a.size(); ++f) W[u * a.size() + f] -= eta * delta[u] * a[f];
      b[u] -= eta * delta[u];
    }
  }
};

Column sigmoids(Column z) {
  for (double& number : z) number = 1 / (1 + std::exp(-number));
  return z;
}

Column softmax(Column z) {
  double sum = 0;
  for (double& number : z) sum += number = std::exp(number);
  for (double& number : z) number /= sum;
  return z;
}

/// Two layers after one step along the gradient's mean over the samples (N, F), targets (N, K).
std::vector<Weights> step_by_hand(const std::vector<Weights>& start, const Tensor<double, 2>& x,
                                  const Tensor<double, 2>& y, Output output, Rule rule = Rule::cross_entropy) {
  std::vector<Weights> moved = start;
  const Index N = x.dimension(0), F = x.dimension(1);
  for (Index n = 0; n < N; ++n) {
    const Column a0(x.data() + n * F, x.data() + (n + 1) * F);
    const Column a1 = sigmoids(start[0].sum(a0)), z2 = start[1].sum(a1);
    const Column a2 = output == Output::softmax ? softmax(z2) : sigmoids(z2);
    Column delta2 = a2, delta1(a1.size());
    for (std::size_t k = 0; k < a2.size(); ++k) {
      delta2[k] -= y(n, static_cast<Index>(k));
      if (rule == Rule::squared_error) delta2[k] *= a2[k] * (1 - a2[k]);
    }
    for (std::size_t h = 0; h < a1.size(); ++h) {
      for (std::size_t k = 0; k < a2.size(); ++k) delta1[h] += start[1].at(k, h) * delta2[k];
      delta1[h] *= a1[h] * (1 - a1[h]);
    }
    moved[0].descend(delta1, a0, rate / static_cast<double>(N));
    moved[1].descend(delta2, a1, rate / static_cast<double>(N));
  }
  return moved;
}

using Mlp = BasicModel<double>;

std::vector<Weights> weights_of(const Mlp& model) {
  std::vector<Weights> found(2);
  std::size_t tensors = 0;
  visit_parameters(
      [&](const auto& numbers) {
        Weights& weights = found.at(tensors / 2);
        (tensors++ % 2 == 0 ? weights.W : weights.b).assign(numbers.data(), numbers.data() + numbers.size());
      },
      model.parameters());
  return found;
}

double distance(const std::vector<Weights>& a, const std::vector<Weights>& b) {
  double most = 0;
  for (std::size_t l = 0; l < a.size(); ++l) {
    for (std::size_t i = 0; i < a[l].W.size(); ++i) most = std::max(most, std::abs(a[l].W[i] - b[l].W.at(i)));
    for (std::size_t i = 0; i < a[l].b.size(); ++i) most = std::max(most, std::abs(a[l].b[i] - b[l].b.at(i)));
  }
  return most;
}

struct Case {
  Mlp model{mlp({6, 5, 4}), Shape{6}, Rng{1}};
  Tensor<double, 2> x = drawn(Shape{10, 6}, Rng{2});
  std::vector<Weights> start = weights_of(model);

  template <Loss F>
  std::vector<Weights> step(const F& loss, const Tensor<double, 2>& y) {
    Trainer trainer{loss, SGD{.learning_rate = rate}};
    trainer.step(model, Batch<Tensor<double, 2>>{.x = x, .labels = {}, .targets = y});
    return weights_of(model);
  }
};

}  // namespace

TEST_CASE("a step with softmax and categorical cross-entropy is the one that the equations of 784-30-10 give") {
  Case mlp;
  Tensor<double, 2> y(10, 4);
  y.setZero();
  for (Index n = 0; n < 10; ++n) y(n, n * 7 % 4) = 1;
  const auto stepped = mlp.step(SoftmaxCrossEntropy{}, y);
  CHECK(distance(stepped, step_by_hand(mlp.start, mlp.x, y, Output::softmax)) < 1e-14);
  CHECK(distance(stepped, mlp.start) > 0.01);
}

TEST_CASE("a step with several labels at once is the one that the equations give, and not the squared error's") {
  Case mlp;
  Tensor<double, 2> y(10, 4);
  Rng rng{3};
  for (Index i = 0; i < y.size(); ++i) y.data()[i] = static_cast<double>(rng.below(2));
  const auto stepped = mlp.step(SigmoidCrossEntropy{}, y);
  CHECK(distance(stepped, step_by_hand(mlp.start, mlp.x, y, Output::sigmoid)) < 1e-14);
  CHECK(distance(stepped, step_by_hand(mlp.start, mlp.x, y, Output::sigmoid, Rule::squared_error)) > 0.01);
}
