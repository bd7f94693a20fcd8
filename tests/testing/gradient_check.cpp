#include <lamina/testing/gradient_check.hpp>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

enum class Fault {
  none, factor_dx, factor_dp, wrong_sign, missing_term, unwritten_dx, unwritten_dp, adds, unwritten_y, zero_everywhere,
  zero_backward, shape_of_y, shape_of_dx
};

/// y = w·x² + b per feature, with one fault.
struct Faulty {
  Fault fault = Fault::none;

  static constexpr std::string_view name = "Faulty";
  template <typename T>
  struct Parameters {
    Tensor<T, 1> weight, bias;
    template <typename Visitor, typename... Self>
    static void visit(Visitor&& visitor, Self&... self) {
      visitor("weight", self.weight...);
      visitor("bias", self.bias...);
    }
  };
  template <AnyTensor>
  using Workspace = None;
  Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng rng) const {
    return {drawn<T>(Shape{in[1]}, rng), Tensor<T, 1>(Tensor<T, 1>(in[1]).setZero())};
  }
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    reshape(y, fault == Fault::shape_of_y ? Shape{x.dimension(0) + 1, x.dimension(1)} : shape(x));
    for (Index i = fault == Fault::unwritten_y ? 1 : 0; i < x.size(); ++i) {
      const Index f = i % x.dimension(1);
      y.data()[i] = fault == Fault::zero_everywhere ? T(0) : p.weight(f) * x.data()[i] * x.data()[i] + p.bias(f);
    }
  }
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>&, const Tensor<T, 2>& dy, None&,
                Tensor<T, 2>* dx, Parameters<T>& dp) const {
    const bool zero = fault == Fault::zero_everywhere || fault == Fault::zero_backward;
    reshape(dx, fault == Fault::shape_of_dx ? Shape{x.dimension(0), x.dimension(1) + 1} : shape(x));
    reshape(dp.weight, shape(p.weight));
    reshape(dp.bias, shape(p.bias));
    if (fault != Fault::adds) {
      dp.weight.setZero();
      dp.bias.setZero();
    }
    if (fault == Fault::shape_of_dx) dx->setZero();
    for (Index i = 0; i < x.size(); ++i) {
      const Index f = i % x.dimension(1);
      const T v = x.data()[i], d = zero ? T(0) : dy.data()[i];
      if (dx && !(fault == Fault::unwritten_dx && i == 3))
        dx->data()[i] = 2 * v * p.weight(f) * d * (fault == Fault::factor_dx ? T(1.001) : T(1)) *
                        (fault == Fault::wrong_sign ? T(-1) : T(1));
      dp.weight(f) += v * v * d * (fault == Fault::factor_dp ? T(1.001) : T(1));
      if (fault != Fault::missing_term || i > 0) dp.bias(f) += d;
    }
    if (fault == Fault::unwritten_dp) dp.bias(1) = std::numeric_limits<T>::quiet_NaN();
  }
};

GradientReport check(Fault fault) { return check_gradient(Faulty{fault}, Shape{3, 4}); }

/// A loss ½·|z|² / batch whose gradient is wrong by a factor.
struct FaultyLoss {
  double factor = 1;
  static constexpr std::string_view name = "FaultyLoss";
  static constexpr bool expects_logits = true;
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const TargetView<T>&, Index batch, Tensor<T, 2>& dz) const {
    reshape(dz, shape(z));
    double sum = 0;
    for (Index i = 0; i < z.size(); ++i) {
      sum += 0.5 * static_cast<double>(z.data()[i] * z.data()[i]);
      dz.data()[i] = static_cast<T>(factor) * z.data()[i] / static_cast<T>(batch);
    }
    return sum / static_cast<double>(batch);
  }
  template <typename T>
  double correct(const Tensor<T, 2>&, const TargetView<T>&) const {
    return 0;
  }
};

/// Σ|z|, with a kink wherever z is 0.
struct Absolute {
  static constexpr std::string_view name = "Absolute";
  static constexpr bool expects_logits = true;
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const TargetView<T>&, Index, Tensor<T, 2>& dz) const {
    reshape(dz, shape(z));
    double sum = 0;
    for (Index i = 0; i < z.size(); ++i) {
      sum += static_cast<double>(std::abs(z.data()[i]));
      dz.data()[i] = z.data()[i] > 0 ? T(1) : T(-1);
    }
    return sum;
  }
  template <typename T>
  double correct(const Tensor<T, 2>&, const TargetView<T>&) const {
    return 0;
  }
};

/// Dense with all weights 0, so that every number of its output is its bias.
using Silent = BasicDense<Zeros, Zeros>;

}  // namespace

TEST_CASE("a right layer passes") {
  const auto report = check(Fault::none);
  INFO(report);
  CHECK(report.passed());
  CHECK(report.worst < 1e-9);
  CHECK(report.checked == 12 + 4 + 4);
}

TEST_CASE("an input gradient that is off by a thousandth fails, and the report says where") {
  const auto report = check(Fault::factor_dx);
  CHECK_FALSE(report.passed());
  CHECK(report.worst == Approx(0.001 / 1.001).epsilon(1e-3));
  CHECK(report.where.substr(0, 2) == "x[");
  CHECK(report.analytic == Approx(1.001 * report.numeric).epsilon(1e-6));
}

TEST_CASE("a parameter gradient that is off by a thousandth fails, and the report says where") {
  const auto report = check(Fault::factor_dp);
  CHECK_FALSE(report.passed());
  CHECK(report.where.substr(0, 7) == "weight[");
}

