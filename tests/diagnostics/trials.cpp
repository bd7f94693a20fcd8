#include <lamina/diagnostics/trials.hpp>

#include <lamina/layers/batch_norm.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../training/small.hpp"
#include "findings.hpp"

using namespace small;
using namespace lamina::detail;

namespace {

const Trainer usual{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};

Batch<Tensor<float, 4>> batch_of(const Dataset<3>& data) {
  std::vector<Index> all(static_cast<std::size_t>(data.size()));
  std::iota(all.begin(), all.end(), Index{0});
  Batch<Tensor<float, 4>> batch;
  gather<float>(data, all, batch);
  return batch;
}

}  // namespace

TEST_CASE("activation layers are looked at where they are, with a unit for each channel or feature") {
  auto model = convolutional_model();
  auto& p = model.parameters();
  p.tensor<4>("0.weight").setZero();
  p.tensor<1>("0.bias").setConstant(-1);
  p.tensor<1>("0.bias")(2) = 1;
  const auto batch = batch_of(bars(10));
  const auto looks = look_inside<float>(model, batch.x);
  REQUIRE(looks.size() == 3);
  CHECK((looks[0].path == "1" && looks[0].name == "ReLU" && looks[0].units == 5 && looks[0].dead == 4));
  CHECK((looks[1].path == "4" && looks[1].units == 4));
  CHECK((looks[2].path == "7" && looks[2].name == "Tanh" && looks[2].units == 7));
}

TEST_CASE("knowing nothing costs the logarithm of the number of classes") {
  const auto model = convolutional_model();
  const auto batch = batch_of(bars(10));
  CHECK(look_at_losses(model, SoftmaxCrossEntropy{}, batch).ignorant == Approx(std::log(3)));
  Tensor<float, 2> unwanted;
  CHECK(look_at_losses(model, SoftmaxCrossEntropy{}, batch).loss ==
        Approx(SoftmaxCrossEntropy{}(model(batch.x), TargetView<float>(batch.labels), 10, unwanted)));
}

TEST_CASE("the gradient that is looked at is what a step of plain SGD moves the weights by") {
  auto model = convolutional_model();
  const auto batch = batch_of(bars(10));
  const auto looks = look_at_gradient(model, SoftmaxCrossEntropy{}, batch);
  REQUIRE(looks.size() == 4);
  const auto before = model;
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1}}.step(model, batch);
  const auto moved = [&]<int Rank>(const char* name, Shape<Rank>) {
    auto change = model.parameters().tensor<Rank>(name);
    const auto& old = before.parameters().tensor<Rank>(name);
    for (Index i = 0; i < change.size(); ++i) change.data()[i] -= old.data()[i];
    return root_mean_square(change.data(), change.size());
  };
  CHECK((looks[0].name == "0.weight" && looks[3].name == "8.weight"));
  CHECK(looks[0].gradient == Approx(moved("0.weight", Shape<4>{})).epsilon(1e-3));
  CHECK(looks[3].gradient == Approx(moved("8.weight", Shape<2>{})).epsilon(1e-3));
}

TEST_CASE("a weight per channel is looked at as a scale, which may begin at 0") {
  const Model model{Sequential{Conv{.filters = 2}, BatchNorm{.initial_scale = 0}, Flatten{}, Dense{.units = 3}},
                    bars(10).sample_shape(), Rng{1}};
  const auto looks = look_at_gradient(model, SoftmaxCrossEntropy{}, batch_of(bars(10)));
  REQUIRE(looks.size() == 3);
  CHECK((!looks[0].is_scale && looks[1].is_scale && !looks[2].is_scale));
  CHECK((looks[1].size == 0 && looks[1].gradient > 0 && looks[0].gradient == 0));
}

TEST_CASE("steps are tried on a copy, and how far they go or why they break off is told") {
  const auto model = convolutional_model();
  const auto before = digest(model);
  const auto data = bars(40);
  auto looks = look_at_gradient(model, SoftmaxCrossEntropy{}, batch_of(data));
  CHECK(try_steps(usual, model, data, {.batch_size = 40}, looks).empty());
  CHECK(looks[0].update == Approx(0.1 * looks[0].gradient / looks[0].size).epsilon(1e-3));
  const Trainer wild{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e30}};
  CHECK(contains(try_steps(wild, model, data, {.batch_size = 4}, looks), "stopped being finite"));
  CHECK(digest(model) == before);
}

TEST_CASE("what can be learned by heart is, and what cannot is not") {
  const auto model = convolutional_model();
  const auto learned = overfit(usual, model, bars(8), {.epochs = 300, .batch_size = 8});
  CHECK((learned.learned && learned.accuracy == 1 && learned.epochs < 300 && learned.last_loss < learned.first_loss));
  Tensor<float, 4> same(2, 8, 8, 1);
  same.setConstant(1);
  CHECK(
      !overfit(usual, model, Dataset<3>(same, {0, 1}, {.classes = 3}), {.epochs = 20, .batch_size = 2}).learned);
  const Trainer rows{MeanSquaredError{}, SGD{.learning_rate = 0.1}};
  CHECK(overfit(rows, perceptron_model(), curve(4), {.epochs = 2000, .batch_size = 4}).learned);
  CHECK(!overfit(rows, perceptron_model(), curve(4), {.epochs = 1, .batch_size = 4}).learned);
}

TEST_CASE("probabilities of a cross-validation are those of networks that did not learn the sample") {
  auto data = bars(60);
  const auto model = convolutional_model();
  const FitOptions<3> options{.epochs = 40, .batch_size = 6, .seed = 2};
  const auto p = cross_validated(usual, model, data, 3, options);
  auto labels = data.labels();
  labels[7] = (labels[7] + 1) % 3;  // its own label does not change what is said of it
  const Dataset<3> other(data.floats(), image, labels, {.classes = 3});
  const auto q = cross_validated(usual, model, other, 3, options);
  double same = 0, changed = 0, right = 0;
  for (Index k = 0; k < 3; ++k) same += std::abs(static_cast<double>(p(7, k) - q(7, k)));
  for (Index i = 0; i < p.size(); ++i) changed += std::abs(static_cast<double>(p.data()[i] - q.data()[i]));
  for (Index i = 0; i < 60; ++i)
    right += lamina::detail::argmax(p.data() + 3 * i, 3) == data.labels()[static_cast<std::size_t>(i)];
  CHECK(same == 0);
  CHECK(changed > 0);
  CHECK(right > 40);
}
