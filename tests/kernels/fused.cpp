#include "../catch.hpp"
#include "reference.hpp"

using namespace reference;

namespace {

struct Sizes {
  Index x, w, z, y;  // z: the convolution's output
};
Sizes sizes(const ConvShape& g) {
  return {g.N * g.H * g.W * g.C, g.R * g.S * g.C * g.K, g.N * g.P * g.Q * g.K, g.N * (g.P / 2) * (g.Q / 2) * g.K};
}

ConvShape pool_of(const ConvShape& g) {
  return {.N = g.N, .H = g.P, .W = g.Q, .C = g.K, .K = g.K, .R = 2, .S = 2, .stride_h = 2, .stride_w = 2,
          .padding_h = 0, .padding_w = 0, .P = g.P / 2, .Q = g.Q / 2};
}

template <typename T>
bool same(const Buffer<T>& a, const Buffer<T>& b) {
  bool all = true;
  for (Index i = 0; i < a.size(); ++i) all = all && (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])));
  return all;
}

/// Small whole numbers: every sum of their products is exact in any order, and many are equal.
template <typename T>
Buffer<T> whole_numbers(Index n, std::uint64_t seed) {
  Numbers draw(seed);
  Buffer<T> numbers(n);
  for (Index i = 0; i < n; ++i) numbers[i] = static_cast<T>(draw.below(5) - 2);
  return numbers;
}

/// conv, relu and pool in one walk give the very numbers they give one after another, on numbers without rounding.
template <typename T>
void check(ConvShape g, bool with_nan = false) {
  g.winograd = false;
  const Sizes size = sizes(g);
  Buffer<T> x = whole_numbers<T>(size.x, 1);
  if (with_nan)
    for (Index i = 0; i < size.x; i += 11)
      x[i] = std::numeric_limits<T>::quiet_NaN() * static_cast<T>(i % 2 == 0 ? 1 : -1);
  const Buffer<T> w = whole_numbers<T>(size.w, 2);
  const Buffer<T> b = whole_numbers<T>(g.K, 3);
  const Buffer<T> dy = whole_numbers<T>(size.y, 4);
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", " << sizeof(T) << " bytes, " << text(g));
    Buffer<T> z(size.z), a(size.z), y(size.y), da(size.z), dz(size.z), dx(size.x), dw(size.w), db(g.K);
    Buffer<winner_t<T>> place(size.y);
    Scratch<T> scratch(instruction_set->conv_scratch(g));
    instruction_set->conv_forward(g, x.data(), w.data(), b.data(), z.data(), scratch.data());
    instruction_set->relu(z.data(), a.data(), size.z);
    instruction_set->max_pool_forward(pool_of(g), a.data(), y.data(), place.data());
    instruction_set->max_pool_backward(pool_of(g), dy.data(), place.data(), da.data());
    instruction_set->relu_backward(z.data(), da.data(), dz.data(), size.z);
    instruction_set->conv_backward(g, x.data(), w.data(), dz.data(), dx.data(), dw.data(), db.data(), scratch.data());

    Buffer<T> y_fused(size.y), y_inferred(size.y), dx_fused(size.x), dw_fused(size.w), db_fused(g.K), dw_alone(size.w),
        db_alone(g.K);
    Buffer<unsigned char> winner(size.y);
    Scratch<T> fresh(instruction_set->conv_scratch(g));
    instruction_set->conv_relu_pool_forward(g, x.data(), w.data(), b.data(), y_fused.data(), winner.data(), fresh.data());
    instruction_set->conv_relu_pool_forward(g, x.data(), w.data(), b.data(), y_inferred.data(), nullptr, fresh.data());
    instruction_set->conv_relu_pool_backward(g, x.data(), w.data(), dy.data(), winner.data(), dx_fused.data(), dw_fused.data(),
                                     db_fused.data(), fresh.data());
    instruction_set->conv_relu_pool_backward(g, x.data(), w.data(), dy.data(), winner.data(), nullptr, dw_alone.data(),
                                     db_alone.data(), fresh.data());
    CHECK(same(y_fused, y));
    CHECK(same(y_inferred, y));
    CHECK(same(dx_fused, dx));
    CHECK(same(dw_fused, dw));
    CHECK(same(db_fused, db));
    CHECK(same(dw_alone, dw));
    CHECK(same(db_alone, db));
    CHECK((y_fused.intact() && y_inferred.intact() && winner.intact() && fresh.intact()));
    CHECK((dx_fused.intact() && dw_fused.intact() && db_fused.intact() && dw_alone.intact() && db_alone.intact()));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a convolution, ReLU and pool in one walk are the three one after another, equal numbers included",
                   "", float, double) {
  // N, H, W, C, K, R, S, stride_h, stride_w, padding_h, padding_w
  const ConvShape geometries[] = {
      {2, 2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0},     // one window of an image
      {2, 8, 6, 3, 5, 3, 3, 1, 1, 0, 0, 0, 0},     //
      {2, 9, 7, 3, 5, 3, 2, 1, 1, 1, 1, 0, 0},     // a row and a column that the pool leaves out
      {2, 11, 13, 2, 17, 3, 3, 2, 1, 1, 0, 0, 0},  //
      {1, 12, 10, 1, 8, 3, 3, 1, 1, 0, 0, 0, 0},   // first layers
      {3, 11, 9, 1, 40, 3, 3, 1, 1, 1, 1, 0, 0},   //
      {2, 12, 16, 1, 6, 5, 5, 1, 1, 2, 2, 0, 0},   //
      {2, 9, 8, 1, 19, 5, 5, 1, 1, 0, 0, 0, 0},    //
      {2, 9, 8, 3, 33, 3, 3, 1, 1, 1, 1, 0, 0},    //
      {2, 8, 11, 4, 7, 5, 5, 1, 1, 2, 1, 0, 0},    //
      {2, 9, 10, 5, 7, 3, 3, 1, 1, 0, 1, 0, 0},    // one channel more than that
      {2, 5, 1, 2, 3, 1, 1, 1, 1, 0, 0, 0, 0},     // narrower than a window: nothing comes out
      {0, 8, 6, 1, 5, 3, 3, 1, 1, 0, 0, 0, 0},     // no image
      {2, 13, 13, 32, 20, 3, 3, 1, 1, 0, 0, 0, 0},
  };
  for (const ConvShape& g : geometries) check<TestType>(window(g));
}

