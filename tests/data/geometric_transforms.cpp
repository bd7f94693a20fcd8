#include <lamina/data/geometric_transforms.hpp>
#include <limits>
#include <map>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

template <typename T = float>
Tensor<T, 3> numbered(Index H, Index W, Index C) {
  Tensor<T, 3> image(H, W, C);
  for (Index i = 0; i < image.size(); ++i) image.data()[i] = static_cast<T>(i + 1);
  return image;
}

template <typename T>
Tensor<T, 3> varied(Tensor<T, 3> image, const Augmentation& augmentation, Rng rng = Rng{1}) {
  augment(image, augmentation, rng);
  return image;
}

template <typename T>
bool equal(const Tensor<T, 3>& a, const Tensor<T, 3>& b) {
  return shape(a) == shape(b) && std::equal(a.data(), a.data() + a.size(), b.data());
}

/// Where the brightness of a picture of one spot is: (y, x) from the centre.
struct Place {
  double y, x;
};
Place spot_after(const Augmentation& augmentation, Index h, Index w, Rng rng = Rng{1}) {
  Tensor<double, 3> image(41, 31, 1);
  image.setZero();
  image(h, w, 0) = 1;
  augment(image, augmentation, rng);
  double mass = 0, y = 0, x = 0;
  for (Index i = 0; i < 41; ++i)
    for (Index j = 0; j < 31; ++j) {
      mass += image(i, j, 0);
      y += image(i, j, 0) * static_cast<double>(i - 20);
      x += image(i, j, 0) * static_cast<double>(j - 15);
    }
  REQUIRE(mass > 0.2);
  return {y / mass, x / mass};
}

}  // namespace

TEST_CASE("a flip mirrors every row and channel, and two are none") {
  const auto image = numbered(3, 4, 2);
  const Augmentation flip = HorizontalFlip{.probability = 1};
  const auto flipped = varied(image, flip);
  for (Index h = 0; h < 3; ++h)
    for (Index w = 0; w < 4; ++w)
      for (Index c = 0; c < 2; ++c) CHECK(flipped(h, w, c) == image(h, 3 - w, c));
  CHECK(equal(varied(flipped, flip), image));
  CHECK(equal(varied(image, {flip, flip}), image));
}

TEST_CASE("a flip is done half of the time unless told otherwise") {
  int flips = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed)
    flips += varied(numbered(1, 2, 1), HorizontalFlip{}, Rng{seed})(0, 0, 0) == 2;
  CHECK(std::abs(flips - 2000) < 160);
}

TEST_CASE("a quarter turn is exact, anticlockwise") {
  const auto image = numbered(5, 5, 3);
  for (const double degrees : {90.0, -270.0}) {
    const auto turned = varied(image, Rotation{.degrees = {degrees, degrees}});
    for (Index h = 0; h < 5; ++h)
      for (Index w = 0; w < 5; ++w)
        for (Index c = 0; c < 3; ++c) CHECK(turned(h, w, c) == image(w, 4 - h, c));
  }
  const Augmentation quarter = Rotation{.degrees = {90, 90}}, half = Rotation{.degrees = {180, 180}};
  CHECK(equal(varied(image, {quarter, quarter}), varied(image, half)));
  CHECK(equal(varied(image, {half, half}), image));
}

TEST_CASE("a turn by any angle moves a spot along its circle") {
  for (const double degrees : {10.0, -35.0, 120.0}) {
    const Place place = spot_after(Rotation{.degrees = {degrees, degrees}}, 20, 25);  // 10 to the right
    CHECK(place.x == Approx(10 * std::cos(degrees * 3.14159265358979 / 180)).margin(0.25));
    CHECK(place.y == Approx(-10 * std::sin(degrees * 3.14159265358979 / 180)).margin(0.25));
  }
}

TEST_CASE("angles are drawn evenly from the whole range") {
  double lowest = 1e9, highest = -1e9, sum = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Place place = spot_after(Rotation{}, 0, 15, Rng{seed});  // 20 up
    const double degrees = std::atan2(-place.x, -place.y) * 180 / 3.14159265358979;
    lowest = std::min(lowest, degrees);
    highest = std::max(highest, degrees);
    sum += degrees;
  }
  CHECK(lowest > -10.5);
  CHECK(lowest < -9);
  CHECK(highest < 10.5);
  CHECK(highest > 9);
  CHECK(std::abs(sum / 400) < 1.5);  // five deviations of 5.8 / √400
}

TEST_CASE("a translation by whole pixels is exact: x to the right, y down") {
  const auto image = numbered<double>(4, 6, 2);
  const auto moved = varied(image, Translation{.x = {2, 2}, .y = {-1, -1}});
  for (Index h = 0; h < 4; ++h)
    for (Index w = 0; w < 6; ++w)
      for (Index c = 0; c < 2; ++c) CHECK(moved(h, w, c) == (h + 1 < 4 && w >= 2 ? image(h + 1, w - 2, c) : 0));
}

