#include <lamina/metrics/agreement.hpp>
#include <lamina/metrics/brier_score.hpp>
#include <lamina/metrics/calibration.hpp>
#include <lamina/metrics/detailed_report.hpp>
#include <lamina/metrics/label_report.hpp>
#include <lamina/metrics/log_loss.hpp>

#include "reference.hpp"

// What scikit-learn says of the same labels and scores (sklearn.py made sklearn.txt).

using namespace lamina;
using reference::word;

namespace {

const reference::Stored& stored() {
  static const reference::Stored numbers("sklearn.txt");
  return numbers;
}

/// Checks that numbers are the stored ones: within 1e-9, and NaN where those are.
void agrees(const std::string& name, const std::vector<double>& values) {
  const std::vector<double>& wanted = stored()[name];
  INFO(name);
  REQUIRE(values.size() == wanted.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    INFO("number " << i << ": " << values[i] << ", by scikit-learn " << wanted[i]);
    CHECK((std::isnan(wanted[i]) ? std::isnan(values[i]) : std::abs(values[i] - wanted[i]) <= 1e-9));
  }
}

/// Labels of the first few of K classes and probabilities that lean to them, often tied, as in sklearn.py.
struct Case {
  std::string name;
  std::vector<std::int32_t> labels;
  Tensor<double, 2> probabilities;

  explicit Case(std::uint32_t number) : name("case_" + std::to_string(number)) {
    constexpr std::uint32_t all_steps[] = {2, 5, 1U << 20};
    const std::uint32_t draw = 1000 + number, K = 2 + word(draw, 1) % 6, steps = all_steps[word(draw, 2) % 3];
    const Index N = 1 + word(draw, 0) % 80;
    labels = reference::labels(2000 + number, N, 1 + word(draw, 3) % K);
    reshape(probabilities, Shape{N, Index{K}});
    for (Index n = 0; n < N; ++n) {
      double* row = probabilities.data() + n * K;
      for (Index k = 0; k < K; ++k) row[k] = word(3000 + number, n * K + k) % steps;
      row[labels[static_cast<std::size_t>(n)]] += word(4000 + number, n) % steps;
      double sum = 0;
      for (Index k = 0; k < K; ++k) sum += row[k];
      if (sum == 0) row[0] = sum = 1;
      for (Index k = 0; k < K; ++k) row[k] /= sum;
    }
  }
};

/// Rows of 0 and 1, and scores that float holds exactly.
template <typename T>
struct Several {
  std::string name;
  Tensor<T, 2> rows, scores;

  explicit Several(std::uint32_t number) : name("several_" + std::to_string(number)) {
    constexpr std::uint32_t all_steps[] = {2, 8, 1U << 20};
    const std::uint32_t draw = 5000 + number, steps = all_steps[word(draw, 2) % 3], every = 2 + word(draw, 3) % 5;
    const Shape<2> shape{1 + word(draw, 0) % 60, 1 + word(draw, 1) % 5};
    reshape(rows, shape);
    reshape(scores, shape);
    for (Index i = 0; i < rows.size(); ++i) {
      const bool is = word(6000 + number, i) % every == 0;
      rows.data()[i] = is;
      scores.data()[i] = static_cast<T>(word(7000 + number, i) % steps) / static_cast<T>(steps) + (is ? T(0.25) : T(0));
    }
  }
};

/// Averages that scikit-learn has; of one class it has none, and where nothing is defined they are NaN.
void averages_agree(const std::string& name, const PerClass& values) {
  agrees(name, values.classes);
  if (stored().has(name + "_macro")) {
    agrees(name + "_macro", {values.macro});
    agrees(name + "_weighted", {values.weighted});
  } else if (values.classes.size() > 1) {
    CHECK(std::isnan(values.macro));
    CHECK(std::isnan(values.weighted));
  }
}

/// Areas of all classes, and the curves where they are stored: how many.
int classes_agree(const std::string& name, const detail::TrueClasses& truth, const ScoreTable& scores) {
  averages_agree(name + ".roc_auc", roc_auc(truth, scores));
  averages_agree(name + ".average_precision", average_precision(truth, scores));
  int curves = 0;
  for (Index k = 0; stored().has(name + ".pr_" + std::to_string(k) + ".recall"); ++k, ++curves) {
    RocCurve roc = roc_curve(truth, scores, k);
    std::string part = name + ".roc_" + std::to_string(k);
    CHECK(std::isinf(roc.thresholds.front()));
    roc.thresholds.erase(roc.thresholds.begin());
    agrees(part + ".fpr", roc.false_positive_rate);
    agrees(part + ".tpr", roc.true_positive_rate);
    agrees(part + ".thresholds", roc.thresholds);
    const PrecisionRecallCurve curve = precision_recall_curve(truth, scores, k);
    part = name + ".pr_" + std::to_string(k);
    agrees(part + ".precision", curve.precision);
    agrees(part + ".recall", curve.recall);
    agrees(part + ".thresholds", curve.thresholds);
  }
  return curves;
}

/// scikit-learn leaves empty bins out.
void bins_agree(const std::string& name, const Calibration& calibration, std::size_t bins) {
  REQUIRE(calibration.bins.size() == bins);
  std::vector<double> counts, accuracy, confidence;
  for (const CalibrationBin& bin : calibration.bins) {
    counts.push_back(static_cast<double>(bin.count));
    if (bin.count == 0) continue;
    accuracy.push_back(bin.accuracy);
    confidence.push_back(bin.confidence);
  }
  agrees(name + ".counts", counts);
  agrees(name + ".accuracy", accuracy);
  agrees(name + ".confidence", confidence);
  agrees(name + ".errors", {calibration.expected_error, calibration.largest_error});
}

void table_agrees(const Case& it) {
  const DetailedReport table(it.labels, it.probabilities);
  std::vector<double> precision, recall, f1, support;
  for (const ClassScores& row : table.report.classes) {
    precision.push_back(row.precision);
    recall.push_back(row.recall);
    f1.push_back(row.f1);
    support.push_back(static_cast<double>(row.support));
  }
  agrees(it.name + ".precision", precision);
  agrees(it.name + ".recall", recall);
  agrees(it.name + ".f1", f1);
  agrees(it.name + ".support", support);
  agrees(it.name + ".accuracy", {table.report.accuracy});
  agrees(it.name + ".specificity", table.specificity.classes);
  agrees(it.name + ".specificity_means", {table.specificity.macro, table.specificity.weighted});
  averages_agree(it.name + ".roc_auc", table.roc_auc);
  averages_agree(it.name + ".average_precision", table.average_precision);
}

}  // namespace

