#include <lamina/training/evaluate.hpp>

#include <lamina/data/geometric_transforms.hpp>
#include <lamina/models/predictor.hpp>

#include <lamina/metrics/detailed_report.hpp>
#include <sstream>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

/// The class of sample i, asked for alone.
template <typename M>
std::int32_t class_of(const M& model, const Dataset<3>& data, Index i) {
  Tensor<float, 4> x(1, 8, 8, 1);
  data.read(i, x.data());
  const auto z = model(x);
  return static_cast<std::int32_t>(std::max_element(z.data(), z.data() + classes) - z.data());
}

}  // namespace

TEST_CASE("evaluate equals a count by hand, for sets smaller and larger than what is judged at a time") {
  auto model = convolutional_model();
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05}}.fit(model, bars(60), {.epochs = 2});
  for (const Index size : {1, 63, 64, 65, 200}) {
    const auto data = bars(size, 31);
    Index counts[classes][classes] = {}, right = 0;
    double loss = 0;
    for (Index i = 0; i < size; ++i) {
      const std::int32_t label = data.labels()[static_cast<std::size_t>(i)], predicted = class_of(model, data, i);
      ++counts[label][predicted];
      right += label == predicted;
      Tensor<float, 4> x(1, 8, 8, 1);
      data.read(i, x.data());
      loss -= std::log(static_cast<double>(model.probabilities(x)(0, label))) / static_cast<double>(size);
    }
    const Evaluation evaluation = evaluate(model, data, SoftmaxCrossEntropy{}, {.threads = 2});
    CHECK(evaluation.accuracy == Approx(static_cast<double>(right) / static_cast<double>(size)).epsilon(1e-15));
    CHECK(evaluation.mean_loss.value() == Approx(loss).epsilon(1e-5));
    for (Index i = 0; i < classes; ++i)
      for (Index j = 0; j < classes; ++j) CHECK(evaluation.confusion(i, j) == counts[i][j]);
    CHECK(!evaluate(model, data).mean_loss);
  }
}

TEST_CASE("any number of threads evaluates to the same bits") {
  const auto model = convolutional_model();
  const auto data = bars(333);
  const Evaluation one = evaluate(model, data, SoftmaxCrossEntropy{}, {.threads = 1});
  std::ostringstream expected;
  expected << one;
  for (const Index threads : {2, 3, 4, 1000}) {
    const Evaluation many = evaluate(model, data, SoftmaxCrossEntropy{}, {.threads = threads});
    std::ostringstream out;
    out << many;
    CHECK(out.str() == expected.str());
    CHECK(many.mean_loss == one.mean_loss);
    CHECK(predict_classes(model, data, {.threads = threads}) == predict_classes(model, data, {.threads = 1}));
  }
}

TEST_CASE("predicted classes come in the order of the samples, and of no samples there are none") {
  const auto model = convolutional_model();
  const auto data = bars(150);
  const auto predicted = predict_classes(model, data);
  REQUIRE(predicted.size() == 150);
  for (Index i = 0; i < 150; ++i) REQUIRE(predicted[static_cast<std::size_t>(i)] == class_of(model, data, i));
  CHECK(predict_classes(model, data.subset(std::vector<Index>{})).empty());
}

TEST_CASE("predicted outputs and probabilities come in the order of the samples, whatever the threads") {
  const auto model = convolutional_model();
  const auto data = bars(150);
  const auto outputs = predict_outputs(model, data, {.threads = 2});
  const auto probabilities = predict_probabilities(model, data, {.threads = 3});
  REQUIRE(shape(outputs) == Shape{150, classes});
  REQUIRE(shape(probabilities) == Shape{150, classes});
  for (Index i = 0; i < 150; ++i) {
    Tensor<float, 4> x(1, 8, 8, 1);
    data.read(i, x.data());
    const auto z = model(x), p = model.probabilities(x);
    float sum = 0;
    for (Index k = 0; k < classes; ++k) {
      CHECK(outputs(i, k) == Approx(z(0, k)).epsilon(1e-4).margin(1e-5));
      CHECK(probabilities(i, k) == Approx(p(0, k)).epsilon(1e-4));
      sum += probabilities(i, k);
    }
    CHECK(sum == Approx(1).epsilon(1e-5));
  }
  CHECK(shape(predict_probabilities(model, data.subset(std::vector<Index>{}))) == Shape{0, classes});
  CHECK(shape(predict_outputs(model, data.subset(std::vector<Index>{}))) == Shape{0, classes});
}

