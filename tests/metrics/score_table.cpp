#include <lamina/metrics/score_table.hpp>

#include "judged.hpp"

using namespace judged;

TEST_CASE("a table of scores reads float and double alike, without copying") {
  auto wide = rows({{0.5, 0.25, 0.75}, {1, 2, -3}});
  const auto narrow = rows<float>({{0.5, 0.25, 0.75}, {1, 2, -3}});
  const ScoreTable doubles(wide), floats(narrow);
  CHECK(doubles.samples() == 2);
  CHECK(doubles.classes() == 3);
  CHECK(floats.shape() == Shape{2, 3});
  for (Index n = 0; n < 2; ++n)
    for (Index k = 0; k < 3; ++k) {
      CHECK(doubles(n, k) == wide(n, k));
      CHECK(floats(n, k) == wide(n, k));
    }
  wide(0, 1) = 9;
  CHECK(doubles(0, 1) == 9);
  CHECK(doubles.epsilon() == 0x1p-52);
  CHECK(floats.epsilon() == 0x1p-23);
}

TEST_CASE("the highest score of a sample is the first of equal ones, and never a NaN") {
  const auto wide = rows({{1, 3, 3}, {NaN, 0, -1}});
  const auto narrow = rows<float>({{2, 2, 1}, {NaN, -1, 0}});
  CHECK(ScoreTable(wide).highest(0) == 1);
  CHECK(ScoreTable(wide).highest(1) == 1);
  CHECK(ScoreTable(narrow).highest(0) == 0);
  CHECK(ScoreTable(narrow).highest(1) == 2);
}

TEST_CASE("scores that are infinite or no number are refused where scores must be finite") {
  const auto refused = [](double score) {
    const auto table = rows({{0, 1}, {2, score}});
    return refusal<DataError>([&] { ScoreTable(table).check_finite("roc_auc"); });
  };
  CHECK(refused(-1e300) == "nothing was refused");
  CHECK(refused(infinity) ==
        "roc_auc: expects finite scores but got inf for class 1 of sample 1; did training diverge?");
  CHECK(refused(-infinity).find("got -inf for class 1 of sample 1") != std::string::npos);
  CHECK(refused(NaN).find("nan for class 1 of sample 1") != std::string::npos);
}

TEST_CASE("what is no probability is refused where probabilities are needed, rounding apart") {
  const auto refused = [](double score) {
    const auto table = rows({{score, 0.5}});
    return refusal<DataError>([&] { ScoreTable(table).check_probabilities("log_loss"); });
  };
  CHECK(refused(0) == "nothing was refused");
  CHECK(refused(1.000009) == "nothing was refused");
  CHECK(refused(-0.000009) == "nothing was refused");
  CHECK(refused(1.00002) ==
        "log_loss: expects probabilities in [0, 1] but got 1.00002 for class 0 of sample 0; turn "
        "logits into probabilities first");
  CHECK(refused(-2).find("got -2 for class 0") != std::string::npos);
  CHECK(refused(NaN).find("nan for class 0") != std::string::npos);
}

TEST_CASE("rows that do not add up to 1 are refused where distributions are needed, rounding apart") {
  const auto refused = [](double rest) {
    const auto table = rows({{0.5, 0.5}, {0.25, rest}});
    return refusal<DataError>([&] { ScoreTable(table).check_distributions("brier_score"); });
  };
  CHECK(refused(0.75009) == "nothing was refused");
  CHECK(refused(0.74991) == "nothing was refused");
  CHECK(refused(0.5) ==
        "brier_score: expects probabilities that add up to 1 but those of sample 1 add up to 0.75; several "
        "labels at once have no distribution over the classes");
  CHECK(refused(0.7502).find("sample 1 add up to 1.0002") != std::string::npos);
  CHECK(refused(-0.25).find("expects probabilities in [0, 1] but got -0.25 for class 1") != std::string::npos);
}
