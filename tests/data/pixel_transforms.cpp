#include <array>
#include <lamina/data/elastic_distortion.hpp>
#include <lamina/data/pixel_transforms.hpp>
#include <limits>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

template <typename T = double>
Tensor<T, 3> flat(Index H, Index W, Index C, T value) {
  Tensor<T, 3> image(H, W, C);
  image.setConstant(value);
  return image;
}

template <typename T>
Tensor<T, 3> varied(Tensor<T, 3> image, const Augmentation& augmentation, std::uint64_t seed = 1) {
  augment(image, augmentation, Rng{seed});
  return image;
}

struct Moments {
  double mean = 0, deviation = 0, kurtosis = 0;
};
template <typename T>
Moments moments(const Tensor<T, 3>& image) {
  Moments result;
  const double n = static_cast<double>(image.size());
  for (Index i = 0; i < image.size(); ++i) result.mean += static_cast<double>(image.data()[i]) / n;
  double second = 0, fourth = 0;
  for (Index i = 0; i < image.size(); ++i) {
    const double square = std::pow(static_cast<double>(image.data()[i]) - result.mean, 2);
    second += square / n;
    fourth += square * square / n;
  }
  result.deviation = std::sqrt(second);
  result.kurtosis = fourth / (second * second);
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("noise is normal, of mean 0 and the deviation asked for", "", float, double) {
  const auto noisy = varied(flat<TestType>(301, 333, 1, TestType(0.5)), GaussianNoise{.deviation = {0.1, 0.1}});
  const Moments found = moments(noisy);  // of 100,233 numbers: five standard errors each
  CHECK(found.mean == Approx(0.5).margin(0.0016));
  CHECK(found.deviation == Approx(0.1).margin(0.0012));
  CHECK(found.kurtosis == Approx(3).margin(0.08));
  double neighbours = 0;
  for (Index i = 0; i + 1 < noisy.size(); ++i)
    neighbours += (static_cast<double>(noisy.data()[i]) - 0.5) * (static_cast<double>(noisy.data()[i + 1]) - 0.5);
  CHECK(std::abs(neighbours / 100232 / 0.01) < 0.016);
}

TEST_CASE("the deviation of the noise is drawn from 0 … 10 of 255, once for an image") {
  double lowest = 1, highest = 0, sum = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const double deviation = moments(varied(flat(40, 40, 1, 0.5), GaussianNoise{}, seed)).deviation * 255;
    lowest = std::min(lowest, deviation);
    highest = std::max(highest, deviation);
    sum += deviation / 300;
  }
  CHECK(lowest < 0.2);
  CHECK(highest > 9.5);
  CHECK(highest < 11);
  CHECK(sum == Approx(5).margin(0.9));
}

TEST_CASE("clamped noise stays within what bytes can be") {
  const auto noisy = varied(flat(50, 50, 3, 0.0), {GaussianNoise{.deviation = {0.5, 0.5}}, Clamp{}});
  int zeros = 0, ones = 0;
  for (Index i = 0; i < noisy.size(); ++i) {
    CHECK((noisy.data()[i] >= 0 && noisy.data()[i] <= 1));
    zeros += noisy.data()[i] == 0;
    ones += noisy.data()[i] == 1;
  }
  CHECK(std::abs(zeros - 3750) < 220);
  CHECK(ones > 0);
}

TEST_CASE("brightness adds one number to all of an image") {
  Tensor<double, 3> image(2, 2, 1);
  image.setValues({{{0.1}, {0.2}}, {{0.3}, {0.9}}});
  const auto bright = varied(image, Brightness{.offset = {0.25, 0.25}});
  for (Index i = 0; i < 4; ++i) CHECK(bright.data()[i] == Approx(image.data()[i] + 0.25));
  const auto drawn = varied(image, Brightness{}), other = varied(image, Brightness{}, 2);
  CHECK(std::abs(drawn(0, 0, 0) - 0.1) <= 0.2);
  CHECK(drawn(0, 0, 0) != other(0, 0, 0));
  CHECK(drawn(1, 1, 0) - drawn(0, 0, 0) == Approx(0.8));
}

TEST_CASE("contrast stretches an image about its mean") {
  Tensor<double, 3> image(1, 4, 1);
  image.setValues({{{0.0}, {0.2}, {0.4}, {1.0}}});
  const auto flatter = varied(image, Contrast{.factor = {0.5, 0.5}});
  const double expected[] = {0.2, 0.3, 0.4, 0.7};
  for (Index i = 0; i < 4; ++i) CHECK(flatter.data()[i] == Approx(expected[i]));
}

