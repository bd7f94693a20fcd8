#include <lamina/optimizers/sgd.hpp>

#include "reference.hpp"

using namespace lamina;
using namespace reference;

TEMPLATE_TEST_CASE("five steps of SGD agree with PyTorch: momentum, Nesterov's form, weight decay, a falling rate", "",
                   float, double) {
  using T = TestType;
  constexpr Index count = 11;
  for (const auto& [momentum, nesterov, start] :
       {std::tuple{0.0, false, "sgd_0.0_0_"}, std::tuple{0.9, false, "sgd_0.9_0_"},
        std::tuple{0.9, true, "sgd_0.9_1_"}})
    for (const auto& [weight_decay, end] : {std::pair{0.0, "0.0"}, std::pair{0.03, "0.03"}}) {
      const SGD sgd{.learning_rate = 0.2, .momentum = momentum, .weight_decay = weight_decay, .nesterov = nesterov};
      auto theta = numbers<T>(10, Shape{count}), velocity = theta;
      velocity.setZero();
      for (int step = 0; step < 5; ++step) {
        const auto gradient = numbers<T>(static_cast<std::uint32_t>(11 + step), Shape{count});
        const T* const gradients[] = {gradient.data()};
        T* const memory[] = {velocity.data()};
        CHECK(sgd.update(
            ParameterSlice<T>{.theta = theta.data(), .state = memory, .gradients = gradients, .begin = 0, .end = count},
            1 - 0.125 * step));
        check(std::string(start) + end + "." + std::to_string(step), theta);
      }
    }
}
