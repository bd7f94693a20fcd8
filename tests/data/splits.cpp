#include <lamina/data/splits.hpp>
#include <limits>
#include <set>

#include "../catch.hpp"
#include "of_classes.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

std::vector<float> numbers(const Dataset<1>& part) { return {part.floats().begin(), part.floats().end()}; }

const std::vector<Index> digit_counts{300, 312, 306, 306, 294, 318, 324, 300, 318, 300};

}  // namespace

TEST_CASE("3,078 samples by 85, 7.5 and 7.5 percent are 2,616, 231 and 231") {
  const Dataset<1> all = of_classes(digit_counts);
  const auto [train, validation, test] = split(all, Fractions{0.85, 0.075, 0.075}, Rng{1});
  CHECK(train.size() == 2616);
  CHECK(validation.size() == 231);
  CHECK(test.size() == 231);
  const auto [a, b, c] = stratified_split(all, Fractions{0.85, 0.075, 0.075}, Rng{1});
  CHECK(a.size() == 2616);
  CHECK(b.size() == 231);
  CHECK(c.size() == 231);
}

TEST_CASE("the parts of a split share no sample and leave none out when they sum to the whole") {
  const Dataset<1> all = of_classes({40, 37});
  for (const auto& [a, b] : {split(all, Fractions{0.3, 0.7}, Rng{1}), stratified_split(all, Counts{33, 44}, Rng{1})}) {
    std::vector<float> both = numbers(a), others = numbers(b);
    both.insert(both.end(), others.begin(), others.end());
    CHECK(both.size() == 77);
    CHECK(std::set<float>(both.begin(), both.end()).size() == 77);
  }
}

TEST_CASE("a sample keeps its label in a split") {
  const Dataset<1> all = of_classes({10, 20});
  for (const auto& [a, b] : {split(all, Counts{11, 13}, Rng{1}), stratified_split(all, Counts{11, 13}, Rng{1})})
    for (const Dataset<1>& part : {a, b})
      for (Index i = 0; i < part.size(); ++i)
        CHECK(part.labels()[static_cast<std::size_t>(i)] == (part.at(i)(0) < 10 ? 0 : 1));
}

TEST_CASE("the same seed gives the same parts, another seed others") {
  const Dataset<1> all = of_classes({50, 50});
  CHECK(numbers(split(all, Counts{30}, Rng{1})[0]) == numbers(split(all, Counts{30}, Rng{1})[0]));
  CHECK(numbers(split(all, Counts{30}, Rng{1})[0]) != numbers(split(all, Counts{30}, Rng{2})[0]));
  CHECK(numbers(stratified_split(all, Counts{30}, Rng{1})[0]) == numbers(stratified_split(all, Counts{30}, Rng{1})[0]));
  CHECK(numbers(stratified_split(all, Counts{30}, Rng{1})[0]) != numbers(stratified_split(all, Counts{30}, Rng{2})[0]));
}

TEST_CASE("parts keep the classes and the normalisation of the whole, and are not sorted by class") {
  Dataset<1> all = of_classes({50, 50, 0});
  all.normalise({.mean = {1}, .deviation = {2}});
  for (const auto& [part] : {split(all, Counts{40}, Rng{1}), stratified_split(all, Counts{40}, Rng{1})}) {
    CHECK(part.classes() == 3);
    CHECK(part.at(0)(0) == (part.floats()[0] - 1) / 2);
    CHECK_FALSE(std::is_sorted(part.labels().begin(), part.labels().end()));
  }
}

TEST_CASE("fractions are rounded to the nearest whole parts, also where products are not exact") {
  CHECK(split(of_classes({100}), Fractions{0.29}, Rng{1})[0].size() == 29);
  CHECK(split(of_classes({10}), Fractions{0.1, 0.2}, Rng{1})[1].size() == 2);
  CHECK(split(of_classes({7}), Fractions{0.5, 0.5}, Rng{1})[0].size() == 4);
  CHECK(split(of_classes({3}), Fractions{1.0 / 3, 1.0 / 3, 1.0 / 3}, Rng{1})[2].size() == 1);
  CHECK(split(of_classes({5}), Fractions{1}, Rng{1})[0].size() == 5);
  CHECK(split(of_classes({0}), Fractions{0.5, 0.5}, Rng{1})[1].size() == 0);
}

TEST_CASE("each part of a stratified split gets its share of every class to within one sample") {
  Rng rng{7};
  for (int round = 0; round < 300; ++round) {
    std::vector<Index> classes(static_cast<std::size_t>(1 + rng.below(12)));
    for (Index& size : classes) size = rng.below(round % 2 ? 6 : 50);
    const Dataset<1> all = of_classes(classes);
    const double N = static_cast<double>(all.size());
    const Index first = rng.below(all.size() + 1), second = rng.below(all.size() - first + 1);
    const Index third = rng.below(all.size() - first - second + 1);
    const auto parts = stratified_split(all, Counts{first, second, third}, rng);
    CHECK(parts[0].size() == first);
    CHECK(parts[1].size() == second);
    CHECK(parts[2].size() == third);
    for (const Dataset<1>& part : parts)
      for (std::size_t k = 0; k < classes.size() && N > 0; ++k) {
        const double share = static_cast<double>(classes[k]) * static_cast<double>(part.size()) / N;
        CHECK(std::abs(static_cast<double>(part.class_counts()[k]) - share) < 1.0);
      }
  }
}

TEST_CASE("sizes that cannot be are refused") {
  const Dataset<1> all = of_classes({6, 4});
  CHECK(refusal<OptionError>([&] {
          split(all, Fractions{0.8, 0.3}, Rng{1});
        }) == "split: expects fractions that sum to at most 1 but got 1.1");
  CHECK(refusal<OptionError>([&] {
          split(all, Fractions{0.8, -0.1}, Rng{1});
        }) == "split: expects fractions above 0 but got -0.1");
  CHECK(refusal<OptionError>([&] { split(all, Fractions{0.0}, Rng{1}); }) ==
        "split: expects fractions above 0 but got 0");
  CHECK(refusal<OptionError>([&] { split(all, Fractions{std::numeric_limits<double>::quiet_NaN()}, Rng{1}); }) ==
        "split: expects fractions above 0 but got nan");
  CHECK(refusal<OptionError>([&] { split(all, Fractions{std::numeric_limits<double>::infinity()}, Rng{1}); }) ==
        "split: expects fractions that sum to at most 1 but got inf");
  CHECK(refusal<OptionError>([&] {
          split(all, Counts{6, 5}, Rng{1});
        }) == "split: expects counts that sum to at most the 10 samples but got more");
  CHECK(refusal<OptionError>([&] {
          constexpr Index most = std::numeric_limits<Index>::max();
          stratified_split(all, Counts{most, most}, Rng{1});
        }) == "split: expects counts that sum to at most the 10 samples but got more");
  CHECK(refusal<OptionError>([&] { split(all, Counts{-1}, Rng{1}); }) ==
        "split: expects counts of at least 0 but got -1");
}

TEST_CASE("target rows have no classes to stratify by") {
  const Dataset curve{Tensor<float, 2>(4, 1).setZero(), Tensor<float, 2>(4, 1).setZero()};
  CHECK(split(curve, Counts{1, 3}, Rng{1})[1].targets().dimension(0) == 3);
  CHECK(refusal<OptionError>([&] {
          stratified_split(curve, Counts{1, 3}, Rng{1});
        }) == "stratified_split: expects class numbers but the data set has target rows; use split");
}
