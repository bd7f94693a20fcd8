#include <cmath>
#include <lamina/data/batches.hpp>
#include <limits>
#include <numeric>
#include <set>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

/// N images (8, 6, 2) whose values are all the sample's number, sample i of class i.
Dataset<3> numbered(Index N) {
  Tensor<float, 4> x(N, 8, 6, 2);
  std::vector<std::int32_t> labels;
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i / 96);
  for (Index i = 0; i < N; ++i) labels.push_back(static_cast<std::int32_t>(i));
  return {x, labels};
}

using Images = Batch<Tensor<double, 4>>;

Images mixed(const Dataset<3>& data, const Mixing& mixing, Rng rng) {
  std::vector<Index> all(static_cast<std::size_t>(data.size()));
  std::iota(all.begin(), all.end(), Index{0});
  Images batch;
  gather(data, all, batch, AugmentContext{{}, rng, &mixing});
  return batch;
}

/// The two samples that a target row of `numbered` names: the sample itself, and the other one or −1.
struct Shares {
  double own = 0, other = 0;
  Index partner = -1;
};
Shares shares_of(const Images& batch, Index n) {
  Shares shares;
  double sum = 0;
  for (Index k = 0; k < batch.targets.dimension(1); ++k) {
    const double share = batch.targets(n, k);
    CHECK(share >= 0);
    sum += share;
    if (k == n) {
      shares.own = share;
    } else if (share > 0) {
      CHECK(shares.partner == -1);
      shares.partner = k;
      shares.other = share;
    }
  }
  CHECK(sum == Approx(1).epsilon(1e-14));
  return shares;
}

}  // namespace

TEST_CASE("MixUp mixes values and targets in the same proportion, with any other sample") {
  const auto data = numbered(50);
  const Images batch = mixed(data, MixUp{.alpha = 1}, Rng{3});
  CHECK(batch.labels.empty());
  REQUIRE(shape(batch.targets) == Shape{50, 50});
  std::set<Index> partners;
  for (Index n = 0; n < 50; ++n) {
    const Shares shares = shares_of(batch, n);
    const double wanted =
        shares.own * static_cast<double>(n) + shares.other * static_cast<double>((std::max)(shares.partner, Index{0}));
    for (Index i = 0; i < 96; ++i) CHECK(batch.x.data()[n * 96 + i] == Approx(wanted).margin(1e-12));
    partners.insert(shares.partner);
  }
  CHECK(partners.size() > 20);
}

TEST_CASE("the share is drawn from the Beta distribution") {
  const auto data = numbered(2);
  for (const double alpha : {0.2, 1.0, 4.0}) {
    double mean = 0, square = 0;
    int count = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
      const detail::SampleMix mix(Mixing(MixUp{.alpha = alpha}), 10, std::vector<Index>{8, 6, 2}, Rng{seed});
      REQUIRE(mix.partner() >= 0);
      mean += mix.share();
      square += mix.share() * mix.share();
      ++count;
    }
    mean /= count;
    const double variance = square / count - mean * mean, wanted = 1 / (4 * (2 * alpha + 1));
    CHECK(mean == Approx(0.5).margin(5 * std::sqrt(wanted / count)));
    CHECK(variance == Approx(wanted).margin(0.06 * wanted));
  }
  CHECK(data.size() == 2);
}

TEST_CASE("CutMix pastes one rectangle, and targets have the shares of the area") {
  const auto data = numbered(60);
  const Images batch = mixed(data, CutMix{.alpha = 1, .probability = 1}, Rng{5});
  int cut = 0;
  for (Index n = 0; n < 60; ++n) {
    Index top = 8, bottom = -1, left = 6, right = -1, count = 0, partner = -1;
    for (Index h = 0; h < 8; ++h)
      for (Index w = 0; w < 6; ++w) {
        CHECK(batch.x(n, h, w, 0) == batch.x(n, h, w, 1));
        const Index from = static_cast<Index>(batch.x(n, h, w, 0));
        if (from == n) continue;
        CHECK((partner == -1 || from == partner));
        partner = from;
        ++count;
        top = std::min(top, h), bottom = std::max(bottom, h), left = std::min(left, w), right = std::max(right, w);
      }
    const Shares shares = shares_of(batch, n);
    CHECK(shares.partner == partner);
    CHECK(shares.other == Approx(static_cast<double>(count) / 48).margin(1e-14));
    if (count == 0) continue;
    CHECK(count == (bottom - top + 1) * (right - left + 1));
    ++cut;
  }
  CHECK(cut > 35);
}

