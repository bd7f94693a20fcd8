#include <array>
#include <cmath>
#include <lamina/training/checks.hpp>

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
        "fit: expects samples of (8, 8, 1), as the model was made for, but the training set has (8, 9, 1); images of "
        "another size: resize them to (8, 8), by image_folder's .size or resize_image");
  CHECK(
      fit_refusal<DataError>(model, images(4, image, 4)) ==
      "fit: the training set has labels of 4 classes but the network has 3 outputs; give the last layer as many units "
      "as there are classes; replace_last_layer does it for a trained network");
  CHECK(
      fit_refusal<DataError>(model, images(4, image, 2)) ==
      "fit: expects a set of 3 classes, one per output, but the training set has 2; give the data set .classes = 3 if "
      "some have no sample, or the network another last layer");
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
        "fit: expects samples of (8, 8, 1), as the model was made for, but the validation set has (7, 8, 1); images of "
        "another size: resize them to (8, 8), by image_folder's .size or resize_image");
  CHECK(text(images(4, image, 5), DataError("")) ==
        "fit: the validation set has labels of 5 classes but the network has 3 outputs; give the last layer as many "
        "units as there are classes; replace_last_layer does it for a trained network");
  CHECK(text(images(4, image, 2), DataError("")) ==
        "fit: expects a set of 3 classes, one per output, but the validation set has 2; give the data set .classes = 3 "
        "if some have no sample, or the network another last layer");
  CHECK(text(with_rows(4, 4), ShapeError("")) ==
        "fit: expects target rows of 3 numbers, one per output, but the validation set has rows of 4");
}

TEST_CASE("labels outside the classes do not become a data set") {
  Tensor<float, 4> x(2, 8, 8, 1);
  CHECK(refusal<DataError>([&] {
          Dataset<3>(x, std::vector<std::int32_t>{0, 3}, {.classes = 3});
        }) ==
        "Dataset: label 3 of sample 1 is outside the 3 classes 0 … 2; labels count from 0, or there are more classes");
}

TEST_CASE("class numbers and target rows of the right width are taken, for training and for validation") {
  auto model = convolutional_model();
  const auto rows = with_rows(20, 3), labels = bars(20);
  const Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 0.1}};
  CHECK_NOTHROW(trainer.fit(model, rows, {.validation = &labels}));
  CHECK_NOTHROW(trainer.fit(model, labels, {.validation = &rows}));
}

namespace {

Dataset<1> named(std::vector<std::int32_t> labels, std::vector<std::string> names) {
  Tensor<float, 2> x(static_cast<Index>(labels.size()), 1);
  for (Index i = 0; i < x.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
    x.data()[i] = (names.empty() || names[0] == "0" ? label == 0 : names[label] == "cat") ? -1.0F : 1.0F;
  }
  return {x, std::move(labels), {.class_names = std::move(names)}};
}

const Trainer softmax{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1}};

}  // namespace

TEST_CASE(
    "a validation set with other classes than the training set's is refused, and so is the same in another order") {
  const auto train = named({0, 1}, {"cat", "dog"}), others = named({0, 1}, {"dog", "emu"}),
             turned = named({0, 1}, {"dog", "cat"}), unnamed = named({0, 1}, {});
  Model model{Dense{.units = 2}, Shape{1}, Rng{1}};
  const auto text = [&](const Dataset<1>& validation) {
    return refusal<DataError>([&] { softmax.fit(model, train, {.validation = &validation}); });
  };
  CHECK(text(others) ==
        "fit: the classes of the validation set are \"dog\", \"emu\" but those of the training set \"cat\", \"dog\"; "
        "number the "
        "labels of both by one list of classes or, where they mean the same, give both the same .class_names");
  CHECK(text(turned) ==
        "fit: the classes of the validation set are \"dog\", \"cat\" but those of the training set \"cat\", \"dog\", "
        "in this "
        "order; give the set these classes in this order: .reorder_classes(train.class_names())");
  CHECK(model.class_names().empty());
  CHECK_NOTHROW(softmax.fit(model, train, {.epochs = 1, .validation = &unnamed}));
  CHECK(model.class_names()[1] == "dog");
}

