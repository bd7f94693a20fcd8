#include <lamina/training/cross_validate.hpp>

#include <sstream>

#include "../catch.hpp"
#include "kept.hpp"

using namespace small;

namespace {

const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
Model make_model(Rng rng) {
  return {convolutional, image, rng};
}

std::string text(const CrossValidation& result) {
  std::ostringstream out;
  out << result;
  return out.str();
}

}  // namespace

TEST_CASE("each fold's score is that of a model trained on the other folds") {
  const auto data = bars(90);
  const CrossValidationOptions<3> options{.folds = 3, .seed = 4, .threads = 1, .fit = {.epochs = 5, .batch_size = 16}};
  const auto result = cross_validate(make_model, trainer, data, options);
  const auto folds = stratified_k_folds(data, 3, Rng{4});
  REQUIRE(result.folds.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const Rng own = Rng{4}.split(i);
    auto model = make_model(own.split(0));
    const auto train = data.subset(folds[i].train), held_out = data.subset(folds[i].held_out);
    trainer.fit(model, train, {.epochs = 5, .batch_size = 16, .seed = own.split(1)()});
    const auto judged = evaluate(model, held_out, SoftmaxCrossEntropy{});
    CHECK(result.folds[i].trained_on == 60);
    CHECK(result.folds[i].held_out == 30);
    CHECK(result.folds[i].accuracy == Approx(judged.accuracy).epsilon(1e-12));
    CHECK(result.folds[i].loss == judged.mean_loss.value());
  }
  CHECK(result.accuracy().mean > 0.6);  // a third by chance
}

TEST_CASE("a cross-validation does not depend on the threads, and depends on the seed") {
  const auto data = bars(61);
  const auto scores = [&](Index threads, std::uint64_t seed) {
    return text(cross_validate(make_model, trainer, data,
                               {.folds = 4, .seed = seed, .threads = threads, .fit = {.epochs = 2}}));
  };
  const std::string one = scores(1, 1);
  for (const Index threads : {2, 3, 9}) CHECK(scores(threads, 1) == one);
  CHECK(scores(1, 2) != one);
}

TEST_CASE("mean and deviation over the folds are printed below the scores") {
  CrossValidation result;
  result.folds = {{2462, 616, 0.5, 0.9}, {2462, 616, 0.25, 1.0}, {2463, 615, 0.75, 0.8}};
  CHECK(result.loss().mean == Approx(0.5));
  CHECK(result.loss().deviation == Approx(0.25));
  CHECK(result.accuracy().mean == Approx(0.9));
  CHECK(result.accuracy().deviation == Approx(0.1));
  CHECK(text(result) ==
        "     fold  trained on  held out      loss  accuracy\n"
        "        1       2,462       616    0.5000    0.9000\n"
        "        2       2,462       616    0.2500    1.0000\n"
        "        3       2,463       615    0.7500    0.8000\n"
        "     mean                          0.5000    0.9000\n"
        "deviation                          0.2500    0.1000\n");
}

TEST_CASE("normalise measures each fold's training part and nothing of what it holds out") {
  Tensor<float, 2> x(8, 1);
  for (Index i = 0; i < 8; ++i) x(i, 0) = static_cast<float>(i * i);
  const Dataset<1> data(std::move(x), std::vector<std::int32_t>{0, 1, 0, 1, 0, 1, 0, 1});
  const Trainer plain{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  const auto make = [](Rng rng) { return Model{Sequential{Dense{.units = 2}}, Shape{1}, rng}; };
  const auto result = cross_validate(make, plain, data, {.folds = 2, .seed = 1, .threads = 1, .normalise = true});
  const auto folds = stratified_k_folds(data, 2, Rng{1});
  auto train = data.subset(folds[0].train), held_out = data.subset(folds[0].held_out);
  train.normalise(measure_normalisation(train));
  held_out.normalise(measure_normalisation(train));
  auto model = make(Rng{1}.split(0).split(0));
  plain.fit(model, train, {.seed = Rng{1}.split(0).split(1)()});
  CHECK(result.folds[0].loss == evaluate(model, held_out, SoftmaxCrossEntropy{}).mean_loss.value());
  CHECK(text(result) != text(cross_validate(make, plain, data, {.folds = 2, .seed = 1, .threads = 1})));
}

TEST_CASE("target rows are dealt out plainly, and what cannot be is refused") {
  const Trainer squares{MeanSquaredError{}, SGD{.learning_rate = 0.1}};
  const auto make = [](Rng rng) { return Model{perceptron, Shape{5}, rng}; };
  const auto result = cross_validate(make, squares, curve(40), {.folds = 4, .threads = 2, .fit = {.epochs = 5}});
  CHECK(result.folds.size() == 4);
  CHECK(result.loss().mean < 1);
  for (const auto& fold : result.folds) {
    REQUIRE(fold.regression);
    CHECK(std::isnan(fold.accuracy));
    CHECK(fold.regression->rmse > fold.regression->mae);
  }
  CHECK(result.r2().mean < 1);
  CHECK(result.mae().mean > 0);
  std::ostringstream out;
  out << result;
  CHECK(out.str().starts_with("     fold  trained on  held out      loss      RMSE       MAE        R²\n"));
  CHECK(out.str().find(str_cat("\n     mean                      ", align_right(format_value(result.loss().mean), 10),
                               align_right(format_value(result.rmse().mean), 10))) != std::string::npos);
  const auto refused = [&](CrossValidationOptions<3> options) {
    return refusal<OptionError>([&] { cross_validate(make_model, trainer, bars(20), options); });
  };
  CHECK(refused({.threads = 0}) == "cross_validate: expects threads of at least 1 but got 0");
  CHECK(refused({.folds = 1}) == "folds: expects at least 2 folds but got 1");
  CHECK(refused({.fit = {.epochs = 0}}) == "fit: expects epochs of at least 1 but got 0");
  CheckpointBytes kept;
  CHECK(refused({.fit = {.checkpoint = kept}}) ==
        "cross_validate: trains several models, which cannot all be kept in one folder; leave .checkpoint out");
  CHECK(kept.times == 0);
}
