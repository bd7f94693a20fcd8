#include <lamina/metrics/log_loss.hpp>

#include "judged.hpp"

using namespace judged;

TEST_CASE("log loss is the mean of −ln of the labels' probabilities") {
  const Classes labels{1, 0};
  CHECK(log_loss(labels, rows({{0.2, 0.8}, {0.5, 0.5}})) ==
        Approx(-(std::log(0.8) + std::log(0.5)) / 2).epsilon(1e-15));
  CHECK(log_loss(labels, rows<float>({{0.25, 0.75}, {0.5, 0.5}})) ==
        Approx(-(std::log(0.75) + std::log(0.5)) / 2).epsilon(1e-15));
}

TEST_CASE("a label of probability 0 costs much but not infinity, by the precision of the scores") {
  CHECK(log_loss(Classes{0}, rows({{0, 1}})) == Approx(52 * std::log(2)).epsilon(1e-15));
  CHECK(log_loss(Classes{0}, rows<float>({{0, 1}})) == Approx(23 * std::log(2)).epsilon(1e-15));
  CHECK(log_loss(Classes{1}, rows({{0, 1}})) == Approx(0x1p-52).epsilon(1e-15));
}

TEST_CASE("log loss refuses what is no distribution and labels that no class has") {
  const auto logits = rows({{3, -1}});
  CHECK(refusal<DataError>([&] { log_loss(Classes{0}, logits); }) ==
        "log_loss: expects probabilities in [0, 1] but got 3 for class 0 of sample 0; turn logits into probabilities "
        "first");
  CHECK(refusal<DataError>([&] {
          log_loss(Classes{0}, rows({{0.5, 0.25}}));
        }) ==
        "log_loss: expects probabilities that add up to 1 but those of sample 0 add up to 0.75; several labels at once "
        "have no distribution over the classes");
  CHECK(refusal<DataError>([&] {
          log_loss(Classes{2}, rows({{0.5, 0.5}}));
        }) == "log_loss: expects a label in 0 … 1 but got 2; classes count from 0: where labels begin at 1, subtract 1 from each");
  CHECK(refusal<ShapeError>([&] {
          log_loss(Classes{}, rows({{0.5, 0.5}}));
        }) == "log_loss: expects a row of scores for each label but got 0 labels and scores (1, 2)");
  CHECK(refusal<DataError>([&] { log_loss(Classes{}, Tensor<float, 2>(0, 2)); }) ==
        "log_loss: expects at least one sample but got none");
}
