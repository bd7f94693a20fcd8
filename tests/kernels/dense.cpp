#include "../catch.hpp"
#include "reference.hpp"

using namespace reference;

namespace {

template <typename T>
void check(Index N, Index F, Index U) {
  Numbers numbers(static_cast<std::uint64_t>(N * 10007 + F * 101 + U));
  const Buffer<T> x = numbers.buffer<T>(N * F);
  const Buffer<T> w = numbers.buffer<T>(U * F);
  const Buffer<T> b = numbers.buffer<T>(U);
  const Buffer<T> dy = numbers.buffer<T>(N * U);

  std::vector<Sum> y(static_cast<std::size_t>(N * U)), dx(static_cast<std::size_t>(N * F));
  std::vector<Sum> dw(static_cast<std::size_t>(U * F)), db(static_cast<std::size_t>(U));
  for (Index n = 0; n < N; ++n) {
    for (Index u = 0; u < U; ++u) {
      y[static_cast<std::size_t>(n * U + u)].add(b[u], 1);
      db[static_cast<std::size_t>(u)].add(dy[n * U + u], 1);
      for (Index f = 0; f < F; ++f) {
        y[static_cast<std::size_t>(n * U + u)].add(x[n * F + f], w[u * F + f]);
        dx[static_cast<std::size_t>(n * F + f)].add(dy[n * U + u], w[u * F + f]);
        dw[static_cast<std::size_t>(u * F + f)].add(dy[n * U + u], x[n * F + f]);
      }
    }
  }

  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name << ", " << sizeof(T) << " bytes, N " << N << " F " << F << " U " << U);
    Buffer<T> y_computed(N * U), dx_computed(N * F), dw_computed(U * F), db_computed(U), dw_parts(U * F), db_parts(U);
    instruction_set->dense_forward(N, F, U, x.data(), w.data(), b.data(), y_computed.data());
    CHECK(wrong(y_computed, y) == 0);
    instruction_set->dense_input_gradient(N, F, U, w.data(), dy.data(), dx_computed.data());
    instruction_set->dense_weight_gradient(N, F, U, 0, U, x.data(), dy.data(), dw_computed.data(), db_computed.data());
    CHECK(wrong(dx_computed, dx) == 0);
    CHECK(wrong(dw_computed, dw) == 0);
    CHECK(wrong(db_computed, db) == 0);
    instruction_set->dense_weight_gradient(N, F, U, 0, U / 2, x.data(), dy.data(), dw_parts.data(), db_parts.data());
    instruction_set->dense_weight_gradient(N, F, U, U / 2, U - U / 2, x.data(), dy.data(), dw_parts.data(), db_parts.data());
    CHECK(wrong(dw_parts, dw) == 0);
    CHECK(wrong(db_parts, db) == 0);
    CHECK((y_computed.intact() && dx_computed.intact() && dw_computed.intact() && db_computed.intact()));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a dense layer and its gradients equal their definition around the tiles' sizes", "", float,
                   double) {
  for (Index N : {1, 2, 3, 5, 6, 7, 12, 13, 14, 27})
    for (Index F : {1, 3, 7, 8, 15, 16, 17, 31, 33, 64})
      for (Index U : {1, 2, 3, 4, 5, 7, 8, 9, 10, 17, 33}) check<TestType>(N, F, U);
}

TEMPLATE_TEST_CASE("a dense layer is right where its sums are long", "", float, double) {
  check<TestType>(1, 1600, 128);
  check<TestType>(32, 784, 30);
  check<TestType>(10, 2000, 11);
}

TEMPLATE_TEST_CASE("a sample's dense output is the same bits wherever it stands in a batch of the same size", "", float,
                   double) {
  using T = TestType;
  constexpr Index N = 14, F = 37, U = 11;
  Numbers numbers(3);
  const Buffer<T> row = numbers.buffer<T>(F);
  const Buffer<T> w = numbers.buffer<T>(U * F);
  const Buffer<T> b = numbers.buffer<T>(U);
  Buffer<T> x(N * F);
  for (Index i = 0; i < N * F; ++i) x[i] = row[i % F];
  for (const Kernels<T>* instruction_set : instruction_sets<T>()) {
    INFO(instruction_set->name);
    Buffer<T> y(N * U);
    instruction_set->dense_forward(N, F, U, x.data(), w.data(), b.data(), y.data());
    bool same = true;
    for (Index i = 0; i < N * U; ++i) same = same && y[i] == y[i % U];
    CHECK(same);
  }
}