namespace {

Tensor<double, 3> jittered(std::initializer_list<double> pixel, const ColorJitter& jitter) {
  Tensor<double, 3> image(1, 1, static_cast<Index>(pixel.size()));
  std::copy(pixel.begin(), pixel.end(), image.data());
  return varied(image, jitter);
}

ColorJitter jitter(double brightness, double contrast, double saturation, double hue) {
  return {{brightness, brightness}, {contrast, contrast}, {saturation, saturation}, {hue, hue}};
}

void check_pixel(const Tensor<double, 3>& image, std::initializer_list<double> expected) {
  const double* value = image.data();
  for (const double wanted : expected) CHECK(*value++ == Approx(wanted).margin(1e-12));
}

}  // namespace

TEST_CASE("colour jitter changes brightness, contrast, saturation and hue by what is asked") {
  const std::initializer_list<double> pixel{0.8, 0.4, 0.2};
  const double grey = 0.299 * 0.8 + 0.587 * 0.4 + 0.114 * 0.2;
  check_pixel(jittered(pixel, jitter(1, 1, 1, 0)), pixel);
  check_pixel(jittered(pixel, jitter(0.5, 1, 1, 0)), {0.4, 0.2, 0.1});
  check_pixel(jittered(pixel, jitter(2, 1, 1, 0)), {1, 0.8, 0.4});
  check_pixel(jittered(pixel, jitter(1, 0.5, 1, 0)), {(0.8 + grey) / 2, (0.4 + grey) / 2, (0.2 + grey) / 2});
  check_pixel(jittered(pixel, jitter(1, 1, 0, 0)), {grey, grey, grey});
  check_pixel(jittered(pixel, jitter(1, 1, 1, 1.0 / 3)), {0.2, 0.8, 0.4});   // red becomes green
  check_pixel(jittered(pixel, jitter(1, 1, 1, -1.0 / 3)), {0.4, 0.2, 0.8});  // red becomes blue
  check_pixel(jittered(pixel, jitter(1, 1, 1, 0.5)), {0.2, 0.6, 0.8});       // Python's colorsys: (0.2, 0.6, 0.8)
  check_pixel(jittered(pixel, jitter(1, 1, 1, -0.1)), {0.8, 0.2, 0.36});     // and (0.8, 0.2, 0.36)
  check_pixel(jittered({0.3, 0.3, 0.3}, jitter(1, 1, 1, 0.2)), {0.3, 0.3, 0.3});
  check_pixel(jittered({0.3}, jitter(2, 1, 0, 0.2)), {0.6});
}

TEST_CASE("colour jitter draws each change from its range") {
  double least = 1, most = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto image = varied(flat(2, 2, 3, 0.5), ColorJitter{.contrast = {1, 1}, .saturation = {1, 1}}, seed);
    least = std::min(least, image(0, 0, 0)), most = std::max(most, image(0, 0, 0));
  }
  CHECK(least == Approx(0.4).margin(0.01));
  CHECK(most == Approx(0.6).margin(0.01));
}

TEST_CASE("erasing paints with a number for each channel or each value") {
  const auto values = [](RandomFill fill) {
    const auto image =
        varied(flat(20, 20, 3, 2.0), RandomErasing{.area = {0.2, 0.2}, .random = fill, .probability = 1});
    std::array<std::set<double>, 3> drawn;
    for (Index i = 0; i < 400; ++i)
      for (Index c = 0; c < 3; ++c) {
        const double value = image.data()[3 * i + c];
        if (value == 2) continue;
        CHECK((value >= 0 && value < 1));
        drawn[static_cast<std::size_t>(c)].insert(value);
      }
    return drawn;
  };
  const auto channels = values(RandomFill::per_channel);
  for (const auto& channel : channels) CHECK(channel.size() == 1);
  CHECK(channels[0] != channels[1]);
  for (const auto& channel : values(RandomFill::per_value)) CHECK(channel.size() > 60);
}

TEST_CASE("erasing paints one rectangle of the share and the aspect asked for, in all channels") {
  double area = 0;
  int touched_corner = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto image =
        varied(flat(30, 40, 2, 0.5),
               RandomErasing{.area = {0.1, 0.2}, .aspect = {0.5, 2}, .value = 7, .probability = 1}, seed);
    Index top = 30, bottom = -1, left = 40, right = -1, count = 0;
    for (Index h = 0; h < 30; ++h)
      for (Index w = 0; w < 40; ++w) {
        CHECK(image(h, w, 0) == image(h, w, 1));
        if (image(h, w, 0) != 7) continue;
        ++count;
        top = std::min(top, h), bottom = std::max(bottom, h), left = std::min(left, w), right = std::max(right, w);
      }
    const Index height = bottom - top + 1, width = right - left + 1;
    REQUIRE(count == height * width);
    CHECK(count >= 100);  // 0.1 · 1200 less the rounding of the sides
    CHECK(count <= 265);
    CHECK(static_cast<double>(height) / static_cast<double>(width) > 0.44);
    CHECK(static_cast<double>(height) / static_cast<double>(width) < 2.3);
    area += static_cast<double>(count) / 300;
    touched_corner += top == 0 || left == 0 || bottom == 29 || right == 39;
  }
  CHECK(area == Approx(180).margin(12));
  CHECK(touched_corner > 20);
}

