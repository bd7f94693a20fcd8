#include <algorithm>
#include <lamina/metrics/classification_report.hpp>
#include <sstream>

#include "../catch.hpp"

// The tables here were printed by scikit-learn's classification_report, version 1.2.1; the notes below them are ours.

using namespace lamina;
using Classes = std::vector<std::int32_t>;

namespace {

const Classes labels{0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2};
const Classes predicted{0, 0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 2, 2, 0, 1};

std::string printed(const ClassificationReport& report) {
  std::ostringstream out;
  out << report;
  return out.str();
}

ConfusionMatrix counted(ConfusionMatrix confusion, const Classes& y, const Classes& p) {
  confusion.add(y, p);
  return confusion;
}

}  // namespace

TEST_CASE("the classification report is laid out as scikit-learn's") {
  CHECK(printed(ClassificationReport{counted(ConfusionMatrix{3}, labels, predicted)}) ==
        R"(              precision    recall  f1-score   support

           0       0.60      0.60      0.60         5
           1       0.50      0.67      0.57         3
           2       0.83      0.71      0.77         7

    accuracy                           0.67        15
   macro avg       0.64      0.66      0.65        15
weighted avg       0.69      0.67      0.67        15
)");
}

TEST_CASE("long names and further digits widen the classification report as scikit-learn's") {
  const ConfusionMatrix names{std::vector<std::string>{"cat", "a very long name", "Vögel"}};
  CHECK(printed(ClassificationReport{counted(names, labels, predicted), {.digits = 4}}) ==
        R"(                  precision    recall  f1-score   support

             cat     0.6000    0.6000    0.6000         5
a very long name     0.5000    0.6667    0.5714         3
           Vögel     0.8333    0.7143    0.7692         7

        accuracy                         0.6667        15
       macro avg     0.6444    0.6603    0.6469        15
    weighted avg     0.6889    0.6667    0.6733        15
)");
}

TEST_CASE("counts of six digits stay in their column") {
  Classes y, p;
  for (Index i = 0; i < 120000; ++i) {
    y.push_back(static_cast<std::int32_t>(i % 3));
    p.push_back(static_cast<std::int32_t>(i * i / 7 % 3));
  }
  CHECK(printed(ClassificationReport{counted(ConfusionMatrix{3}, y, p), {.digits = 8}}) ==
        R"(              precision    recall  f1-score   support

           0  0.11112191 0.14287500 0.12501367     40000
           1  0.24998906 0.14285000 0.18180950     40000
           2  0.24999453 0.28570000 0.26665733     40000

    accuracy                      0.19047500    120000
   macro avg  0.20370184 0.19047500 0.19116017    120000
weighted avg  0.20370184 0.19047500 0.19116017    120000
)");
}

TEST_CASE("a class never predicted has precision 0, a class without samples recall 0, and notes say so") {
  const ClassificationReport report{counted(ConfusionMatrix{4}, {0, 0, 1, 1, 1, 3}, {0, 1, 1, 1, 0, 0})};
  CHECK(report.classes[3].precision == 0);
  CHECK(report.classes[2].recall == 0);
  CHECK(report.classes[2].f1 == 0);
  CHECK(report.never_predicted == std::vector<std::string>{"2", "3"});
  CHECK(report.without_samples == std::vector<std::string>{"2"});
  CHECK(printed(report) ==
        R"(              precision    recall  f1-score   support

           0       0.33      0.50      0.40         2
           1       0.67      0.67      0.67         3
           2       0.00      0.00      0.00         0
           3       0.00      0.00      0.00         1

    accuracy                           0.50         6
   macro avg       0.25      0.29      0.27         6
weighted avg       0.44      0.50      0.47         6
note: precision is 0 because the class was never predicted: 2, 3
note: recall is 0 because the class has no sample: 2
)");
}

TEST_CASE("a note names ten classes and counts the others") {
  const std::string text = printed(ClassificationReport{counted(ConfusionMatrix{13}, {0}, {0})});
  CHECK(text.find("never predicted: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more\n") != std::string::npos);
}

TEST_CASE("the averages are means over the classes, plain and by support") {
  const ClassificationReport report{counted(ConfusionMatrix{2}, {0, 0, 0, 1}, {0, 0, 1, 1})};
  CHECK(report.accuracy == 0.75);
  CHECK(report.classes[0].recall == Approx(2.0 / 3));
  CHECK(report.classes[1].precision == 0.5);
  CHECK(report.macro.precision == 0.75);
  CHECK(report.weighted.precision == 0.875);
  CHECK(report.weighted.recall == 0.75);
  CHECK(report.macro.f1 == Approx((0.8 + 2.0 / 3) / 2));
  CHECK(report.macro.support == 4);
}

TEST_CASE("a report on nothing, and digits that no number has, are refused") {
  CHECK_THROWS_AS(ClassificationReport{ConfusionMatrix{3}}, DataError);
  CHECK_THROWS_WITH(ClassificationReport{ConfusionMatrix{3}},
                    "ClassificationReport: expects at least one sample but the confusion matrix is empty");
  const ConfusionMatrix one = counted(ConfusionMatrix{1}, {0}, {0});
  CHECK_THROWS_AS((ClassificationReport{one, {.digits = -1}}), OptionError);
  CHECK_THROWS_WITH((ClassificationReport{one, {.digits = 16}}),
                    "ClassificationReport: expects digits in 0 … 15 but got 16");
}

TEST_CASE("names that would move the cursor are escaped in the table and in its notes") {
  const std::string text = printed(ClassificationReport{counted(ConfusionMatrix{std::vector<std::string>{"\x1b[31mcat\n", "\xE9"}}, {0}, {0})});
  CHECK(text.find("\n\\x1b[31mcat\\n       1.00      1.00      1.00         1\n") != std::string::npos);
  CHECK(text.find("\n         \\xe9       0.00") != std::string::npos);
  CHECK(text.find("never predicted: \\xe9\n") != std::string::npos);
}

TEST_CASE("of more than fifty classes the worst are listed, those without samples last, and averages are of all") {
  constexpr std::int32_t K = 1000;
  ConfusionMatrix confusion{K};
  for (std::int32_t k = 0; k < K - 1; ++k)
    for (std::int32_t n = 0; n < 10; ++n) confusion.add(k, k < 60 && n <= k / 10 ? k + 1 : k);  // the last has no sample
  const ClassificationReport report(confusion);
  const std::string text = printed(report);
  CHECK(text.size() < 4000);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2 + 50 + 4 + 3);
  CHECK(text.find("\n          59  ") < text.find("\n          50  "));  // more of it is lost
  CHECK(text.find("\n         999  ") == std::string::npos);
  CHECK(text.find("\n         998  ") == std::string::npos);
  CHECK(text.ends_with("note: the 50 of 1,000 classes with the least F1 are listed; ClassificationReport::classes has all\n"));
  CHECK(report.classes.size() == K);
  CHECK(report.macro.support == 9990);
  const auto all = lamina::detail::listed_classes(report.classes, K), most = lamina::detail::listed_classes(report.classes, K - 1);
  CHECK((all[0] == 0 && all[999] == 999));
  CHECK(std::find(most.begin(), most.end(), 999) == most.end());
}
