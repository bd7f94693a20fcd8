#include <cmath>
#include <lamina/metrics/regression_scores.hpp>
#include <limits>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

namespace {

RegressionScores scores(const std::vector<double>& z, const std::vector<double>& y, Index outputs = 1) {
  detail::ErrorSums sums(outputs);
  sums.add(z.data(), y.data(), static_cast<Index>(y.size()) / outputs);
  return sums.mean();
}

}  // namespace

TEST_CASE("RMSE, MAE and R² are those of scikit-learn's examples") {
  // sklearn.metrics: r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]) = 0.948…, mean_absolute_error 0.5,
  // mean_squared_error 0.375
  const RegressionScores one = scores({2.5, 0, 2, 8}, {3, -0.5, 2, 7});
  CHECK(one.rmse == Approx(std::sqrt(0.375)).epsilon(1e-15));
  CHECK(one.mae == Approx(0.5).epsilon(1e-15));
  CHECK(one.r2 == Approx(0.9486081370449679).epsilon(1e-15));
  // r2_score([[0.5, 1], [-1, 1], [7, -6]], [[0, 2], [-1, 2], [8, -5]]): 0.9655… and 0.9081…, of which the mean is
  // 0.936800526662…; mean_absolute_error 0.75, root_mean_squared_error 0.82…
  const RegressionScores two = scores({0, 2, -1, 2, 8, -5}, {0.5, 1, -1, 1, 7, -6}, 2);
  CHECK(two.r2 == Approx(0.9368005266622779).epsilon(1e-12));
  CHECK(two.mae == Approx(0.75).epsilon(1e-15));
  CHECK(two.rmse == Approx((std::sqrt(1.25 / 3) + 1) / 2).epsilon(1e-15));
}

TEST_CASE("R² of targets that are all the same is 1 where every prediction is right, else 0") {
  CHECK(scores({0.1, 0.1, 0.1}, {0.1, 0.1, 0.1}).r2 == 1);
  CHECK(scores({0.1, 0.1, 0.2}, {0.1, 0.1, 0.1}).r2 == 0);
  CHECK(scores({3}, {3}).r2 == 1);
  CHECK(scores({4}, {3}).r2 == 0);
  CHECK(std::isnan(scores({std::nan("")}, {3}).r2));
  CHECK(std::isinf(scores({std::numeric_limits<double>::infinity(), 0}, {3, 4}).r2));
}

TEST_CASE("errors added up part by part are those of the whole, also of targets far from 0") {
  std::vector<double> z, y;
  double state = 0.5;
  for (int i = 0; i < 2 * 999; ++i) {
    state = std::fmod(state * 997.13 + 0.7, 1.0);
    y.push_back(1e6 + state);
    z.push_back(1e6 + state * state);
  }
  detail::ErrorSums whole(2), parts(2), part(2);
  whole.add(z.data(), y.data(), 999);
  for (Index first = 0, size = 1; first < 999; first += size, size = std::min<Index>(size * 2, 999 - first)) {
    part.clear();
    part.add(z.data() + 2 * first, y.data() + 2 * first, size);
    parts.add(part);
  }
  parts.add(detail::ErrorSums(2));  // of nothing
  REQUIRE(parts.samples() == 999);
  for (const Index k : {0, 1}) {
    long double mean = 0, spread = 0, squares = 0, sizes = 0;
    for (std::size_t i = static_cast<std::size_t>(k); i < y.size(); i += 2) mean += y[i] / 999.0L;
    for (std::size_t i = static_cast<std::size_t>(k); i < y.size(); i += 2) {
      spread += (y[i] - mean) * (y[i] - mean);
      squares += static_cast<long double>(z[i] - y[i]) * (z[i] - y[i]);
      sizes += std::abs(z[i] - y[i]);
    }
    for (const auto& sums : {whole, parts}) {
      CHECK(sums.of_output(k).rmse == Approx(static_cast<double>(std::sqrt(squares / 999))).epsilon(1e-12));
      CHECK(sums.of_output(k).mae == Approx(static_cast<double>(sizes / 999)).epsilon(1e-12));
      CHECK(sums.of_output(k).r2 == Approx(static_cast<double>(1 - squares / spread)).epsilon(1e-9));
    }
  }
}

TEST_CASE("RMSE and MAE are told in units of the targets, R² has none") {
  const std::vector<double> units{10, 0.5}, z{1, 0, 3, 1}, y{0, 0, 3, 2};
  detail::ErrorSums plain(2), scaled(2, units);
  plain.add(z.data(), y.data(), 2);
  scaled.add(z.data(), y.data(), 2);
  for (const Index k : {0, 1}) {
    const RegressionScores a = plain.of_output(k), b = scaled.of_output(k);
    CHECK(b.rmse == units[static_cast<std::size_t>(k)] * a.rmse);
    CHECK(b.mae == units[static_cast<std::size_t>(k)] * a.mae);
    CHECK(b.r2 == a.r2);
  }
}
