#include <lamina/metrics/one_vs_rest.hpp>

#include <lamina/core/random.hpp>

#include "judged.hpp"

using namespace judged;
using Numbers = std::vector<double>;

TEST_CASE("samples pass from the highest score down, those of one score together") {
  const auto scores = rows({{0.9}, {0.1}, {0.5}, {0.5}, {0.7}, {0.5}, {0.1}});
  const auto truth = rows({{1}, {0}, {1}, {0}, {0}, {1}, {0}});
  const detail::OneAgainstRest ranking(truth, scores, 0);
  CHECK(ranking.thresholds == Numbers{0.9, 0.7, 0.5, 0.1});
  CHECK(ranking.true_positives == Numbers{1, 1, 3, 3});
  CHECK(ranking.false_positives == Numbers{0, 1, 2, 4});
  CHECK(ranking.positives() == 3);
  CHECK(ranking.negatives() == 4);
}

TEST_CASE("0 and -0 are one score") {
  const detail::OneAgainstRest ranking(rows({{1}, {0}}), rows({{-0.0}, {0.0}}), 0);
  CHECK(ranking.thresholds.size() == 1);
}

TEST_CASE("a class with all samples or none is ranked as well") {
  const auto scores = rows({{0.2, 0.8}, {0.2, 0.1}});
  const Classes labels{1, 1};
  const detail::OneAgainstRest none(labels, scores, 0), all(labels, scores, 1);
  CHECK(none.positives() == 0);
  CHECK(none.false_positives == Numbers{2});
  CHECK(all.negatives() == 0);
  CHECK(all.true_positives == Numbers{1, 2});
}

TEST_CASE("the counts at each threshold are those of a count by hand") {
  Rng rng(5);
  Tensor<double, 2> scores(300, 1), truth(300, 1);
  for (Index n = 0; n < 300; ++n) {
    scores(n, 0) = static_cast<double>(rng.below(40));
    truth(n, 0) = static_cast<double>(rng.below(3) == 0);
  }
  const detail::OneAgainstRest ranking(truth, scores, 0);
  for (std::size_t i = 0; i < ranking.thresholds.size(); ++i) {
    double own = 0, others = 0;
    for (Index n = 0; n < 300; ++n)
      if (scores(n, 0) >= ranking.thresholds[i]) (truth(n, 0) == 1 ? own : others) += 1;
    CHECK(ranking.true_positives[i] == own);
    CHECK(ranking.false_positives[i] == others);
  }
}
