#include <lamina/training/evaluate_labels.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

/// Rows of two numbers: whether each is above 0, and a label that nothing has.
Dataset<1> signs(Index count, std::vector<std::string> names = {}) {
  Rng rng(5);
  Tensor<float, 2> x(count, 2), y(count, 3);
  for (Index n = 0; n < count; ++n)
    for (Index k = 0; k < 3; ++k) {
      if (k < 2) x(n, k) = static_cast<float>(rng.uniform(-1, 1));
      y(n, k) = k < 2 && x(n, k) > 0 ? 1 : 0;
    }
  return Dataset<1>(std::move(x), std::move(y), {.class_names = std::move(names)});
}

}  // namespace

TEST_CASE("a network that answers several questions is judged for each") {
  const auto data = signs(300, {"right", "up", "never"});
  Model model{Dense{.units = 3}, Shape{2}, Rng{1}};
  Trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 2}}.fit(model, data, {.epochs = 30});
  const LabelReport report = evaluate_labels(model, data);
  REQUIRE(report.labels.size() == 3);
  CHECK(report.labels[0].name == "right");
  CHECK(report.labels[0].f1 > 0.97);
  CHECK(report.labels[1].f1 > 0.97);
  CHECK((report.labels[2].support == 0 && report.labels[2].f1 == 0));
  CHECK(report.exact_match > 0.94);

  // What the whole set comes to is what a person counts.
  const auto probabilities = predict_probabilities(model, data);
  Index right = 0;
  for (Index i = 0; i < probabilities.size(); ++i)
    right += (probabilities.data()[i] > 0.5F) == (data.targets().data()[i] == 1);
  CHECK(report.accuracy == Approx(static_cast<double>(right) / 900).epsilon(1e-12));
  CHECK(evaluate_labels(model, data, {.threshold = 1}).micro.recall == 0);
  CHECK(evaluate_labels(model, data, {}, {.threads = 3}).micro.f1 == report.micro.f1);
}

TEST_CASE("what cannot be judged label by label is refused, and told what can") {
  Model sigmoid{Dense{.units = 3}, Shape{2}, Rng{1}}, softmax = sigmoid;
  sigmoid.set_meaning(OutputMeaning::sigmoid);
  const auto data = signs(10);
  CHECK(refusal<OptionError>([&] { evaluate_labels(softmax, data); }) ==
        "evaluate_labels: expects a Model whose outputs are independent yes/no questions, trained with SigmoidCrossEntropy or ending "
        "in Sigmoid, but its outputs are softmax; train it with SigmoidCrossEntropy, or use evaluate for classes, evaluate_regression for numbers");
  CHECK(refusal<DataError>([&] {
          evaluate_labels(sigmoid, Dataset<1>(Tensor<float, 2>(4, 2).setZero(), {0, 1, 2, 0}, {.classes = 3}));
        }) == "evaluate_labels: expects rows of 0 and 1 but the data set has class numbers; use evaluate");
  CHECK(refusal<DataError>([&] {
          evaluate_labels(sigmoid, Dataset<1>(Tensor<float, 2>(1, 2).setZero(), Tensor<float, 2>(1, 3).setConstant(0.5F)));
        }) == "LabelReport: expects rows of 0 and 1 but got 0.5 for class 0 of sample 0");
  CHECK(refusal<OptionError>([&] { evaluate_labels(sigmoid, data, {}, {.threads = 0}); }) ==
        "evaluate_labels: expects threads of at least 1 but got 0");
}
