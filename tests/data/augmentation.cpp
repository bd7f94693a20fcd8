#include <lamina/data/augmentation.hpp>
#include <lamina/data/batches.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <map>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

/// A step that appends a digit to what an image of one number holds.
struct Append {
  int digit;
  double probability = 1;
  template <typename T>
  void operator()(Canvas<T>& image, Rng) const {
    image.pixels()[0] = image.pixels()[0] * 10 + static_cast<T>(digit);
  }
};

/// What an image of one number becomes.
int result(const Augmentation& augmentation, std::uint64_t seed = 0) {
  Tensor<float, 3> image(1, 1, 1);
  image(0, 0, 0) = 0;
  augment(image, augmentation, Rng{seed});
  return static_cast<int>(image(0, 0, 0));
}

/// How often each result comes, of 4,000 seeds.
std::map<int, int> results(const Augmentation& augmentation) {
  std::map<int, int> counts;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) ++counts[result(augmentation, seed)];
  return counts;
}

/// Draws a number and writes it to the first pixel.
struct Draw {
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    image.pixels()[0] = static_cast<T>(rng.uniform());
  }
};

float drawn(const Augmentation& augmentation, Rng rng) {
  Tensor<float, 3> image(1, 1, 1);
  augment(image, augmentation, rng);
  return image(0, 0, 0);
}

Dataset<3> pictures(Index N) {
  Tensor<std::uint8_t, 4> x(N, 6, 5, 2);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<std::uint8_t>(i * 37 % 256);
  return {x, std::vector<std::int32_t>(static_cast<std::size_t>(N), 0)};
}

}  // namespace

TEST_CASE("steps are done in the order in which they stand, nested ones too") {
  CHECK(result({Append{1}, Append{2}, Append{3}}) == 123);
  CHECK(result({Append{1}, {Append{2}, Append{3}}, Append{4}}) == 1234);
  CHECK(result(Append{7}) == 7);
}

TEST_CASE("an empty augmentation changes nothing and says so") {
  CHECK(Augmentation{}.empty());
  CHECK(!Augmentation(Append{1}).empty());
  CHECK(!Augmentation{Append{1}, Append{2}}.empty());
  CHECK(!one_of({Append{1}}).empty());
  CHECK(result({}) == 0);
}

TEST_CASE("one_of does exactly one, each as often as the others") {
  const auto counts = results(one_of({Append{1}, Append{2}, Append{3}, Append{4}}));
  REQUIRE(counts.size() == 4);
  for (const auto& [which, count] : counts) {
    CAPTURE(which);
    CHECK(which >= 1);
    CHECK(which <= 4);
    CHECK(std::abs(count - 1000) < 140);  // five deviations of 27
  }
}

TEST_CASE("a probability is how often a step, a choice or several steps together are done") {
  const auto step = results(Append{5, 0.3});
  CHECK(std::abs(step.at(5) - 1200) < 145);
  const auto both = results(sometimes(0.25, {Append{1}, Append{2}}));
  CHECK(both.size() == 2);
  CHECK(std::abs(both.at(12) - 1000) < 140);
  const auto choice = results(sometimes(0.5, one_of({Append{1}, Append{2}})));
  CHECK(choice.size() == 3);
  CHECK(std::abs(choice.at(0) - 2000) < 160);
  CHECK(std::abs(choice.at(2) - 1000) < 140);
  CHECK(results(Append{5, 0.0}).count(5) == 0);
  CHECK(results(sometimes(1, Append{5})).count(0) == 0);
}

TEST_CASE("the probabilities of neighbouring steps are independent") {
  auto counts = results({Append{1, 0.5}, Append{2, 0.5}});
  for (const int which : {0, 1, 2, 12}) CHECK(std::abs(counts[which] - 1000) < 140);
}

TEST_CASE("what a step draws depends on the seed and its place alone, not on what comes before it") {
  const Rng rng{5};
  CHECK(drawn({Append{1}, Draw{}}, rng) == drawn({Append{2, 0.5}, Draw{}}, rng));
  CHECK(drawn({Draw{}, Draw{}}, rng) == drawn({Append{0}, Draw{}}, rng));
  CHECK(drawn(Draw{}, rng) != drawn({Append{1}, Draw{}}, rng));
  CHECK(drawn(Draw{}, Rng{5}) != drawn(Draw{}, Rng{6}));
}

TEST_CASE("a lambda is a step") {
  const Augmentation invert = [](auto& image, Rng) {
    for (auto& value : image.pixels()) value = 1 - value;
  };
  CHECK(result(invert) == 1);
  Tensor<double, 3> image(1, 1, 1);
  image(0, 0, 0) = 0.25;
  augment(image, invert, Rng{});
  CHECK(image(0, 0, 0) == 0.75);
}

