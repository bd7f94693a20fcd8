#include <lamina/data/dataset.hpp>
#include <limits>
#include <numeric>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

using Labels = std::vector<std::int32_t>;

/// (N, 2, 3, 1) with the bytes 0, 1, 2 …
Tensor<std::uint8_t, 4> pictures(Index N) {
  Tensor<std::uint8_t, 4> images(N, 2, 3, 1);
  std::iota(images.data(), images.data() + images.size(), std::uint8_t{0});
  return images;
}

/// (N, F) with 0, 1, 2 …
Tensor<float, 2> rows(Index N, Index F) {
  Tensor<float, 2> x(N, F);
  std::iota(x.data(), x.data() + x.size(), 0.0f);
  return x;
}

}  // namespace

TEST_CASE("a data set of images knows its samples, their shape, classes and labels") {
  const Dataset digits{pictures(4), Labels{0, 2, 2, 1}};
  STATIC_REQUIRE(std::is_same_v<decltype(digits), const Dataset<3>>);
  CHECK(digits.size() == 4);
  CHECK(digits.sample_shape() == Shape{2, 3, 1});
  CHECK(digits.classes() == 3);
  CHECK(digits.has_labels());
  CHECK(digits.labels() == Labels{0, 2, 2, 1});
  CHECK(digits.class_counts() == std::vector<Index>{1, 1, 2});
  CHECK(digits.bytes().size() == 24);
  CHECK(digits.floats().empty());
}

TEST_CASE("a data set of rows with target rows knows their width and no labels") {
  const Dataset curve{rows(5, 3), rows(5, 2)};
  STATIC_REQUIRE(std::is_same_v<decltype(curve), const Dataset<1>>);
  CHECK(curve.sample_shape() == Shape{3});
  CHECK(curve.classes() == 2);
  CHECK_FALSE(curve.has_labels());
  CHECK(curve.labels().empty());
  CHECK(curve.class_counts().empty());
  CHECK(curve.targets()(4, 1) == 9.0f);
  CHECK(curve.floats().size() == 15);
  CHECK(curve.bytes().empty());
}

TEST_CASE("tensors that are moved in are not copied") {
  Tensor<std::uint8_t, 4> images = pictures(4);
  const std::uint8_t* where = images.data();
  const Dataset digits{std::move(images), {0, 1, 0, 1}};
  CHECK(digits.bytes().data() == where);
}

TEST_CASE("a plain row-major Eigen tensor makes the same data set as one with lamina's storage") {
  const Eigen::Tensor<std::uint8_t, 4, Eigen::RowMajor> plain = pictures(2);
  const Dataset digits{plain, {0, 1}};
  STATIC_REQUIRE(std::is_same_v<decltype(digits), const Dataset<3>>);
  CHECK(std::equal(digits.bytes().begin(), digits.bytes().end(), plain.data()));
}

