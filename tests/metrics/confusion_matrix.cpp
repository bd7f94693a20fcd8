#include <lamina/metrics/confusion_matrix.hpp>
#include <sstream>

#include "../catch.hpp"

using namespace lamina;
using Classes = std::vector<std::int32_t>;

namespace {

std::string printed(const ConfusionMatrix& confusion) {
  std::ostringstream out;
  out << confusion;
  return out.str();
}

}  // namespace

TEST_CASE("rows of the confusion matrix are the labels, columns the predictions") {
  ConfusionMatrix confusion{3};
  confusion.add(Classes{0, 1, 2, 2, 2}, Classes{0, 2, 2, 2, 0});
  CHECK(confusion(1, 2) == 1);
  CHECK(confusion(2, 1) == 0);
  CHECK(confusion.counts()(2, 2) == 2);
  CHECK(confusion.samples() == 5);
  CHECK(confusion.correct() == 3);
  CHECK(confusion.labelled(0) == 1);
  CHECK(confusion.predicted(0) == 2);
  CHECK(confusion.predicted(1) == 0);
}

TEST_CASE("matrices of two halves merge into the matrix of the whole") {
  ConfusionMatrix whole{2}, first{2}, second{2};
  whole.add(Classes{0, 1, 1, 0}, Classes{0, 0, 1, 1});
  first.add(Classes{0, 1}, Classes{0, 0});
  second.add(Classes{1, 0}, Classes{1, 1});
  first.merge(second);
  CHECK(printed(first) == printed(whole));
  CHECK_THROWS_AS(first.merge(ConfusionMatrix{3}), ShapeError);
  CHECK_THROWS_WITH(first.merge(ConfusionMatrix{3}), "ConfusionMatrix: expects to merge 2 classes but got 3");
}

TEST_CASE("the confusion matrix refuses numbers that no class has") {
  ConfusionMatrix confusion{3};
  CHECK_THROWS_WITH(confusion.add(3, 0),
                    "ConfusionMatrix: expects a label in 0 … 2 but got 3; check the labels and the number of classes");
  CHECK_THROWS_WITH(
      confusion.add(0, -1),
      "ConfusionMatrix: expects a predicted class in 0 … 2 but got -1; check the labels and the number of classes");
  CHECK_THROWS_AS(confusion.add(Classes{0}, Classes{0, 1}), ShapeError);
  CHECK_NOTHROW(confusion.add(Classes{}, Classes{}));
  CHECK(confusion.samples() == 0);
  CHECK_THROWS_AS(ConfusionMatrix{0}, OptionError);
  CHECK_THROWS_WITH(ConfusionMatrix{-2}, "ConfusionMatrix: expects at least one class but got -2");
  CHECK_THROWS_AS(ConfusionMatrix{std::vector<std::string>{}}, OptionError);
}

TEST_CASE("columns of the printed confusion matrix fit their names and their counts") {
  ConfusionMatrix confusion{std::vector<std::string>{"cat", "Vögel", "ox"}};
  for (int i = 0; i < 123456; ++i) confusion.add(0, 0);
  for (int i = 0; i < 1000; ++i) confusion.add(2, 2);
  confusion.add(1, 0);
  confusion.add(0, 1);
  CHECK(printed(confusion) ==
        "confusion matrix (rows: true class, columns: predicted class)\n"
        "          cat  Vögel    ox\n"
        "  cat  123456      1     0\n"
        "Vögel       1      0     0\n"
        "   ox       0      0  1000\n");
}

TEST_CASE("classes without names are printed by their numbers") {
  ConfusionMatrix confusion{11};
  confusion.add(10, 9);
  const std::string text = printed(confusion);
  CHECK(text.find("\n    0  1  2  3  4  5  6  7  8  9  10\n") != std::string::npos);
  CHECK(text.find("\n10  0  0  0  0  0  0  0  0  0  1   0\n") != std::string::npos);
}
