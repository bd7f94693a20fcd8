#include <lamina/data/batches.hpp>
#include <numeric>
#include <set>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

/// N rows (i, -i), sample i of class i.
Dataset<1> numbered(Index N) {
  Tensor<float, 2> x(N, 2);
  std::vector<std::int32_t> labels;
  for (Index i = 0; i < N; ++i) {
    x(i, 0) = static_cast<float>(i);
    x(i, 1) = -static_cast<float>(i);
    labels.push_back(static_cast<std::int32_t>(i));
  }
  return {x, labels};
}

std::vector<std::int32_t> order_of(const Dataset<1>& dataset, const BatchOptions& options) {
  std::vector<std::int32_t> order;
  for (const auto& batch : batches(dataset, options))
    order.insert(order.end(), batch.labels.begin(), batch.labels.end());
  return order;
}

}  // namespace

TEST_CASE("gather collects values and labels in the order asked for") {
  Batch<Tensor<float, 2>> batch;
  gather(numbered(5), std::vector<Index>{4, 1, 4}, batch);
  REQUIRE(batch.size() == 3);
  CHECK(batch.labels == std::vector<std::int32_t>{4, 1, 4});
  CHECK(batch.x(0, 0) == 4.0f);
  CHECK(batch.x(1, 1) == -1.0f);
  CHECK(batch.targets.size() == 0);
}

TEST_CASE("gather turns images of bytes and target rows into double") {
  Tensor<float, 2> targets(2, 3);
  targets.setValues({{1, 2, 3}, {4, 5, 6}});
  Dataset pictures{std::vector<std::uint8_t>{0, 51, 102, 153, 204, 255}, Shape{3, 1, 1}, targets};
  pictures.normalise({.mean = {0.5}, .deviation = {0.5}});
  Batch<Tensor<double, 4>> batch;
  gather(pictures, std::vector<Index>{1, 0}, batch);
  REQUIRE(shape(batch.x) == Shape{2, 3, 1, 1});
  const double expected[] = {0.2, 0.6, 1.0, -1.0, -0.6, -0.2};
  for (Index i = 0; i < 6; ++i) CHECK(batch.x.data()[i] == Approx(expected[i]).epsilon(1e-14));
  REQUIRE(shape(batch.targets) == Shape{2, 3});
  CHECK(batch.targets(0, 2) == 6.0);
  CHECK(batch.labels.empty());
}

TEST_CASE("gather reuses the memory of the largest batch for smaller ones") {
  const Dataset<1> dataset = numbered(8);
  Batch<Tensor<float, 2>> batch;
  gather(dataset, std::vector<Index>{0, 1, 2, 3, 4}, batch);
  const float* values = batch.x.data();
  const std::int32_t* labels = batch.labels.data();
  gather(dataset, std::vector<Index>{7, 6}, batch);
  gather(dataset, std::vector<Index>{3, 4, 5, 6, 7}, batch);
  CHECK(batch.x.data() == values);
  CHECK(batch.labels.data() == labels);
}

TEST_CASE("gather can collect nothing, and refuses what is not there") {
  Batch<Tensor<float, 2>> batch;
  gather(numbered(5), {}, batch);
  CHECK(batch.size() == 0);
  CHECK(refusal<OptionError>([&] {
          gather(numbered(5), std::vector<Index>{0, 5}, batch);
        }) == "gather: sample 5 is not one of the data set's 5, which count from 0");
}

TEST_CASE("batches come in order, the last as small as it has to be") {
  const Dataset<1> dataset = numbered(7);
  std::vector<Index> sizes;
  for (const auto& batch : batches(dataset, {.batch_size = 3})) sizes.push_back(batch.size());
  CHECK(sizes == std::vector<Index>{3, 3, 1});
  CHECK(order_of(dataset, {.batch_size = 3}) == std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("the last, smaller batch can be left out") {
  const Dataset<1> dataset = numbered(7);
  CHECK(order_of(dataset, {.batch_size = 3, .drop_last = true}).size() == 6);
  CHECK(order_of(dataset, {.batch_size = 7, .drop_last = true}).size() == 7);
  CHECK(order_of(dataset, {.batch_size = 8, .drop_last = true}).empty());
}

TEST_CASE("the number of batches is the number of rounds of the loop") {
  for (const Index N : {0, 1, 2, 5, 6, 7})
    for (const Index batch_size : {Index{1}, Index{2}, Index{3}, Index{7}, std::numeric_limits<Index>::max()})
      for (const bool drop_last : {false, true}) {
        const Dataset<1> dataset = numbered(N);
        auto range = batches(dataset, {.batch_size = batch_size, .drop_last = drop_last});
        Index rounds = 0;
        for ([[maybe_unused]] const auto& batch : range) ++rounds;
        CHECK(rounds == range.size());
      }
}

TEST_CASE("shuffled batches visit every sample once, in another order in another epoch, the same for the same seed") {
  const Dataset<1> dataset = numbered(100);
  const auto epoch = [&](std::uint64_t seed, std::uint64_t number) {
    return order_of(dataset, {.batch_size = 9, .shuffle = Rng{seed}.split(number)});
  };
  const auto first = epoch(1, 0);
  CHECK(std::set<std::int32_t>(first.begin(), first.end()).size() == 100);
  CHECK(first.size() == 100);
  CHECK(first == epoch(1, 0));
  CHECK(first != epoch(1, 1));
  CHECK(first != epoch(2, 0));
}

TEST_CASE("shuffled batches come in the epoch's order") {
  std::vector<std::int32_t> expected;
  for (const Index i : epoch_order(20, Rng{3}.split(5))) expected.push_back(static_cast<std::int32_t>(i));
  CHECK(order_of(numbered(20), {.batch_size = 6, .shuffle = Rng{3}.split(5)}) == expected);
}

TEST_CASE("an epoch's order is a permutation, of nothing too") {
  const std::vector<Index> order = epoch_order(1000, Rng{4});
  CHECK(std::set<Index>(order.begin(), order.end()).size() == 1000);
  CHECK(*std::max_element(order.begin(), order.end()) == 999);
  CHECK(*std::min_element(order.begin(), order.end()) == 0);
  CHECK(epoch_order(0, Rng{4}).empty());
}

TEST_CASE("batches can be gone through twice") {
  const Dataset<1> dataset = numbered(5);
  auto range = batches<double>(dataset, {.batch_size = 2});
  STATIC_REQUIRE(std::input_iterator<decltype(range.begin())>);
  for (int round = 0; round < 2; ++round) {
    Index seen = 0;
    for (const Batch<Tensor<double, 2>>& batch : range) seen += batch.size();
    CHECK(seen == 5);
  }
}

TEST_CASE("a batch size below 1 is refused") {
  const Dataset<1> dataset = numbered(5);
  CHECK(refusal<OptionError>([&] { batches(dataset, {.batch_size = 0}); }) ==
        "batches: expects a batch_size of at least 1 but got 0");
}

TEST_CASE("a data set that would be gone before its first batch is no argument of batches") {
  const auto takes = [](auto&& dataset) {
    return requires { batches(std::forward<decltype(dataset)>(dataset)); };
  };
  const Dataset<1> stays = numbered(2);
  CHECK(takes(stays));
  CHECK_FALSE(takes(numbered(2)));
}
