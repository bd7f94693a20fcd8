#include <lamina/metrics/precision_recall.hpp>

#include "judged.hpp"

using namespace judged;
using Numbers = std::vector<double>;

TEST_CASE("the precision-recall curve runs along the rising scores and ends in recall 0, precision 1") {
  // The example of scikit-learn's precision_recall_curve.
  const PrecisionRecallCurve curve =
      precision_recall_curve(rows({{0}, {0}, {1}, {1}}), rows({{0.1}, {0.4}, {0.35}, {0.8}}), 0);
  CHECK(curve.precision == Numbers{0.5, 2.0 / 3, 0.5, 1, 1});
  CHECK(curve.recall == Numbers{1, 1, 0.5, 0.5, 0});
  CHECK(curve.thresholds == Numbers{0.1, 0.35, 0.4, 0.8});
}

TEST_CASE("average precision adds precision by steps of recall") {
  // The example of scikit-learn's average_precision_score, and the same with every score tied.
  const auto truth = rows({{0, 0}, {0, 0}, {1, 1}, {1, 1}});
  const PerClass area = average_precision(truth, rows({{0.1, 1}, {0.4, 1}, {0.35, 1}, {0.8, 1}}));
  CHECK(area.classes[0] == Approx(0.5 * 1 + 0.5 * 2 / 3).epsilon(1e-15));
  CHECK(area.classes[1] == 0.5);
  CHECK(area.macro == Approx((area.classes[0] + 0.5) / 2).epsilon(1e-15));
}

TEST_CASE("the means of average precision are over the classes, plain and by support") {
  const PerClass area = average_precision(Classes{0, 0, 0, 1}, rows({{3, 9}, {2, 0}, {1, 0}, {0, 5}}));
  CHECK(area.classes == Numbers{1, 0.5});
  CHECK(area.macro == 0.75);
  CHECK(area.weighted == 0.875);
}

TEST_CASE("a class without samples has average precision 0 and recall 1, which counts in the plain mean") {
  const auto scores = rows({{0.9, 0.1}, {0.8, 0.2}});
  const PerClass area = average_precision(Classes{0, 0}, scores);
  CHECK(area.classes == Numbers{1, 0});
  CHECK(area.macro == 0.5);
  CHECK(area.weighted == 1);
  const PrecisionRecallCurve curve = precision_recall_curve(Classes{0, 0}, scores, 1);
  CHECK(curve.recall == Numbers{1, 1, 0});
  CHECK(curve.precision == Numbers{0, 0, 1});
  CHECK(average_precision(rows({{0, 0}, {0, 0}}), scores).weighted == 0);
}

TEST_CASE("precision-recall curves and their areas refuse what cannot be judged, in their own names") {
  const auto scores = rows({{0.5, 0.5}}), diverged = rows({{0.5, infinity}});
  CHECK(refusal<ShapeError>([&] {
          average_precision(Classes{0, 1}, scores);
        }) == "average_precision: expects a row of scores for each label but got 2 labels and scores (1, 2)");
  CHECK(refusal<ShapeError>([&] {
          precision_recall_curve(Classes{0, 1}, scores, 0);
        }) == "precision_recall_curve: expects a row of scores for each label but got 2 labels and scores (1, 2)");
  CHECK(refusal<OptionError>([&] { precision_recall_curve(Classes{0}, scores, -1); }) ==
        "precision_recall_curve: expects a class in 0 … 1 but got -1");
  CHECK(refusal<DataError>([&] { average_precision(Classes{0}, diverged); }) ==
        "average_precision: expects finite scores but got inf for class 1 of sample 0; did training diverge?");
  CHECK(refusal<DataError>([&] { precision_recall_curve(Classes{0}, diverged, 0); }) ==
        "precision_recall_curve: expects finite scores but got inf for class 1 of sample 0; did training diverge?");
}
