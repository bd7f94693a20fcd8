#include <lamina/core/tensor.hpp>

#include <cstdint>
#include <utility>

#include "../catch.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

template <typename T, int Rank>
bool is_aligned(const Tensor<T, Rank>& x) {
  return reinterpret_cast<std::uintptr_t>(x.data()) % 64 == 0;
}

template <typename T, int Rank>
using Plain = Eigen::Tensor<T, Rank, Eigen::RowMajor>;

static_assert(rank_v<Tensor<float, 4>> == 4);
static_assert(std::is_same_v<scalar_t<Tensor<double, 2>>, double>);
static_assert(AnyTensor<Tensor<float, 0>> && !AnyTensor<Plain<float, 2>> && !AnyTensor<int>);

}  // namespace

TEST_CASE("tensors begin at a multiple of 64 bytes, whatever their size and way of coming to be") {
  for (Index n = 1; n < 40; ++n) {
    Tensor<float, 1> sized(n);
    Tensor<double, 3> reshaped;
    reshape(reshaped, Shape{n, 1, 3});
    const Tensor<float, 1> copied = sized;
    const Tensor<float, 1> moved = std::move(sized);
    Tensor<float, 1> assigned;
    assigned = copied;
    CHECK(is_aligned(reshaped));
    CHECK(is_aligned(copied));
    CHECK(is_aligned(moved));
    CHECK(is_aligned(assigned));
  }
  CHECK(is_aligned(Tensor<float, 0>{}));
}

TEST_CASE("numbers stand row-major: the last axis is the fastest") {
  const auto x = tensor(Shape{2, 3}, {0, 1, 2, 3, 4, 5});
  CHECK(x(0, 2) == 2);
  CHECK(x(1, 0) == 3);
  CHECK(shape(x) == Shape{2, 3});
}

TEST_CASE("memory never shrinks: a smaller batch and then a larger one again stay where they are") {
  Tensor<float, 2> x;
  reshape(x, Shape{64, 10});
  const float* const place = x.data();
  for (const Index N : {1, 64, 0, 33, 64}) {
    reshape(x, Shape{N, 10});
    CHECK(x.data() == place);
    CHECK(x.size() == N * 10);
  }
  reshape(x, Shape{1, 640});
  CHECK(x.data() == place);
  const Tensor<float, 2> small(2, 2);
  x = small;
  reshape(x, Shape{64, 10});
  CHECK(x.data() == place);
}

TEST_CASE("reshape to the same shape keeps the numbers, and null is no output") {
  auto x = tensor(Shape{2, 2}, {1, 2, 3, 4});
  reshape(x, Shape{2, 2});
  CHECK(x(1, 1) == 4);
  reshape(&x, Shape{1, 3});
  CHECK(shape(x) == Shape{1, 3});
  CHECK(detail::data_or_null(&x) == x.data());
  Tensor<double, 2>* const none = nullptr;
  reshape(none, Shape{5, 5});
  CHECK(detail::data_or_null(none) == nullptr);
}

TEST_CASE("a plain row-major Eigen tensor, a map and an expression convert by copying") {
  Plain<float, 2> plain(2, 3);
  plain.setValues({{1, 2, 3}, {4, 5, 6}});
  Tensor<float, 2> from_plain = plain;
  const Tensor<float, 2> from_map = Eigen::TensorMap<Plain<float, 2>>(plain.data(), 2, 3);
  const Tensor<float, 2> from_const_map = Eigen::TensorMap<const Plain<float, 2>>(plain.data(), 2, 3);
  const Tensor<float, 2> from_expression = plain * 2.0f + plain.constant(1.0f);
  plain.setZero();
  for (const Tensor<float, 2>* x : {&std::as_const(from_plain), &from_map, &from_const_map}) {
    CHECK(shape(*x) == Shape{2, 3});
    CHECK((*x)(0, 2) == 3);
    CHECK((*x)(1, 0) == 4);
    CHECK(is_aligned(*x));
  }
  CHECK(from_expression(1, 2) == 13);
  from_plain = plain + 7.0f;
  CHECK(from_plain(1, 2) == 7);
}

