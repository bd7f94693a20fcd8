// What a model's outputs mean: set by training, saved, and used by whoever asks.
#include <lamina/core/output_meaning.hpp>

#include <lamina/io/export_cpp.hpp>
#include <lamina/io/load_model.hpp>
#include <lamina/io/load_onnx.hpp>
#include <lamina/io/onnx.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/ensemble.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/training/evaluate.hpp>
#include <lamina/training/trainer.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

using Rows = Tensor<float, 2>;

Model of(Index units) { return {Dense{.units = units}, Shape{3}, Rng{1}}; }
Model behind(const auto& last, Index units = 4) { return {Sequential{Dense{.units = units}, last}, Shape{3}, Rng{1}}; }

/// Rows that are of class 1 where their first number is above 0.
Dataset<1> sides(Index count) {
  Rows x = drawn<float>(Shape{count, 3}, Rng{2});
  std::vector<std::int32_t> labels;
  for (Index n = 0; n < count; ++n) labels.push_back(x(n, 0) > 0 ? 1 : 0);
  return Dataset<1>(std::move(x), std::move(labels), {.classes = 2, .class_names = {"left", "right"}});
}

Dataset<1> targets(Index count, Index K) {
  Rows y(count, K);
  for (Index i = 0; i < y.size(); ++i) y.data()[i] = static_cast<float>(i % 3 == 0);
  return Dataset<1>(drawn<float>(Shape{count, 3}, Rng{2}), std::move(y));
}

template <Loss F>
Model trained(Model model, const F& loss, const Dataset<1>& data) {
  Trainer{loss, SGD{.learning_rate = 0.01}}.fit(model, data, {.batch_size = 8});
  return model;
}

double sigma(double z) { return 1 / (1 + std::exp(-z)); }

}  // namespace

TEST_CASE("before training outputs are logits of classes, or probabilities behind Softmax and Sigmoid") {
  CHECK(of(4).meaning() == OutputMeaning::softmax);
  CHECK(behind(Softmax{}).meaning() == OutputMeaning::probabilities);
  CHECK(behind(Sigmoid{}).meaning() == OutputMeaning::probabilities);
  CHECK_FALSE(behind(Softmax{}).has_independent_outputs());
  CHECK(behind(Sigmoid{}).has_independent_outputs());
}

TEST_CASE("fit and step set what outputs mean from the loss") {
  const auto labels = sides(20), rows = targets(20, 4);
  CHECK(trained(of(2), SoftmaxCrossEntropy{}, labels).meaning() == OutputMeaning::softmax);
  CHECK(trained(of(4), SigmoidCrossEntropy{}, rows).meaning() == OutputMeaning::sigmoid);
  CHECK(trained(behind(Sigmoid{}), BinaryCrossEntropy{}, rows).meaning() == OutputMeaning::probabilities);
  CHECK(trained(of(4), MeanSquaredError{}, rows).meaning() == OutputMeaning::values);
  CHECK(trained(behind(Sigmoid{}), MeanSquaredError{}, rows).meaning() == OutputMeaning::probabilities);
  CHECK(trained(of(2), MeanSquaredError{}, labels).meaning() == OutputMeaning::softmax);  // class numbers: a score of each
  Model model = of(4);
  Trainer trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 0.01}};
  trainer.step(model, Batch<Rows>{.x = drawn<float>(Shape{2, 3}, Rng{1}), .labels = {}, .targets = Rows(2, 4).setConstant(0.25F)});
  CHECK(model.meaning() == OutputMeaning::sigmoid);
  const Model copy = model;
  CHECK(copy.meaning() == OutputMeaning::sigmoid);
  model.reset_parameters(Rng{2});
  CHECK(model.meaning() == OutputMeaning::softmax);
}

TEST_CASE("probabilities of a network trained with SigmoidCrossEntropy are the sigmoids of its logits") {
  const Model model = trained(of(4), SigmoidCrossEntropy{}, targets(20, 4));
  const auto x = drawn<float>(Shape{5, 3}, Rng{3});
  const auto z = model(x), p = model.probabilities(x);
  Predictor predict{model};
  CHECK(same_bits(predict.probabilities(x), p));
  for (Index i = 0; i < z.size(); ++i) CHECK(p.data()[i] == Approx(sigma(z.data()[i])).epsilon(1e-5));
}

