#include <lamina/layers/sigmoid.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/focal_loss.hpp>
#include <lamina/losses/huber.hpp>
#include <lamina/losses/mean_absolute_error.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>

#include "reference.hpp"

using namespace lamina;
using namespace reference;

namespace {

constexpr Shape rows{6, 5};

template <typename T, typename F>
void agrees(const std::string& name, const F& loss, const Tensor<T, 2>& z, const TargetView<T>& y) {
  Tensor<T, 2> dz;
  const double scale = detail::mean_scale(rows[0], detail::weight_of(loss, y));
  const double value = scale * loss(z, y, rows[0], dz);
  for (Index i = 0; i < dz.size(); ++i) dz.data()[i] *= static_cast<T>(scale);
  check(name + ".loss", &value, 1, tolerance<T>);
  check(name + ".dz", dz);
}

template <typename T>
Tensor<T, 2> softmax(Tensor<T, 2> z) {
  for (Index n = 0; n < z.dimension(0); ++n) detail::softmax_row(z.data() + 5 * n, 5, z.data() + 5 * n);
  return z;
}

}  // namespace

TEMPLATE_TEST_CASE("every loss agrees with PyTorch: value and gradient", "", float, double) {
  using T = TestType;
  const auto z = numbers<T>(6, rows, 4), p = softmax(z);
  Tensor<T, 2> a = z;
  for (Index i = 0; i < a.size(); ++i) a.data()[i] = 1 / (1 + std::exp(-z.data()[i]));
  const auto numbered = labels(7, 6, 5);
  const TargetView<T> y(numbered);
  const auto soft = softmax(numbers<T>(8, rows, 3));
  Tensor<T, 2> ignored;
  auto several = numbers<T>(9, rows), between = several, real = several;
  for (Index i = 0; i < several.size(); ++i) {
    several.data()[i] = real.data()[i] > 0;
    between.data()[i] = real.data()[i] / 2 + T(0.5);
  }

  agrees<T>("softmax_cross_entropy_labels", SoftmaxCrossEntropy{}, z, y);
  agrees<T>("softmax_cross_entropy_rows", SoftmaxCrossEntropy{}, z, soft);
  agrees<T>("cross_entropy_labels", CrossEntropy{}, p, y);
  agrees<T>("cross_entropy_rows", CrossEntropy{}, p, soft);
  std::vector<double> w;
  for (Index k = 0; k < 5; ++k) w.push_back(number(17, k) + 1.5);
  for (const auto& [name, loss] :
       {std::pair{"weighted", SoftmaxCrossEntropy{.class_weights = w}},
        std::pair{"smoothed", SoftmaxCrossEntropy{.label_smoothing = 0.1}},
        std::pair{"both", SoftmaxCrossEntropy{.label_smoothing = 0.3, .class_weights = w}}}) {
    agrees<T>(std::string("softmax_cross_entropy_labels_") + name, loss, z, y);
    agrees<T>(std::string("softmax_cross_entropy_rows_") + name, loss, z, soft);
    // The same function of the logits, by way of the probabilities.
    CHECK(CrossEntropy{loss.label_smoothing, loss.class_weights}(p, y, 6, ignored) ==
          Approx(loss(z, y, 6, ignored)).epsilon(sizeof(T) == 8 ? 1e-13 : 1e-5));
    CHECK(CrossEntropy{loss.label_smoothing, loss.class_weights}(p, soft, 6, ignored) ==
          Approx(loss(z, soft, 6, ignored)).epsilon(sizeof(T) == 8 ? 1e-13 : 1e-5));
  }
  for (const double gamma : {0.5, 2.0}) {
    const std::string name = gamma == 2 ? "2.0" : "0.5";
    agrees<T>("focal_labels_" + name, FocalLoss{.gamma = gamma}, z, y);
    agrees<T>("focal_rows_" + name, FocalLoss{.gamma = gamma, .class_weights = w}, z, soft);
  }
  agrees<T>("cross_entropy_labels_weighted", CrossEntropy{.class_weights = w}, p, y);
  agrees<T>("sigmoid_cross_entropy_several", SigmoidCrossEntropy{}, z, several);
  agrees<T>("sigmoid_cross_entropy_between", SigmoidCrossEntropy{}, z, between);
  agrees<T>("sigmoid_cross_entropy_labels", SigmoidCrossEntropy{}, z, y);
  agrees<T>("binary_cross_entropy_several", BinaryCrossEntropy{}, a, several);
  agrees<T>("binary_cross_entropy_between", BinaryCrossEntropy{}, a, between);
  agrees<T>("mean_squared_error_rows", MeanSquaredError{}, z, real);
  agrees<T>("mean_squared_error_labels", MeanSquaredError{}, z, y);
  agrees<T>("mean_absolute_error_rows", MeanAbsoluteError{}, z, real);
  agrees<T>("mean_absolute_error_labels", MeanAbsoluteError{}, z, y);
  for (const double delta : {0.5, 2.0}) {
    const std::string name = delta == 2 ? "2.0" : "0.5";
    agrees<T>("huber_rows_" + name, Huber{.delta = delta}, z, real);
    agrees<T>("huber_labels_" + name, Huber{.delta = delta}, z, y);
  }
}