TEST_CASE("a wrong sign fails") { CHECK(check(Fault::wrong_sign).worst == Approx(2)); }

TEST_CASE("a missing term of a parameter that starts at zero fails") {
  const auto report = check(Fault::missing_term);
  CHECK_FALSE(report.passed());
  CHECK(report.where == "bias[0]");
}

TEST_CASE("a gradient that is not written fails") {
  CHECK(check(Fault::unwritten_dx).where == "x[3]");
  CHECK_FALSE(check(Fault::unwritten_dx).passed());
  CHECK(check(Fault::unwritten_dp).where == "bias[1]");
  CHECK_FALSE(check(Fault::unwritten_dp).passed());
}

TEST_CASE("a gradient that is added to instead of overwritten fails") { CHECK_FALSE(check(Fault::adds).passed()); }

TEST_CASE("an output that is not written fails") { CHECK_FALSE(check(Fault::unwritten_y).passed()); }

TEST_CASE("derivatives that are zero everywhere prove nothing and fail") {
  const auto report = check(Fault::zero_everywhere);
  CHECK(report.worst == 0);
  CHECK(report.zero);
  CHECK_FALSE(report.passed());
  CHECK(str_cat(report) ==
        "FAILED: worst relative error 0 at x[3] (backward 0, differences 0), 20 coordinates, every derivative zero");
}

TEST_CASE("a backward pass that gives zero for a forward pass that moves fails") {
  CHECK(check(Fault::zero_backward).worst == Approx(1));
  CHECK_FALSE(check(Fault::zero_backward).passed());
}

TEST_CASE("outputs of other shapes than promised are refused") {
  CHECK(refusal<ShapeError>([] { check(Fault::shape_of_y); }) ==
        "Faulty: expects y to be given the shape (3, 4) but got (4, 4)");
  CHECK(refusal<ShapeError>([] { check(Fault::shape_of_dx); }) ==
        "Faulty: expects dx to be given the shape (3, 4) but got (3, 5)");
}

TEST_CASE("layers with kinks pass from many starting points: points near a kink are moved away") {
  // With a step this wide nearly every check meets a kink.
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto relu = check_gradient(ReLU{}, Shape{2, 3, 5, 3}, {.step = 1e-2, .seed = seed});
    const auto pool = check_gradient(MaxPool{.window = 3, .stride = 1}, Shape{2, 4, 5, 2},
                                     {.tolerance = 1e-6, .step = 1e-2, .seed = seed});
    INFO(relu << "\n" << pool);
    CHECK(relu.passed());
    CHECK(pool.passed());
  }
}

TEST_CASE("a kink at the very test point, or near it, is noticed and left") {
  for (const double z : {0.0, 1e-12, -1e-7, 1e-5, 4e-5, 5e-5, -6e-5, 9.99e-5}) {
    const auto report = check_loss_gradient(Absolute{}, tensor(Shape{1, 2}, {z, 1}), std::vector<std::int32_t>{0}, 1);
    INFO(z << ": " << report);
    CHECK(report.passed());
  }
}

TEST_CASE("a network with rectifiers and a pool passes from many starting points") {
  constexpr Sequential network{Conv{.filters = 3, .kernel = 3, .padding = 1}, ReLU{}, MaxPool{}, Flatten{},
                               Dense{.units = 4}};
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto report = check_gradient(network, Shape{2, 4, 6, 2}, {.seed = seed});
    INFO(report);
    CHECK(report.passed());
  }
}

TEST_CASE("parameters that start at zero are drawn: a layer of zero weights is checked all the same") {
  const auto report = check_gradient(Silent{.units = 3}, Shape{2, 4});
  CHECK(report.passed());
  CHECK(report.checked == 8 + 12 + 3);
}

TEST_CASE("as many coordinates are tried as asked for, and the tolerance decides") {
  CHECK(check_gradient(Faulty{}, Shape{3, 4}, {.probes = 2}).checked == 6);
  CHECK(check_gradient(Faulty{Fault::factor_dx}, Shape{3, 4}, {.tolerance = 0.01}).passed());
  CHECK_FALSE(check_gradient(Faulty{}, Shape{3, 4}, {.probes = 0}).passed());
}

TEST_CASE("a right loss passes and one that is off by a thousandth fails") {
  const auto z = drawn(Shape{3, 4}, Rng{1});
  const std::vector<std::int32_t> labels{0, 1, 2};
  CHECK(check_loss_gradient(FaultyLoss{}, z, labels, 7).passed());
  const auto report = check_loss_gradient(FaultyLoss{1.001}, z, labels, 7);
  CHECK_FALSE(report.passed());
  CHECK(report.where.substr(0, 2) == "z[");
  CHECK_FALSE(check_loss_gradient(FaultyLoss{0}, z, labels, 7).passed());
  CHECK(check_loss_gradient(SoftmaxCrossEntropy{}, z, labels, 7).passed());
}

TEST_CASE("a report reads as one line") {
  GradientReport report{.worst = 0.25,
                        .where = "3.weight[7]",
                        .analytic = 1,
                        .numeric = 0.75,
                        .checked = 9,
                        .zero = false,
                        .tolerance = 1e-7};
  CHECK(str_cat(report) ==
        "FAILED: worst relative error 0.25 at 3.weight[7] (backward 1, differences 0.75), 9 coordinates");
  report.tolerance = 0.5;
  CHECK(str_cat(report) ==
        "passed: worst relative error 0.25 at 3.weight[7] (backward 1, differences 0.75), 9 coordinates");
}