TEST_CASE("one logit tells two classes apart, in training, prediction and evaluation") {
  const auto data = sides(200);
  for (const bool logits : {true, false}) {
    CAPTURE(logits);
    Model model = logits ? of(1) : behind(Sigmoid{}, 1);
    const FitOptions<1> options{.epochs = 20, .batch_size = 10, .validation = &data};
    const History history = logits ? Trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 0.5}}.fit(model, data, options)
                                   : Trainer{BinaryCrossEntropy{}, SGD{.learning_rate = 0.5}}.fit(model, data, options);
    CHECK(history.epochs.back().validation_accuracy.value() > 0.95);
    CHECK(model.classes() == 2);
    const Evaluation found = evaluate(model, data);
    CHECK(found.accuracy == Approx(history.epochs.back().validation_accuracy.value()));
    const auto classes = predict_classes(model, data);
    const auto p = predict_probabilities(model, data);
    REQUIRE(shape(p) == Shape{200, 2});
    for (Index n = 0; n < 200; ++n) {
      CHECK(p(n, 0) + p(n, 1) == Approx(1));
      CHECK(classes[static_cast<std::size_t>(n)] == (p(n, 1) > 0.5F ? 1 : 0));
    }
    Predictor predict{model};
    const auto x = drawn<float>(Shape{9, 3}, Rng{4});
    CHECK(predict.classes(x) == model.classes(x));
  }
}

TEST_CASE("labels that one output cannot tell apart are refused") {
  const Dataset<1> three(drawn<float>(Shape{3, 3}, Rng{1}), std::vector<std::int32_t>{0, 1, 2}, {.classes = 3});
  Model model = of(1);
  CHECK(refusal<DataError>([&] { Trainer{SigmoidCrossEntropy{}, SGD{}}.fit(model, three); })
            .starts_with("fit: the training set has labels of 3 classes but the network has 1 output, which tells two apart"));
  CHECK(refusal<DataError>([&] { Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, sides(9)); })
            .starts_with("fit: the training set has labels of 2 classes but the network has 1 output; "));
  Rows z(1, 1), dz;
  CHECK(refusal<DataError>([&] { SigmoidCrossEntropy{}(z, TargetView<float>(std::vector<std::int32_t>{2}), 1, dz); })
            .starts_with("SigmoidCrossEntropy: label 2 of sample 0 is outside the 2 classes 0 … 1"));
}

TEST_CASE("of values neither classes nor probabilities are told") {
  const Model model = trained(of(4), MeanSquaredError{}, targets(20, 4));
  const auto x = drawn<float>(Shape{5, 3}, Rng{3});
  const std::string text =
      "Model: its outputs are values, which have no classes and no probabilities; ask for them as they are";
  CHECK(refusal<OptionError>([&] { model.classes(x); }) == text);
  CHECK(refusal<OptionError>([&] { model.probabilities(x); }) == text);
  Predictor predict{model};
  CHECK(refusal<OptionError>([&] { predict.classes(x); }) == text);
  CHECK(refusal<OptionError>([&] { predict.probabilities(x); }) == text);
  CHECK(refusal<OptionError>([&] { predict_classes(model, targets(20, 4)); }) == text);
  CHECK(refusal<OptionError>([&] { predict_probabilities(model, targets(20, 4)); }) == text);
  CHECK(same_bits(predict(x), model(x)));
}

TEST_CASE("an ensemble answers with the mean of values, and refuses models of different kinds") {
  const Model values = trained(of(4), MeanSquaredError{}, targets(20, 4));
  const Model several = trained(of(4), SigmoidCrossEntropy{}, targets(20, 4));
  Ensemble all{values, values};
  const auto x = drawn<float>(Shape{5, 3}, Rng{3});
  CHECK(same_bits(all(x), values(x)));
  CHECK(refusal<OptionError>([&] { all.push_back(of(4)); }) ==
        "Ensemble: expects a model whose outputs are values, as those before, but got one whose outputs are scores of classes");
  CHECK(refusal<OptionError>([&] { all.classes(x); }).starts_with("Ensemble: its outputs are values"));
  CHECK(refusal<OptionError>([&] { Ensemble{several, of(4)}; }).find("answers to separate questions") !=
        std::string::npos);
  CHECK(all.size() == 2);
  CHECK(Ensemble{several, behind(Sigmoid{})}.has_independent_outputs());
}