TEST_CASE("a tensor is used in expressions and converts back to a plain Eigen tensor") {
  const auto x = tensor(Shape{2, 2}, {1, 2, 3, 4});
  const Plain<double, 2> back = x + x;
  CHECK(back(1, 0) == 6);
  const Plain<double, 0> sum = x.sum();
  CHECK(sum() == 10);
  const Plain<double, 2> picture = x.reshape(Eigen::array<Index, 2>{4, 1});
  CHECK(picture(3, 0) == 4);
}

TEST_CASE("copies are independent, of the same numbers") {
  auto x = tensor(Shape{2, 2}, {1, 2, 3, 4});
  auto copy = x;
  Tensor<double, 2> assigned(5, 5);
  assigned = x;
  x.setZero();
  CHECK(copy(1, 1) == 4);
  CHECK(assigned(1, 0) == 3);
  CHECK(shape(assigned) == Shape{2, 2});
}

TEST_CASE("a moved tensor keeps its memory") {
  auto x = tensor(Shape{2, 2}, {1, 2, 3, 4});
  const double* const place = x.data();
  auto moved = std::move(x);
  CHECK(moved.data() == place);
  CHECK(moved(1, 1) == 4);
  Tensor<double, 2> target(7, 7);
  target = std::move(moved);
  CHECK(target.data() == place);
  CHECK(shape(target) == Shape{2, 2});
}

TEST_CASE("a tensor assigned to itself is unchanged") {
  auto x = tensor(Shape{2, 2}, {1, 2, 3, 4});
  auto& same = x;
  x = same;
  CHECK((shape(x) == Shape{2, 2} && x(0, 0) == 1 && x(1, 1) == 4));
  x = std::move(same);
  CHECK((shape(x) == Shape{2, 2} && x(0, 0) == 1 && x(1, 1) == 4));
}

TEST_CASE("swapped tensors have each other's shapes and numbers") {
  auto a = tensor(Shape{1, 2}, {1, 2}), b = tensor(Shape{3, 1}, {3, 4, 5});
  std::swap(a, b);
  CHECK((shape(a) == Shape{3, 1} && a(2, 0) == 5));
  CHECK((shape(b) == Shape{1, 2} && b(0, 1) == 2));
}

TEST_CASE("a tensor of rank 0 is one number") {
  Tensor<double, 0> x;
  x() = 3;
  const Tensor<double, 0> copy = x;
  CHECK(x.size() == 1);
  CHECK(copy() == 3);
  const auto rows = tensor(Shape{2, 2}, {1, 2, 3, 4});
  const Tensor<double, 0> sum = rows.sum();
  CHECK(sum() == 10);
  CHECK(shape(sum) == Shape<0>{});
}

TEST_CASE("a tensor without samples has no numbers") {
  Tensor<float, 4> x(0, 28, 28, 1);
  CHECK(x.size() == 0);
  const auto copy = x;
  CHECK(shape(copy) == Shape{0, 28, 28, 1});
}

TEST_CASE("more than memory can hold is refused, and the tensor stays as it was") {
  auto x = tensor(Shape{2, 2}, {1, 2, 3, 4});
  CHECK_THROWS_AS(reshape(x, Shape{Index{1} << 31, Index{1} << 31}), std::bad_alloc);
  CHECK_THROWS_AS(reshape(x, Shape{Index{1} << 62, 4}), std::bad_alloc);
  CHECK((shape(x) == Shape{2, 2} && x(1, 1) == 4));
}

TEST_CASE("matrix and row_vector are views") {
  auto x = tensor(Shape{2, 3}, {1, 2, 3, 4, 5, 6});
  matrix(x)(1, 2) = 60;
  CHECK(x(1, 2) == 60);
  CHECK(matrix(std::as_const(x)).row(0).sum() == 6);
  auto b = tensor(Shape{3}, {1, 2, 3});
  row_vector(b) *= 2;
  CHECK(b(2) == 6);
  CHECK(row_vector(std::as_const(b)).sum() == 12);
}

TEST_CASE("an empty tensor begins somewhere, and copies of it are empty") {
  const Tensor<float, 2> empty;
  Tensor<float, 2> copy(2, 3);
  copy = empty;
  CHECK(empty.data() != nullptr);
  CHECK(shape(copy) == Shape{0, 0});
  CHECK(shape(Tensor<float, 2>(empty)) == Shape{0, 0});
}