TEST_CASE("vectors and spans of bytes and of float make data sets") {
  const std::vector<std::uint8_t> pixels{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const Labels labels{1, 0};
  const Dataset of_vector{pixels, Shape{2, 3, 1}, labels};
  const Dataset of_span{std::span<const std::uint8_t>(pixels), Shape{2, 3, 1}, std::span<const std::int32_t>(labels)};
  CHECK(of_vector.size() == 2);
  CHECK(of_span.labels() == labels);
  CHECK(std::equal(pixels.begin(), pixels.end(), of_span.bytes().begin(), of_span.bytes().end()));
  CHECK(of_vector.bytes().data() != pixels.data());

  const std::vector<float> numbers{0.5f, 1.5f, 2.5f};
  const Dataset row{numbers, Shape{3}, {7}, {.classes = 10}};
  CHECK(row.at(0)(2) == 2.5f);
  std::vector<float> mutable_numbers = numbers;
  CHECK(Dataset{std::span(mutable_numbers), Shape{3}, {7}, {.classes = 10}}.at(0)(2) == 2.5f);
}

TEST_CASE("bytes are seen as 0 to 1, exactly so at both ends, in float and in double") {
  const Dataset digits{std::vector<std::uint8_t>{0, 51, 255}, Shape{3}, {0}};
  const Tensor<float, 1> x = digits.at(0);
  CHECK(x(0) == 0.0f);
  CHECK(x(1) == Approx(0.2));
  CHECK(x(2) == 1.0f);
  double y[3];
  digits.read(0, y);
  CHECK(y[1] == Approx(0.2).epsilon(1e-15));
  CHECK(y[2] == 1.0);
}

TEST_CASE("float values are seen as they are") {
  const Dataset row{std::vector<float>{-3.5f, 255.0f}, Shape{2}, {0}};
  CHECK(row.at(0)(0) == -3.5f);
  CHECK(row.at(0)(1) == 255.0f);
}

TEST_CASE("one mean and deviation serve all channels, and are taken after bytes became 0 to 1") {
  Dataset digits{std::vector<std::uint8_t>{0, 255}, Shape{2}, {0}};
  digits.normalise({.mean = {0.25}, .deviation = {0.5}});
  CHECK(digits.at(0)(0) == Approx(-0.5));
  CHECK(digits.at(0)(1) == Approx(1.5));
  digits.normalise({});
  CHECK(digits.at(0)(1) == 1.0f);
}

TEST_CASE("each channel can have a mean and a deviation of its own, for bytes and for float") {
  const Normalisation colours{.mean = {0.0, 0.5, 1.0}, .deviation = {1.0, 0.5, 0.25}};
  Dataset bytes{std::vector<std::uint8_t>{255, 255, 255, 0, 0, 0}, Shape{1, 2, 3}, {0}};
  Dataset floats{std::vector<float>{1, 1, 1, 0, 0, 0}, Shape{1, 2, 3}, {0}};
  bytes.normalise(colours);
  floats.normalise(colours);
  const float expected[] = {1, 1, 0, 0, -1, -4};
  for (Index i = 0; i < 6; ++i) {
    CHECK(bytes.at(0).data()[i] == Approx(expected[i]).margin(1e-6));
    CHECK(floats.at(0).data()[i] == Approx(expected[i]).margin(1e-6));
  }
}

TEST_CASE("a normalisation that cannot be is refused") {
  Dataset colours{std::vector<float>{1, 2, 3}, Shape{1, 1, 3}, {0}};
  CHECK(refusal<OptionError>([&] {
          colours.normalise({.mean = {0, 0}});
        }) ==
        "normalise: expects one mean and one deviation for all, or one for each of the 3 channels, but got 2 and 1");
  CHECK(refusal<OptionError>([&] { colours.normalise({.mean = {}}); }) ==
        "normalise: expects one mean and one deviation for all, or one for each of the 3 channels, but got 0 and 1");
  CHECK(refusal<OptionError>([&] { colours.normalise({.mean = {std::numeric_limits<double>::quiet_NaN()}}); }) ==
        "normalise: expects a finite mean but got nan");
  CHECK(refusal<OptionError>([&] {
          colours.normalise({.deviation = {1, 0, 1}});
        }) == "normalise: expects a deviation above 0 but got 0; use 1 for a constant channel");
  CHECK(colours.at(0).data()[2] == 3.0f);
}

TEST_CASE("there can be more classes than labels show, and they can have names") {
  const Dataset ten{pictures(2), {0, 1}, {.classes = 10}};
  CHECK(ten.classes() == 10);
  CHECK(ten.class_counts().size() == 10);
  CHECK(ten.class_names().empty());
  CHECK(ten.class_name(3) == "3");

  const Dataset pets{pictures(2), {0, 1}, {.class_names = {"cat", "dog", "cow"}}};
  CHECK(pets.classes() == 3);
  CHECK(pets.class_name(1) == "dog");
}

TEST_CASE("a data set can be empty") {
  const Dataset none{pictures(0), Labels{}};
  CHECK(none.size() == 0);
  CHECK(none.classes() == 0);
  CHECK(none.has_labels());
  CHECK(none.class_counts().empty());
  CHECK(none.sample_shape() == Shape{2, 3, 1});
  CHECK(none.subset({}).size() == 0);
  CHECK(Dataset{std::vector<float>{}, Shape{4}, Labels{}}.size() == 0);
  CHECK_FALSE(Dataset{rows(0, 4), Tensor<float, 2>(0, 2)}.has_labels());
}

TEST_CASE("a data set refuses another number of answers than samples") {
  CHECK(refusal<ShapeError>([] {
          Dataset{pictures(5), {0, 1, 2}};
        }) == "Dataset: expects a label for each of its 5 samples but got 3");
  CHECK(refusal<ShapeError>([] {
          Dataset{pictures(5), rows(6, 2)};
        }) == "Dataset: expects a row of targets for each of its 5 samples but got 6");
}

TEST_CASE("a data set refuses labels outside its classes") {
  CHECK(
      refusal<DataError>([] {
        Dataset{pictures(3), {0, 9, 10}, {.classes = 10}};
      }) ==
      "Dataset: label 10 of sample 2 is outside the 10 classes 0 … 9; labels count from 0, or there are more classes");
  CHECK(refusal<DataError>([] {
          Dataset{pictures(3), {0, -1, 1}};
        }) == "Dataset: label -1 of sample 1 is outside the 2 classes 0 … 1; labels count from 0");
  CHECK_NOTHROW(Dataset{pictures(3), {0, 9, 9}, {.classes = 10}});
}

TEST_CASE("a data set refuses targets that are not finite") {
  Tensor<float, 2> targets = rows(3, 2);
  targets(2, 1) = std::numeric_limits<float>::infinity();
  CHECK(refusal<DataError>([&] {
          Dataset{pictures(3), targets};
        }) == "Dataset: target 1 of sample 2 is inf; targets have to be finite: correct it or leave the sample out");
}

TEST_CASE("a data set refuses samples of nothing") {
  CHECK(refusal<ShapeError>([] {
          Dataset{Tensor<float, 2>(3, 0), {0, 1, 2}};
        }) == "Dataset: expects samples of extents of at least 1 but got (0)");
  CHECK(refusal<ShapeError>([] {
          Dataset{std::vector<float>{1, 2}, Shape{2, 0, 1}, {0}};
        }) == "Dataset: expects samples of extents of at least 1 but got (2, 0, 1)");
  CHECK(refusal<ShapeError>([] {
          Dataset{std::vector<float>{1, 2}, Shape{-2, -1, 1}, {0}};
        }) == "Shape: expects extents of at least 0 but got (-2, -1, 1)");
}

TEST_CASE("a data set refuses values that are no whole number of samples") {
  CHECK(refusal<ShapeError>([] {
          Dataset{std::vector<std::uint8_t>(13), Shape{2, 3, 1}, {0, 1}};
        }) == "Dataset: expects samples of (2, 3, 1), 6 values each, but got 13 values, which is no multiple of that");
}

TEST_CASE("a data set refuses classes and names that do not fit") {
  CHECK(refusal<OptionError>([] {
          Dataset{pictures(2), {0, 1}, {.classes = -1}};
        }) == "Dataset: expects .classes of at least 1, or 0 to count them, but got -1");
  CHECK(refusal<OptionError>([] {
          Dataset{pictures(2), {0, 1}, {.classes = 3, .class_names = {"cat", "dog"}}};
        }) == "Dataset: expects a name for each of the 3 classes but got 2");
  CHECK(refusal<OptionError>([] {
          Dataset{pictures(2), rows(2, 4), {.classes = 3}};
        }) == "Dataset: expects .classes to be the width of the target rows, 4, but got 3");
  CHECK(refusal<OptionError>([] {
          Dataset{pictures(2), rows(2, 4), {.class_names = {"only"}}};
        }) == "Dataset: expects a name for each of the 4 classes but got 1");
}

TEST_CASE("at refuses a sample that is not there") {
  const Dataset digits{pictures(4), {0, 1, 2, 3}};
  CHECK(digits.at(3)(1, 2, 0) == Approx(23.0 / 255.0));
  CHECK(refusal<OptionError>([&] { digits.at(4); }) ==
        "at: sample 4 is not one of the data set's 4, which count from 0");
  CHECK(refusal<OptionError>([&] { digits.at(-1); }) ==
        "at: sample -1 is not one of the data set's 4, which count from 0");
}

TEST_CASE("a subset has the samples asked for, in that order, and the classes, names and normalisation of the whole") {
  Dataset digits{pictures(4), {0, 1, 2, 1}, {.class_names = {"a", "b", "c", "d"}}};
  digits.normalise({.mean = {0.5}, .deviation = {0.25}});
  const std::vector<Index> chosen{3, 0, 3};
  const Dataset part = digits.subset(chosen);
  CHECK(part.size() == 3);
  CHECK(part.labels() == Labels{1, 0, 1});
  CHECK(part.classes() == 4);
  CHECK(part.class_name(3) == "d");
  CHECK(part.at(0)(0, 0, 0) == digits.at(3)(0, 0, 0));
  CHECK(part.at(1)(1, 2, 0) == digits.at(0)(1, 2, 0));

  const Dataset curve{rows(4, 3), rows(4, 2)};
  CHECK(curve.subset(chosen).targets()(0, 1) == 7.0f);
  CHECK(curve.subset(chosen).at(2)(0) == 9.0f);
}

TEST_CASE("a subset of samples that are not there is refused") {
  const Dataset digits{pictures(4), {0, 1, 2, 3}};
  CHECK(refusal<OptionError>([&] {
          digits.subset(std::vector<Index>{0, 4});
        }) == "subset: sample 4 is not one of the data set's 4, which count from 0");
}

TEST_CASE("a data set is made of rows or images and a number for each") {
  Tensor<float, 2> x(3, 2);
  x.setValues({{1, 2}, {3, 4}, {5, 6}});
  const std::vector<float> numbers{0.5F, -2, 7};
  const Dataset rows{x, numbers};
  CHECK_FALSE(rows.has_labels());
  CHECK(rows.classes() == 1);
  CHECK(rows.targets()(2, 0) == 7);
  CHECK(rows.subset(std::vector<Index>{2, 0}).targets()(0, 0) == 7);
  const Dataset pictures{Tensor<std::uint8_t, 4>(3, 4, 4, 1), numbers, {.class_names = {"angle"}}};
  CHECK(pictures.class_name(0) == "angle");
  const Dataset<1> copied(std::vector<float>{1, 2, 3, 4, 5, 6}, Shape{2}, numbers);
  CHECK(copied.targets()(1, 0) == -2);

  CHECK(refusal<ShapeError>([&] { Dataset(x, std::vector<float>{1, 2}); }) ==
        "Dataset: expects a target for each of its 3 samples but got 2");
  CHECK(refusal<DataError>([&] { Dataset(x, std::vector<float>{1, 2, std::numeric_limits<float>::infinity()}); }) ==
        "Dataset: target 0 of sample 2 is inf; targets have to be finite: correct it or leave the sample out");
  CHECK(refusal<DataError>([&] { Dataset(x, std::vector<float>{1, std::nanf(""), 2}); }) ==
        "Dataset: target 0 of sample 1 is nan; targets have to be finite: correct it or leave the sample out");
}