TEST_CASE("what outputs mean is saved with a model, in every format that lamina reads") {
  for (const Model& model : {trained(of(4), SigmoidCrossEntropy{}, targets(20, 4)),
                             trained(of(4), MeanSquaredError{}, targets(20, 4)), of(4), behind(Softmax{})}) {
    CHECK(load_model_bytes(save_bytes(model)).model.meaning() == model.meaning());
    CHECK(load_onnx_bytes(onnx_bytes(model)).model.meaning() == model.meaning());
    Model other = model;
    other.reset_parameters(Rng{9});
    load_bytes(other, save_bytes(model));
    CHECK(other.meaning() == model.meaning());
  }
}

TEST_CASE("a file that does not say what its outputs mean is of 0.1, and a single output of two classes is warned of") {
  Metadata metadata{.class_names = {"no", "yes"}};
  std::map<std::string, std::string> none;
  CHECK(detail::read_meaning(none, false, 2, metadata) == OutputMeaning::softmax);
  CHECK(detail::read_meaning(none, true, 1, metadata) == OutputMeaning::probabilities);
  CHECK(metadata.warnings.empty());
  CHECK(detail::read_meaning(none, false, 1, metadata) == OutputMeaning::softmax);
  REQUIRE(metadata.warnings.size() == 1);
  CHECK(metadata.warnings[0].find("call set_meaning(OutputMeaning::sigmoid)") != std::string::npos);
  CHECK(refusal<DataError>([&] { detail::read_meaning({{"lamina.outputs", "x"}}, false, 2, metadata); }) ==
        "its outputs are \"x\", which this version does not know; it knows softmax, sigmoid, probabilities and values");
  CHECK(refusal<DataError>([&] { detail::read_meaning({{"lamina.outputs", "sigmoid"}}, true, 2, metadata); }) ==
        "its outputs are said to be logits, sigmoid, but its network ends in probabilities");
}

TEST_CASE("logits cannot be what a network gives that ends in probabilities") {
  Model model = behind(Softmax{});
  CHECK(refusal<OptionError>([&] { model.set_meaning(OutputMeaning::sigmoid); }) ==
        "Model: ends in Softmax, so that its outputs are probabilities and no logits; remove the layer");
  CHECK(model.meaning() == OutputMeaning::probabilities);
  const auto data = sides(9);
  Model two = behind(Softmax{}, 2);
  CHECK(refusal<OptionError>([&] { Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(two, data); }) ==
        "fit: SoftmaxCrossEntropy takes logits and applies Softmax or Sigmoid itself: remove the one at the end of the "
        "network, or use a loss on probabilities, CrossEntropy{} or BinaryCrossEntropy{}");
}

TEST_CASE("exported C++ tells the class by what the outputs mean") {
  const auto best = [](const Model& model) {
    const std::string source = cpp_source(model, "net");
    const auto begin = source.find("static inline int best");
    return begin == std::string::npos ? std::string() : source.substr(begin, source.find('}', begin) - begin);
  };
  CHECK(best(of(3)).find("for (int i = 1") != std::string::npos);
  CHECK(best(trained(of(1), SigmoidCrossEntropy{}, sides(9))).find("return y[0] > 0 ? 1 : 0;") != std::string::npos);
  CHECK(best(behind(Sigmoid{}, 1)).find("return y[0] > static_cast<Number>(0.5) ? 1 : 0;") != std::string::npos);
  CHECK(best(trained(of(4), MeanSquaredError{}, targets(20, 4))).empty());
}

TEST_CASE("exported C++ gives numbers back in the units of the targets") {
  const Model model = trained(of(2), MeanSquaredError{}, targets(20, 2));
  const auto written = [&](const Normalisation& units) {
    const std::string source = cpp_source(model, "net", {.target_normalisation = units});
    const auto begin = source.find("static inline void denormalise");
    return begin == std::string::npos ? std::string() : source.substr(begin, source.find("}\n}", begin) - begin);
  };
  CHECK(written({}).empty());
  CHECK(written({{1.5, -2}, {4}}).find("deviation[] = {\n    4.0f};\n") != std::string::npos);
  CHECK(written({{1.5, -2}, {4}}).find("y[k] = y[k] * deviation[0] + mean[k];") != std::string::npos);
}
