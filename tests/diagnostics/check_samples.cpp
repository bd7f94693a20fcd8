#include <lamina/diagnostics/check_samples.hpp>

#include "../catch.hpp"
#include "findings.hpp"

using namespace lamina;
using namespace lamina::detail;

namespace {

/// Rows around (10, 0, 0, …) for class 0, (0, 10, 0, …) for class 1, and so on; the class is the number modulo 3.
SampleTable clouds(Index count) {
  SampleTable table{.samples = drawn(count, count, Rng{}), .classes = 3, .H = 1, .W = 20, .C = 1};
  Rng rng{8};
  for (Index i = 0; i < count; ++i) {
    table.labels.push_back(static_cast<std::int32_t>(i % 3));
    for (Index f = 0; f < 20; ++f) table.values.push_back(static_cast<float>(rng.normal() + (f == i % 3 ? 10 : 0)));
  }
  return table;
}

/// A network's word for it: the class of the cloud, surely.
Tensor<float, 2> sure(Index count) {
  Tensor<float, 2> p(count, 3);
  p.setConstant(0.02F);
  for (Index i = 0; i < count; ++i) p(i, i % 3) = 0.96F;
  return p;
}

}  // namespace

TEST_CASE("samples far from all others are found, and in a cloud none") {
  auto table = clouds(300);
  const auto outliers = [&] {
    return found([&](const Report& report) { look_for_outliers(table, nearest(table, 10), report); });
  };
  CHECK(outliers().empty());
  for (const std::size_t sample : {std::size_t{17}, std::size_t{230}})
    for (std::size_t f = 0; f < 20; ++f) table.values[sample * 20 + f] = sample == 17 ? 8.0F : -9.0F;
  CHECK(contains(outliers(), "warning: here: 2 samples are unlike all others: 17, 230\n"));
}

TEST_CASE("a label is doubted when networks and neighbours agree on another, and not when one of them does") {
  auto table = clouds(300);
  const auto near = nearest(table, 10);
  CHECK(suspects(table, sure(300), near).empty());
  table.labels[30] = 1;
  table.labels[31] = 2;
  auto p = sure(300);
  p(31, 1) = 0.99F;
  const auto doubted = suspects(table, p, near);
  REQUIRE(doubted.size() == 2);
  CHECK((doubted[0].sample == 31 && doubted[0].label == 2 && doubted[0].likely == 1 &&
         doubted[0].probability == Approx(0.99)));
  CHECK((doubted[1].sample == 30 && doubted[1].label == 1 && doubted[1].likely == 0));

  for (Index k = 0; k < 3; ++k) p(30, k) = k == 1 ? 0.96F : 0.02F;  // the network believes the label
  CHECK(suspects(table, p, near).size() == 1);
  table.labels[31] = 1;
  for (Index k = 0; k < 3; ++k) p(60, k) = k == 1 ? 0.96F : 0.02F;  // the network doubts a right label
  CHECK(suspects(table, p, near).empty());
}

TEST_CASE("what is doubted counts where a network is as sure as of the class on average, not below") {
  auto table = clouds(300);
  const auto near = nearest(table, 10);
  table.labels[30] = 1;
  auto p = sure(300);
  p(30, 0) = 0.9F;
  CHECK(suspects(table, p, near).empty());
  p(30, 0) = 0.97F;
  CHECK(suspects(table, p, near).size() == 1);
}

TEST_CASE("doubted labels are told of from two in a hundred on") {
  const std::vector<Suspect> three{{5, 0, 1, 0.9}, {7, 1, 2, 0.8}, {9, 0, 2, 0.7}};
  const std::vector<std::string> names{"a", "b", "c"};
  const auto told = [&](Index of) {
    return found([&](const Report& report) { look_at_suspects(three, of, names, report); });
  };
  CHECK(contains(told(150),
                 "labels of 3 of 150 samples are probably wrong: 5 (a, looks like b), 7 (b, looks like c), 9 (a, looks "
                 "like c)\n"));
  CHECK(told(151).empty());
  CHECK(found([&](const Report& report) { look_at_suspects({three[0], three[1]}, 10, names, report); }).empty());
}
