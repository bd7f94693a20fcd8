#include <lamina/metrics/roc.hpp>

#include <lamina/core/random.hpp>

#include "judged.hpp"

using namespace judged;
using Numbers = std::vector<double>;

TEST_CASE("the ROC curve runs from (0, 0) to (1, 1) along the falling scores") {
  // The example of scikit-learn's roc_curve.
  const RocCurve curve = roc_curve(rows({{0}, {0}, {1}, {1}}), rows({{0.1}, {0.4}, {0.35}, {0.8}}), 0);
  CHECK(curve.false_positive_rate == Numbers{0, 0, 0.5, 0.5, 1});
  CHECK(curve.true_positive_rate == Numbers{0, 0.5, 0.5, 1, 1});
  CHECK(curve.thresholds == Numbers{infinity, 0.8, 0.4, 0.35, 0.1});
}

TEST_CASE("a point half-way between its neighbours is left out of the ROC curve") {
  const RocCurve curve =
      roc_curve(Classes{0, 0, 0, 1, 1, 1}, rows({{9, 0}, {8, 0}, {7, 0}, {6, 0}, {5, 0}, {4, 0}}), 0);
  CHECK(curve.thresholds == Numbers{infinity, 9, 7, 4});
  CHECK(curve.true_positive_rate == Numbers{0, 1.0 / 3, 1, 1});
  CHECK(curve.false_positive_rate == Numbers{0, 0, 0, 1});
}

TEST_CASE("the area under the ROC curve is the share of pairs in the right order, ties counted half") {
  Rng rng(3);
  Tensor<float, 2> scores(120, 3);
  Classes labels;
  for (Index i = 0; i < scores.size(); ++i) scores.data()[i] = static_cast<float>(rng.below(9));
  for (Index n = 0; n < 120; ++n) labels.push_back(static_cast<std::int32_t>(rng.below(3)));
  const PerClass area = roc_auc(labels, scores);
  double macro = 0, weighted = 0;
  for (Index k = 0; k < 3; ++k) {
    double right = 0, pairs = 0, support = 0;
    for (Index n = 0; n < 120; ++n) {
      if (labels[static_cast<std::size_t>(n)] != k) continue;
      support += 1;
      for (Index m = 0; m < 120; ++m) {
        if (labels[static_cast<std::size_t>(m)] == k) continue;
        pairs += 1;
        right += scores(n, k) > scores(m, k) ? 1 : scores(n, k) == scores(m, k) ? 0.5 : 0;
      }
    }
    CHECK(area.classes[static_cast<std::size_t>(k)] == Approx(right / pairs).epsilon(1e-14));
    macro += right / pairs / 3;
    weighted += right / pairs * support / 120;
  }
  CHECK(area.macro == Approx(macro).epsilon(1e-14));
  CHECK(area.weighted == Approx(weighted).epsilon(1e-14));
}

TEST_CASE("scores of one value are worth half, perfect ones 1, reversed ones 0") {
  const auto truth = rows({{1, 1, 1}, {0, 0, 0}, {1, 1, 1}});
  const auto scores = rows({{5, 2, 0}, {5, 1, 3}, {5, 3, 1}});
  CHECK(roc_auc(truth, scores).classes == Numbers{0.5, 1, 0});
}

TEST_CASE("a class that no sample or every sample is of has no ROC curve, and the means leave it out") {
  const auto scores = rows({{0.5, 0.3, 0.2}, {0.2, 0.7, 0.1}, {0.6, 0.4, 0.0}});
  const PerClass area = roc_auc(Classes{0, 1, 1}, scores);
  CHECK(area.classes[0] == 0.5);
  CHECK(area.classes[1] == 1);
  CHECK(std::isnan(area.classes[2]));
  CHECK(area.macro == 0.75);
  CHECK(area.weighted == Approx(2.5 / 3).epsilon(1e-15));
  const RocCurve absent = roc_curve(Classes{0, 1, 1}, scores, 2), only = roc_curve(Classes{1, 1, 1}, scores, 1);
  for (const double rate : absent.true_positive_rate) CHECK(std::isnan(rate));
  CHECK(absent.false_positive_rate.back() == 1);
  for (const double rate : only.false_positive_rate) CHECK(std::isnan(rate));
  CHECK(only.true_positive_rate.back() == 1);
  CHECK(std::isnan(roc_auc(Classes{1, 1, 1}, scores).macro));
}

TEST_CASE("ROC curves and their areas refuse what cannot be judged, in their own names") {
  const auto scores = rows({{0.5, 0.5}});
  CHECK(refusal<ShapeError>([&] {
          roc_auc(Classes{0, 1}, scores);
        }) == "roc_auc: expects a row of scores for each label but got 2 labels and scores (1, 2)");
  CHECK(refusal<ShapeError>([&] {
          roc_curve(Classes{0, 1}, scores, 0);
        }) == "roc_curve: expects a row of scores for each label but got 2 labels and scores (1, 2)");
  CHECK(refusal<OptionError>([&] { roc_curve(Classes{0}, scores, 2); }) ==
        "roc_curve: expects a class in 0 … 1 but got 2");
  const auto diverged = rows({{0.5, infinity}});
  CHECK(refusal<DataError>([&] { roc_auc(Classes{0}, diverged); }) ==
        "roc_auc: expects finite scores but got inf for class 1 of sample 0; did training diverge?");
  CHECK(refusal<DataError>([&] { roc_curve(Classes{0}, diverged, 0); }) ==
        "roc_curve: expects finite scores but got inf for class 1 of sample 0; did training diverge?");
  CHECK(refusal<DataError>([&] { roc_auc(Classes{2}, scores); }).find("roc_auc: expects a label") == 0);
}
