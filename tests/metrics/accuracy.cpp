#include <lamina/metrics/accuracy.hpp>
#include <limits>

#include "../catch.hpp"

using namespace lamina;
using Classes = std::vector<std::int32_t>;

namespace {

constexpr double NaN = std::numeric_limits<double>::quiet_NaN();

Tensor<double, 2> rows(std::initializer_list<std::initializer_list<double>> values) {
  Tensor<double, 2> scores(static_cast<Index>(values.size()), static_cast<Index>(values.begin()->size()));
  Index n = 0;
  for (const auto& row : values) {
    Index k = 0;
    for (const double score : row) scores(n, k++) = score;
    ++n;
  }
  return scores;
}

}  // namespace

TEST_CASE("the class of a row is its first maximum") {
  CHECK(classes_of(rows({{0, 2, 1}, {3, 3, 1}, {-3, -2, -2}})) == Classes{1, 0, 1});
  CHECK(classes_of(Tensor<float, 2>(0, 3)).empty());
}

TEST_CASE("a score that is not a number loses against every number") {
  const double lowest = -std::numeric_limits<double>::infinity();
  CHECK(classes_of(rows({{NaN, lowest, 1}, {NaN, lowest, NaN}, {NaN, NaN, NaN}})) == Classes{2, 1, 0});
}

TEST_CASE("scores without a class are refused") {
  CHECK_THROWS_WITH(classes_of(Tensor<float, 2>(2, 0)),
                    "classes_of: expects scores (N, K) of at least one class but got (2, 0)");
}

TEST_CASE("accuracy is the share of equal pairs") {
  CHECK(accuracy(Classes{1, 2, 3, 4}, Classes{1, 2, 0, 4}) == 0.75);
  CHECK(accuracy(Classes{1}, Classes{0}) == 0);
}

TEST_CASE("accuracy refuses unequal numbers of labels and predictions, and none") {
  CHECK_THROWS_AS(accuracy(Classes{1, 2}, Classes{1}), ShapeError);
  CHECK_THROWS_WITH(accuracy(Classes{1, 2}, Classes{1}),
                    "accuracy: expects one prediction for each label but got 2 labels and 1 predictions");
  CHECK_THROWS_AS(accuracy(Classes{}, Classes{}), DataError);
  CHECK_THROWS_WITH(accuracy(Classes{}, Classes{}), "accuracy: expects at least one sample but got none");
}

TEST_CASE("top-k accuracy counts labels among the k highest scores") {
  const auto scores = rows({{0.5, 0.2, 0.2, 0.1}, {0.3, 0.4, 0.2, 0.1}, {0.2, 0.4, 0.3, 0.1}, {0.7, 0.2, 0.1, 0.0}});
  const Classes labels{0, 0, 3, 2};
  CHECK(top_k_accuracy(labels, scores, 1) == 0.25);
  CHECK(top_k_accuracy(labels, scores, 2) == 0.5);
  CHECK(top_k_accuracy(labels, scores, 3) == 0.75);
  CHECK(top_k_accuracy(labels, scores, 4) == 1);
}

TEST_CASE("among equal scores the lower class goes first, so that top-1 is the accuracy of classes_of") {
  const auto scores = rows({{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {NaN, 1, NaN}, {NaN, NaN, NaN}});
  const Classes labels{0, 1, 2, 0, 1};
  CHECK(count_in_top_k(labels, scores, 1) == 1);
  CHECK(count_in_top_k(labels, scores, 2) == 4);
  CHECK(count_in_top_k(labels, scores, 3) == 5);
  CHECK(top_k_accuracy(labels, scores, 1) == accuracy(labels, classes_of(scores)));
}

TEST_CASE("top-k accuracy refuses a k that no ranking has, and labels that no class has") {
  const auto scores = rows({{0, 1, 2}});
  CHECK_THROWS_AS(top_k_accuracy(Classes{0}, scores, 0), OptionError);
  CHECK_THROWS_WITH(top_k_accuracy(Classes{0}, scores, 0),
                    "top_k_accuracy: expects k in 1 … 3 (the number of classes) but got 0");
  CHECK_THROWS_WITH(top_k_accuracy(Classes{0}, scores, 4),
                    "top_k_accuracy: expects k in 1 … 3 (the number of classes) but got 4");
  CHECK_THROWS_AS(top_k_accuracy(Classes{3}, scores, 1), DataError);
  CHECK_THROWS_WITH(top_k_accuracy(Classes{3}, scores, 1),
                    "top_k_accuracy: expects a label in 0 … 2 but got 3; classes count from 0: where labels begin at 1, subtract 1 from each");
  CHECK_THROWS_AS(top_k_accuracy(Classes{-1}, scores, 1), DataError);
  CHECK_THROWS_AS(top_k_accuracy(Classes{0, 1}, scores, 1), ShapeError);
  CHECK_THROWS_AS(top_k_accuracy(Classes{}, Tensor<float, 2>(0, 3), 1), DataError);
}

TEST_CASE("one column of scores tells no classes apart") {
  CHECK_THROWS_WITH(classes_of(Tensor<float, 2>(2, 1)),
                    "classes_of: expects scores (N, K) of at least two classes but got (2, 1); of one output that tells two "
                    "classes apart ask model.classes(x) or predict_classes");
  CHECK_THROWS_WITH(top_k_accuracy(Classes{0, 1}, Tensor<float, 2>(2, 1), 1),
                    "top_k_accuracy: expects a label in 0 … 0 but got 1; of one output that tells two classes apart, give "
                    "both: predict_probabilities does");
}