TEST_CASE("any number of threads predicts the same bits") {
  const auto model = convolutional_model();
  const auto data = bars(333);
  const auto one = predict_probabilities(model, data, {.threads = 1});
  for (const Index threads : {2, 3, 1000}) {
    const auto many = predict_probabilities(model, data, {.threads = threads});
    CHECK(std::equal(one.data(), one.data() + one.size(), many.data(), many.data() + many.size()));
  }
}

TEST_CASE("the detailed report of a set's probabilities counts what evaluate counts") {
  auto model = convolutional_model();
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05}}.fit(model, bars(60), {.epochs = 2});
  const auto data = bars(300, 31);
  const DetailedReport report{data.labels(), predict_probabilities(model, data)};
  const Evaluation evaluation = evaluate(model, data);
  CHECK(report.report.accuracy == evaluation.accuracy);
  for (std::size_t k = 0; k < classes; ++k) {
    CHECK(report.report.classes[k].precision == evaluation.report.classes[k].precision);
    CHECK(report.report.classes[k].recall == evaluation.report.classes[k].recall);
  }
}

TEST_CASE("a network of several labels at once is judged by its logits against the rows of its set") {
  Tensor<float, 2> x(100, 5), y(100, 2);
  Rng rng(4);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.uniform(-1, 1));
  for (Index n = 0; n < 100; ++n) {
    y(n, 0) = x(n, 0) + x(n, 1) > 0;
    y(n, 1) = x(n, 2) > 0.2F;
  }
  const Dataset<1> data(x, y);
  auto model = perceptron_model();
  const double before = roc_auc(data.targets(), predict_outputs(model, data)).macro;
  Trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 0.5}}.fit(model, data, {.epochs = 30, .batch_size = 10});
  const PerClass area = roc_auc(data.targets(), predict_outputs(model, data));
  CHECK(area.macro > before + 0.1);
  CHECK(area.macro > 0.95);
}

TEST_CASE("evaluating leaves the model as it is") {
  const auto model = convolutional_model();
  const auto before = digest(model);
  evaluate(model, bars(50));
  CHECK(digest(model) == before);
}

TEST_CASE("with views the mean of the probabilities is the answer") {
  auto model = convolutional_model();
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05}}.fit(model, bars(60), {.epochs = 1});
  const auto data = bars(150, 31);
  const std::vector<Augmentation> views{{}, HorizontalFlip{.probability = 1}, Translation{.x = {1, 1}, .y = {0, 0}}};
  Tensor<float, 2> mean = predict_probabilities(model, data);
  for (std::size_t v = 1; v < views.size(); ++v) {
    Tensor<float, 4> x(data.size(), 8, 8, 1);
    for (Index i = 0; i < data.size(); ++i) {
      Tensor<float, 3> image = data.at(i);
      augment(image, views[v], Rng{});
      std::copy_n(image.data(), 64, x.data() + 64 * i);
    }
    mean += model.probabilities(x);
  }
  mean = mean / 3.0F;
  const auto shown = predict_probabilities(model, data, {.threads = 3, .views = views});
  for (Index i = 0; i < mean.size(); ++i) CHECK(shown.data()[i] == Approx(mean.data()[i]).margin(1e-5));
  CHECK(predict_classes(model, data, {.views = views}) == argmax(shown));
  Index right = 0;
  for (Index i = 0; i < data.size(); ++i)
    right += argmax(shown)[static_cast<std::size_t>(i)] == data.labels()[static_cast<std::size_t>(i)];
  CHECK(evaluate(model, data, {.views = views}).accuracy == static_cast<double>(right) / 150);
  CHECK(predict_classes(model, data, {.views = {Augmentation{}}}) == predict_classes(model, data));
  CHECK(refusal<OptionError>([&] { evaluate(model, data, SoftmaxCrossEntropy{}, {.views = views}); }) ==
        "evaluate with a loss: .views is for evaluate without a loss, evaluate_labels, predict_classes and predict_probabilities");
  CHECK(refusal<OptionError>([&] { predict_outputs(model, data, {.views = views}); }).starts_with("predict_outputs: .views is for "));
}