TEST_CASE("areas and curves of labels agree with scikit-learn: ties, absent classes, one class only") {
  int curves = 0;
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Case it(number);
    curves += classes_agree(it.name, it.labels, it.probabilities);
  }
  CHECK(curves == 68);
}

TEST_CASE("areas and curves of several labels at once agree with scikit-learn, in float and double") {
  int curves = 0;
  for (std::uint32_t number = 0; number < 30; ++number) {
    const Several<float> narrow(number);
    const Several<double> wide(number);
    curves += classes_agree(narrow.name, narrow.rows, narrow.scores);
    curves += classes_agree(wide.name, wide.rows, wide.scores);
  }
  CHECK(curves == 62);
}

TEST_CASE("decisions on several labels at once agree with scikit-learn") {
  int cases = 0;
  for (std::uint32_t number = 0; number < 30; ++number) {
    Several<double> it(number);
    const std::string name = "decided_" + std::to_string(number);
    if (!stored().has(name + ".each")) continue;
    ++cases;
    for (Index i = 0; i < it.scores.size(); ++i) it.scores.data()[i] /= 1.25;
    const LabelReport report(it.rows, it.scores);
    std::vector<double> each;
    for (const auto score : {&ClassScores::precision, &ClassScores::recall, &ClassScores::f1})
      for (const ClassScores& label : report.labels) each.push_back(label.*score);
    agrees(name + ".each", each);
    for (const auto& [average, scores] : {std::pair{".micro", &report.micro}, std::pair{".macro", &report.macro},
                                          std::pair{".weighted", &report.weighted}, std::pair{".samples", &report.samples}})
      agrees(name + average, {scores->precision, scores->recall, scores->f1});
    agrees(name + ".right", {report.accuracy, report.exact_match});
  }
  CHECK(cases == 24);
}

TEST_CASE("every column of the detailed report agrees with scikit-learn") {
  for (std::uint32_t number = 0; number < 60; ++number) table_agrees(Case(number));
}

TEST_CASE("agreement of predictions and labels agrees with scikit-learn: kappa, Matthews, balanced accuracy") {
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Case it(number);
    ConfusionMatrix confusion(it.probabilities.dimension(1));
    confusion.add(it.labels, classes_of(it.probabilities));
    agrees(it.name + ".balanced_accuracy", {balanced_accuracy(confusion)});
    agrees(it.name + ".kappa", {cohen_kappa(confusion), cohen_kappa(confusion, Disagreement::linear),
                                cohen_kappa(confusion, Disagreement::quadratic)});
    agrees(it.name + ".matthews", {matthews_correlation(confusion)});
  }
}

TEST_CASE("what probabilities are worth agrees with scikit-learn: log loss, Brier score, calibration") {
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Case it(number);
    agrees(it.name + ".log_loss", {log_loss(it.labels, it.probabilities)});
    agrees(it.name + ".brier", {brier_score(it.labels, it.probabilities)});
    bins_agree(it.name + ".calibration", calibration(it.labels, it.probabilities), 15);
    for (Index k = 0; k < 2; ++k)
      bins_agree(it.name + ".calibration_" + std::to_string(k),
                 class_calibration(it.labels, it.probabilities, k, {.bins = 10}), 10);
  }
}

TEST_CASE("top-k accuracy agrees with scikit-learn's of the classes in reverse, which is how both break ties") {
  int cases = 0;
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Case it(number);
    const Index K = it.probabilities.dimension(1);
    if (K == 2) continue;
    std::vector<double> shares;
    for (Index k = 1; k <= K; ++k) shares.push_back(top_k_accuracy(it.labels, it.probabilities, k));
    agrees(it.name + ".top_k", shares);
    ++cases;
  }
  CHECK(cases == 47);
}
