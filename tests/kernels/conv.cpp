#include "../catch.hpp"
#include "reference.hpp"

using namespace reference;

namespace {

template <typename T>
struct Results {
  Buffer<T> y, dx, dw, db;
};

/// Runs forward and backward of every instruction set and compares all outputs with the definition.
template <typename T>
void check(const ConvShape& g) {
  const Sizes size = sizes(g);
  Numbers numbers(static_cast<std::uint64_t>(size.x * 31 + size.w * 7 + size.y));
  const Buffer<T> x = numbers.buffer<T>(size.x);
  const Buffer<T> w = numbers.buffer<T>(size.w);
  const Buffer<T> b = numbers.buffer<T>(g.K);
  const Buffer<T> dy = numbers.buffer<T>(size.y);

  std::vector<Sum> y(static_cast<std::size_t>(size.y)), dx(static_cast<std::size_t>(size.x));
  std::vector<Sum> dw(static_cast<std::size_t>(size.w)), db(static_cast<std::size_t>(g.K));
  for (Index i = 0; i < size.y; ++i) {
    y[static_cast<std::size_t>(i)].add(b[i % g.K], 1);
    db[static_cast<std::size_t>(i % g.K)].add(dy[i], 1);
  }
  each_product(g, [&](Index i, Index j, Index o) {
    y[static_cast<std::size_t>(o)].add(x[i], w[j]);
    dx[static_cast<std::size_t>(i)].add(dy[o], w[j]);
    dw[static_cast<std::size_t>(j)].add(dy[o], x[i]);
  });

  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", " << sizeof(T) << " bytes, " << text(g));
    Results<T> computed{Buffer<T>(size.y), Buffer<T>(size.x), Buffer<T>(size.w), Buffer<T>(g.K)};
    Scratch<T> scratch(instruction_set->conv_scratch(g));
    instruction_set->conv_forward(g, x.data(), w.data(), b.data(), computed.y.data(), scratch.data());
    CHECK(wrong(computed.y, y) == 0);
    CHECK(computed.y.intact());
    CHECK(scratch.intact());

    Scratch<T> fresh(instruction_set->conv_scratch(g));
    instruction_set->conv_backward(g, x.data(), w.data(), dy.data(), computed.dx.data(), computed.dw.data(),
                           computed.db.data(), fresh.data());
    CHECK(wrong(computed.dx, dx) == 0);
    CHECK(wrong(computed.dw, dw) == 0);
    CHECK(wrong(computed.db, db) == 0);
    CHECK((computed.dx.intact() && computed.dw.intact() && computed.db.intact()));
    CHECK(fresh.intact());
  }
}

template <typename T>
void check_conv_window(ConvShape g) {
  check<T>(window(g));
}

}  // namespace