TEST_CASE("views of one output decide between two classes by its mean probability, and rows have none") {
  Model model{Sequential{Flatten{}, Dense{.units = 1}}, Shape{8, 8, 1}, Rng{3}};
  const auto pixels = bars(40);
  std::vector<std::int32_t> labels;
  for (const std::int32_t label : pixels.labels()) labels.push_back(label % 2);
  const Dataset two{std::vector<float>(pixels.floats().begin(), pixels.floats().end()), Shape{8, 8, 1}, labels};
  Trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 0.01}}.fit(model, two, {.epochs = 1});
  const EvaluateOptions options{.views = {Augmentation{}, HorizontalFlip{.probability = 1}}};
  const auto shown = predict_probabilities(model, two, options);
  const auto decided = predict_classes(model, two, options);
  for (Index i = 0; i < 40; ++i) CHECK(decided[static_cast<std::size_t>(i)] == (shown(i, 1) > 0.5F));
  const Model rows{Sequential{Dense{.units = 2}}, Shape{3}, Rng{1}};
  const Dataset features{std::vector<float>(12), Shape{3}, std::vector<std::int32_t>{0, 1, 0, 1}};
  CHECK(refusal<OptionError>([&] { predict_classes(rows, features, options); }) ==
        ".views are for images (H, W, C), but the data set's samples have rank 1");
}

TEST_CASE("evaluate refuses what does not fit, with texts of its own") {
  const auto model = convolutional_model();
  const auto data = bars(5);
  Tensor<float, 4> other(2, 8, 8, 2);
  other.setZero();
  const Dataset<3> coloured(other, {0, 1}, {.classes = 3});
  Tensor<float, 4> grey(2, 8, 8, 1);
  Tensor<float, 2> rows(2, 3);
  grey.setZero();
  rows.setZero();
  const Dataset<3> with_rows(grey, rows), five(grey, {0, 4});

  CHECK(refusal<OptionError>([&] { evaluate(model, data, {.threads = 0}); }) ==
        "evaluate: expects threads of at least 1 but got 0");
  CHECK(refusal<OptionError>([&] { evaluate(model, data, SoftmaxCrossEntropy{}, {.threads = -1}); }) ==
        "evaluate: expects threads of at least 1 but got -1");
  CHECK(refusal<OptionError>([&] { predict_classes(model, data, {.threads = 0}); }) ==
        "predict_classes: expects threads of at least 1 but got 0");
  CHECK(refusal<OptionError>([&] { predict_outputs(model, data, {.threads = 0}); }) ==
        "predict_outputs: expects threads of at least 1 but got 0");
  CHECK(refusal<OptionError>([&] { predict_probabilities(model, data, {.threads = -1}); }) ==
        "predict_probabilities: expects threads of at least 1 but got -1");
  CHECK(refusal<DataError>([&] { evaluate(model, data.subset(std::vector<Index>{})); }) ==
        "evaluate: expects at least one sample but the data set is empty");
  CHECK(refusal<ShapeError>([&] { evaluate(model, coloured); }) ==
        "evaluate: expects samples of (8, 8, 1), as the model was made for, but the data set has (8, 8, 2)");
  CHECK(refusal<ShapeError>([&] { predict_probabilities(model, coloured); }) ==
        "Model: expects a batch of (8, 8, 1) samples but got (2, 8, 8, 2); the first axis counts the samples");
  CHECK(refusal<ShapeError>([&] { predict_classes(model, coloured, {.threads = 2}); }) ==
        "Model: expects a batch of (8, 8, 1) samples but got (2, 8, 8, 2); the first axis counts the samples");
  CHECK(
      refusal<DataError>([&] { evaluate(model, five); }) ==
      "evaluate: the data set has labels of 5 classes but the network has 3 outputs; give the last layer as many units "
      "as there are classes; replace_last_layer does it for a trained network");
  CHECK(refusal<DataError>([&] { evaluate(model, with_rows); }) ==
        "evaluate: expects class numbers but the data set has target rows; use evaluate_regression for numbers, and "
        "evaluate_labels for several labels at once");
  CHECK(refusal<DataError>([&] { evaluate_regression(model, data); }) ==
        "evaluate_regression: expects target rows but the data set has class numbers; use evaluate");
  CHECK(refusal<OptionError>([&] { evaluate_regression(model, with_rows, {.threads = 0}); }) ==
        "evaluate_regression: expects threads of at least 1 but got 0");
}