TEST_CASE("float and double become the same image up to rounding") {
  const Augmentation augmentation{Rotation{}, Translation{}};
  Tensor<float, 3> a(9, 7, 1);
  Tensor<double, 3> b(9, 7, 1);
  for (Index i = 0; i < 63; ++i) b.data()[i] = a.data()[i] = static_cast<float>(i % 11) / 11;
  augment(a, augmentation, Rng{3});
  augment(b, augmentation, Rng{3});
  for (Index i = 0; i < 63; ++i) CHECK(double{a.data()[i]} == Approx(b.data()[i]).margin(1e-5));
}

TEST_CASE("a choice of nothing and a probability that is none are refused") {
  CHECK(refusal<OptionError>([] { one_of({}); }) == "one_of: expects at least one step to choose from but got none");
  CHECK(refusal<OptionError>([] { sometimes(1.5, Append{1}); }) ==
        "augmentation: expects a probability of 0 … 1 but got 1.5");
  CHECK(refusal<OptionError>([] {
          Augmentation a = Append{1, -0.1};
        }) == "augmentation: expects a probability of 0 … 1 but got -0.1");
  CHECK(refusal<OptionError>([] { sometimes(std::nan(""), Append{1}); }).find("but got nan") != std::string::npos);
}

TEST_CASE("gather varies a sample by its number, whatever batch it is in, and normalises it then") {
  Dataset<3> data = pictures(9);
  data.normalise({.mean = {0.5, 0.25}, .deviation = {0.5, 2}});
  const Augmentation augmentation{Rotation{.degrees = 40}, Translation{.x = 2, .y = 2}};
  const AugmentContext variation{augmentation, Rng{8}};
  Batch<Tensor<float, 4>> all, one;
  gather(data, std::vector<Index>{0, 1, 2, 3, 4, 5, 6, 7, 8}, all, variation);
  for (const Index i : {3, 8, 0}) {
    gather(data, std::vector<Index>{i}, one, variation);
    Tensor<float, 3> by_hand(6, 5, 2);
    data.read_plain(i, by_hand.data());
    augment(by_hand, augmentation, Rng{8}.split(static_cast<std::uint64_t>(i)));
    for (Index k = 0; k < 60; ++k) {
      CHECK(one.x.data()[k] == all.x.data()[i * 60 + k]);
      const float normalised = k % 2 == 0 ? (by_hand.data()[k] - 0.5F) / 0.5F : (by_hand.data()[k] - 0.25F) / 2;
      CHECK(one.x.data()[k] == Approx(normalised).margin(1e-6));
    }
  }
}

TEST_CASE("without an augmentation a varied gather is a plain one, to the bit") {
  Dataset<3> data = pictures(2);
  data.normalise({.mean = {0.1307}, .deviation = {0.3081}});
  Batch<Tensor<float, 4>> plain, varied;
  gather(data, std::vector<Index>{1, 0}, plain);
  gather(data, std::vector<Index>{1, 0}, varied, AugmentContext{Augmentation{}, Rng{1}});
  for (Index i = 0; i < plain.x.size(); ++i) CHECK(plain.x.data()[i] == varied.x.data()[i]);
}

TEST_CASE("batches are augmented anew for each epoch, the same for the same generator") {
  const Dataset<3> data = pictures(4);
  const auto first = [&](std::uint64_t epoch) {
    auto all = batches(data, {.batch_size = 4, .shuffle = Rng{1}.split(epoch), .augment = Rotation{.degrees = 90}});
    const auto& batch = *all.begin();
    return std::vector<float>(batch.x.data(), batch.x.data() + batch.x.size());
  };
  CHECK(first(0) == first(0));
  CHECK(first(0) != first(1));
}

TEST_CASE("batches refuse an augmentation without a generator, and of rows") {
  const Dataset<3> data = pictures(2);
  CHECK(refusal<OptionError>([&] { batches(data, {.augment = Rotation{}}); }) ==
        "batches: expects .shuffle beside .augment and .mix, which draw from it: .shuffle = rng.split(epoch)");
  const Dataset<1> rows{std::vector<float>{1, 2, 3, 4}, Shape{2}, std::vector<std::int32_t>{0, 1}};
  CHECK(refusal<OptionError>([&] { batches(rows, {.shuffle = Rng{1}, .augment = Rotation{}}); }) ==
        "batches: .augment is for images (H, W, C), but the data set's samples have rank 1");
}
