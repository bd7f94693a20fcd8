#include "../catch.hpp"
#include "reference.hpp"

using namespace reference;

namespace {

/// Calls visit(x offset, tap) for every number of x in the window of output (n, p, q), channel c; row-major.
template <typename Visit>
void each_number(const ConvShape& g, Index n, Index p, Index q, Index c, Visit visit) {
  for (Index r = 0; r < g.R; ++r)
    for (Index s = 0; s < g.S; ++s) {
      const Index h = p * g.stride_h + r - g.padding_h;
      const Index w = q * g.stride_w + s - g.padding_w;
      if (h < 0 || h >= g.H || w < 0 || w >= g.W) continue;
      visit(((n * g.H + h) * g.W + w) * g.C + c, r * g.S + s);
    }
}

template <typename Visit>
void each_output(const ConvShape& g, Visit visit) {
  for (Index n = 0; n < g.N; ++n)
    for (Index p = 0; p < g.P; ++p)
      for (Index q = 0; q < g.Q; ++q)
        for (Index c = 0; c < g.C; ++c) visit(n, p, q, c, ((n * g.P + p) * g.Q + q) * g.C + c);
}

template <typename T>
bool same_number(T a, T b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

template <typename T>
void check_max(const ConvShape& g, const Buffer<T>& x) {
  const Index outputs = g.N * g.P * g.Q * g.C;
  Numbers numbers(9);
  const Buffer<T> dy = numbers.buffer<T>(outputs);
  Buffer<T> y(outputs);
  Buffer<winner_t<T>> winner(outputs);
  std::vector<Sum> dx(static_cast<std::size_t>(x.size()));
  each_output(g, [&](Index n, Index p, Index q, Index c, Index o) {
    Index at = -1;
    each_number(g, n, p, q, c, [&](Index i, Index tap) {
      const bool wins = at < 0 || (!std::isnan(x[at]) && (std::isnan(x[i]) || x[i] > x[at]));
      if (!wins) return;
      at = i;
      winner[o] = static_cast<winner_t<T>>(tap);
    });
    y[o] = x[at];
    dx[static_cast<std::size_t>(at)].add(dy[o], 1);
  });

  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", " << sizeof(T) << " bytes, " << text(g));
    Buffer<T> y_computed(outputs), y_inferred(outputs), dx_computed(x.size());
    Buffer<winner_t<T>> winner_computed(outputs);
    instruction_set->max_pool_forward(g, x.data(), y_computed.data(), winner_computed.data());
    instruction_set->max_pool_forward(g, x.data(), y_inferred.data(), nullptr);
    instruction_set->max_pool_backward(g, dy.data(), winner.data(), dx_computed.data());
    Index different = 0;
    for (Index o = 0; o < outputs; ++o) {
      const bool same = same_number(y_computed[o], y[o]) && same_number(y_inferred[o], y[o]);
      different += same && winner_computed[o] == winner[o] ? 0 : 1;
    }
    CHECK(different == 0);
    CHECK(wrong(dx_computed, dx) == 0);
    CHECK((y_computed.intact() && winner_computed.intact() && y_inferred.intact() && dx_computed.intact()));
  }
}

template <typename T>
void check_average(const ConvShape& g, const Buffer<T>& x) {
  const Index outputs = g.N * g.P * g.Q * g.C;
  Numbers numbers(10);
  const Buffer<T> dy = numbers.buffer<T>(outputs);
  std::vector<Sum> y(static_cast<std::size_t>(outputs)), dx(static_cast<std::size_t>(x.size()));
  each_output(g, [&](Index n, Index p, Index q, Index c, Index o) {
    long double count = 0;
    each_number(g, n, p, q, c, [&](Index, Index) { ++count; });
    each_number(g, n, p, q, c, [&](Index i, Index) {
      y[static_cast<std::size_t>(o)].add(x[i], 1 / count);
      dx[static_cast<std::size_t>(i)].add(dy[o], 1 / count);
    });
  });
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", " << sizeof(T) << " bytes, " << text(g));
    Buffer<T> y_computed(outputs), dx_computed(x.size());
    instruction_set->average_pool_forward(g, x.data(), y_computed.data());
    instruction_set->average_pool_backward(g, dy.data(), dx_computed.data());
    CHECK(wrong(y_computed, y) == 0);
    CHECK(wrong(dx_computed, dx) == 0);
    CHECK((y_computed.intact() && dx_computed.intact()));
  }
}

