#include <lamina/diagnostics/sample_table.hpp>
#include <set>

#include "../catch.hpp"

using namespace lamina;
using namespace lamina::detail;

TEST_CASE("samples are drawn once each, in ascending order, by the seed") {
  const auto all = drawn(5, 9, Rng{1}), some = drawn(100, 10, Rng{1});
  CHECK(all == std::vector<Index>{0, 1, 2, 3, 4});
  CHECK(some.size() == 10);
  CHECK(std::is_sorted(some.begin(), some.end()));
  CHECK(std::set<Index>(some.begin(), some.end()).size() == 10);
  CHECK(some == drawn(100, 10, Rng{1}));
  CHECK(some != drawn(100, 10, Rng{2}));
}

TEST_CASE("a sample table holds samples as the network sees them") {
  Tensor<std::uint8_t, 4> x(3, 2, 3, 2);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<std::uint8_t>(i);
  Dataset<3> data(std::move(x), {4, 5, 6});
  data.normalise({.mean = {0.5}, .deviation = {0.25}});
  const auto table = sample_table(data, {0, 2});
  CHECK((table.size() == 2 && table.features() == 12 && table.images));
  CHECK((table.H == 2 && table.W == 3 && table.C == 2 && table.classes == 7));
  CHECK(table.labels == std::vector<std::int32_t>{4, 6});
  CHECK(table.row(1)[5] == data.at(2).data()[5]);
  const auto rows = sample_table(Dataset<1>(Tensor<float, 2>(4, 5), Tensor<float, 2>(4, 1).setZero()), {1});
  CHECK((rows.H == 1 && rows.W == 5 && rows.C == 1 && !rows.images && rows.labels.empty()));
}

TEST_CASE("equal samples have equal fingerprints, others have not, whatever the normalisation") {
  const std::vector<float> a{0, 1, 2}, b{-0.0F, 1, 2}, c{0, 2, 1}, flat{3, 3, 3};
  const auto print = [](const std::vector<float>& v) { return fingerprint(v.data(), std::ssize(v)); };
  CHECK(print(a).digest == print(b).digest);
  CHECK(print(a).digest != print(c).digest);
  CHECK(!print(a).constant);
  CHECK(print(flat).constant);
  const std::vector<std::uint8_t> bytes{1, 2, 3, 4, 1, 2};
  Dataset<1> data(bytes, Shape{2}, std::vector<std::int32_t>{0, 1, 0});
  const auto before = fingerprints(data, 10);
  data.normalise({.mean = {0.1}, .deviation = {3}});
  const auto after = fingerprints(data, 2);
  CHECK((before.size() == 3 && after.size() == 2));
  CHECK((before[0].digest == before[2].digest && before[0].digest != before[1].digest &&
         before[1].digest == after[1].digest));
}
