#include <lamina/core/random.hpp>
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
                    "ConfusionMatrix: expects a label in 0 … 2 but got 3; classes count from 0: where labels begin at 1, subtract 1 from each");
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

TEST_CASE("names that would move the cursor are escaped, and columns stay columns") {
  ConfusionMatrix confusion{std::vector<std::string>{"\x1b[31mcat", "a\n", "\xE9"}};
  confusion.add(0, 1);
  CHECK(printed(confusion) ==
        "confusion matrix (rows: true class, columns: predicted class)\n"
        "             \\x1b[31mcat  a\\n  \\xe9\n"
        "\\x1b[31mcat            0    1     0\n"
        "        a\\n            0    0     0\n"
        "       \\xe9            0    0     0\n");
}

TEST_CASE("of more than fifty classes the most frequent confusions are printed, in a text that does not grow with them") {
  for (const Index K : {51, 1000, 3000}) {
    CAPTURE(K);
    ConfusionMatrix confusion{K};
    CHECK(printed(confusion) == str_cat("confusion matrix of ", format_count(K), " classes: no sample was taken for another class\n"));
    for (std::int32_t k = 0; k < K; ++k) confusion.add(k, k);
    for (std::int32_t k = 0; k < 30; ++k)
      for (std::int32_t n = 0; n <= k; ++n) confusion.add(k, k + 1);
    const std::string text = printed(confusion);
    CHECK(text.size() < 1500);
    CHECK(text.starts_with(str_cat("confusion matrix of ", format_count(K), " classes: the 20 most frequent of 30 confusions\n",
                                   "true class  predicted class  samples\n",
                                   "        29               30       30\n",
                                   "        28               29       29\n")));
    CHECK(text.ends_with("        10               11       11\nnote: ConfusionMatrix::each_count and counts have all\n"));
    CHECK((confusion(29, 30) == 30 && confusion(30, 29) == 0 && confusion.counts()(29, 30) == 30));
  }
}

TEST_CASE("many classes are counted as few are") {
  ConfusionMatrix few{1000}, many{3000};
  Rng rng{1};
  for (int n = 0; n < 5000; ++n) {
    const auto label = static_cast<std::int32_t>(rng.below(1000)), predicted = static_cast<std::int32_t>(rng.below(1000));
    few.add(label, predicted);
    many.add(label, predicted);
  }
  ConfusionMatrix twice{3000};
  twice.merge(many);
  twice.merge(twice);
  Index different = 0;
  std::vector<Index> seen_few, seen_many;
  for (Index i = 0; i < 1000; ++i) {
    different += few.labelled(i) != many.labelled(i) || few.predicted(i) != many.predicted(i);
    for (Index j = 0; j < 1000; ++j) different += few(i, j) != many(i, j) || twice(i, j) != 2 * few(i, j);
  }
  few.each_count([&](Index i, Index j, Index count) { seen_few.insert(seen_few.end(), {i, j, count}); });
  many.each_count([&](Index i, Index j, Index count) { seen_many.insert(seen_many.end(), {i, j, count}); });
  CHECK(different == 0);
  CHECK(seen_few == seen_many);
  CHECK((few.samples() == 5000 && many.samples() == 5000 && twice.samples() == 10000 && few.correct() == many.correct()));
}
