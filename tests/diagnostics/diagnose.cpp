#include <lamina/data/drawn_digits.hpp>
#include <lamina/diagnostics/diagnose.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../lenet.hpp"
#include "findings.hpp"

using namespace lamina;

namespace {

using Labels = std::vector<std::int32_t>;

const DrawnDigits& digits() {
  static const DrawnDigits drawn = draw_digits(1600, Rng{3});
  return drawn;
}
Dataset<3> part(Index from, Index to, Labels labels = digits().labels) {
  const auto all = std::span(digits().images.data(), static_cast<std::size_t>(digits().images.size()));
  return Dataset<3>(all.subspan(static_cast<std::size_t>(from * 784), static_cast<std::size_t>((to - from) * 784)),
                    Shape{28, 28, 1}, Labels(labels.begin() + from, labels.begin() + to), {.classes = 10});
}
/// The first 300 digits as float in 0 … scale.
Dataset<3> scaled(float scale) {
  Tensor<float, 4> x(300, 28, 28, 1);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = scale / 255 * static_cast<float>(digits().images.data()[i]);
  return Dataset<3>(std::move(x), Labels(digits().labels.begin(), digits().labels.begin() + 300), {.classes = 10});
}

Model lenet_model(std::uint64_t seed = 1) {
  return {lenet, Shape{28, 28, 1}, Rng{seed}};
}

const Trainer usual{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};

template <typename M>
std::string said(const M& model, const Dataset<3>& data, const Trainer<SoftmaxCrossEntropy, SGD>& trainer = usual,
                 DiagnoseOptions<3> options = {.folds = 0}) {
  std::ostringstream out;
  out << diagnose(trainer, model, data, options);
  return out.str();
}

}  // namespace

TEST_CASE(
    "of healthy digits and a healthy network nothing is said, before training and after, and the model is left as it "
    "is") {
  const auto train = part(0, 1200), test = part(1200, 1600);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto model = lenet_model(seed);
    const auto p = model.parameters();
    CHECK(said(model, train, usual, {.validation = &test, .seed = seed}).empty());
    CHECK(diagnose(model, train, {.validation = &test, .folds = 0}).healthy());
    visit_parameters([](const auto& a, const auto& b) { CHECK(std::equal(a.data(), a.data() + a.size(), b.data())); },
                     std::as_const(model).parameters(), p);
    if (seed > 1) continue;
    usual.fit(model, train, {.epochs = 2});
    CHECK(said(model, train).empty());
  }
}

TEST_CASE("the same is found whatever the threads, and by the same seed") {
  auto labels = digits().labels;
  for (std::size_t i = 0; i < 900; i += 15) labels[i] = (labels[i] + 3) % 10;
  const auto data = part(0, 900, labels);
  const auto one = diagnose(usual, lenet_model(), data, {.threads = 1}),
             two = diagnose(usual, lenet_model(), data, {.threads = 2});
  REQUIRE(one.suspects.size() == two.suspects.size());
  for (std::size_t i = 0; i < one.suspects.size(); ++i)
    CHECK((one.suspects[i].sample == two.suspects[i].sample &&
           one.suspects[i].probability == two.suspects[i].probability));
  REQUIRE(one.findings.size() == two.findings.size());
}

TEST_CASE("wrong labels are found, most of them, and little else") {
  auto labels = digits().labels;
  for (std::size_t i = 0; i < 1600; i += 16) labels[i] = (labels[i] + 3) % 10;
  const auto diagnosis = diagnose(usual, lenet_model(), part(0, 1600, labels));
  Index right = 0;
  for (const Suspect& suspect : diagnosis.suspects)
    right += suspect.sample % 16 == 0 && suspect.likely == digits().labels[static_cast<std::size_t>(suspect.sample)];
  CHECK(right >= 50);
  CHECK(4 * right >= 3 * std::ssize(diagnosis.suspects));
  REQUIRE(diagnosis.findings.size() == 1);
  CHECK(contains(diagnosis.findings[0].what, "samples are probably wrong: "));
}

TEST_CASE("labels that do not belong to their samples are found, and none of them is suspected by itself") {
  auto labels = digits().labels;
  std::rotate(labels.begin(), labels.begin() + 77, labels.end());
  const auto diagnosis = diagnose(usual, lenet_model(), part(0, 1600, labels));
  CHECK(diagnosis.suspects.empty());
  REQUIRE(diagnosis.findings.size() == 1);
  CHECK(diagnosis.findings[0].what.starts_with(
      "the network learns samples by heart but predicts others no better than guessing: mean recall 0."));
}

