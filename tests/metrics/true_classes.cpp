#include <lamina/metrics/true_classes.hpp>

#include "judged.hpp"

using namespace judged;

namespace {

/// The text with which `truth` is refused for scores of this shape.
template <typename E>
std::string refused(const detail::TrueClasses& truth, Index N, Index K) {
  Tensor<float, 2> scores(N, K);
  scores.setZero();
  return refusal<E>([&] { truth.check("roc_auc", scores); });
}

}  // namespace

TEST_CASE("class numbers and rows of 0 and 1 say the same") {
  const Classes labels{2, 0, 2};
  const auto one_hot = rows<float>({{0, 0, 1}, {1, 0, 0}, {0, 0, 1}});
  const auto wide = rows({{0, 0, 1}, {1, 0, 0}, {0, 0, 1}});
  for (const detail::TrueClasses& truth : {detail::TrueClasses(labels), detail::TrueClasses(one_hot), detail::TrueClasses(wide)}) {
    CHECK(truth.samples() == 3);
    for (Index n = 0; n < 3; ++n)
      for (Index k = 0; k < 3; ++k) CHECK(truth.of(n, k) == (wide(n, k) == 1));
    CHECK(truth.support(0) == 1);
    CHECK(truth.support(1) == 0);
    CHECK(truth.support(2) == 2);
    CHECK(refused<ShapeError>(truth, 3, 3) == "nothing was refused");
  }
}

TEST_CASE("a sample can be of several classes or of none") {
  const auto several = rows({{1, 1}, {0, 0}, {0, 1}});
  const detail::TrueClasses truth(several);
  CHECK(truth.of(0, 0));
  CHECK(truth.of(0, 1));
  CHECK(!truth.of(1, 0));
  CHECK(truth.support(1) == 2);
}

TEST_CASE("truth that does not fit the scores is refused") {
  const Classes labels{0, 1};
  CHECK(refused<ShapeError>(labels, 3, 2) ==
        "roc_auc: expects a row of scores for each label but got 2 labels and scores (3, 2)");
  CHECK(refused<ShapeError>(labels, 2, 0) == "roc_auc: expects scores (N, K) of at least one class but got (2, 0)");
  CHECK(refused<DataError>(Classes{}, 0, 2) == "roc_auc: expects at least one sample but got none");
  CHECK(refused<DataError>(Classes{0, 2}, 2, 2) ==
        "roc_auc: expects a label in 0 … 1 but got 2; classes count from 0: where labels begin at 1, subtract 1 from each");
  CHECK(refused<DataError>(Classes{0, -1}, 2, 2).find("got -1") != std::string::npos);
  CHECK(refused<ShapeError>(rows({{0, 1}}), 1, 3) ==
        "roc_auc: expects rows of 0 and 1 of the scores' shape (1, 3) but got (1, 2)");
  CHECK(refused<ShapeError>(rows({{0, 1}}), 2, 2).find("got (1, 2)") != std::string::npos);
  CHECK(refused<DataError>(rows({{0, 1}, {1, 0.5}}), 2, 2) ==
        "roc_auc: expects rows of 0 and 1 but got 0.5 for class 1 of sample 1");
  CHECK(refused<DataError>(rows({{0, NaN}}), 1, 2).find("nan for class 1 of sample 0") != std::string::npos);
  CHECK(refused<DataError>(Tensor<float, 2>(0, 2), 0, 2) == "roc_auc: expects at least one sample but got none");
}

TEST_CASE("a class that does not exist cannot be asked for") {
  CHECK(refusal<OptionError>([] { detail::check_class_asked("roc_curve", 3, 3); }) ==
        "roc_curve: expects a class in 0 … 2 but got 3");
  CHECK(refusal<OptionError>([] { detail::check_class_asked("roc_curve", -1, 3); }) ==
        "roc_curve: expects a class in 0 … 2 but got -1");
  CHECK(refusal<OptionError>([] { detail::check_class_asked("roc_curve", 2, 3); }) == "nothing was refused");
}
