#include <lamina/metrics/detailed_report.hpp>

#include <algorithm>
#include <sstream>

#include "judged.hpp"

using namespace judged;

// That the numbers are right is checked against scikit-learn in reference/metrics.cpp; here it is the table.

namespace {

const Classes labels{0, 0, 0, 1, 1, 2, 2, 2};
const auto probabilities = rows({{0.7, 0.2, 0.1},
                                 {0.5, 0.3, 0.2},
                                 {0.2, 0.6, 0.2},
                                 {0.1, 0.8, 0.1},
                                 {0.4, 0.35, 0.25},
                                 {0.1, 0.2, 0.7},
                                 {0.3, 0.3, 0.4},
                                 {0.6, 0.1, 0.3}});

std::string printed(const DetailedReport& report) {
  std::ostringstream out;
  out << report;
  return out.str();
}

}  // namespace

TEST_CASE("the detailed report is laid out as the classification report, with further columns") {
  CHECK(printed(DetailedReport{labels, probabilities}) ==
        R"(              precision    recall specificity  f1-score   roc-auc  avg-prec   support

           0       0.50      0.67        0.60      0.57      0.73      0.72         3
           1       0.50      0.50        0.83      0.50      0.92      0.83         2
           2       1.00      0.67        1.00      0.80      1.00      1.00         3

    accuracy                                       0.62                             8
   macro avg       0.67      0.61        0.81      0.62      0.88      0.85         8
weighted avg       0.69      0.62        0.81      0.64      0.88      0.85         8
)");
}

TEST_CASE("long names and further digits widen the detailed report") {
  const DetailedReport report{
      labels, probabilities, {.class_names = {"cat", "a very long name", "Vögel"}, .digits = 3}};
  CHECK(printed(report) ==
        R"(                  precision    recall specificity  f1-score   roc-auc  avg-prec   support

             cat      0.500     0.667       0.600     0.571     0.733     0.722         3
a very long name      0.500     0.500       0.833     0.500     0.917     0.833         2
           Vögel      1.000     0.667       1.000     0.800     1.000     1.000         3

        accuracy                                      0.625                             8
       macro avg      0.667     0.611       0.811     0.624     0.883     0.852         8
    weighted avg      0.688     0.625       0.808     0.639     0.879     0.854         8
)");
}

TEST_CASE("notes of the detailed report say where numbers are 0 or not defined, and why") {
  const auto scores = rows({{0.9, 0.1}, {0.8, 0.2}});
  CHECK(printed(DetailedReport{Classes{0, 0}, scores}) ==
        R"(              precision    recall specificity  f1-score   roc-auc  avg-prec   support

           0       1.00      1.00        0.00      1.00       nan      1.00         2
           1       0.00      0.00        1.00      0.00       nan      0.00         0

    accuracy                                       1.00                             2
   macro avg       0.50      0.50        0.50      0.50       nan      0.50         2
weighted avg       1.00      1.00        0.00      1.00       nan      1.00         2
note: precision is 0 because the class was never predicted: 1
note: recall and avg-prec are 0 because the class has no sample: 1
note: specificity is 0 because every sample is of the class: 0
note: roc-auc is not defined, and left out of the averages, where no sample or every sample is of the class: 0, 1
)");
}

TEST_CASE("the detailed report takes float as well, and any finite scores") {
  const auto logits = rows<float>({{3, -1}, {-2, 5}, {1, 2}});
  const DetailedReport report{Classes{0, 1, 0}, logits};
  CHECK(report.report.accuracy == Approx(2.0 / 3).epsilon(1e-15));
  CHECK(report.roc_auc.classes == std::vector<double>{1, 1});
}

TEST_CASE("the detailed report refuses what cannot be judged and names that are not one for each class") {
  const auto scores = rows({{0.5, 0.5}});
  CHECK(refusal<OptionError>([&] { DetailedReport(Classes{0}, scores, {.class_names = {"one"}}); }) ==
        "DetailedReport: expects a name for each of the 2 classes but got 1");
  CHECK(refusal<OptionError>([&] { DetailedReport(Classes{0}, scores, {.digits = 16}); }) ==
        "ClassificationReport: expects digits in 0 … 15 but got 16");
  CHECK(refusal<ShapeError>([&] {
          DetailedReport(Classes{0, 1}, scores);
        }) == "DetailedReport: expects a row of scores for each label but got 2 labels and scores (1, 2)");
  CHECK(refusal<DataError>([&] {
          DetailedReport(Classes{0}, rows({{0.5, infinity}}));
        }) == "DetailedReport: expects finite scores but got inf for class 1 of sample 0; did training diverge?");
  CHECK(refusal<DataError>([&] { DetailedReport(Classes{}, Tensor<float, 2>(0, 2)); }) ==
        "DetailedReport: expects at least one sample but got none");
}

TEST_CASE("of more than fifty classes the worst are listed, their names escaped") {
  Tensor<float, 2> p(120, 60);
  Classes of_many;
  p.setConstant(0.4F / 59);
  for (std::int32_t n = 0; n < 120; ++n) {
    of_many.push_back(n % 60);
    p(n, n == 0 ? 1 : n % 60) = 0.6F;
  }
  std::vector<std::string> names(60, "fine");
  names[0] = "\x1b[2J";
  const std::string text = printed({of_many, p, {.class_names = names}});
  CHECK(std::count(text.begin(), text.end(), '\n') == 2 + 50 + 4 + 1);
  CHECK(text.find("\n     \\x1b[2J  ") != std::string::npos);
  CHECK(text.ends_with("note: the 50 of 60 classes with the least F1 are listed; DetailedReport::report.classes has all\n"));
}
