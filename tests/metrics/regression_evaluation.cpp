#include <lamina/metrics/regression_evaluation.hpp>
#include <sstream>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

template <typename T>
Tensor<T, 2> rows(Index N, Index K, std::initializer_list<double> numbers) {
  return tensor<T>(Shape{N, K}, numbers);
}

std::string text(const RegressionEvaluation& evaluation) {
  std::ostringstream out;
  out << evaluation;
  return out.str();
}

}  // namespace

TEST_CASE("a regression's evaluation has the figures of each output and their means") {
  const RegressionEvaluation evaluation(rows<float>(3, 2, {0.5, 1, -1, 1, 7, -6}),
                                        rows<double>(3, 2, {0, 2, -1, 2, 8, -5}), {"x", "height"});
  CHECK(evaluation.samples == 3);
  REQUIRE(evaluation.outputs.size() == 2);
  // x: errors 0.5, 0, 1, ȳ = 13/6, Σ (y − ȳ)² = 217/6; height: errors 1, 1, 1, ȳ = −4/3, Σ (y − ȳ)² = 98/3
  CHECK(evaluation.outputs[0].rmse == Approx(std::sqrt(1.25 / 3)));
  CHECK(evaluation.outputs[0].mae == Approx(0.5));
  CHECK(evaluation.outputs[0].r2 == Approx(1 - 1.25 * 6 / 217));
  CHECK(evaluation.outputs[1].rmse == Approx(1));
  CHECK(evaluation.outputs[1].r2 == Approx(1 - 3 * 3.0 / 98));
  CHECK(evaluation.r2 == Approx((evaluation.outputs[0].r2 + evaluation.outputs[1].r2) / 2));
  CHECK(evaluation.rmse == Approx((evaluation.outputs[0].rmse + 1) / 2));
  CHECK(evaluation.mae == Approx(0.75));
  CHECK(text(evaluation) ==
        "RMSE 0.8227, MAE 0.7500, R² 0.9368 (3 samples)\n"
        "\n"
        "output        RMSE         MAE          R²\n"
        "x           0.6455      0.5000      0.9654\n"
        "height      1.0000      1.0000      0.9082\n");
}

TEST_CASE("a regression of one output needs no table") {
  CHECK(text({rows<float>(2, 1, {0, 2}), rows<float>(2, 1, {0, 1})}) ==
        "RMSE 0.7071, MAE 0.5000, R² 0.5000 (2 samples)\n");
}

TEST_CASE("a regression's evaluation refuses what cannot be") {
  const auto y = rows<float>(2, 1, {0, 2});
  CHECK(refusal<ShapeError>([&] { RegressionEvaluation(y, rows<float>(1, 2, {0, 2})); }) ==
        "RegressionEvaluation: expects as many predictions as targets (2, 1) but got (1, 2)");
  CHECK(refusal<DataError>([] { RegressionEvaluation(rows<float>(0, 1, {}), rows<float>(0, 1, {})); }) ==
        "RegressionEvaluation: expects at least one target but got none");
  CHECK(refusal<OptionError>([&] { RegressionEvaluation(y, y, {"a", "b"}); }) ==
        "RegressionEvaluation: expects a name for each of the 1 outputs, or none, but got 2");
}

TEST_CASE("of more than fifty outputs the worst are listed, their names escaped") {
  Tensor<float, 2> y(3, 60), z(3, 60);
  std::vector<std::string> names;
  for (Index k = 0; k < 60; ++k) {
    names.push_back("output\n" + std::to_string(k));
    for (Index n = 0; n < 3; ++n) {
      y(n, k) = static_cast<float>(n);
      z(n, k) = y(n, k) + 0.01F * static_cast<float>(k);
    }
  }
  const std::string table = text({y, z, names});
  CHECK(std::count(table.begin(), table.end(), '\n') == 3 + 50 + 1);
  CHECK(table.find("R²\noutput\\n59 ") != std::string::npos);
  CHECK(table.find("output\\n9 ") == std::string::npos);
  CHECK(table.ends_with("note: the 50 of 60 outputs with the least R² are listed; RegressionEvaluation::outputs has all\n"));
}
