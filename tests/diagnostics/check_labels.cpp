#include <lamina/diagnostics/check_labels.hpp>

#include "../catch.hpp"
#include "findings.hpp"

using namespace lamina;
using namespace lamina::detail;

namespace {

std::string labels(const std::vector<Index>& counts) {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  return found([&](const Report& report) { check_labels(counts, names, report); });
}
std::string compared(const std::vector<Index>& first, const std::vector<Index>& second) {
  return found([&](const Report& report) { compare_labels(first, second, report); });
}
std::string targets(std::initializer_list<std::initializer_list<float>> rows, std::string_view loss) {
  Tensor<float, 2> y(static_cast<Index>(rows.size()), static_cast<Index>(rows.begin()->size()));
  float* out = y.data();
  for (const auto& row : rows) out = std::copy(row.begin(), row.end(), out);
  return found([&](const Report& report) { look_at_targets(y, loss, report); });
}

}  // namespace

TEST_CASE("absent, single and rare classes are found, and labels that count from 1") {
  CHECK(labels({10, 12, 9, 60}).empty());
  CHECK(contains(labels({0, 0, 7, 0}), "error: here: all samples are of one class, c\n"));
  CHECK(contains(labels({5, 0, 7, 0}), "warning: here: 2 of 4 classes have no sample: 1, 3\n"));
  CHECK(
      contains(labels({0, 5, 7, 6}), "class 0 has no sample, the 3 after it have\n  The labels seem to count from 1"));
  CHECK(contains(labels({10, 90, 100, 50}), "class c has 100 samples, class a only 10\n"));
  CHECK(labels({10, 90, 99, 50}).empty());
}

TEST_CASE("held-out samples are to be predicted better than by guessing") {
  // Of two classes the first has so many samples; the first `right` samples are predicted right, the others wrong.
  const auto judged = [](Index first, Index second, Index right) {
    const Index N = first + second;
    std::vector<std::int32_t> labels(static_cast<std::size_t>(N));
    Tensor<float, 2> p(N, 2);
    for (Index i = 0; i < N; ++i) {
      const std::int32_t k = labels[static_cast<std::size_t>(i)] = i >= first, said = i < right ? k : 1 - k;
      p(i, said) = 0.75F;
      p(i, 1 - said) = 0.25F;
    }
    bool better = false;
    const auto said = found([&](const Report& report) { better = check_held_out(p, labels, report); });
    CHECK(said.empty() == better);
    return said;
  };
  CHECK(judged(60, 40, 69).empty());  // a recall of 0.6125: two standard errors are 0.102
  CHECK_FALSE(judged(60, 40, 68).empty());
  CHECK(contains(judged(60, 40, 60), "warning: here: the network learns samples by heart but predicts others no better than guessing: "
                                     "mean recall 0.500 over the classes on held-out samples, 0.500 by guessing\n  Look whether each label"));
  CHECK(judged(197, 3, 200).empty());
  CHECK_FALSE(judged(180, 20, 180).empty());  // always the same class
  CHECK(judged(99, 1, 100).empty());          // too few to tell
  CHECK(judged(50, 0, 50).empty());
}

TEST_CASE("a second set with other classes or other shares is found") {
  CHECK(compared({100, 110, 90}, {30, 45, 25}).empty());
  CHECK(compared({50, 50}, {6, 2}).empty());  // chance, for so few
  CHECK(contains(compared({100, 0, 90}, {30, 2, 25}),
                 "error: here: has classes that the training set has no sample of: 1\n"));
  CHECK(contains(compared({1000, 1000}, {900, 100}), "in other shares than the training set's: 40 % of the samples"));
}

TEST_CASE("targets that the loss cannot bring about are found") {
  CHECK(targets({{0, 1}, {1, 0}}, "SoftmaxCrossEntropy").empty());
  CHECK(targets({{1, 1}, {0, 0}}, "SigmoidCrossEntropy").empty());
  CHECK(targets({{-3, 1}, {5, 0}}, "MeanSquaredError").empty());
  CHECK(contains(targets({{0, 1}, {1.5F, 0}}, "SigmoidCrossEntropy"),
                 "targets of 1 of 2 samples lie outside 0 … 1, but SigmoidCrossEntropy"));
  CHECK(contains(targets({{1, 1}, {1, 0}}, "CrossEntropy"), "target rows of 1 of 2 samples do not sum to 1"));
  CHECK(contains(targets({{1, 2}, {1, 3}}, "MeanSquaredError"), "the same for all samples: column 0\n"));
  CHECK(contains(targets({{1, 200}, {0, 300}}, "MeanSquaredError"), "far from −1 … 1: column 1\n"));
}
