#include <lamina/optimizers/adam.hpp>

#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

static_assert(Optimizer<Adam> && Optimizer<AdamW>);

namespace {

template <typename O>
double moved(const O& adam, double theta, double gradient, double& m, double& v, std::uint64_t step, double rate = 1,
             bool bias = false) {
  const double* const gradients[] = {&gradient};
  double* const memory[] = {&m, &v};
  CHECK(adam.update(
      ParameterSlice<double>{
          .theta = &theta, .state = memory, .gradients = gradients, .begin = 0, .end = 1, .step = step, .bias = bias},
      rate));
  return theta;
}

}  // namespace

TEST_CASE(
    "Adam's first step is the learning rate's, whatever the gradient's size, and the next ones are those computed by "
    "hand") {
  for (const double gradient : {1e-3, 1.0, 1e6}) {
    double m = 0, v = 0;
    CHECK(moved(Adam{.learning_rate = 0.25, .epsilon = 1e-20}, 4, gradient, m, v, 1) == Approx(3.75).epsilon(1e-14));
    CHECK(moved(Adam{.learning_rate = 0.25, .epsilon = 1e-20}, 4, -gradient, m = 0, v = 0, 1) ==
          Approx(4.25).epsilon(1e-14));
  }
  const Adam adam{.learning_rate = 0.5, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 1};
  double m = 0, v = 0;
  // m = 1, v = 1; corrected 2 and 4: θ = 1 − 0.5·2/(2 + 1)
  const double first = moved(adam, 1, 2, m, v, 1);
  CHECK((m == 1 && v == 1));
  CHECK(first == Approx(2.0 / 3).epsilon(1e-15));
  // m = 0.5·1 − 0.5·1 = 0: no step, though v = 0.75 + 0.25 remembers
  CHECK(moved(adam, first, -1, m, v, 2) == first);
  CHECK((m == 0 && v == 1));
}

TEST_CASE("AdamW shrinks by the learning rate times the decay, the schedule included, whatever the gradient") {
  const AdamW adam{.learning_rate = 0.5, .weight_decay = 0.5};
  for (const double gradient : {0.0, 1.0, -100.0}) {
    double m = 0, v = 0, m0 = 0, v0 = 0;
    const double with = moved(adam, 8, gradient, m, v, 1, 0.5),
                 without = moved(AdamW{.learning_rate = 0.5, .weight_decay = 0}, 8, gradient, m0, v0, 1, 0.5);
    CHECK(without - with == Approx(8 * 0.125).epsilon(1e-14));
    CHECK((m == m0 && v == v0));  // the decay is not in the gradient
  }
  double m = 0, v = 0;
  moved(Adam{.weight_decay = 0.5}, 8, 0, m, v, 1);
  CHECK(m == Approx(0.1 * 4));  // in Adam it is
}

TEST_CASE("biases can be left out of Adam's penalties") {
  const auto penalised = [](auto adam, bool bias) {
    double m = 0, v = 0;
    return moved(adam, 8, 0, m, v, 1, 1, bias) != 8;
  };
  CHECK((penalised(Adam{.weight_decay = 0.1}, false) && penalised(Adam{.weight_decay = 0.1}, true)));
  CHECK((penalised(Adam{.l1 = 0.1}, false) && penalised(Adam{.l1 = 0.1}, true)));
  CHECK((penalised(AdamW{}, false) && penalised(AdamW{}, true)));
  CHECK((penalised(Adam{.weight_decay = 0.1, .decay_biases = false}, false) &&
         !penalised(Adam{.weight_decay = 0.1, .decay_biases = false}, true)));
  CHECK((penalised(Adam{.l1 = 0.1, .decay_biases = false}, false) &&
         !penalised(Adam{.l1 = 0.1, .decay_biases = false}, true)));
  CHECK((penalised(AdamW{.decay_biases = false}, false) && !penalised(AdamW{.decay_biases = false}, true)));
}

TEMPLATE_TEST_CASE("Adam and AdamW refuse what cannot be, in their own names", "", Adam, AdamW) {
  using O = TestType;
  const std::string name(O::name);
  const auto refused = [](const O& adam) { return refusal<OptionError>([&] { adam.check(); }); };
  CHECK_NOTHROW(O{}.check());
  CHECK(refused({.learning_rate = 0}) == name + ": expects a finite learning_rate above 0 but got 0");
  CHECK(refused({.beta1 = 1}) == name + ": expects beta1 of at least 0 and below 1 but got 1");
  CHECK(refused({.beta2 = -0.1}) == name + ": expects beta2 of at least 0 and below 1 but got -0.1");
  CHECK(refused({.beta2 = std::nan("")}) == name + ": expects beta2 of at least 0 and below 1 but got nan");
  CHECK(refused({.epsilon = 0}) == name + ": expects a finite epsilon of at least 1e-30 but got 0");
  CHECK(refused({.weight_decay = -1}) == name + ": expects a finite weight_decay of at least 0 but got -1");
  CHECK(refused({.l1 = INFINITY}) == name + ": expects a finite l1 of at least 0 but got inf");
}
