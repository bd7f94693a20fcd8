#include <lamina/core/random.hpp>
#include <lamina/data/resize.hpp>
#include <numeric>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

Tensor<std::uint8_t, 3> noise(Index H, Index W, Index C) {
  Tensor<std::uint8_t, 3> image(H, W, C);
  Rng rng{1};
  for (Index i = 0; i < image.size(); ++i) image.data()[i] = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

}  // namespace

TEST_CASE("shrinking by a whole number is the mean of what is covered") {
  const auto image = noise(12, 10, 3);
  const auto small = resize_image(image, {4, 5});
  REQUIRE(shape(small) == Shape{4, 5, 3});
  for (Index h = 0; h < 4; ++h)
    for (Index w = 0; w < 5; ++w)
      for (Index c = 0; c < 3; ++c) {
        double sum = 0;
        for (Index i = 0; i < 3; ++i)
          for (Index j = 0; j < 2; ++j) sum += image(3 * h + i, 2 * w + j, c);
        CHECK(std::abs(small(h, w, c) - sum / 6) <= 0.501);
      }
}

TEST_CASE("shrinking by a fraction weights by area, and keeps the mean") {
  Tensor<std::uint8_t, 3> three(1, 3, 1);
  three.setValues({{{30}, {90}, {210}}});
  const auto two = resize_image(three, {1, 2});
  CHECK(int{two(0, 0, 0)} == 50);   // (30 + 90/2) / 1.5
  CHECK(int{two(0, 1, 0)} == 170);  // (90/2 + 210) / 1.5
  const auto image = noise(97, 61, 1), small = resize_image(image, {13, 17});
  const auto mean = [](const Tensor<std::uint8_t, 3>& x) {
    return std::accumulate(x.data(), x.data() + x.size(), 0.0) / static_cast<double>(x.size());
  };
  CHECK(mean(small) == Approx(mean(image)).margin(0.3));
}

TEST_CASE("growing is bilinear, with pixels' centres in place and edges continued") {
  Tensor<std::uint8_t, 3> two(1, 2, 1);
  two.setValues({{{0}, {200}}});
  const auto four = resize_image(two, {2, 4});
  const int expected[] = {0, 50, 150, 200};
  for (Index h = 0; h < 2; ++h)
    for (Index w = 0; w < 4; ++w) CHECK(int{four(h, w, 0)} == expected[w]);
  Tensor<std::uint8_t, 3> one(1, 1, 2);
  one.setValues({{{7, 255}}});
  const auto grown = resize_image(one, {3, 5});
  for (Index i = 0; i < 15; ++i) CHECK((grown.data()[2 * i] == 7 && grown.data()[2 * i + 1] == 255));
}

TEST_CASE("one axis may shrink while the other grows, and the same size changes nothing") {
  Tensor<std::uint8_t, 3> image(2, 2, 1);
  image.setValues({{{10}, {30}}, {{50}, {70}}});
  const auto wide = resize_image(image, {1, 4});
  const int expected[] = {30, 35, 45, 50};
  for (Index w = 0; w < 4; ++w) CHECK(int{wide(0, w, 0)} == expected[w]);
  const auto same = noise(5, 6, 2), resized = resize_image(same, {5, 6});
  CHECK(std::equal(same.data(), same.data() + same.size(), resized.data()));
}

TEST_CASE("a size or an image of nothing is refused") {
  CHECK(refusal<OptionError>([] {
          resize_image(noise(2, 2, 1), {0, 3});
        }) == "resize_image: expects a size of at least 1 × 1 but got (0, 3)");
  CHECK(refusal<ShapeError>([] {
          resize_image(Tensor<std::uint8_t, 3>(0, 3, 1), {2, 2});
        }) == "resize_image: expects pixels (H, W, C) but got (0, 3, 1)");
}