// N, H, W, C, K = C, R, S, stride_h, stride_w, padding_h, padding_w
const ConvShape geometries[] = {
    {2, 6, 8, 3, 3, 2, 2, 2, 2, 0, 0, 0, 0},   {2, 7, 9, 16, 16, 2, 2, 2, 2, 0, 0, 0, 0},
    {1, 7, 9, 33, 33, 3, 3, 2, 2, 1, 1, 0, 0}, {2, 5, 6, 5, 5, 3, 2, 1, 1, 1, 1, 0, 0},
    {1, 5, 6, 8, 8, 2, 3, 1, 2, 1, 0, 0, 0},   {1, 11, 13, 4, 4, 2, 3, 3, 5, 0, 1, 0, 0},
    {1, 4, 5, 7, 7, 4, 5, 1, 1, 2, 2, 0, 0},   {3, 3, 2, 17, 17, 3, 2, 1, 1, 0, 0, 0, 0},
    {1, 1, 1, 9, 9, 2, 2, 1, 1, 1, 1, 0, 0},   {2, 7, 7, 10, 10, 7, 7, 7, 7, 0, 0, 0, 0},
    {1, 3, 4, 6, 6, 1, 1, 1, 1, 0, 0, 0, 0},   {1, 5, 5, 6, 6, 1, 1, 2, 3, 0, 0, 0, 0},
};

}  // namespace

TEMPLATE_TEST_CASE("max pools equal their definition for any geometry, ties included", "", float, double) {
  for (const ConvShape& geometry : geometries) {
    const ConvShape g = window(geometry);
    Numbers numbers(1);
    Buffer<TestType> x = numbers.buffer<TestType>(g.N * g.H * g.W * g.C);
    check_max<TestType>(g, x);
    // Four values only: most windows have ties.
    for (Index i = 0; i < x.size(); ++i) x[i] = static_cast<TestType>(numbers.below(4));
    check_max<TestType>(g, x);
  }
}

TEMPLATE_TEST_CASE("max pools are right for every number of channels", "", float, double) {
  for (Index C = 1; C <= 40; ++C) {
    Numbers numbers(static_cast<std::uint64_t>(C));
    const ConvShape g = window({2, 5, 4, C, C, 2, 3, 1, 2, 1, 1, 0, 0});
    check_max<TestType>(g, numbers.buffer<TestType>(g.N * g.H * g.W * g.C));
    check_average<TestType>(g, numbers.buffer<TestType>(g.N * g.H * g.W * g.C));
  }
}

TEMPLATE_TEST_CASE("among equal maxima the first one gets the whole gradient", "", float, double) {
  using T = TestType;
  const ConvShape g = window({1, 2, 2, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0});
  Buffer<T> x(4), y(1), dy(1);
  x[0] = 1;
  x[1] = x[2] = x[3] = 5;
  dy[0] = 3;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    Buffer<winner_t<T>> winner(1);
    Buffer<T> dx(4);
    instruction_set->max_pool_forward(g, x.data(), y.data(), winner.data());
    instruction_set->max_pool_backward(g, dy.data(), winner.data(), dx.data());
    CHECK(y[0] == 5);
    CHECK(winner[0] == 1);
    CHECK((dx[0] == 0 && dx[1] == 3 && dx[2] == 0 && dx[3] == 0));
  }
}

TEMPLATE_TEST_CASE("padding wins no max, not even against minus infinity", "", float, double) {
  for (const ConvShape& geometry : geometries) {
    const ConvShape g = window(geometry);
    Buffer<TestType> x(g.N * g.H * g.W * g.C);
    for (Index i = 0; i < x.size(); ++i) x[i] = -std::numeric_limits<TestType>::infinity();
    check_max<TestType>(g, x);
  }
}

TEMPLATE_TEST_CASE("a NaN in a window is its maximum, and the first NaN its winner", "", float, double) {
  const TestType nan = std::numeric_limits<TestType>::quiet_NaN();
  for (const ConvShape& geometry : geometries) {
    const ConvShape g = window(geometry);
    Numbers numbers(4);
    Buffer<TestType> x = numbers.buffer<TestType>(g.N * g.H * g.W * g.C);
    for (Index i = 0; i < x.size(); ++i) {
      if (numbers.below(5) == 0) x[i] = nan;
      if (numbers.below(9) == 0) x[i] = std::numeric_limits<TestType>::infinity();
    }
    check_max<TestType>(g, x);
    for (Index i = 0; i < x.size(); ++i) x[i] = nan;
    check_max<TestType>(g, x);
  }
}

TEMPLATE_TEST_CASE("average pools equal their definition for any geometry", "", float, double) {
  for (const ConvShape& geometry : geometries) {
    const ConvShape g = window(geometry);
    Numbers numbers(2);
    check_average<TestType>(g, numbers.buffer<TestType>(g.N * g.H * g.W * g.C));
  }
}

TEMPLATE_TEST_CASE("padding does not count in an average", "", float, double) {
  using T = TestType;
  const ConvShape g = window({1, 4, 5, 3, 3, 3, 3, 1, 1, 1, 1, 0, 0});
  Buffer<T> x(4 * 5 * 3);
  for (Index i = 0; i < x.size(); ++i) x[i] = 3;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    Buffer<T> y(g.P * g.Q * g.C);
    instruction_set->average_pool_forward(g, x.data(), y.data());
    for (Index o = 0; o < y.size(); ++o) CHECK(y[o] == 3);
  }
}