TEST_CASE("erasing is done half of the time unless told otherwise") {
  int done = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    done += moments(varied(flat(8, 8, 1, 0.5), RandomErasing{.area = {0.1, 0.2}}, seed)).deviation > 0;
  CHECK(std::abs(done - 500) < 80);
}

TEST_CASE("an elastic distortion moves pixels by the deviation that its formula gives") {
  // An image whose numbers are its columns' (or rows') tells how far each was moved.
  const Index side = 160;
  for (const bool along_x : {false, true}) {
    Tensor<double, 3> ramp(side, side, 1);
    for (Index h = 0; h < side; ++h)
      for (Index w = 0; w < side; ++w) ramp(h, w, 0) = static_cast<double>(along_x ? w : h);
    double squares = 0, sum = 0, steps = 0;
    int count = 0;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      const auto bent = varied(ramp, ElasticDistortion{}, seed);
      for (Index h = 20; h < side - 20; ++h)
        for (Index w = 20; w < side - 20; ++w, ++count) {
          const double moved = bent(h, w, 0) - ramp(h, w, 0);
          sum += moved;
          squares += moved * moved;
          steps += std::pow(bent(h, w, 0) - ramp(h, w, 0) - (bent(h, w + 1, 0) - ramp(h, w + 1, 0)), 2);
        }
    }
    const double deviation = std::sqrt(squares / count), step = std::sqrt(steps / count);
    CHECK(deviation == Approx(34 / (2 * 4 * std::sqrt(3 * 3.14159265358979))).epsilon(0.06));
    CHECK(std::abs(sum / count) < 0.33);  // five deviations: a pixel moves as 201 around it do
    CHECK(step == Approx(deviation / (4 * std::sqrt(2.0))).epsilon(0.08));  // a Gaussian's slope: smooth
  }
}

TEST_CASE("an elastic distortion of strength 0 changes nothing, and narrow images can be bent") {
  Tensor<float, 3> image(7, 3, 2);
  for (Index i = 0; i < image.size(); ++i) image.data()[i] = static_cast<float>(i);
  const auto same = varied(image, ElasticDistortion{.strength = 0});
  for (Index i = 0; i < image.size(); ++i) CHECK(same.data()[i] == image.data()[i]);
  const auto bent = varied(image, ElasticDistortion{.strength = 100, .smoothness = 30});
  for (Index i = 0; i < image.size(); ++i) {
    CHECK(bent.data()[i] >= 0);
    CHECK(bent.data()[i] <= 41);
  }
}

TEST_CASE("options of pixels' steps that cannot be are refused by name") {
  const auto text = [](auto step) { return refusal<OptionError>([&] { Augmentation{step}; }); };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(text(GaussianNoise{.deviation = {-1, 1}})
            .find("GaussianNoise: expects .deviation from low to high within 0 … ") == 0);
  CHECK(text(GaussianNoise{.deviation = {nan, 1}}).find("GaussianNoise: expects .deviation") == 0);
  CHECK(text(Brightness{.offset = {1, 0}}).find("Brightness: expects .offset") == 0);
  CHECK(text(Contrast{.factor = {-1, 1}}).find("Contrast: expects .factor") == 0);
  CHECK(text(ColorJitter{.saturation = -1.0}).find("ColorJitter: expects .saturation") == 0);
  CHECK(text(ColorJitter{.hue = 0.6}) ==
        "ColorJitter: expects .hue from low to high within -0.5 … 0.5 but got -0.6 … 0.6");
  CHECK(text(Clamp{.low = 1, .high = 0}) == "Clamp: expects .low ≤ .high but got 1 and 0");
  CHECK(text(RandomErasing{.area = {0.5, 1.5}}).find("RandomErasing: expects .area from low to high within 0 … 1") ==
        0);
  CHECK(text(RandomErasing{.aspect = {0, 1}}).find("RandomErasing: expects .aspect") == 0);
  CHECK(text(RandomErasing{.value = nan}).find("RandomErasing: expects a finite .value") == 0);
  CHECK(text(ElasticDistortion{.strength = -1}).find("ElasticDistortion: expects a .strength of 0 … 1000000") == 0);
  CHECK(text(ElasticDistortion{.smoothness = 0}).find("ElasticDistortion: expects a .smoothness of 0.1 … 100") == 0);
}
