#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <lamina/data/drawn_digits.hpp>
#include <set>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

namespace {

/// Image i, row by row.
std::vector<std::uint8_t> image(const DrawnDigits& drawn, Index i) {
  const std::uint8_t* first = drawn.images.data() + 784 * i;
  return {first, first + 784};
}

/// FNV-1a of all images and labels.
std::uint64_t digest(const DrawnDigits& drawn) {
  std::uint64_t hash = 0xCBF29CE484222325;
  const auto mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001B3; };
  for (Index b = 0; b < drawn.images.size(); ++b) mix(drawn.images.data()[b]);
  for (const std::int32_t label : drawn.labels) mix(static_cast<std::uint8_t>(label));
  return hash;
}

/// The mean image of each digit.
std::array<std::vector<double>, 10> class_means(const DrawnDigits& drawn) {
  std::array<std::vector<double>, 10> means;
  means.fill(std::vector<double>(784));
  const auto N = static_cast<Index>(drawn.labels.size());
  for (Index i = 0; i < N; ++i)
    for (std::size_t p = 0; p < 784; ++p)
      means[static_cast<std::size_t>(drawn.labels[static_cast<std::size_t>(i)])][p] +=
          drawn.images.data()[784 * i + static_cast<Index>(p)] * 10.0 / static_cast<double>(N);
  return means;
}

}  // namespace

TEST_CASE("the same seed draws the same digits on every platform") {
  CHECK(digest(draw_digits(500, Rng{1})) == digest(draw_digits(500, Rng{1})));
  CHECK(digest(draw_digits(500, Rng{1})) == 0x6866F22A50AF20B0);
  CHECK(digest(draw_digits(500, Rng{1})) != digest(draw_digits(500, Rng{2})));
}

TEST_CASE("an image depends on the seed and its place, not on the count nor on what was drawn before") {
  const DrawnDigits few = draw_digits(37, Rng{5}), many = draw_digits(120, Rng{5});
  Rng used{5};
  used();
  const DrawnDigits later = draw_digits(37, used);
  for (Index i = 0; i < 37; ++i) {
    CHECK(image(few, i) == image(many, i));
    CHECK(image(few, i) == image(later, i));
    CHECK(few.labels[static_cast<std::size_t>(i)] == many.labels[static_cast<std::size_t>(i)]);
  }
}

TEST_CASE("draw_digit fills all pixels, whatever they held, and repeats itself") {
  std::array<std::uint8_t, 784> first, second;
  for (int digit = 0; digit < 10; ++digit) {
    first.fill(1);
    second.fill(200);
    draw_digit(digit, Rng{9}, first);
    draw_digit(digit, Rng{9}, second);
    CHECK(first == second);
    CHECK(std::count(first.begin(), first.end(), 0) > 400);
  }
}

TEST_CASE("every ten images show each digit once, in an order that changes") {
  const DrawnDigits drawn = draw_digits(1000, Rng{3});
  CHECK(shape(drawn.images) == Shape{1000, 28, 28, 1});
  std::set<std::vector<std::int32_t>> orders;
  for (auto ten = drawn.labels.begin(); ten != drawn.labels.end(); ten += 10) {
    CHECK(std::set<std::int32_t>(ten, ten + 10).size() == 10);
    orders.insert(std::vector<std::int32_t>(ten, ten + 10));
  }
  CHECK(orders.size() > 95);
  CHECK(*std::min_element(drawn.labels.begin(), drawn.labels.end()) == 0);
  CHECK(*std::max_element(drawn.labels.begin(), drawn.labels.end()) == 9);
}

TEST_CASE("ink fits 20 × 20 pixels, nearly fills them one way, and its centre of mass is the image's") {
  const DrawnDigits drawn = draw_digits(2000, Rng{4});
  for (Index i = 0; i < 2000; ++i) {
    const std::vector<std::uint8_t> pixels = image(drawn, i);
    int top = 28, bottom = -1, left = 28, right = -1;
    double mass = 0, moment_x = 0, moment_y = 0;
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column) {
        const int grey = pixels[static_cast<std::size_t>(28 * row + column)];
        if (grey == 0) continue;
        top = std::min(top, row), bottom = std::max(bottom, row);
        left = std::min(left, column), right = std::max(right, column);
        mass += grey, moment_x += grey * column, moment_y += grey * row;
      }
    const int height = bottom - top + 1, width = right - left + 1;
    CAPTURE(i, height, width);
    REQUIRE(std::max(height, width) <= 20);
    REQUIRE(std::max(height, width) >= 19);
    REQUIRE(std::abs(moment_x / mass - 14) <= 0.51);
    REQUIRE(std::abs(moment_y / mass - 14) <= 0.51);
  }
}

TEST_CASE("drawn digits use all greys, and as much ink as handwriting does") {
  const DrawnDigits drawn = draw_digits(2000, Rng{6});
  const std::uint8_t* first = drawn.images.data();
  const std::set<std::uint8_t> greys(first, first + drawn.images.size());
  CHECK(greys.size() == 256);
  double mass = 0;
  for (Index b = 0; b < drawn.images.size(); ++b) mass += first[b];
  CHECK(mass / static_cast<double>(drawn.images.size()) / 255 == Approx(0.1307).margin(0.01));  // MNIST's mean
}

TEST_CASE("no two of 2,000 images are equal") {
  const DrawnDigits drawn = draw_digits(2000, Rng{7});
  std::set<std::vector<std::uint8_t>> different;
  for (Index i = 0; i < 2000; ++i) different.insert(image(drawn, i));
  CHECK(different.size() == 2000);
}

TEST_CASE("the nearest mean image of one seed's digits tells what another seed's are") {
  const auto means = class_means(draw_digits(2000, Rng{10}));
  const DrawnDigits drawn = draw_digits(1000, Rng{11});
  int right = 0;
  for (Index i = 0; i < 1000; ++i) {
    std::array<double, 10> distance{};
    for (std::size_t digit = 0; digit < 10; ++digit)
      for (std::size_t p = 0; p < 784; ++p) {
        const double difference = drawn.images.data()[784 * i + static_cast<Index>(p)] - means[digit][p];
        distance[digit] += difference * difference;
      }
    const auto nearest = std::min_element(distance.begin(), distance.end()) - distance.begin();
    right += nearest == drawn.labels[static_cast<std::size_t>(i)];
  }
  CAPTURE(right);
  CHECK(right > 650);  // 703; by chance 100
  CHECK(right < 850);  // variety: of 1,000 of MNIST's training images their own means tell 808
}

TEST_CASE("no digits are an empty set") {
  const DrawnDigits none = draw_digits(0, Rng{1});
  CHECK(shape(none.images) == Shape{0, 28, 28, 1});
  CHECK(none.labels.empty());
}

TEST_CASE("digits outside 0 … 9 and negative counts are refused") {
  std::array<std::uint8_t, 784> pixels;
  CHECK_THROWS_AS(draw_digit(10, Rng{1}, pixels), OptionError);
  CHECK_THROWS_WITH(draw_digit(10, Rng{1}, pixels), "draw_digit: expects a digit of 0 … 9 but got 10");
  CHECK_THROWS_WITH(draw_digit(-1, Rng{1}, pixels), "draw_digit: expects a digit of 0 … 9 but got -1");
  CHECK_THROWS_AS(draw_digits(-3, Rng{1}), OptionError);
  CHECK_THROWS_WITH(draw_digits(-3, Rng{1}), "draw_digits: expects a count of at least 0 but got -3");
}
