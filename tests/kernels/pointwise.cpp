#include "../catch.hpp"
#include "reference.hpp"

using namespace reference;

namespace {

/// −inf, −0, 0, NaN and the like first, random numbers behind.
template <typename T>
Buffer<T> awkward(Index n, std::uint64_t seed) {
  Buffer<T> x = Numbers(seed).buffer<T>(n);
  const T infinity = std::numeric_limits<T>::infinity();
  const T special[] = {0, T(-0.0), infinity, -infinity, std::numeric_limits<T>::quiet_NaN(),
                       std::numeric_limits<T>::denorm_min(), -std::numeric_limits<T>::denorm_min()};
  for (Index i = 0; i < n; ++i) {
    if (i % 3 == 1) x[i] = special[(i / 3) % 7];
  }
  return x;
}

template <typename T>
bool same_number(T a, T b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

template <typename T>
Index differences(const Buffer<T>& a, const Buffer<T>& b) {
  Index count = 0;
  for (Index i = 0; i < a.size(); ++i) count += same_number(a[i], b[i]) ? 0 : 1;
  return count;
}

}  // namespace

TEMPLATE_TEST_CASE("ReLU keeps what is positive and NaN, and passes gradients only there", "", float, double) {
  using T = TestType;
  for (Index n = 0; n <= 70; ++n) {
    const Buffer<T> x = awkward<T>(n, 1);
    const Buffer<T> dy = Numbers(2).buffer<T>(n);
    Buffer<T> y(n), dx(n);
    for (Index i = 0; i < n; ++i) {
      y[i] = x[i] <= 0 ? 0 : x[i];
      dx[i] = x[i] <= 0 ? 0 : dy[i];
    }
    for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
      INFO(instruction_set->name << ", n " << n);
      Buffer<T> y_computed(n), dx_computed(n);
      instruction_set->relu(x.data(), y_computed.data(), n);
      instruction_set->relu_backward(x.data(), dy.data(), dx_computed.data(), n);
      CHECK(differences(y_computed, y) == 0);
      CHECK(differences(dx_computed, dx) == 0);
      CHECK((y_computed.intact() && dx_computed.intact()));
    }
  }
}

TEMPLATE_TEST_CASE("the derivative of ReLU at 0 is 0", "", float, double) {
  using T = TestType;
  Buffer<T> x(1), dy(1), dx(1);
  dy[0] = 1;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    for (const T zero : {T(0.0), T(-0.0)}) {
      x[0] = zero;
      instruction_set->relu_backward(x.data(), dy.data(), dx.data(), 1);
      CHECK(dx[0] == 0);
    }
  }
}

TEMPLATE_TEST_CASE("the sigmoid is right to a few roundings on both sides of 0, down to the smallest normal number", "",
                   float, double) {
  using T = TestType;
  const long double smallest = std::numeric_limits<T>::min();
  const Index n = 4001;
  Buffer<T> x(n);
  for (Index i = 0; i < n; ++i)
    x[i] = static_cast<T>(static_cast<double>(i - 2000) * (sizeof(T) == 4 ? 0.0517 : 0.417));
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name);
    Buffer<T> y(n);
    instruction_set->sigmoid(x.data(), y.data(), n);
    long double worst = 0;
    for (Index i = 0; i < n; ++i) {
      const long double e = std::exp(-std::abs(static_cast<long double>(x[i])));
      const long double expected = (x[i] < 0 ? e : 1) / (1 + e);
      if (expected < 1.01L * smallest)
        CHECK(y[i] <= smallest);
      else
        worst = std::max(worst, std::abs(static_cast<long double>(y[i]) / expected - 1));
    }
    CHECK(worst < 4 * std::numeric_limits<T>::epsilon());
    CHECK(y.intact());
  }
}