TEST_CASE("faults planted in the data are found") {
  auto images = digits().images;
  const auto pixels = [&](Index i) { return images.data() + 784 * i; };
  std::fill_n(pixels(5), 784, std::uint8_t{0});
  std::copy_n(pixels(20), 784, pixels(40));
  std::copy_n(pixels(21), 784, pixels(42));
  for (Index i = 0; i < 784; ++i) pixels(77)[i] = static_cast<std::uint8_t>(255 - pixels(77)[i]);
  auto labels = digits().labels;
  labels[40] = labels[20];
  labels[42] = (labels[21] + 1) % 10;
  const Dataset<3> data(images, labels), second = part(70, 80);
  const auto text = said(lenet_model(), data, usual, {.validation = &second, .folds = 0});
  CHECK(contains(text, "warning: training set: 1 sample is blank, all values alike: 5\n"));
  CHECK(contains(text, "warning: training set: 1 sample is the same as one before: 40\n"));
  CHECK(contains(text, "error: training set: 1 sample is the same as one before but labelled otherwise: 42\n"));
  CHECK(contains(text, "warning: training set: 1 sample is unlike all others: 77\n"));
  CHECK(contains(text, "error: second set: 9 samples are in the training set, too: 0, 1, 2, 3, 4, 5, 6, 8, 9\n"));
  CHECK(text.find("error: ") == 0);
}

TEST_CASE("inputs and labels that are not as they should be are found") {
  CHECK(contains(said(lenet_model(), scaled(255)), "Grey values of 0 … 255 as float are to be divided by 255"));
  CHECK(contains(said(lenet_model(), scaled(1.0F / 255)), "next to nothing"));
  CHECK(said(lenet_model(), scaled(1)).empty());
  Labels ones = digits().labels, rare = ones;
  for (auto& label : ones) label = 3;
  for (std::size_t i = 100; i < rare.size(); ++i) rare[i] = rare[i] == 4 ? 7 : rare[i];
  CHECK(contains(said(lenet_model(), part(0, 600, ones)), "all samples are of one class, 3\n"));
  CHECK(contains(said(lenet_model(), part(0, 600, rare)), "class 7 has 110 samples, class 4 only 10\n"));
  auto train = part(0, 600), test = part(600, 900);
  train.normalise({.mean = {0.13}, .deviation = {0.05}});
  CHECK(contains(said(lenet_model(), train, usual, {.validation = &test, .folds = 0}),
                 "validation.normalise(train.normalisation())"));
  auto holed = scaled(1);
  const_cast<float&>(holed.floats()[784 * 12 + 5]) = NAN;
  CHECK(contains(said(lenet_model(), holed), "error: training set: 1 sample is not of finite numbers: 12\n"));
}

TEST_CASE("faults planted in the network are found") {
  const auto data = part(0, 600);
  auto dead = lenet_model(), large = lenet_model(), broken = lenet_model(), zero = lenet_model();
  dead.parameters().tensor<1>("0.bias").setConstant(-100);
  const std::string of_dead = said(dead, data);
  CHECK(contains(of_dead, "error: layer 1 (ReLU): none of its 6 units is ever above 0: nothing passes\n"));
  CHECK(contains(of_dead, "cannot learn 32 samples by heart in 300 epochs"));
  for (Index i = 0; i < 840; ++i) large.parameters().tensor<2>("11.weight").data()[i] *= 50;
  CHECK(contains(said(large, data), "knowing nothing costs 2.30"));
  broken.parameters().tensor<1>("9.bias")(3) = NAN;
  CHECK(
      contains(said(broken, data), "the first layer concerned is layer 9 (Dense), whose parameters are not finite\n"));
  zero.parameters().tensor<2>("9.weight").setZero();
  CHECK(contains(said(zero, data), "error: layer 9: all its weights are 0\n"));
}

TEST_CASE("a learning rate that is far off is found") {
  const auto data = part(0, 600);
  const std::string low = said(lenet_model(), data, Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e-7}});
  CHECK(contains(low, "warning: optimizer: a step changes no layer's weights by more than "));
  CHECK(contains(low, "error: network: cannot learn 32 samples by heart"));
  CHECK(contains(said(lenet_model(), data, Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e20}}),
                 "error: optimizer: diverges in its first steps"));
}

