#include <lamina/metrics/label_report.hpp>

#include <algorithm>
#include <limits>
#include <sstream>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

const Shape<2> four_by_three{4, 3};
const auto rows = tensor(four_by_three, {1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0});
const auto probabilities = tensor(four_by_three, {0.9, 0.6, 0.5, 0.2, 0.1, 0.7, 0.8, 0.51, 0.4, 0, 0, 0.3});

}  // namespace

TEST_CASE("each label is judged by itself, and averages are those of all decisions, labels and samples") {
  const LabelReport report(rows, probabilities, {.names = {"cat", "dog", "night"}});
  REQUIRE(report.labels.size() == 3);
  CHECK(report.labels[0].name == "cat");
  CHECK((report.labels[0].precision == 1 && report.labels[0].recall == 1 && report.labels[0].f1 == 1));
  CHECK((report.labels[1].precision == 0.5 && report.labels[1].recall == 1 && report.labels[1].support == 1));
  CHECK((report.labels[2].precision == 1 && report.labels[2].recall == 0.5 && report.labels[2].support == 2));
  CHECK(report.micro.precision == Approx(4. / 5));
  CHECK(report.micro.recall == Approx(4. / 5));
  CHECK(report.macro.precision == Approx(2.5 / 3));
  CHECK(report.weighted.recall == Approx((2 * 1 + 1 + 2 * 0.5) / 5));
  CHECK(report.samples.precision == Approx((0.5 + 1 + 1 + 0) / 4));
  CHECK(report.accuracy == Approx(10. / 12));
  CHECK(report.exact_match == Approx(3. / 4));

  std::ostringstream out;
  out << report;
  CHECK(out.str() ==
        "              precision    recall  f1-score   support\n"
        "\n"
        "         cat       1.00      1.00      1.00         2\n"
        "         dog       0.50      1.00      0.67         1\n"
        "       night       1.00      0.50      0.67         2\n"
        "\n"
        "   micro avg       0.80      0.80      0.80         5\n"
        "   macro avg       0.83      0.83      0.78         5\n"
        "weighted avg       0.90      0.80      0.80         5\n"
        " samples avg       0.62      0.62      0.62         5\n"
        "\n"
        "right decisions 0.83, samples with all labels right 0.75\n");
}

TEST_CASE("the threshold decides, and a label that is never asked for costs nothing but itself") {
  CHECK(LabelReport(rows, probabilities, {.threshold = 0.45}).labels[2].recall == 1);
  CHECK(LabelReport(rows, probabilities, {.threshold = 1}).micro.recall == 0);
  const auto none = tensor(Shape{2, 1}, {0, 0});
  const LabelReport report(none, none);
  CHECK((report.labels[0].f1 == 0 && report.weighted.f1 == 0 && report.accuracy == 1 && report.exact_match == 1));

  // A class number is a row with one 1.
  const std::vector<std::int32_t> classes{0, 2};
  const LabelReport of_classes(classes, tensor(Shape{2, 3}, {0.9, 0, 0, 0, 0, 0.2}));
  CHECK((of_classes.labels[0].f1 == 1 && of_classes.labels[2].recall == 0 && of_classes.exact_match == 0.5));
}

TEST_CASE("what cannot be judged is refused") {
  CHECK(refusal<OptionError>([] { return LabelReport(rows, probabilities, {.threshold = 1.5}); }) ==
        "LabelReport: expects a threshold in 0 … 1 but got 1.5");
  CHECK(refusal<OptionError>([] { return LabelReport(rows, probabilities, {.threshold = std::nan("")}); }) ==
        "LabelReport: expects a threshold in 0 … 1 but got nan");
  CHECK(refusal<OptionError>([] { return LabelReport(rows, probabilities, {.digits = 16}); }) ==
        "LabelReport: expects digits in 0 … 15 but got 16");
  CHECK(refusal<OptionError>([] { return LabelReport(rows, probabilities, {.names = {"cat"}}); }) ==
        "LabelReport: expects a name for each of the 3 labels, or none, but got 1");
  CHECK(refusal<DataError>([] { return LabelReport(tensor(Shape{1, 3}, {1, 0, 0.5}), tensor(Shape{1, 3}, {1, 0, 0})); }) ==
        "LabelReport: expects rows of 0 and 1 but got 0.5 for class 2 of sample 0");
  CHECK(refusal<ShapeError>([] { return LabelReport(tensor(Shape{1, 2}, {1, 0}), probabilities); }) ==
        "LabelReport: expects rows of 0 and 1 of the scores' shape (4, 3) but got (1, 2)");
  CHECK(refusal<DataError>([] { return LabelReport(tensor(Shape{1, 1}, {1}), tensor(Shape{1, 1}, {3})); }) ==
        "LabelReport: expects probabilities in [0, 1] but got 3 for class 0 of sample 0; turn logits into probabilities first");
  CHECK(refusal<DataError>([] { return LabelReport(Tensor<double, 2>(0, 3), Tensor<double, 2>(0, 3)); }) ==
        "LabelReport: expects at least one sample but got none");
}

TEST_CASE("of more than fifty labels the worst are listed, their names escaped") {
  Tensor<float, 2> truth(4, 60), p(4, 60);
  truth.setConstant(1);
  p.setConstant(0.9F);
  p(2, 59) = 0.1F;
  std::vector<std::string> names(60, "fine");
  names[59] = "a\tb\xE9";
  std::ostringstream out;
  out << LabelReport(truth, p, {.names = names});
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 2 + 50 + 5 + 1 + 2);
  CHECK(text.find("support\n\n    a\\tb\\xe9       1.00      0.75") != std::string::npos);
  CHECK(text.find("note: the 50 of 60 labels with the least F1 are listed; LabelReport::labels has all\n") != std::string::npos);
}
