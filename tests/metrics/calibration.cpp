#include <lamina/metrics/calibration.hpp>

#include <lamina/core/random.hpp>

#include "judged.hpp"

using namespace judged;

TEST_CASE("calibration compares the confidence in the predicted class with how often it was right") {
  const auto probabilities = rows({{0.9, 0.1}, {0.8, 0.2}, {0.4, 0.6}, {0.3, 0.7}});
  const Calibration found = calibration(Classes{0, 1, 1, 1}, probabilities, {.bins = 4});
  REQUIRE(found.bins.size() == 4);
  CHECK(found.bins[2].lower == 0.5);
  CHECK(found.bins[2].upper == 0.75);
  CHECK(found.bins[2].count == 2);
  CHECK(found.bins[2].confidence == Approx(0.65).epsilon(1e-15));
  CHECK(found.bins[2].accuracy == 1);
  CHECK(found.bins[3].count == 2);
  CHECK(found.bins[3].accuracy == 0.5);
  CHECK(found.bins[0].count == 0);
  CHECK(std::isnan(found.bins[0].confidence));
  CHECK(std::isnan(found.bins[0].accuracy));
  CHECK(found.expected_error == Approx(0.5 * 0.35 + 0.5 * 0.35).epsilon(1e-14));
  CHECK(found.largest_error == Approx(0.35).epsilon(1e-14));
}

TEST_CASE("bins are equally wide, own their upper ends, and the first its lower end too") {
  const auto probabilities = rows({{0.0}, {0.1}, {0.10000001}, {0.2}, {0.7}, {1.0}});
  const Calibration found = class_calibration(rows({{1}, {1}, {1}, {1}, {1}, {1}}), probabilities, 0, {.bins = 10});
  REQUIRE(found.bins.size() == 10);
  CHECK(found.bins[0].count == 2);
  CHECK(found.bins[1].count == 2);
  CHECK(found.bins[6].count == 1);
  CHECK(found.bins[9].count == 1);
  CHECK(found.bins[9].upper == 1);
  for (std::size_t b = 1; b < 10; ++b) CHECK(found.bins[b].lower == found.bins[b - 1].upper);
}

TEST_CASE("by default there are fifteen bins") { CHECK(calibration(Classes{0}, rows({{1, 0}})).bins.size() == 15); }

TEST_CASE("what happens as often as was said has nearly no calibration error, what was too sure has its excess") {
  Rng rng(9);
  Tensor<float, 2> honest(20000, 2), sure(20000, 2);
  Classes labels;
  for (Index n = 0; n < 20000; ++n) {
    const double p = rng.uniform(0.5, 1);
    labels.push_back(rng.uniform() < p ? 0 : 1);
    honest(n, 0) = static_cast<float>(p);
    sure(n, 0) = 1;
    honest(n, 1) = 1 - honest(n, 0);
    sure(n, 1) = 0;
  }
  CHECK(calibration(labels, honest).expected_error < 0.02);
  CHECK(calibration(labels, sure).expected_error == Approx(0.25).margin(0.01));
}

TEST_CASE("calibration of a class takes that class's probabilities, of labels and of several at once") {
  const auto probabilities = rows({{0.25, 0.75}, {0.75, 0.25}});
  const Calibration of_labels = class_calibration(Classes{1, 1}, probabilities, 0, {.bins = 2});
  CHECK(of_labels.bins[0].confidence == 0.25);
  CHECK(of_labels.bins[1].accuracy == 0);
  CHECK(of_labels.expected_error == 0.5);
  CHECK(of_labels.largest_error == 0.75);
  const Calibration of_rows = class_calibration(rows({{1, 1}, {1, 0}}), rows({{1, 1}, {1, 0.5}}), 1, {.bins = 2});
  CHECK(of_rows.bins[1].accuracy == 1);
  CHECK(of_rows.bins[0].confidence == 0.5);
}

TEST_CASE("calibration refuses bins that cannot be and probabilities that are none") {
  const auto fair = rows({{0.5, 0.5}}), logits = rows({{2, -1}});
  CHECK(refusal<OptionError>([&] { calibration(Classes{0}, fair, {.bins = 0}); }) ==
        "calibration: expects bins in 1 … 10000 but got 0");
  CHECK(refusal<OptionError>([&] { class_calibration(Classes{0}, fair, 0, {.bins = 10001}); }) ==
        "class_calibration: expects bins in 1 … 10000 but got 10001");
  CHECK(refusal<OptionError>([&] { class_calibration(Classes{0}, fair, 2); }) ==
        "class_calibration: expects a class in 0 … 1 but got 2");
  CHECK(
      refusal<DataError>([&] { calibration(Classes{0}, logits); }) ==
      "calibration: expects probabilities in [0, 1] but got 2 for class 0 of sample 0; turn logits into probabilities "
      "first");
  CHECK(refusal<DataError>([&] { class_calibration(Classes{0}, logits, 0); }).find("class_calibration: expects") == 0);
  CHECK(refusal<DataError>([&] { calibration(Classes{0}, rows({{1, 1}})); }).find("add up to 2") != std::string::npos);
  CHECK(refusal<ShapeError>([&] {
          calibration(Classes{0, 1}, fair);
        }) == "calibration: expects a row of scores for each label but got 2 labels and scores (1, 2)");
}