TEST_CASE("a translation takes fractions and stays in its range") {
  std::set<double> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Place place = spot_after(Translation{.x = 5, .y = {0, 3}}, 20, 15, Rng{seed});
    CHECK(std::abs(place.x) <= 5 + 1e-9);
    CHECK(place.y >= -1e-9);
    CHECK(place.y <= 3 + 1e-9);
    seen.insert(place.x);
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("a crop of a padded image moves by every whole number of pixels up to the padding, each as often") {
  std::map<std::pair<int, int>, int> counts;
  for (std::uint64_t seed = 0; seed < 2500; ++seed) {
    const Place place = spot_after(RandomCrop{.padding = 2}, 20, 15, Rng{seed});
    ++counts[{static_cast<int>(std::lround(place.y)), static_cast<int>(std::lround(place.x))}];
    CHECK(place.y == std::round(place.y));
    CHECK(place.x == std::round(place.x));
  }
  CHECK(counts.size() == 25);
  for (const auto& [place, count] : counts) {
    CHECK(std::abs(place.first) <= 2);
    CHECK(std::abs(count - 100) < 50);  // five deviations of 10
  }
  const auto image = numbered(3, 3, 1);
  CHECK(equal(varied(image, RandomCrop{.padding = 0}), image));
}

TEST_CASE("a resized crop shows a window of the area and the aspect asked for, anywhere within the image") {
  Tensor<double, 3> places(40, 30, 2);  // each pixel holds its own row and column
  for (Index h = 0; h < 40; ++h)
    for (Index w = 0; w < 30; ++w) {
      places(h, w, 0) = static_cast<double>(h);
      places(h, w, 1) = static_cast<double>(w);
    }
  double least_area = 1, most_area = 0, least_top = 40, most_bottom = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto image = varied(places, RandomResizedCrop{.area = {0.25, 0.5}, .aspect = {0.5, 1.5}}, Rng{seed});
    const double height = (image(30, 10, 0) - image(20, 10, 0)) * 4, width = (image(20, 20, 1) - image(20, 10, 1)) * 3;
    CHECK(width / height > 0.499);
    CHECK(width / height < 1.501);
    least_area = std::min(least_area, height * width / 1200), most_area = std::max(most_area, height * width / 1200);
    const double centre = (image(20, 15, 0) + image(19, 15, 0)) / 2;  // of rows −0.5 … 39.5
    least_top = std::min(least_top, centre - height / 2), most_bottom = std::max(most_bottom, centre + height / 2);
  }
  CHECK(least_area == Approx(0.25).margin(0.01));
  CHECK(most_area == Approx(0.5).margin(0.01));
  CHECK(least_top > -0.5001);
  CHECK(least_top < 0);
  CHECK(most_bottom < 39.5001);
  CHECK(most_bottom > 39);
  const auto image = numbered(5, 4, 1);
  CHECK(equal(varied(image, RandomResizedCrop{.area = {1, 1}, .aspect = {0.8, 0.8}}), image));
}

TEST_CASE("scaling moves spots away from the centre, or towards it") {
  for (const double factor : {0.5, 1.0, 1.5}) {
    const Place place = spot_after(Scaling{.factor = {factor, factor}}, 24, 7);
    CHECK(place.y == Approx(4 * factor).margin(0.3));
    CHECK(place.x == Approx(-8 * factor).margin(0.3));
  }
  const auto image = numbered(4, 4, 1);
  CHECK(equal(varied(image, Scaling{.factor = {1, 1}}), image));
}

TEST_CASE("a shear slants to the right: the upper half goes right, the lower one left, heights stay") {
  const Augmentation slant = Shear{.degrees = {45, 45}};
  const Place above = spot_after(slant, 15, 15), below = spot_after(slant, 23, 15);
  CHECK(above.x == Approx(5).margin(1e-6));
  CHECK(above.y == Approx(-5).margin(1e-6));
  CHECK(below.x == Approx(-3).margin(1e-6));
  CHECK(below.y == Approx(3).margin(1e-6));
}

TEST_CASE("what is outside can be white") {
  const auto moved = varied(numbered(2, 3, 1), {BorderMode{.value = 1}, Translation{.x = {1, 1}, .y = {0, 0}}});
  CHECK(moved(0, 0, 0) == 1);
  CHECK(moved(1, 0, 0) == 1);
  CHECK(moved(0, 1, 0) == 1);
  CHECK(moved(1, 2, 0) == 5);
}

TEST_CASE("options that cannot be are refused by name") {
  const auto text = [](auto step) { return refusal<OptionError>([&] { Augmentation{step}; }); };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(text(Rotation{.degrees = {10, -10}}) ==
        "Rotation: expects .degrees from low to high within -360 … 360 but got 10 … -10");
  CHECK(text(Rotation{.degrees = nan}).find("Rotation: expects .degrees") == 0);
  CHECK(text(Translation{.x = 1e9}).find("Translation: expects .x from low to high within -10000 … 10000") == 0);
  CHECK(text(Translation{.y = {0, nan}}).find("Translation: expects .y") == 0);
  CHECK(text(Scaling{.factor = 0.1}) ==
        "Scaling: expects .factor from low to high within 0.01 … 100 but got -0.1 … 0.1");
  CHECK(text(Shear{.degrees = 90}).find("Shear: expects .degrees from low to high within -80 … 80") == 0);
  CHECK(text(RandomCrop{.padding = -1}) == "RandomCrop: expects a .padding of 0 … 10000 pixels but got -1");
  CHECK(text(RandomResizedCrop{.area = {0, 1}})
            .find("RandomResizedCrop: expects .area from low to high within 0.0001 … 1") == 0);
  CHECK(text(RandomResizedCrop{.aspect = {2, 1}}).find("RandomResizedCrop: expects .aspect") == 0);
  CHECK(text(BorderMode{.value = nan}) == "BorderMode: expects a finite .value but got nan");
  CHECK(text(HorizontalFlip{.probability = 2}) == "augmentation: expects a probability of 0 … 1 but got 2");
}
