#include <lamina/diagnostics/neighbours.hpp>

#include "../catch.hpp"

using namespace lamina;
using namespace lamina::detail;

TEST_CASE("the nearest samples are those that comparing all with all finds") {
  const Index N = 150, F = 7, k = 4;
  Tensor<float, 2> x(N, F);
  Rng rng{3};
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.normal());
  const auto table = sample_table(Dataset<1>(x, std::vector<float>(static_cast<std::size_t>(N))), drawn(N, N, rng));
  const Neighbours near = nearest(table, k);
  REQUIRE(std::ssize(near.who) == N * k);
  for (Index i = 0; i < N; ++i) {
    std::vector<std::pair<double, Index>> all;
    for (Index j = 0; j < N; ++j) {
      double sum = 0;
      for (Index f = 0; f < F; ++f) sum += std::pow(static_cast<double>(x(i, f)) - static_cast<double>(x(j, f)), 2);
      if (j != i) all.emplace_back(std::sqrt(sum), j);
    }
    std::sort(all.begin(), all.end());
    for (Index j = 0; j < k; ++j) {
      CHECK(near.at(i, j) == all[static_cast<std::size_t>(j)].second);
      CHECK(std::abs(near.far(i, j) - all[static_cast<std::size_t>(j)].first) < 1e-3);
    }
  }
}

TEST_CASE("of few samples, all others are near, and of one none") {
  const Dataset<1> three(std::vector<float>{1, 2, 4}, Shape{1}, std::vector<std::int32_t>{0, 0, 0});
  const Neighbours near = nearest(sample_table(three, {0, 1, 2}), 10);
  CHECK(near.k == 2);
  CHECK(near.who == std::vector<Index>{1, 2, 0, 2, 1, 0});
  CHECK(nearest(sample_table(three, {1}), 10).k == 0);
}

TEST_CASE("images are compared as means over squares of at most 16 by 16, channel by channel") {
  Tensor<float, 4> x(1, 20, 33, 2);
  x.setZero();
  x(0, 0, 0, 0) = x(0, 2, 2, 0) = x(0, 19, 32, 1) = 9;
  const auto rows = compared(sample_table(Dataset<3>(x, {0}), {0}));
  REQUIRE(rows.dimension(1) == 7 * 11 * 2);
  CHECK(rows(0, 0) == Approx(2));
  CHECK(rows(0, 7 * 11 * 2 - 1) == Approx(1));
  const Tensor<float, 0> sum = rows.sum();
  CHECK(sum() == Approx(3));
}