TEST_CASE("gradients that vanish in a deep network of sigmoids are found, and saturated units") {
  constexpr auto two = Sequential{Dense{.units = 20}, Sigmoid{}, Dense{.units = 20}, Sigmoid{}};
  constexpr auto deep = Sequential{Flatten{}, two, two, two, two, two, Dense{.units = 10}};
  Model model{deep, Shape{28, 28, 1}, Rng{1}};
  CHECK(contains(said(model, part(0, 600)), "warning: layer 1.0: its gradient vanishes"));
  for (Index i = 0; i < 784 * 20; ++i) model.parameters().tensor<2>("1.0.weight").data()[i] *= 1000;
  CHECK(contains(said(model, part(0, 600)), "warning: layer 1.1 (Sigmoid): "));
}

TEST_CASE("diagnose refuses what fit refuses, and options that cannot be") {
  const auto refused = [](const DiagnoseOptions<3>& options) {
    return refusal<OptionError>([&] { diagnose(usual, lenet_model(), part(0, 20), options); });
  };
  CHECK(refused({.samples = 0}) == "diagnose: expects samples of at least 1 but got 0");
  CHECK(refused({.threads = 0}) == "diagnose: expects threads of at least 1 but got 0");
  CHECK(refused({.folds = 1}) ==
        "diagnose: expects .copies_among and .overfit_samples of at least 0 and .folds of 0 or at least 2 but got 100000, 32 "
        "and 1");
  CHECK(refusal<DataError>([] { diagnose(lenet_model(), part(0, 0)); }) ==
        "diagnose: expects at least one sample but the data set is empty");
  const Dataset<3> rows(Tensor<float, 4>(4, 28, 28, 1), Tensor<float, 2>(4, 10).setZero());
  CHECK(refusal<OptionError>([&] { diagnose(lenet_model(), rows); }) ==
        "diagnose: the data set has target rows; give the trainer whose loss is to learn them: diagnose(trainer, "
        "model, data)");
}

TEST_CASE("of one output that tells two classes apart, knowing nothing costs ln 2, before training and after") {
  Tensor<float, 2> x(64, 3);
  Labels labels;
  Rng rng{1};
  for (Index n = 0; n < 64; ++n) {
    for (Index k = 0; k < 3; ++k) x(n, k) = static_cast<float>(rng.normal());
    labels.push_back(x(n, 0) > 0 ? 1 : 0);
  }
  const Dataset<1> data(x, labels, {.class_names = {"no", "yes"}});
  const SGD sgd{.learning_rate = 0.5};
  Model logit{Dense{.units = 1}, Shape{3}, Rng{2}}, sigmoid{Sequential{Dense{.units = 1}, Sigmoid{}}, Shape{3}, Rng{2}};
  for (int trained = 0; trained < 2; ++trained) {
    CAPTURE(trained);
    CHECK(diagnose(Trainer{SigmoidCrossEntropy{}, sgd}, logit, data).healthy());
    CHECK(diagnose(Trainer{BinaryCrossEntropy{}, sgd}, sigmoid, data).healthy());
    CHECK_NOTHROW(diagnose(logit, data, {.overfit_samples = 0, .folds = 0}));
    CHECK_NOTHROW(diagnose(sigmoid, data, {.overfit_samples = 0, .folds = 0}));
    Trainer{SigmoidCrossEntropy{}, sgd}.fit(logit, data, {.epochs = 5});
    Trainer{BinaryCrossEntropy{}, sgd}.fit(sigmoid, data, {.epochs = 5});
  }
  for (const double bias : {50.0, -50.0}) {  // sure of one class from the start
    logit.parameters().tensor<1>("bias").setConstant(static_cast<float>(bias));
    sigmoid.parameters().tensor<1>("0.bias").setConstant(static_cast<float>(bias));
    std::ostringstream said;
    said << diagnose(Trainer{SigmoidCrossEntropy{}, sgd}, logit, data, {.overfit_samples = 0, .folds = 0})
         << diagnose(Trainer{BinaryCrossEntropy{}, sgd}, sigmoid, data, {.overfit_samples = 0, .folds = 0});
    const std::string text = said.str(), nothing = "knowing nothing costs 0.6931 (ln 2)";
    CHECK(text.find(nothing) != std::string::npos);
    CHECK(text.find(nothing) != text.rfind(nothing));
  }
}

TEST_CASE("a diagnosis compares the classes of both sets") {
  const std::vector<float> x{1, 0, 0, 1};
  const Dataset<1> train(x, Shape{2}, Labels{0, 1}, {.class_names = {"cat", "dog"}}), test(x, Shape{2}, Labels{0, 1}, {.class_names = {"dog", "cat"}});
  const Model model{Dense{.units = 2}, Shape{2}, Rng{1}};
  CHECK(refusal<DataError>([&] { diagnose(model, train, {.validation = &test}); })
            .starts_with("diagnose: the classes of the second set are \"dog\", \"cat\" but those of the training set"));
}