TEST_CASE("every set that a model is asked about is compared with the classes that it learned") {
  const auto train = named({0, 1}, {"cat", "dog"}), others = named({0, 1}, {"dog", "emu"});
  auto turned = named({1, 0}, {"dog", "cat"});
  Model model{Dense{.units = 2}, Shape{1}, Rng{1}};
  softmax.fit(model, train, {.epochs = 50});
  const auto refused = [](auto ask) { return refusal<DataError>(ask); };
  const std::string order =
      ": the classes of the data set are \"dog\", \"cat\" but those of the model \"cat\", \"dog\", in this "
      "order; give the set these classes in this order: .reorder_classes(model.class_names())";
  CHECK(refused([&] { evaluate(model, turned); }) == "evaluate" + order);
  CHECK(refused([&] { evaluate(model, turned, SoftmaxCrossEntropy{}); }) == "evaluate" + order);
  CHECK(refused([&] { predict_classes(model, turned); }) == "predict_classes" + order);
  CHECK(refused([&] { predict_outputs(model, turned); }) == "predict_outputs" + order);
  CHECK(refused([&] { predict_probabilities(model, turned); }) == "predict_probabilities" + order);
  CHECK(refused([&] { softmax.fit(model, turned); }).starts_with("fit: the classes of the training set are"));
  CHECK(refused([&] {
          evaluate(model, others);
        }).starts_with("evaluate: the classes of the data set are \"dog\", \"emu\""));
  CHECK_NOTHROW(predict_classes(model, others));  // of samples without labels a set may say anything
  turned.reorder_classes({"cat", "dog"});
  CHECK(evaluate(model, turned).accuracy == 1);
  CHECK(evaluate(model, named({0, 1}, {})).accuracy == 1);
  CHECK(evaluate(model, named({0, 1}, {"0", "1"})).accuracy == 1);
  const Model copy = model;
  CHECK(refused([&] { evaluate(copy, others); }) != "nothing was refused");
  CHECK_NOTHROW(softmax.fit(model, others, {.epochs = 1}));  // learns other classes
  CHECK(model.class_names()[1] == "emu");
  model.reset_parameters(Rng{2});
  CHECK(model.class_names().empty());
}

TEST_CASE("a set that lacks some of the classes is told how to get their numbers") {
  const auto train = named({0, 1, 2}, {"cat", "dog", "emu"});
  auto two = named({0, 1}, {"cat", "emu"});
  Model model{Dense{.units = 3}, Shape{1}, Rng{1}};
  softmax.fit(model, train, {.epochs = 1});
  CHECK(refusal<DataError>([&] { evaluate(model, two); }).ends_with(".reorder_classes(model.class_names())"));
  two.reorder_classes(train.class_names());
  CHECK(two.labels() == std::vector<std::int32_t>{0, 2});
  CHECK_NOTHROW(evaluate(model, two));
}

TEST_CASE("labels that begin at 1 are told so, of sets and of batches, of many outputs and of one") {
  Model two{Dense{.units = 2}, Shape{1}, Rng{1}}, one{Dense{.units = 1}, Shape{1}, Rng{1}};
  const auto from_one = named({1, 2}, {});
  CHECK(refusal<DataError>([&] { softmax.fit(two, from_one); }) ==
        "fit: the training set has labels of 3 classes but the network has 2 outputs; the labels begin at 1, and "
        "classes at 0: "
        "subtract 1 from each");
  Trainer sigmoid{SigmoidCrossEntropy{}, SGD{}};
  CHECK(refusal<DataError>([&] { sigmoid.fit(one, from_one); }) ==
        "fit: the training set has labels of 3 classes but the network has 1 output, which tells two apart; the labels "
        "begin at "
        "1, and classes at 0: subtract 1 from each");
  Batch<Tensor<float, 2>> batch{.x = Tensor<float, 2>(2, 1), .labels = {1, 2}, .targets = {}};
  batch.x.setZero();
  CHECK(refusal<DataError>([&] { sigmoid.step(one, batch); }) ==
        "step: label 2 of sample 1 is outside the 2 classes 0 … 1; the labels begin at 1, and classes at 0: subtract 1 "
        "from each");
  CHECK(refusal<DataError>([&] { softmax.fit(two, named({0, 2}, {})); }).ends_with("as there are classes; replace_last_layer does it for a trained network"));
}

