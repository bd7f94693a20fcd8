#include "../catch.hpp"
#include "reference.hpp"

#include <cmath>
#include <utility>

using namespace reference;
using lamina::kernels::AdamStep;

namespace {

template <typename T>
void check_adam(const AdamStep<T>& step, Index shards, Index n, Index begin, Index end) {
  Numbers numbers(static_cast<std::uint64_t>(shards * 1000 + n));
  std::vector<Buffer<T>> gradients;
  std::vector<const T*> pointers;
  for (Index shard = 0; shard < shards; ++shard) gradients.push_back(numbers.buffer<T>(n));
  for (const Buffer<T>& gradient : gradients) pointers.push_back(gradient.data());
  const Buffer<T> theta = numbers.buffer<T>(n), mean = numbers.buffer<T>(n);
  Buffer<T> square = numbers.buffer<T>(n);
  for (Index i = 0; i < n; ++i) square[i] = std::abs(square[i]);

  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", " << shards << " shards, " << begin << " … " << end << " of " << n << ", l1 " << step.l1);
    Buffer<T> computed = theta, m = mean, v = square;
    CHECK(instruction_set->adam_step(pointers.data(), shards, computed.data(), m.data(), v.data(), begin, end, step));
    Index different = 0;
    for (Index i = 0; i < n; ++i) {
      if (i < begin || i >= end) {
        different += computed[i] == theta[i] && m[i] == mean[i] && v[i] == square[i] ? 0 : 1;
        continue;
      }
      using Exact = long double;
      Exact g = 0;
      for (const Buffer<T>& gradient : gradients) g += gradient[i];
      g += Exact(step.weight_decay) * theta[i] + Exact(step.l1) * (theta[i] > 0 ? 1 : theta[i] < 0 ? -1 : 0);
      const Exact new_m = Exact(step.beta1) * mean[i] + Exact(step.beta1_rest) * g;
      const Exact new_v = Exact(step.beta2) * square[i] + Exact(step.beta2_rest) * g * g;
      const Exact after = Exact(step.keep) * theta[i] -
                          Exact(step.rate) * new_m / (std::sqrt(new_v) * Exact(step.root) + Exact(step.epsilon));
      const Exact rounding = 40 * std::numeric_limits<T>::epsilon();
      different += std::abs(m[i] - new_m) <= rounding * (1 + std::abs(g)) ? 0 : 1;
      different += std::abs(v[i] - new_v) <= rounding * (1 + g * g) ? 0 : 1;
      different += std::abs(computed[i] - after) <= rounding * (1 + std::abs(after)) ? 0 : 1;
    }
    CHECK(different == 0);
    CHECK((computed.intact() && m.intact() && v.intact()));
  }
}

template <typename T>
AdamStep<T> plain() {
  return {T(0.9), T(0.1), T(0.99), T(0.01), T(0.05), T(2), T(1e-3), 0, 0, 1};
}

}  // namespace

TEMPLATE_TEST_CASE("a step of Adam follows its equations in every instruction set, and moves nothing else", "", float, double) {
  using T = TestType;
  AdamStep<T> penalised = plain<T>();
  penalised.l1 = T(0.05);
  penalised.weight_decay = T(0.1);
  AdamStep<T> shrinking = plain<T>();
  shrinking.keep = T(0.75);
  for (const AdamStep<T>& step : {plain<T>(), penalised, shrinking})
    for (Index shards : {1, 3})
      for (Index n : {1, 5, 16, 37, 64}) {
        check_adam<T>(step, shards, n, 0, n);
        check_adam<T>(step, shards, n, n / 3, n - n / 4);
      }
}

TEMPLATE_TEST_CASE("a step of Adam reports a parameter that is no longer finite, wherever it stands", "", float,
                   double) {
  using T = TestType;
  for (const Kernels<T>* instruction_set : instruction_sets<T>())
    for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()})
      for (Index at = 0; at < 37; ++at) {
        Buffer<T> gradient = Numbers(8).buffer<T>(37), theta = Numbers(9).buffer<T>(37), m(37), v(37);
        for (Index i = 0; i < 37; ++i) m[i] = v[i] = 0;
        gradient[at] = bad;
        const T* pointer = gradient.data();
        INFO(instruction_set->name << " at " << at);
        CHECK(instruction_set->adam_step(&pointer, 1, theta.data(), m.data(), v.data(), 0, at, plain<T>()));
        CHECK_FALSE(instruction_set->adam_step(&pointer, 1, theta.data(), m.data(), v.data(), at, 37, plain<T>()));
      }
}

TEMPLATE_TEST_CASE("L1 pulls towards 0 from both sides, and leaves 0 alone", "", float, double) {
  using T = TestType;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    T theta[3] = {2, 0, -2}, m[3] = {}, v[3] = {};
    const T zeros[3] = {}, *gradient = zeros;
    CHECK(instruction_set->sgd_step(&gradient, 1, theta, nullptr, 0, 3, {1, 0, 0, false, T(0.5)}));
    CHECK((theta[0] == T(1.5) && theta[1] == 0 && theta[2] == T(-1.5)));
    AdamStep<T> step = plain<T>();
    step.l1 = T(0.5);
    CHECK(instruction_set->adam_step(&gradient, 1, theta, m, v, 0, 3, step));
    CHECK((theta[0] < T(1.5) && theta[1] == 0 && theta[2] == -theta[0]));
  }
}