TEMPLATE_TEST_CASE("convolution and its gradients equal their definition for any geometry", "", float, double) {
  // N, H, W, C, K, R, S, stride_h, stride_w, padding_h, padding_w
  const ConvShape geometries[] = {
      {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0},    // a single product
      {2, 7, 5, 3, 4, 1, 1, 1, 1, 0, 0, 0, 0},    // 1 × 1
      {2, 7, 5, 3, 4, 1, 1, 2, 3, 0, 0, 0, 0},    // 1 × 1 that skips
      {2, 3, 3, 2, 3, 2, 2, 1, 1, 0, 0, 0, 0},    // the textbook's 2 × 2
      {1, 3, 3, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0},    // stride 2, padding 1
      {3, 9, 6, 5, 7, 3, 2, 1, 1, 1, 1, 0, 0},    // not square at all
      {2, 6, 9, 5, 7, 2, 3, 2, 1, 0, 1, 0, 0},    //
      {2, 6, 9, 4, 6, 3, 2, 1, 2, 1, 0, 0, 0},    //
      {2, 11, 13, 3, 5, 3, 3, 2, 3, 1, 2, 0, 0},  // rows and columns that no window reaches
      {2, 11, 13, 3, 5, 2, 2, 3, 4, 0, 0, 0, 0},  // stride > kernel: gaps
      {1, 10, 12, 2, 3, 2, 3, 5, 7, 2, 1, 0, 0},  //
      {1, 2, 3, 2, 3, 3, 3, 1, 1, 5, 4, 0, 0},    // padding > kernel: outputs of nothing but border
      {1, 2, 3, 2, 3, 3, 3, 2, 2, 7, 6, 0, 0},    //
      {2, 4, 5, 3, 2, 4, 5, 1, 1, 0, 0, 0, 0},    // a kernel as large as the image
      {1, 2, 2, 3, 2, 5, 6, 1, 1, 2, 2, 0, 0},    // a kernel larger than the image
      {1, 1, 30, 2, 3, 1, 5, 1, 1, 0, 2, 0, 0},   // one row
      {1, 30, 1, 2, 3, 5, 1, 1, 1, 2, 0, 0, 0},   // one column
      {1, 28, 28, 1, 6, 5, 5, 1, 1, 2, 2, 0, 0},  // a first layer
      {2, 13, 13, 32, 20, 3, 3, 1, 1, 0, 0, 0, 0},
      {1, 8, 40, 17, 33, 3, 3, 1, 1, 1, 1, 0, 0},
      {1, 60, 9, 3, 5, 3, 3, 1, 1, 1, 1, 0, 0},  // more rows than one strip of the weight gradient
  };
  for (const ConvShape& g : geometries) check_conv_window<TestType>(g);
}

TEMPLATE_TEST_CASE("convolution is right for every number of channels around the registers' widths", "", float,
                   double) {
  for (Index C = 1; C <= 40; ++C) {
    check_conv_window<TestType>({1, 4, 5, C, 41 - C, 2, 3, 1, 1, 1, 0, 0, 0});
    check_conv_window<TestType>({2, 5, 4, C, C, 3, 2, 2, 1, 1, 1, 0, 0});
  }
  for (Index K : {31, 32, 33, 47, 48, 49, 64, 65, 96, 100})
    check_conv_window<TestType>({1, 4, 5, 3, K, 3, 3, 1, 1, 1, 1, 0, 0});
}

TEMPLATE_TEST_CASE("convolution is right for every number of pixels in a row", "", float, double) {
  for (Index W = 1; W <= 42; ++W) check_conv_window<TestType>({1, 3, W, 2, 3, 3, 3, 1, 1, 1, 1, 0, 0});
}

TEMPLATE_TEST_CASE("convolution is right for windows drawn at random", "", float, double) {
  Numbers draw(2024);
  for (int i = 0; i < 150; ++i) {
    ConvShape g{};
    g.N = 1 + draw.below(3);
    g.C = 1 + draw.below(20);
    g.K = 1 + draw.below(20);
    g.R = 1 + draw.below(5);
    g.S = 1 + draw.below(5);
    g.stride_h = 1 + draw.below(4);
    g.stride_w = 1 + draw.below(4);
    g.padding_h = draw.below(4);
    g.padding_w = draw.below(4);
    g.H = g.R + draw.below(8);
    g.W = g.S + draw.below(8);
    check_conv_window<TestType>(g);
  }
}

TEMPLATE_TEST_CASE("convolution computes fewer outputs than fit when asked for fewer", "", float, double) {
  ConvShape g = window({2, 9, 8, 3, 4, 3, 3, 2, 1, 1, 1, 0, 0});
  g.P -= 1;
  g.Q -= 2;
  check<TestType>(g);
}

