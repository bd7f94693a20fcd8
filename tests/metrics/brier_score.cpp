#include <lamina/metrics/brier_score.hpp>

#include "judged.hpp"

using namespace judged;

TEST_CASE("the Brier score is the mean squared distance from what came") {
  CHECK(brier_score(Classes{1, 0}, rows({{0.25, 0.75}, {0.5, 0.5}})) == (2 * 0.0625 + 2 * 0.25) / 2);
  CHECK(brier_score(Classes{2}, rows<float>({{0.5, 0.25, 0.25}})) == 0.25 + 0.0625 + 0.5625);
}

TEST_CASE("the Brier score is 0 at best and 2 at worst") {
  CHECK(brier_score(Classes{0, 1}, rows({{1, 0}, {0, 1}})) == 0);
  CHECK(brier_score(Classes{1, 0}, rows({{1, 0}, {0, 1}})) == 2);
}

TEST_CASE("the Brier score refuses what is no distribution and labels that no class has") {
  CHECK(refusal<DataError>([&] {
          brier_score(Classes{0}, rows({{1, 1}}));
        }) ==
        "brier_score: expects probabilities that add up to 1 but those of sample 0 add up to 2; several labels at once "
        "have no distribution over the classes");
  CHECK(refusal<DataError>([&] {
          brier_score(Classes{-1}, rows({{0.5, 0.5}}));
        }) == "brier_score: expects a label in 0 … 1 but got -1; check the labels and the number of classes");
  CHECK(refusal<ShapeError>([&] {
          brier_score(Classes{0, 0}, rows({{0.5, 0.5}}));
        }) == "brier_score: expects a row of scores for each label but got 2 labels and scores (1, 2)");
}