TEST_CASE("a regression is judged by the order of the samples, whatever the threads") {
  const auto data = curve(333);
  const auto model = perceptron_model();
  const auto one = evaluate_regression(model, data, {.threads = 1});
  for (const Index threads : {2, 3, 7}) {
    const auto many = evaluate_regression(model, data, {.threads = threads});
    CHECK((many.rmse == one.rmse && many.mae == one.mae && many.r2 == one.r2));
  }
  const RegressionEvaluation expected(data.targets(), predict_outputs(model, data));
  CHECK(one.samples == 333);
  CHECK(one.rmse == Approx(expected.rmse).epsilon(1e-12));
  CHECK(one.mae == Approx(expected.mae).epsilon(1e-12));
  CHECK(one.r2 == Approx(expected.r2).epsilon(1e-12));
  CHECK(one.outputs[1].r2 == Approx(expected.outputs[1].r2).epsilon(1e-12));
  const Dataset<1> named(data.floats(), data.sample_shape(), data.targets(), {.class_names = {"line", "product"}});
  CHECK(evaluate_regression(model, named).names == std::vector<std::string>{"line", "product"});
}

TEST_CASE("evaluation and validation use Winograd's algorithm as they are told, and as predictors do") {
  constexpr Sequential wide{Conv{.filters = 16, .padding = 1}, ReLU{}, Conv{.filters = 16, .padding = 1}, ReLU{}, Flatten{},
                            Dense{.units = classes}};
  const auto data = bars(70);
  Model model{wide, image, Rng{2}};
  Tensor<float, 4> x(70, 8, 8, 1);
  for (Index n = 0; n < 70; ++n) data.read(n, x.data() + n * 64);
  for (const bool winograd : {true, false}) {
    Predictor predict{model, {.winograd = winograd}};
    const auto outputs = predict_outputs(model, data, {.threads = 2, .winograd = winograd});
    CHECK(std::equal(outputs.data(), outputs.data() + outputs.size(), predict(x).data()));
    Model trained = model;
    const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}}.fit(
        trained, data, {.winograd = winograd, .validation = &data});
    CHECK(history.epochs[0].validation_loss.value() ==
          evaluate(trained, data, SoftmaxCrossEntropy{}, {.winograd = winograd}).mean_loss.value());
  }
  const bool served = std::string_view(kernels::best<float>().key) != "baseline";  // which does without it
  const auto with = predict_outputs(model, data), without = predict_outputs(model, data, {.winograd = false});
  CHECK(std::equal(with.data(), with.data() + with.size(), without.data()) != served);
}
