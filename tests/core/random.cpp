#include <lamina/core/random.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

namespace {

using Block = std::array<std::uint32_t, 4>;

// The known answers of the authors' Random123 (kat_vectors).
static_assert(detail::philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(detail::philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(detail::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

static_assert(std::uniform_random_bit_generator<Rng>);
static_assert(Rng{0}() == 0xe169c58d6627e8d5);  // the first two words of the first known answer

template <typename Draw>
std::vector<double> draws(int n, Draw draw) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::generate(values.begin(), values.end(), draw);
  return values;
}

/// The mean of value^power.
double moment(const std::vector<double>& values, int power) {
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [&](double sum, double v) { return sum + std::pow(v, power); }) /
         static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("random numbers are the same on every platform") {
  Rng bits{42}, uniform{42}, between{42}, normal{42}, below{42};
  CHECK(bits() == 0x77f5493b9ceaf053);
  CHECK(bits() == 0x5742b3d712bf50ad);
  CHECK(bits() == 0x53ba6cfdfcdb2127);
  CHECK(uniform.uniform() == 0x1.dfd524ee73abcp-2);
  CHECK(uniform.uniform() == 0x1.5d0acf5c4afd4p-2);
  CHECK(uniform.uniform() == 0x1.4ee9b3f7f36c8p-2);
  CHECK(between.uniform(-0.3, 0.7) == 0x1.5943e37680f12p-3);
  CHECK(between.uniform(-0.3, 0.7) == 0x1.4ebce148be508p-5);
  CHECK(between.uniform(-0.3, 0.7) == 0x1.bb680c4c0395p-6);
  CHECK(normal.normal() == -0x1.070b49c5aa8f2p-1);
  CHECK(normal.normal() == -0x1.dd0e70ae09e82p-4);
  CHECK(normal.normal() == 0x1.5fa8deea219dbp+0);
  CHECK(normal.normal() == -0x1.425d628a5e40dp-1);
  CHECK(normal.normal() == -0x1.1d914481d8191p+0);
  CHECK(normal.normal() == -0x1.0f6eb91d3185p+1);
  CHECK(below.below(1000003) == 468587);
  CHECK(below.below(1000003) == 340862);
  CHECK(below.below(1000003) == 327064);
  CHECK(Rng{42}.split(1).split(2)() == 0xb8cf9327e70c1319);
}

TEST_CASE("copies of a generator run independently, from where it stood") {
  Rng rng{1};
  rng();
  Rng copy = rng;
  const auto next = rng();
  CHECK(copy() == next);
  rng();
  rng();
  CHECK(copy() != rng());
}

TEST_CASE("a stream depends on the seed and its number, not on what was drawn before") {
  Rng rng{7};
  const auto first = rng.split(3)();
  for (int i = 0; i < 100; ++i) rng();
  CHECK(rng.split(3)() == first);
  CHECK(Rng{8}.split(3)() != first);
}

TEST_CASE("streams share no number with each other, with their streams or with their origin") {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  const auto draw = [&](Rng rng) {
    for (int i = 0; i < 200; ++i, ++drawn) seen.insert(rng());
  };
  draw(Rng{5});
  draw(Rng{6});
  for (std::uint64_t stream = 0; stream < 30; ++stream) {
    draw(Rng{5}.split(stream));
    for (std::uint64_t inner = 0; inner < 10; ++inner) draw(Rng{5}.split(stream).split(inner));
  }
  CHECK(seen.size() == drawn);
}

TEST_CASE("neighbouring streams are not correlated") {
  const int n = 20000;
  double product = 0;
  for (int i = 0; i < n; ++i) {
    const auto stream = static_cast<std::uint64_t>(i);
    product += (Rng{1}.split(stream).uniform() - 0.5) * (Rng{1}.split(stream + 1).uniform() - 0.5);
  }
  CHECK(std::abs(product / n) < 5.0 / 12 / std::sqrt(n));  // five deviations
}

TEST_CASE("uniform numbers lie in [0, 1) and have its moments") {
  Rng rng{3};
  const auto values = draws(200000, [&] { return rng.uniform(); });
  CHECK(*std::min_element(values.begin(), values.end()) >= 0);
  CHECK(*std::max_element(values.begin(), values.end()) < 1);
  CHECK(moment(values, 1) == Approx(1.0 / 2).margin(0.004));
  CHECK(moment(values, 2) == Approx(1.0 / 3).margin(0.004));
  CHECK(moment(values, 3) == Approx(1.0 / 4).margin(0.004));
}

TEST_CASE("uniform numbers between bounds fill the interval") {
  Rng rng{4};
  const auto values = draws(100000, [&] { return rng.uniform(-2, 6); });
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  CHECK((*low >= -2 && *low < -1.99));
  CHECK((*high < 6 && *high > 5.99));
  CHECK(moment(values, 1) == Approx(2).margin(0.05));
}

TEST_CASE("normal numbers have mean 0, deviation 1, no skew, a kurtosis of 3 and the tails") {
  Rng rng{11};
  const auto values = draws(400000, [&] { return rng.normal(); });
  CHECK(moment(values, 1) == Approx(0).margin(0.01));
  CHECK(moment(values, 2) == Approx(1).margin(0.015));
  CHECK(moment(values, 3) == Approx(0).margin(0.04));
  CHECK(moment(values, 4) == Approx(3).margin(0.12));
  const auto beyond = [&](double bound) {
    return static_cast<double>(std::count_if(values.begin(), values.end(), [&](double v) { return v > bound; })) /
           400000;
  };
  CHECK(beyond(1) == Approx(0.158655).margin(0.003));
  CHECK(beyond(2) == Approx(0.022750).margin(0.0013));
  CHECK(beyond(3) == Approx(0.001350).margin(0.0003));
}

TEST_CASE("below draws every number under its bound equally often") {
  Rng rng{2};
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts.at(static_cast<std::size_t>(rng.below(7)));
  for (const int count : counts) CHECK(std::abs(count - 10000) < 5 * std::sqrt(10000));
}

TEST_CASE("below serves bounds of one and of more than 32 bits") {
  Rng rng{2};
  constexpr Index large = (Index{1} << 60) + 12345;
  Index most = 0;
  for (int i = 0; i < 1000; ++i) {
    CHECK(rng.below(1) == 0);
    const Index value = rng.below(large);
    REQUIRE((value >= 0 && value < large));
    most = std::max(most, value);
  }
  CHECK(most > large / 100 * 99);
}

TEST_CASE("a shuffle is a permutation, the same for the same seed") {
  std::vector<int> things(1000);
  std::iota(things.begin(), things.end(), 0);
  auto shuffled = things, again = things, other = things;
  shuffle(shuffled, Rng{1});
  shuffle(again, Rng{1});
  shuffle(other, Rng{2});
  CHECK(shuffled != things);
  CHECK(shuffled == again);
  CHECK(shuffled != other);
  CHECK(std::is_permutation(shuffled.begin(), shuffled.end(), things.begin()));
}

TEST_CASE("a shuffle makes every order of four things equally often") {
  std::array<int, 256> counts{};
  for (std::uint64_t i = 0; i < 24000; ++i) {
    std::array<int, 4> things{0, 1, 2, 3};
    shuffle(things, Rng{9}.split(i));
    ++counts[static_cast<std::size_t>(things[0] + 4 * things[1] + 16 * things[2] + 64 * things[3])];
  }
  int orders = 0;
  for (const int count : counts)
    if (count > 0) {
      ++orders;
      CHECK(std::abs(count - 1000) < 5 * std::sqrt(1000));
    }
  CHECK(orders == 24);
}

TEST_CASE("a shuffle leaves nothing and one thing as they are") {
  std::vector<int> none, one{5};
  shuffle(none, Rng{1});
  shuffle(one, Rng{1});
  CHECK(none.empty());
  CHECK(one == std::vector<int>{5});
}

TEST_CASE("a generator serves the standard library's distributions") {
  Rng rng{1};
  std::uniform_int_distribution<int> die(1, 6);
  for (int i = 0; i < 100; ++i) {
    const int thrown = die(rng);
    REQUIRE((thrown >= 1 && thrown <= 6));
  }
}