TEST_CASE("a validation set is normalised as the training set is, or refused") {
  auto train = images(8, Shape{4, 4, 1}, 2), validation = images(6, Shape{4, 4, 1}, 2);
  Model model{Sequential{Flatten{}, Dense{.units = 2}}, Shape{4, 4, 1}, Rng{1}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
  const auto why = [&] { return refusal<OptionError>([&] { trainer.fit(model, train, {.validation = validation}); }); };
  const std::string remedy = "; a network sees both alike after validation.normalise(train.normalisation())";
  CHECK_NOTHROW(trainer.fit(model, train, {.validation = validation}));
  train.normalise({.mean = {0.5}, .deviation = {0.25}});
  CHECK(why() == "fit: the validation set is not normalised and the training set is" + remedy);
  validation.normalise({.mean = {0.4}, .deviation = {0.25}});
  CHECK(why() == "fit: the validation set is normalised by other numbers than the training set" + remedy);
  validation.normalise(train.normalisation());
  CHECK_NOTHROW(trainer.fit(model, train, {.validation = validation}));
  train.normalise({});
  CHECK(why() == "fit: the validation set is normalised and the training set is not" + remedy);
}

TEST_CASE("channels that stand first, exchanged sides and missing axes are told, of sets and of batches") {
  const Model model{Sequential{Flatten{}, Dense{.units = 2}}, Shape{6, 8, 3}, Rng{1}},
      grey{Sequential{Flatten{}, Dense{.units = 2}}, Shape{28, 28, 1}, Rng{1}};
  const auto set = [](const Model& to, Shape<3> extents) {
    return refusal<ShapeError>([&] { evaluate(to, images(4, extents, 2)); });
  };
  const auto batch = [](const Model& to, Shape<3> extents) {
    return refusal<ShapeError>([&] { to(Tensor<float, 4>(2, extents[0], extents[1], extents[2])); });
  };
  const std::string begin = "evaluate: expects samples of (6, 8, 3), as the model was made for, but the data set has ";
  const std::string first = "; the channels stand first and come last here: x.shuffle(std::array{0, ";
  CHECK(set(model, Shape{3, 6, 8}) ==
        begin + "(3, 6, 8)" + first + "2, 3, 1}) of an Eigen tensor (N, C, H, W) makes samples of (6, 8, 3)");
  CHECK(set(model, Shape{3, 8, 6}) ==
        begin + "(3, 8, 6)" + first +
            "3, 2, 1}) of an Eigen tensor (N, C, H, W) makes samples of (6, 8, 3); height and width are exchanged, too");
  CHECK(set(model, Shape{8, 6, 3}) ==
        begin + "(8, 6, 3); height and width are exchanged: an image is (height, width, channels) here");
  CHECK(set(model, Shape{7, 8, 3}) ==
        begin + "(7, 8, 3); images of another size: resize them to (6, 8), by image_folder's .size or resize_image");
  CHECK(set(grey, Shape{1, 28, 28}).find("the channels stand first") != std::string::npos);
  CHECK(batch(model, Shape{3, 6, 8})
            .starts_with("Model: expects a batch of (6, 8, 3) samples but got (2, 3, 6, 8)" + first));
  CHECK(batch(model, Shape{7, 8, 3})
            .ends_with("but got (2, 7, 8, 3); images of another size: resize them to (6, 8), by image_folder's "
                       ".size or resize_image"));
  CHECK(batch(model, Shape{6, 8, 1})
            .ends_with("; the images are grey and the network was trained in colour: read them with .colors = "
                       "Colors::rgb, or repeat the "
                       "channel"));
  CHECK(batch(grey, Shape{28, 28, 3})
            .ends_with("; the images are in colour and the network was trained on grey ones: read them with "
                       ".colors = Colors::grey"));
  CHECK(batch(model, Shape{6, 8, 4}).ends_with("but got (2, 6, 8, 4); the first axis counts the samples"));
  const Model of_rows{Sequential{Dense{.units = 3}}, Shape{5}, Rng{1}};
  CHECK(batch(of_rows, Shape{6, 8, 3}).ends_with("but got (2, 6, 8, 3); the network takes rows of 5 numbers and was given images"));
  CHECK(refusal<ShapeError>([&] {
          model(Tensor<float, 2>(2, 7));
        }).ends_with("but got (2, 7); the network takes images and was given rows"));
  CHECK(refusal<ShapeError>([&] {
          grey(Tensor<float, 3>(2, 28, 28));
        }).ends_with("; the axis of the channels is missing: give the samples the shape (28, 28, 1)"));
  CHECK(refusal<ShapeError>([&] {
          grey(Tensor<float, 2>(2, 784));
        }).ends_with("; the images lie in rows: give the samples the shape (28, 28, 1)"));
  const Model rows{Dense{.units = 2}, Shape{784}, Rng{1}};
  CHECK(refusal<ShapeError>([&] {
          rows(Tensor<float, 4>(2, 28, 28, 1));
        }).ends_with("; the network takes rows: give the samples the shape (784), or put Flatten{} first"));
  Tensor<float, 4> x(2, 3, 6, 8);
  x.setRandom();
  const Tensor<float, 4> moved = x.shuffle(std::array{0, 2, 3, 1});  // as the text says
  CHECK(moved(1, 5, 7, 2) == x(1, 2, 5, 7));
  CHECK_NOTHROW(model(moved));
}
