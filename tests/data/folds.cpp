#include <lamina/data/folds.hpp>

#include <set>

#include "../catch.hpp"
#include "of_classes.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

/// Whether each of N samples is held out by one fold and trained on by all others.
bool is_a_partition(const std::vector<Fold>& folds, Index N) {
  std::multiset<Index> held_out;
  for (const Fold& fold : folds) {
    std::set<Index> all(fold.train.begin(), fold.train.end());
    all.insert(fold.held_out.begin(), fold.held_out.end());
    if (static_cast<Index>(all.size()) != N || std::ssize(fold.train) + std::ssize(fold.held_out) != N) return false;
    held_out.insert(fold.held_out.begin(), fold.held_out.end());
  }
  return static_cast<Index>(held_out.size()) == N &&
         std::set<Index>(held_out.begin(), held_out.end()).size() == held_out.size();
}

std::vector<Index> sizes(const std::vector<Fold>& folds) {
  std::vector<Index> all;
  for (const Fold& fold : folds) all.push_back(std::ssize(fold.held_out));
  return all;
}

}  // namespace

TEST_CASE("every sample is held out by one fold, and folds differ by at most one in size") {
  for (const Index N : {2, 5, 17, 100})
    for (const Index k : {2, 3, 5}) {
      if (k > N) continue;
      CAPTURE(N, k);
      CHECK(is_a_partition(k_folds(N, k, Rng{1}), N));
      CHECK(is_a_partition(stratified_k_folds(of_classes({N / 2, N - N / 2}), k, Rng{1}), N));
    }
  CHECK(sizes(k_folds(17, 5, Rng{1})) == std::vector<Index>{4, 4, 3, 3, 3});
  CHECK(sizes(k_folds(5, 5, Rng{1})) == std::vector<Index>{1, 1, 1, 1, 1});
  CHECK(sizes(stratified_k_folds(of_classes({7, 1, 9}), 5, Rng{1})) == std::vector<Index>{4, 4, 3, 3, 3});
}

TEST_CASE("each stratified fold holds out its share of every class to within one sample") {
  const Dataset<1> data = of_classes({40, 3, 57, 11});
  for (const Index k : {2, 3, 5, 10})
    for (const Fold& fold : stratified_k_folds(data, k, Rng{2})) {
      const auto counts = data.subset(fold.held_out).class_counts();
      for (std::size_t c = 0; c < counts.size(); ++c) {
        CAPTURE(k, c);
        CHECK(counts[c] >= data.class_counts()[c] / k);
        CHECK(counts[c] <= (data.class_counts()[c] - 1) / k + 1);
      }
    }
}

TEST_CASE("folds depend on the seed alone, and are not cut from the set as it lies") {
  const auto held_out = [](const std::vector<Fold>& folds) { return folds[0].held_out; };
  CHECK(held_out(k_folds(50, 5, Rng{1})) == held_out(k_folds(50, 5, Rng{1})));
  CHECK(held_out(k_folds(50, 5, Rng{1})) != held_out(k_folds(50, 5, Rng{2})));
  const Dataset<1> data = of_classes({25, 25});
  CHECK(held_out(stratified_k_folds(data, 5, Rng{1})) == held_out(stratified_k_folds(data, 5, Rng{1})));
  CHECK(held_out(stratified_k_folds(data, 5, Rng{1})) != held_out(stratified_k_folds(data, 5, Rng{2})));
  CHECK(held_out(k_folds(50, 5, Rng{1})) != std::vector<Index>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("folds that cannot be are refused") {
  CHECK(refusal<OptionError>([] { k_folds(10, 1, Rng{}); }) == "folds: expects at least 2 folds but got 1");
  CHECK(refusal<OptionError>([] { k_folds(3, 4, Rng{}); }) ==
        "folds: expects at most as many folds as there are samples, 3, but got 4");
  CHECK(refusal<OptionError>([] { stratified_k_folds(of_classes({1, 1}), 3, Rng{}); }) ==
        "folds: expects at most as many folds as there are samples, 2, but got 3");
  const Dataset<1> rows(Tensor<float, 2>(4, 2).setZero(), Tensor<float, 2>(4, 2).setZero());
  CHECK(refusal<OptionError>([&] { stratified_k_folds(rows, 2, Rng{}); }) ==
        "stratified_k_folds: expects class numbers but the data set has target rows; use k_folds");
}