TEMPLATE_TEST_CASE("a convolution of inner products with its input gradient is adjoint", "", float, double) {
  using T = TestType;
  const ConvShape g = window({2, 9, 7, 5, 6, 3, 2, 2, 1, 2, 1, 0, 0});
  const Sizes size = sizes(g);
  Numbers numbers(5);
  const Buffer<T> x = numbers.buffer<T>(size.x);
  const Buffer<T> w = numbers.buffer<T>(size.w);
  const Buffer<T> dy = numbers.buffer<T>(size.y);
  Buffer<T> b(g.K);
  for (Index k = 0; k < g.K; ++k) b[k] = 0;
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name);
    Buffer<T> y(size.y), dx(size.x), dw(size.w), db(g.K);
    Scratch<T> scratch(instruction_set->conv_scratch(g));
    instruction_set->conv_forward(g, x.data(), w.data(), b.data(), y.data(), scratch.data());
    instruction_set->conv_backward(g, x.data(), w.data(), dy.data(), dx.data(), dw.data(), db.data(), scratch.data());
    Sum y_dy, x_dx, w_dw;
    for (Index i = 0; i < size.y; ++i) y_dy.add(y[i], dy[i]);
    for (Index i = 0; i < size.x; ++i) x_dx.add(x[i], dx[i]);
    for (Index i = 0; i < size.w; ++i) w_dw.add(w[i], dw[i]);
    CHECK(std::fabs(y_dy.value - x_dx.value) <= tolerance<T> * y_dy.magnitude);
    CHECK(std::fabs(y_dy.value - w_dw.value) <= tolerance<T> * y_dy.magnitude);
  }
}

TEMPLATE_TEST_CASE("a convolution's gradients are the same bits with and without an input gradient", "", float,
                   double) {
  using T = TestType;
  const ConvShape g = window({2, 9, 7, 5, 6, 3, 2, 2, 1, 2, 1, 0, 0});
  const Sizes size = sizes(g);
  Numbers numbers(6);
  const Buffer<T> x = numbers.buffer<T>(size.x);
  const Buffer<T> w = numbers.buffer<T>(size.w);
  const Buffer<T> dy = numbers.buffer<T>(size.y);
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name);
    Buffer<T> dx(size.x), dw(size.w), db(g.K), dw_alone(size.w), db_alone(g.K);
    Scratch<T> scratch(instruction_set->conv_scratch(g));
    instruction_set->conv_backward(g, x.data(), w.data(), dy.data(), dx.data(), dw.data(), db.data(), scratch.data());
    instruction_set->conv_backward(g, x.data(), w.data(), dy.data(), nullptr, dw_alone.data(), db_alone.data(), scratch.data());
    bool same = true;
    for (Index i = 0; i < size.w; ++i) same = same && dw[i] == dw_alone[i];
    for (Index i = 0; i < g.K; ++i) same = same && db[i] == db_alone[i];
    CHECK(same);
  }
}

TEMPLATE_TEST_CASE("a convolution's input gradient is the same bits with and without the others, and without an image", "", float, double) {
  using T = TestType;
  // The second is computed by Winograd's algorithm where there is one, the third as one long row.
  for (const ConvShape& g : {window({2, 9, 7, 5, 6, 3, 2, 2, 1, 2, 1, 0, 0}), window({2, 9, 7, 32, 16, 3, 3, 1, 1, 1, 1, 0, 0}),
                             window({2, 4, 5, 7, 6, 1, 1, 1, 1, 0, 0, 0, 0})}) {
    const Sizes size = sizes(g);
    Numbers numbers(6);
    const Buffer<T> x = numbers.buffer<T>(size.x);
    const Buffer<T> w = numbers.buffer<T>(size.w);
    const Buffer<T> dy = numbers.buffer<T>(size.y);
    for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
      INFO(instruction_set->name);
      Buffer<T> dx(size.x), dx_alone(size.x), dw(size.w), db(g.K);
      Scratch<T> scratch(instruction_set->conv_scratch(g));
      instruction_set->conv_backward(g, x.data(), w.data(), dy.data(), dx.data(), dw.data(), db.data(), scratch.data());
      instruction_set->conv_backward(g, nullptr, w.data(), dy.data(), dx_alone.data(), nullptr, nullptr, scratch.data());
      bool same = true;
      for (Index i = 0; i < size.x; ++i) same = same && dx[i] == dx_alone[i];
      CHECK(same);
    }
  }
}
