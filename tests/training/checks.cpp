#include <lamina/training/checks.hpp>

#include <cmath>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

/// With what text fit refuses, by an error of type E. The model must come out of it with every bit.
template <typename E, typename M, int Rank>
std::string fit_refusal(M model, const Dataset<Rank>& data, const FitOptions<Rank>& options = {}) {
  const auto before = digest(model);
  int calls = 0;
  FitOptions<Rank> counted = options;
  counted.on_batch = [&](BatchEnd&) { ++calls; };
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  const std::string text = refusal<E>([&] { trainer.fit(model, data, counted); });
  CHECK(digest(model) == before);
  CHECK(model.steps() == 0);
  CHECK(calls == 0);
  return text;
}

Dataset<3> images(Index count, Shape<3> shape, Index classes) {
  Tensor<float, 4> x(count, shape[0], shape[1], shape[2]);
  x.setZero();
  return Dataset<3>(std::move(x), std::vector<std::int32_t>(static_cast<std::size_t>(count)), {.classes = classes});
}

Dataset<3> with_rows(Index count, Index width) {
  Tensor<float, 4> x(count, 8, 8, 1);
  Tensor<float, 2> rows(count, width);
  x.setZero();
  rows.setZero();
  return Dataset<3>(std::move(x), std::move(rows));
}

}  // namespace

TEST_CASE("fit refuses numbers below 1, each by its name") {
  const auto model = convolutional_model();
  const auto data = bars(20);
  CHECK(fit_refusal<OptionError>(model, data, {.epochs = 0}) == "fit: expects epochs of at least 1 but got 0");
  CHECK(fit_refusal<OptionError>(model, data, {.batch_size = -3}) ==
        "fit: expects batch_size of at least 1 but got -3");
  CHECK(fit_refusal<OptionError>(model, data, {.threads = 0}) == "fit: expects threads of at least 1 but got 0");
  CHECK(fit_refusal<OptionError>(model, data, {.shards = 0}) == "fit: expects shards of at least 1 but got 0");
}

TEST_CASE("fit refuses a schedule that is none, and one that gives what is no rate") {
  const auto model = convolutional_model();
  const auto data = bars(20);
  CHECK(fit_refusal<OptionError>(model, data, {.schedule = nullptr}) ==
        "fit: expects a schedule but got an empty function; leave it out for a constant rate");
  CHECK(
      fit_refusal<OptionError>(model, data, {.schedule = [](double) { return -0.5; }}) ==
      "fit: expects a schedule to give a number of at least 0, which the learning rate is multiplied by, but got -0.5");
  CHECK(
      fit_refusal<OptionError>(model, data, {.schedule = [](double) { return std::nan(""); }}) ==
      "fit: expects a schedule to give a number of at least 0, which the learning rate is multiplied by, but got nan");
  CHECK(
      fit_refusal<OptionError>(model, data, {.schedule = [](double) { return double{INFINITY}; }}) ==
      "fit: expects a schedule to give a number of at least 0, which the learning rate is multiplied by, but got inf");
}

TEST_CASE("fit refuses a training set that does not fit the network") {
  const auto model = convolutional_model();
  CHECK(fit_refusal<DataError>(model, images(0, image, 3)) ==
        "fit: expects at least one sample but the training set is empty");
  CHECK(fit_refusal<ShapeError>(model, images(4, Shape{8, 9, 1}, 3)) ==
        "fit: expects samples of (8, 8, 1), as the model was made for, but the training set has (8, 9, 1)");
  CHECK(
      fit_refusal<DataError>(model, images(4, image, 4)) ==
      "fit: the training set has labels of 4 classes but the network has 3 outputs; give the last layer as many units "
      "as there are classes");
  CHECK(
      fit_refusal<DataError>(model, images(4, image, 2)) ==
      "fit: expects a set of 3 classes, one per output, but the training set has 2; give the data set .classes = 3 if "
      "some have no sample");
  CHECK(fit_refusal<ShapeError>(model, with_rows(4, 2)) ==
        "fit: expects target rows of 3 numbers, one per output, but the training set has rows of 2");
}

TEST_CASE("fit refuses a validation set that does not fit the network") {
  const auto model = convolutional_model();
  const auto data = bars(20);
  const auto text = [&]<typename E>(const Dataset<3>& validation, E) {
    return fit_refusal<E>(model, data, {.validation = &validation});
  };
  CHECK(text(images(0, image, 3), DataError("")) == "fit: expects at least one sample but the validation set is empty");
  CHECK(text(images(4, Shape{7, 8, 1}, 3), ShapeError("")) ==
        "fit: expects samples of (8, 8, 1), as the model was made for, but the validation set has (7, 8, 1)");
  CHECK(text(images(4, image, 5), DataError("")) ==
        "fit: the validation set has labels of 5 classes but the network has 3 outputs; give the last layer as many "
        "units as there are classes");
  CHECK(text(images(4, image, 2), DataError("")) ==
        "fit: expects a set of 3 classes, one per output, but the validation set has 2; give the data set .classes = 3 "
        "if some have no sample");
  CHECK(text(with_rows(4, 4), ShapeError("")) ==
        "fit: expects target rows of 3 numbers, one per output, but the validation set has rows of 4");
}

TEST_CASE("labels outside the classes do not become a data set") {
  Tensor<float, 4> x(2, 8, 8, 1);
  CHECK(refusal<DataError>([&] { Dataset<3>(x, std::vector<std::int32_t>{0, 3}, {.classes = 3}); }) ==
        "Dataset: label 3 of sample 1 is outside the 3 classes 0 … 2; labels count from 0, or there are more classes");
}

TEST_CASE("class numbers and target rows of the right width are taken, for training and for validation") {
  auto model = convolutional_model();
  const auto rows = with_rows(20, 3), labels = bars(20);
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1}};
  CHECK_NOTHROW(trainer.fit(model, rows, {.validation = &labels}));
  CHECK_NOTHROW(trainer.fit(model, labels, {.validation = &rows}));
}