TEMPLATE_TEST_CASE("the sigmoid of infinities is 0 and 1, of NaN NaN, wherever they stand", "", float, double) {
  using T = TestType;
  for (Index n = 0; n <= 70; ++n) {
    const Buffer<T> x = awkward<T>(n, 9);
    for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
      INFO(instruction_set->name << ", n " << n);
      Buffer<T> y(n);
      instruction_set->sigmoid(x.data(), y.data(), n);
      for (Index i = 0; i < n; ++i) {
        if (std::isnan(x[i]))
          CHECK(std::isnan(y[i]));
        else if (std::isinf(x[i]))
          CHECK(y[i] == (x[i] > 0 ? 1 : 0));
        else
          CHECK(std::abs(y[i] - 1 / (1 + std::exp(-x[i]))) < 4 * std::numeric_limits<T>::epsilon());
      }
      CHECK(y.intact());
    }
  }
}

TEMPLATE_TEST_CASE("leaky ReLU scales what is not positive, and its gradient", "", float, double) {
  using T = TestType;
  const T slope = T(0.125);
  for (Index n = 0; n <= 70; ++n) {
    const Buffer<T> x = awkward<T>(n, 3);
    const Buffer<T> dy = Numbers(4).buffer<T>(n);
    Buffer<T> y(n), dx(n);
    for (Index i = 0; i < n; ++i) {
      y[i] = x[i] > 0 ? x[i] : slope * x[i];
      dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
    }
    for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
      INFO(instruction_set->name << ", n " << n);
      Buffer<T> y_computed(n), dx_computed(n);
      instruction_set->leaky_relu(slope, x.data(), y_computed.data(), n);
      instruction_set->leaky_relu_backward(slope, x.data(), dy.data(), dx_computed.data(), n);
      CHECK(differences(y_computed, y) == 0);
      CHECK(differences(dx_computed, dx) == 0);
      CHECK((y_computed.intact() && dx_computed.intact()));
    }
  }
}

TEMPLATE_TEST_CASE("pointwise functions may write over what they read", "", float, double) {
  using T = TestType;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name);
    Buffer<T> x = awkward<T>(53, 5);
    Buffer<T> y(53);
    instruction_set->relu(x.data(), y.data(), 53);
    instruction_set->relu(x.data(), x.data(), 53);
    CHECK(differences(x, y) == 0);
  }
}

TEMPLATE_TEST_CASE("all 256 bytes become scale times byte plus offset, whatever their number", "", float, double) {
  using T = TestType;
  Buffer<unsigned char> bytes(256);
  for (Index i = 0; i < 256; ++i) bytes[i] = static_cast<unsigned char>(i);
  const T scale = T(1) / 255;
  const T offset = T(-0.5);
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name);
    Buffer<T> whole(256);
    instruction_set->from_bytes(bytes.data(), whole.data(), 256, scale, offset);
    for (Index i = 0; i < 256; ++i) {
      Sum truth;
      truth.add(scale, static_cast<long double>(i));
      truth.add(offset, 1);
      CHECK(close(whole[i], truth));
    }
    // A byte's number does not depend on where the byte stands: exactly sized buffers that end with the last byte.
    for (Index n = 0; n <= 40; ++n) {
      Buffer<unsigned char> last(n);
      for (Index i = 0; i < n; ++i) last[i] = bytes[256 - n + i];
      Buffer<T> y(n);
      instruction_set->from_bytes(last.data(), y.data(), n, scale, offset);
      Index different = 0;
      for (Index i = 0; i < n; ++i) different += y[i] == whole[256 - n + i] ? 0 : 1;
      CHECK(different == 0);
      CHECK(y.intact());
    }
  }
}

