#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/training/trainer.hpp>

#include "../lenet.hpp"
#include "reference.hpp"

using namespace lamina;
using namespace reference;

namespace {

/// Where the number at a place of PyTorch's weights stands in ours: (K, C, R, S) against (R, S, C, K).
Index place_of(const Shape<4>& ours, Index place) {
  const auto [R, S, C, K] = ours;
  const Index s = place % S, r = place / S % R, c = place / (S * R) % C, k = place / (S * R * C);
  return ((r * S + s) * C + c) * K + k;
}

/// The same for a dense layer behind 16 images of 5 × 5: (U, C, H, W) against (U, H, W, C).
Index place_of(const Shape<2>& ours, Index place) {
  if (ours[1] != 400) return place;
  const Index w = place % 5, h = place / 5 % 5, c = place / 25 % 16, u = place / 400;
  return ((u * 5 + h) * 5 + w) * 16 + c;
}

template <int Rank>
Index place_of(const Shape<Rank>&, Index place) {  // biases
  return place;
}

/// How many numbers one unit of a layer sums over; of biases, what pytorch.py takes.
template <int Rank>
double fan_in(const Shape<Rank>& ours) {
  if constexpr (Rank == 4) return static_cast<double>(ours[0] * ours[1] * ours[2]);
  else if constexpr (Rank == 2) return static_cast<double>(ours[1]);
  else return 100;
}

}  // namespace

TEMPLATE_TEST_CASE("ten training steps of LeNet agree with PyTorch: every loss, and the weights after them", "", float,
                   double) {
  using T = TestType;
  BasicModel<T> model{lenet, Shape{28, 28, 1}, Rng{}};
  CHECK(model.parameter_count() == 61706);
  std::uint32_t seed = 20;
  visit_parameters(
      [&](auto& theta) {
        const double scale = std::sqrt(3 / fan_in(shape(theta)));
        for (Index i = 0; i < theta.size(); ++i)
          theta.data()[place_of(shape(theta), i)] = static_cast<float>(number(seed, i) * scale);
        ++seed;
      },
      model.parameters());

  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  std::vector<double> losses;
  Batch<Tensor<T, 4>> batch;
  for (std::uint32_t step = 0; step < 10; ++step) {
    batch.x = numbers<T>(40 + step, Shape{8, 28, 28, 1}, 0.5);
    for (Index i = 0; i < batch.x.size(); ++i) batch.x.data()[i] += T(0.5);
    batch.labels = labels(60 + step, 8, 10);
    losses.push_back(trainer.step(model, batch).loss);
  }
  const double relative = sizeof(T) == 8 ? 1e-11 : 1e-5;
  check("lenet.losses", losses.data(), std::ssize(losses), relative);

  detail::visit_named_parameters(
      [&](const std::string& name, const auto& theta) {
        std::vector<double> ours{0, 0};
        for (Index i = 0; i < theta.size(); ++i) {
          const double value = static_cast<double>(theta.data()[place_of(shape(theta), i)]);
          ours[0] += value;
          ours[1] += value * value;
          if (i % 97 == 0) ours.push_back(value);
        }
        const std::vector<double>& wanted = expected("lenet." + name);
        REQUIRE(ours.size() == wanted.size());
        double largest = 0, worst = 0;
        for (std::size_t i = 2; i < ours.size(); ++i) {
          largest = std::max(largest, std::abs(wanted[i]));
          worst = std::max(worst, std::abs(ours[i] - wanted[i]));
        }
        INFO(name);
        CHECK(worst <= relative * largest);
        CHECK(std::abs(ours[0] - wanted[0]) <= relative * largest * static_cast<double>(theta.size()));
        CHECK(ours[1] == Approx(wanted[1]).epsilon(relative));
      },
      model.parameters());
}
