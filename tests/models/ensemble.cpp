#include <lamina/models/ensemble.hpp>

#include <lamina/layers/batch_norm.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/training/evaluate.hpp>

#include "../catch.hpp"
#include "../tensors.hpp"
#include "../training/small.hpp"

using namespace small;

namespace {

const Sequential logits{Flatten{}, Dense{.units = classes}};
const Sequential probable{Flatten{}, Dense{.units = 5}, Tanh{}, Dense{.units = classes}, Softmax{}};
const Model first{logits, image, Rng{1}};
const Model second{probable, image, Rng{2}};
const Model third{Network{Conv{.filters = 16, .kernel = 3}, ReLU{}, Conv{.filters = 16, .kernel = 3}, Flatten{},
                          Dense{.units = classes}}, image, Rng{3}};

}  // namespace

TEST_CASE("an ensemble of models of different types answers with the mean of their probabilities") {
  const Ensemble all{first, second, third};
  const auto x = drawn<float>(detail::batch_shape(5, image), Rng{4});
  const auto a = first.probabilities(x), b = second.probabilities(x), c = third.probabilities(x);
  const auto y = all(x);
  CHECK(shape(y) == Shape{5, 3});
  double most = 0;
  for (Index i = 0; i < y.size(); ++i)
    most = std::max(most,
                    std::abs(static_cast<double>(y.data()[i]) - (double{a.data()[i]} + b.data()[i] + c.data()[i]) / 3));
  CHECK(most < 1e-6);
  CHECK(same_bits(all.probabilities(x), y));
  CHECK(all.size() == 3);
}

TEST_CASE("an ensemble of one model is that model, in its evaluation too") {
  const Ensemble alone{first};
  const auto data = bars(150);
  const auto x = drawn<float>(detail::batch_shape(5, image), Rng{4});
  CHECK(same_bits(alone(x), first.probabilities(x)));
  CHECK(alone.classes(x) == first.classes(x));
  CHECK(predict_classes(alone, data, {.threads = 2}) == predict_classes(first, data));
  CHECK(same_bits(predict_probabilities(alone, data), predict_probabilities(first, data)));
  CHECK(evaluate(alone, data).accuracy == evaluate(first, data).accuracy);
  CHECK(*evaluate(alone, data, CrossEntropy{}).mean_loss ==
        Approx(*evaluate(first, data, SoftmaxCrossEntropy{}).mean_loss).epsilon(1e-5));
  CHECK(refusal<OptionError>([&] {
          evaluate(alone, data, SoftmaxCrossEntropy{});
        }).starts_with("evaluate: SoftmaxCrossEntropy takes logits"));
}

TEST_CASE("an ensemble is asked by a predictor and by several threads, with and without Winograd's algorithm") {
  const Ensemble all{third, first};
  const auto data = bars(150);
  const auto x = drawn<float>(detail::batch_shape(70, image), Rng{4});
  Predictor one{all}, two{all, {.threads = 2}}, exact{all, {.winograd = false}};
  CHECK(same_bits(one(x), all(x)));
  CHECK(same_bits(two.probabilities(x), all(x)));
  CHECK(distance(exact(x), all(x)) < 1e-5);
  CHECK(evaluate(all, data, {.threads = 3}).accuracy == evaluate(all, data, {.threads = 1}).accuracy);
}

TEST_CASE("an ensemble has its own copies, which can be looked at") {
  Model changing = first;
  const Ensemble kept{changing};
  Ensemble more = kept;
  more.push_back(second);
  const auto x = drawn<float>(detail::batch_shape(2, image), Rng{4});
  const auto before = kept(x);
  visit_parameters([](auto& tensor) { tensor.setZero(); }, changing.parameters());
  CHECK(same_bits(kept(x), before));
  CHECK(kept.size() == 1);
  CHECK(more.size() == 2);
  CHECK(numbers(more[0]) == numbers(first));
  CHECK(numbers(more[1]) == numbers(second));
}

TEST_CASE("an ensemble refuses models that do not fit together, batches of other samples, and having no model") {
  Ensemble all{first};
  CHECK(
      refusal<ShapeError>([&] {
        all.push_back(Model{logits, Shape{8, 9, 1}, Rng{1}});
      }) ==
      "Ensemble: expects a model of samples (8, 8, 1) and 3 classes, as those before, but got one of (8, 9, 1) and 3");
  CHECK(
      refusal<ShapeError>([&] {
        all.push_back(Model{Sequential{Flatten{}, Dense{.units = 4}}, image, Rng{1}});
      }) ==
      "Ensemble: expects a model of samples (8, 8, 1) and 3 classes, as those before, but got one of (8, 8, 1) and 4");
  CHECK(all.size() == 1);
  CHECK(refusal<ShapeError>([&] { all(drawn<float>(Shape{2, 7, 8, 1}, Rng{1})); }).starts_with(
      "Ensemble: expects a batch of (8, 8, 1) samples but got (2, 7, 8, 1)"));
  const Ensemble<float> none;
  const std::string text = "Ensemble: expects at least one model but has none; push_back some";
  CHECK(refusal<ShapeError>([&] { none(drawn<float>(Shape{2, 8, 8, 1}, Rng{1})); }) == text);
  CHECK(refusal<ShapeError>([&] { none.outputs(); }) == text);
}

TEST_CASE("models of other classes, or of the same in another order, do not answer together") {
  Model cats = first, dogs = first, unnamed = first;
  cats.set_class_names({"cat", "dog", "emu"});
  dogs.set_class_names({"dog", "cat", "emu"});
  Ensemble all{unnamed, cats};
  CHECK(all.class_names()[1] == "dog");
  CHECK(refusal<OptionError>([&] { all.push_back(dogs); }) ==
        "Ensemble: expects a model of the classes \"cat\", \"dog\", \"emu\", in this order, as those before, but got one of "
        "\"dog\", \"cat\", \"emu\"; train all on sets with one order of classes");
  CHECK(all.size() == 2);
}

TEST_CASE("a predictor notices that its ensemble was assigned another one, and that a model was added") {
  const auto normalised = [](std::uint64_t seed) {
    return Model{Sequential{Conv{.filters = 16, .kernel = 3, .padding = 1}, BatchNorm{}, ReLU{}, Flatten{}, Dense{.units = classes}}, image, Rng{seed}};
  };
  const auto x = drawn<float>(detail::batch_shape(5, image), Rng{4});
  Ensemble one{normalised(1)};
  const Ensemble other{normalised(2)}, another{normalised(3)};
  Predictor predict{one};
  const auto check = [&] {
    const auto y = one(x);
    const auto& answer = predict(x);
    for (Index i = 0; i < y.size(); ++i) CHECK(answer.data()[i] == Approx(y.data()[i]).margin(1e-5));
  };
  check();
  for (const auto* next : {&other, &another}) {
    one = *next;
    check();
  }
  one = Ensemble{normalised(4)};
  one.push_back(normalised(5));
  check();
}