TEST_CASE("a mixing has a probability, one of several is chosen, and none changes nothing") {
  const auto data = numbered(400);
  const auto count = [&](const Mixing& mixing) {
    const Images batch = mixed(data, mixing, Rng{1});
    int untouched = 0, whole = 0;  // images that stayed, and those whose pixels are all alike
    for (Index n = 0; n < 400; ++n) {
      const double first = batch.x(n, 0, 0, 0);
      bool alike = true;
      for (Index i = 0; i < 96; ++i) alike = alike && batch.x.data()[n * 96 + i] == first;
      whole += alike;
      untouched += alike && first == static_cast<double>(n);
    }
    return std::pair(untouched, whole);
  };
  CHECK(count(MixUp{.probability = 0}) == std::pair(400, 400));
  CHECK(std::abs(count(MixUp{.alpha = 100, .probability = 0.5}).first - 200) < 50);
  const auto [untouched, whole] = count({MixUp{.alpha = 100}, CutMix{.alpha = 100, .probability = 1}});
  CHECK(untouched < 10);
  CHECK(std::abs(whole - 200) < 50);
  Images batch;
  gather(data, std::vector<Index>{1}, batch, AugmentContext{{}, Rng{1}, nullptr});
  CHECK(batch.labels == std::vector<std::int32_t>{1});
}

TEST_CASE("target rows and rows of features are mixed, too; normalised as they are without") {
  Tensor<float, 2> x(40, 3), y(40, 2);
  for (Index i = 0; i < 40; ++i) {
    for (Index k = 0; k < 3; ++k) x(i, k) = static_cast<float>(i + 1);
    for (Index k = 0; k < 2; ++k) y(i, k) = static_cast<float>(2 * i + 5);
  }
  Dataset data{x, y};
  data.normalise({.mean = {4}, .deviation = {2}});
  data.normalise_targets({.mean = {5}, .deviation = {3}});
  Batch<Tensor<double, 2>> batch;
  const Mixing mixing = MixUp{.alpha = 1};
  std::vector<Index> all(40);
  std::iota(all.begin(), all.end(), Index{0});
  gather(data, all, batch, AugmentContext{{}, Rng{2}, &mixing});
  bool moved = false;
  for (Index i = 0; i < 40; ++i) {
    const double value = batch.x(i, 0) * 2 + 4 - 1;  // λ·i + (1 − λ)·j
    moved = moved || std::abs(value - static_cast<double>(i)) > 0.1;
    CHECK(batch.targets(i, 1) * 3 + 5 == Approx(2 * value + 5).margin(1e-5));
  }
  CHECK(moved);
}

TEST_CASE("mixings that cannot be are refused by name") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal<OptionError>([&] { Mixing{MixUp{.alpha = 0}}; }) ==
        "MixUp: expects .alpha within 0.001 … 1000 but got 0");
  CHECK(refusal<OptionError>([&] { Mixing{CutMix{.alpha = nan}}; }).find("CutMix: expects .alpha") == 0);
  CHECK(refusal<OptionError>([&] { Mixing{CutMix{.probability = 2}}; }) ==
        "CutMix: expects a .probability of 0 … 1 but got 2");
  const Dataset rows{std::vector<float>(12), Shape{3}, std::vector<std::int32_t>(4)};
  CHECK(refusal<OptionError>([&] { batches(rows, {.shuffle = Rng{1}, .mix = CutMix{}}); }) ==
        "batches: .mix with CutMix is for images (H, W, C), but the data set's samples have rank 1; MixUp mixes any "
        "samples");
  CHECK(refusal<OptionError>([&] {
          batches(rows, {.mix = MixUp{}});
        }).find("batches: expects .shuffle beside .augment and .mix") == 0);
}