TEMPLATE_TEST_CASE("a fused pool is right for every number of filters around the registers' widths", "", float,
                   double) {
  for (Index K = 1; K <= 36; ++K) {
    check<TestType>(window({1, 7, 8, 1, K, 3, 3, 1, 1, 0, 0, 0, 0}));
    check<TestType>(window({1, 7, 9, 1, K, 5, 5, 1, 1, 1, 1, 0, 0}));
    check<TestType>(window({1, 7, 8, 3, K, 3, 3, 1, 1, 0, 1, 0, 0}));
    check<TestType>(window({1, 8, 9, 2, K, 5, 5, 1, 1, 2, 1, 0, 0}));
    check<TestType>(window({1, 6, 5, 2, K, 2, 3, 1, 1, 0, 1, 0, 0}));
  }
}

TEMPLATE_TEST_CASE("a NaN passes a fused ReLU and pool as it passes the layers", "", float, double) {
  check<TestType>(window({2, 8, 6, 3, 5, 1, 1, 1, 1, 0, 0, 0, 0}), true);
  check<TestType>(window({2, 12, 14, 1, 9, 3, 3, 1, 1, 0, 0, 0, 0}), true);
  check<TestType>(window({2, 12, 14, 1, 3, 3, 3, 1, 1, 0, 0, 0, 0}), true);
  check<TestType>(window({2, 12, 14, 1, 8, 5, 5, 1, 1, 1, 1, 0, 0}), true);
}
