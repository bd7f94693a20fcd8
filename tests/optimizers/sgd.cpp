#include <lamina/optimizers/sgd.hpp>

#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

static_assert(Optimizer<SGD>);

namespace {

/// torch.optim.SGD for one number, dampening 0, in long double.
struct Scalar {
  long double theta, velocity = 0;

  void step(const SGD& sgd, long double gradient, long double rate) {
    const long double momentum = sgd.momentum, learning_rate = sgd.learning_rate * rate;
    const long double g = gradient + sgd.weight_decay * theta;
    velocity = momentum * velocity + g;
    theta -= learning_rate * (sgd.nesterov ? g + momentum * velocity : velocity);
  }
};

/// The largest relative distance from Scalar over several steps of changing gradients and rates, several shards each.
template <typename T>
double worst_error(const SGD& sgd) {
  const Index n = 37, shards = 3;
  auto theta = drawn<T>(Shape{n}, Rng{1});
  Tensor<T, 1> velocity(n);
  velocity.setZero();
  std::vector<Scalar> exact;
  for (Index i = 0; i < n; ++i) exact.push_back({theta(i)});
  double worst = 0;
  for (std::uint64_t step = 0; step < 8; ++step) {
    const double rate = 1.0 - 0.1 * static_cast<double>(step);
    std::vector<Tensor<T, 1>> parts;
    std::vector<const T*> gradients;
    for (Index s = 0; s < shards; ++s)
      parts.push_back(drawn<T>(Shape{n}, Rng{2}.split(step).split(static_cast<std::uint64_t>(s))));
    for (const auto& part : parts) gradients.push_back(part.data());
    T* const memory[] = {velocity.data()};
    CHECK(sgd.update(ParameterSlice<T>{.theta = theta.data(), .state = memory, .gradients = gradients, .begin = 0, .end = n},
                     rate));
    for (Index i = 0; i < n; ++i) {
      Scalar& scalar = exact[static_cast<std::size_t>(i)];
      scalar.step(sgd, static_cast<long double>(parts[0](i)) + parts[1](i) + parts[2](i), rate);
      worst = std::max(worst,
                       static_cast<double>(std::abs(theta(i) - scalar.theta) / std::max(std::abs(scalar.theta), 0.1L)));
    }
  }
  return worst;
}

std::string refused(const SGD& sgd) {
  return refusal<OptionError>([&] { sgd.check(); });
}

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("SGD agrees with PyTorch's definition, in every combination of momentum, Nesterov and weight decay") {
  for (const double momentum : {0.0, 0.9})
    for (const double weight_decay : {0.0, 0.1})
      for (const bool nesterov : {false, true}) {
        if (nesterov && momentum == 0) continue;
        const SGD sgd{.learning_rate = 0.2, .momentum = momentum, .weight_decay = weight_decay, .nesterov = nesterov};
        CHECK(worst_error<double>(sgd) < 1e-14);
        CHECK(worst_error<float>(sgd) < 1e-5);
      }
}

TEST_CASE("Nesterov's two steps are the numbers computed by hand") {
  const SGD sgd{.learning_rate = 0.5, .momentum = 0.5, .weight_decay = 0.25, .nesterov = true};
  double theta = 4, velocity = 0;
  const double gradient = 1;
  const double* const gradients[] = {&gradient};
  double* const memory[] = {&velocity};
  const ParameterSlice<double> slice{.theta = &theta, .state = memory, .gradients = gradients, .begin = 0, .end = 1};
  sgd.update(slice, 1);  // g = 1 + 0.25·4 = 2, v = 2, θ = 4 − 0.5·(2 + 0.5·2)
  CHECK((velocity == 2 && theta == 2.5));
  sgd.update(slice, 1);  // g = 1 + 0.25·2.5 = 1.625, v = 1 + 1.625, θ = 2.5 − 0.5·(1.625 + 0.5·2.625)
  CHECK((velocity == 2.625 && theta == 2.5 - 0.5 * 2.9375));
}

TEST_CASE("shards are added in their order") {
  // In float 2²⁴ + 1 + 1 is 2²⁴, 1 + 1 + 2²⁴ is not.
  const float large = 16777216, one = 1;
  const auto moved = [](std::vector<const float*> gradients) {
    float theta = 0;
    SGD{.learning_rate = 1}.update(
        ParameterSlice<float>{.theta = &theta, .state = nullptr, .gradients = gradients, .begin = 0, .end = 1}, 1);
    return theta;
  };
  CHECK(moved({&large, &one, &one}) == -16777216);
  CHECK(moved({&one, &one, &large}) == -16777218);
}

TEST_CASE("only the piece that is asked for is moved") {
  auto theta = tensor(Shape{5}, {1, 1, 1, 1, 1});
  const auto gradient = tensor(Shape{5}, {1, 2, 3, 4, 5});
  const double* const gradients[] = {gradient.data()};
  SGD{.learning_rate = 1}.update(
      ParameterSlice<double>{.theta = theta.data(), .state = nullptr, .gradients = gradients, .begin = 1, .end = 3}, 1);
  CHECK(same_bits(theta, tensor(Shape{5}, {1, -1, -2, 1, 1})));
}

TEST_CASE("a number that stops being finite is reported, wherever it stands") {
  for (Index place = 0; place < 40; ++place) {
    auto theta = drawn<float>(Shape{40}, Rng{1}), gradient = drawn<float>(Shape{40}, Rng{2});
    const float* const gradients[] = {gradient.data()};
    const ParameterSlice<float> slice{.theta = theta.data(), .state = nullptr, .gradients = gradients, .begin = 0, .end = 40};
    CHECK(SGD{}.update(slice, 1));
    gradient(place) = place % 2 ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
    CHECK_FALSE(SGD{}.update(slice, 1));
  }
}

TEST_CASE("momentum needs one velocity, plain descent none") {
  CHECK(SGD{}.state_tensors() == 0);
  CHECK(SGD{.momentum = 0.5}.state_tensors() == 1);
}

TEST_CASE("hyper-parameters that cannot be are refused, each with its text") {
  CHECK(refused({.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 1e-4, .nesterov = true}) ==
        "nothing was refused");
  CHECK(refused({.learning_rate = 0}) == "SGD: expects a finite learning_rate above 0 but got 0");
  CHECK(refused({.learning_rate = -0.1}) == "SGD: expects a finite learning_rate above 0 but got -0.1");
  CHECK(refused({.learning_rate = infinity}) == "SGD: expects a finite learning_rate above 0 but got inf");
  CHECK(refused({.learning_rate = std::nan("")}) == "SGD: expects a finite learning_rate above 0 but got nan");
  CHECK(refused({.momentum = 1}) == "SGD: expects a momentum of at least 0 and below 1 but got 1");
  CHECK(refused({.momentum = -0.5}) == "SGD: expects a momentum of at least 0 and below 1 but got -0.5");
  CHECK(refused({.momentum = std::nan("")}) == "SGD: expects a momentum of at least 0 and below 1 but got nan");
  CHECK(refused({.weight_decay = -1}) == "SGD: expects a finite weight_decay of at least 0 but got -1");
  CHECK(refused({.weight_decay = infinity}) == "SGD: expects a finite weight_decay of at least 0 but got inf");
  CHECK(refused({.l1 = -1}) == "SGD: expects a finite l1 of at least 0 but got -1");
  CHECK(refused({.l1 = std::nan("")}) == "SGD: expects a finite l1 of at least 0 but got nan");
  CHECK(refused({.nesterov = true}) == "SGD: nesterov expects a momentum above 0 but got 0");
}

TEST_CASE("biases can be left out of SGD's penalties") {
  const auto after = [](const SGD& sgd, bool bias) {
    double theta = 8;
    const double gradient = 1, *const gradients[] = {&gradient};
    sgd.update(
        ParameterSlice<double>{.theta = &theta, .state = nullptr, .gradients = gradients, .begin = 0, .end = 1, .bias = bias},
        1);
    return theta;
  };
  CHECK(after({.learning_rate = 1, .weight_decay = 0.25, .l1 = 0.5}, true) == 8 - 1 - 2 - 0.5);
  CHECK(after({.learning_rate = 1, .weight_decay = 0.25, .l1 = 0.5, .decay_biases = false}, false) == 8 - 1 - 2 - 0.5);
  CHECK(after({.learning_rate = 1, .weight_decay = 0.25, .l1 = 0.5, .decay_biases = false}, true) == 7);
}