namespace {

struct Option {
  double momentum, weight_decay;
  bool nesterov;
};

template <typename T>
void check_sgd(const Option& option, Index shards, Index n, Index begin, Index end) {
  const double rate = 0.1;
  Numbers numbers(static_cast<std::uint64_t>(shards * 1000 + n));
  std::vector<Buffer<T>> gradients;
  std::vector<const T*> pointers;
  for (Index shard = 0; shard < shards; ++shard) gradients.push_back(numbers.buffer<T>(n));
  for (const Buffer<T>& gradient : gradients) pointers.push_back(gradient.data());
  const Buffer<T> theta = numbers.buffer<T>(n);
  const Buffer<T> velocity = numbers.buffer<T>(n);
  const lamina::kernels::SgdStep<T> step{T(rate), T(option.momentum), T(option.weight_decay), option.nesterov};

  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", momentum " << option.momentum << " decay " << option.weight_decay << " nesterov "
                       << option.nesterov << ", " << shards << " shards, " << begin << " … " << end << " of " << n);
    Buffer<T> theta_computed = theta;
    Buffer<T> velocity_computed = velocity;
    T* momentum = option.momentum != 0 ? velocity_computed.data() : nullptr;
    CHECK(instruction_set->sgd_step(pointers.data(), shards, theta_computed.data(), momentum, begin, end, step));
    Index different = 0;
    for (Index i = 0; i < n; ++i) {
      if (i < begin || i >= end) {
        different += theta_computed[i] == theta[i] && velocity_computed[i] == velocity[i] ? 0 : 1;
        continue;
      }
      long double g = static_cast<long double>(step.weight_decay) * theta[i];
      for (const Buffer<T>& gradient : gradients) g += gradient[i];
      const long double v = option.momentum != 0 ? static_cast<long double>(step.momentum) * velocity[i] + g : g;
      const long double direction = option.nesterov ? g + static_cast<long double>(step.momentum) * v : v;
      const Sum after{theta[i] - static_cast<long double>(step.learning_rate) * direction, 2};
      different += close(theta_computed[i], after) ? 0 : 1;
      if (option.momentum == 0) continue;
      different += close(velocity_computed[i], Sum{v, static_cast<long double>(shards + 2)}) ? 0 : 1;
    }
    CHECK(different == 0);
    CHECK((theta_computed.intact() && velocity_computed.intact()));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a step of SGD follows PyTorch's equations with every option", "", float, double) {
  for (const Option& option : {Option{0, 0, false}, Option{0, 0.01, false}, Option{0.9, 0, false},
                               Option{0.9, 0.01, false}, Option{0.9, 0.01, true}})
    for (Index shards : {1, 2, 4, 7})
      for (Index n : {1, 5, 16, 37, 64}) {
        check_sgd<TestType>(option, shards, n, 0, n);
        check_sgd<TestType>(option, shards, n, n / 3, n - n / 4);
      }
}

TEMPLATE_TEST_CASE("gradients are summed in the order of their shards", "", float, double) {
  using T = TestType;
  // In this order 1 is lost in the large number; in any other it is not, or the sum is another.
  const T large = T(4) / std::numeric_limits<T>::epsilon();
  const T shard[3] = {large, 1, -large};
  const T* pointers[] = {shard, shard + 1, shard + 2};
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    T theta = 8;
    CHECK(instruction_set->sgd_step(pointers, 3, &theta, nullptr, 0, 1, {1, 0, 0, false}));
    CHECK(theta == 8);
  }
}

TEMPLATE_TEST_CASE("a step of SGD reports a parameter that is no longer finite, wherever it stands", "", float,
                   double) {
  using T = TestType;
  for (const Kernels<T>* instruction_set : instruction_sets<T>())
    for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(),
                        -std::numeric_limits<T>::infinity()})
      for (Index at = 0; at < 37; ++at) {
        Buffer<T> gradient = Numbers(8).buffer<T>(37);
        gradient[at] = bad;
        const T* pointer = gradient.data();
        Buffer<T> theta = Numbers(9).buffer<T>(37);
        INFO(instruction_set->name << " at " << at);
        CHECK_FALSE(instruction_set->sgd_step(&pointer, 1, theta.data(), nullptr, 0, 37, {T(0.1), 0, 0, false}));
        CHECK(instruction_set->sgd_step(&pointer, 1, theta.data(), nullptr, 0, at, {T(0.1), 0, 0, false}));
      }
}

TEMPLATE_TEST_CASE("a step of SGD calls the largest finite parameter finite", "", float, double) {
  using T = TestType;
  const T zero = 0;
  const T* pointer = &zero;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    T theta = std::numeric_limits<T>::max();
    CHECK(instruction_set->sgd_step(&pointer, 1, &theta, nullptr, 0, 1, {1, 0, 0, false}));
    CHECK(theta == std::numeric_limits<T>::max());
  }
}
