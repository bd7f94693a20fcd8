#include <lamina/optimizers/adam.hpp>

#include "reference.hpp"

using namespace lamina;
using namespace reference;

namespace {

template <typename T, typename O>
void agrees(const std::string& name, const O& adam) {
  constexpr Index count = 11;
  auto theta = numbers<T>(10, Shape{count}), m = theta, v = theta;
  m.setZero();
  v.setZero();
  for (std::uint64_t step = 0; step < 5; ++step) {
    const auto gradient = numbers<T>(static_cast<std::uint32_t>(11 + step), Shape{count});
    const T* const gradients[] = {gradient.data()};
    T* const memory[] = {m.data(), v.data()};
    CHECK(adam.update(ParameterSlice<T>{.theta = theta.data(),
                               .state = memory,
                               .gradients = gradients,
                               .begin = 0,
                               .end = count,
                               .step = step + 1},
                      1 - 0.125 * static_cast<double>(step)));
    check(name + "." + std::to_string(step), theta);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("five steps of Adam and of AdamW agree with PyTorch, with decay, L1 and a falling rate", "", float,
                   double) {
  using T = TestType;
  agrees<T>("adam_plain", Adam{.learning_rate = 0.02});
  agrees<T>("adam_decay", Adam{.learning_rate = 0.02, .weight_decay = 0.03});
  agrees<T>("adam_other",
            Adam{.learning_rate = 0.02, .beta1 = 0.5, .beta2 = 0.8, .epsilon = 1e-2, .weight_decay = 0.1});
  agrees<T>("adam_l1", Adam{.learning_rate = 0.02, .beta2 = 0.99, .weight_decay = 0.03, .l1 = 0.05});
  agrees<T>("adamw_plain", AdamW{.learning_rate = 0.02, .weight_decay = 0});
  agrees<T>("adamw_decay", AdamW{.learning_rate = 0.02, .weight_decay = 0.03});
  agrees<T>("adamw_other",
            AdamW{.learning_rate = 0.02, .beta1 = 0.5, .beta2 = 0.8, .epsilon = 1e-2, .weight_decay = 0.1});
  agrees<T>("adamw_l1", AdamW{.learning_rate = 0.02, .beta2 = 0.99, .weight_decay = 0.03, .l1 = 0.05});
}
