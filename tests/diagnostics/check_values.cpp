#include <lamina/diagnostics/check_values.hpp>

#include "../catch.hpp"
#include "findings.hpp"

using namespace lamina;
using namespace lamina::detail;

namespace {

/// Samples of C channels: scale[c] · uniform(0, 1) + offset.
SampleTable table(const std::vector<float>& scale, float offset = 0, bool images = true) {
  const Index C = std::ssize(scale);
  SampleTable made{
      .samples = drawn(50, 50, Rng{}), .H = images ? 3 : 1, .W = images ? 3 : C, .C = images ? C : 1, .images = images};
  Rng rng{4};
  for (Index i = 0; i < made.size() * made.features(); ++i)
    made.values.push_back(scale[static_cast<std::size_t>(i % C)] * static_cast<float>(rng.uniform()) + offset);
  return made;
}
std::string looked(const SampleTable& data) {
  return found([&](const Report& report) { check_values(data, report); });
}
std::string compared(const SampleTable& a, const SampleTable& b) {
  return found([&](const Report& report) { compare_values(a, b, report); });
}

}  // namespace

TEST_CASE("inputs of about 1 pass, others are found with what to do") {
  CHECK(looked(table({1})).empty());
  CHECK(looked(table({2, 1, 0.5F}, -0.5F)).empty());
  CHECK(looked(table({5}, -2.5F)).empty());
  CHECK(contains(looked(table({255})), "error: here: the network is given values that reach from 0."));
  CHECK(contains(looked(table({255})), "Grey values of 0 … 255 as float are to be divided by 255"));
  CHECK(contains(looked(table({100}, 1000)), "Normalise them"));
  CHECK(contains(looked(table({1.0F / 255})), "Bytes of 0 and 1 become 0 and 1/255"));
  CHECK(contains(looked(table({0.01F}, 1)), "warning: here: the values lie close together, around 1.00"));
  CHECK(contains(looked(table({0}, 2)), "error: here: all values of all samples are 2.0000\n"));
}

TEST_CASE("channels and features that differ in scale, or are constant, are found") {
  CHECK(contains(looked(table({1, 0, 1})), "channels that are the same in all pixels: 1\n"));
  CHECK(contains(looked(table({1, 0.001F})), "times as much as others"));
  CHECK(contains(looked(table({1, 0.001F}, 0, false)), "some features vary "));
  CHECK(looked(table({1, 0, 1}, 0, false)).empty());
}

TEST_CASE("samples that are not finite are named") {
  auto data = table({1});
  CHECK(found([&](const Report& report) { CHECK(!look_for_non_finite(data, report)); }).empty());
  data.values[9 * 7 + 2] = std::numeric_limits<float>::quiet_NaN();
  data.values[9 * 9] = std::numeric_limits<float>::infinity();
  CHECK(contains(found([&](const Report& report) { CHECK(look_for_non_finite(data, report)); }),
                 "error: here: 2 samples are not of finite numbers: 7, 9\n"));
}

TEST_CASE("a second set in another scale is found") {
  CHECK(compared(table({1}), table({1.2F}, 0.1F)).empty());
  CHECK(contains(compared(table({1}), table({255})), "error: here: its values are 1"));
  CHECK(contains(compared(table({1}), table({1}, 0.5F)), "validation.normalise(train.normalisation())"));
}

TEST_CASE("images one pixel high of many channels have their channels first") {
  Tensor<float, 4> x(4, 1, 28, 28);
  x.setRandom();
  const Dataset<3> data(x, std::vector<std::int32_t>{0, 1, 0, 1});
  const std::string text = found([&](const detail::Report& report) { detail::check_values(detail::sample_table(data, {0, 1, 2, 3}), report); });
  CHECK(text.find("samples of (1, 28, 28) are 28 channels of images 1 high: the channels seem to stand first\n  Bring the "
                  "samples into the order (height, width, channels).\n") != std::string::npos);
}
