#include <lamina/diagnostics/check_network.hpp>

#include "../catch.hpp"
#include "findings.hpp"

using namespace lamina;
using namespace lamina::detail;

namespace {

std::string layers(const LayerLook& look) {
  return found([&](const Report& report) { look_at_layers({look}, report); });
}
std::string weights(const std::vector<WeightLook>& looks) {
  return found([&](const Report& report) { look_at_weights(looks, report); });
}

}  // namespace

TEST_CASE("units that are never above 0 are counted, and numbers at the ends of a sigmoid or tanh") {
  const std::vector<float> y{0, 1, 0, 0, 0.5F, 0, 0, 0.995F, 0};
  const LayerLook relu = look_at_output("3", "ReLU", y.data(), 9, 3);
  CHECK((relu.units == 3 && relu.dead == 2 && relu.path == "3"));
  CHECK(look_at_output("", "Sigmoid", y.data(), 9, 3).saturated == Approx(8.0 / 9));
  const std::vector<double> t{-0.99, 0, 0.995, 0.5};
  CHECK(look_at_output("", "Tanh", t.data(), 4, 2).saturated == Approx(0.5));
}

TEST_CASE("dead and saturated layers are told of") {
  CHECK(layers({"1", "ReLU", 10, 5, 0}).empty());
  CHECK(contains(layers({"1", "ReLU", 10, 6, 0}), "warning: layer 1 (ReLU): 6 of its 10 units are never above 0"));
  CHECK(contains(layers({"1.0", "ReLU", 10, 10, 0}), "error: layer 1.0 (ReLU): none of its 10 units is ever above 0"));
  CHECK(layers({"", "Sigmoid", 10, 10, 0.5}).empty());
  CHECK(contains(layers({"", "Tanh", 10, 0, 0.7}), "warning: layer 0 (Tanh): 70 % of its outputs are at the ends"));
}

TEST_CASE("vanishing gradients and steps of the wrong size are told of, layer by layer") {
  CHECK(weights({{"0.weight", 0.1, 0.01, 1e-3}, {"2.weight", 0.1, 0.1, 0.1}}).empty());
  CHECK(contains(weights({{"0.weight", 0.1, 1e-6, 1e-3}, {"2.weight", 0.1, 0.1, 1e-2}}),
                 "warning: layer 0: its gradient vanishes: relative to its weights it is 1.0000e-05"));
  CHECK(contains(weights({{"1.0.weight", 0.1, 0.1, 0.6}}),
                 "warning: layer 1.0: a step changes its weights by 60 %"));
  CHECK(contains(weights({{"weight", 0.1, 0.1, 1e-7}}),
                 "warning: optimizer: a step changes no layer's weights by more than 1.0000e-05 %"));
  CHECK(contains(weights({{"0.weight", 0, 0.1, 0}, {"2.weight", 0.1, 0.1, 0.1}}),
                 "error: layer 0: all its weights are 0"));
  CHECK(contains(weights({{"0.weight", 0.1, 0, 0}}), "error: network: no layer gets a gradient"));
  CHECK(weights({}).empty());
}

TEST_CASE("a scale that begins at 0 is no mistake, nor that the branch behind it gets no gradient at first") {
  const std::vector<WeightLook> begins_with_less{
      {"0.weight", 0.1, 0.1, 0.1}, {"1.0.weight", 0.1, 0, 0.1}, {"1.1.weight", 0, 0.1, 9, true}};
  CHECK(weights(begins_with_less).empty());
  auto scaled = begins_with_less;
  scaled[2].size = 1;
  CHECK(contains(weights(scaled), "warning: layer 1.0: its gradient vanishes"));
  CHECK(contains(weights(scaled), "warning: layer 1.1: a step changes its weights by 900 %"));
  auto drawn = begins_with_less;
  drawn[2].is_scale = false;
  CHECK(contains(weights(drawn), "error: layer 1.1: all its weights are 0"));
}

TEST_CASE("a first loss far above that of knowing nothing is told of") {
  const auto start = [](double loss) {
    return found([&](const Report& report) { look_at_start(loss, 2.302585, 10, report); });
  };
  CHECK(start(2.4).empty());
  CHECK(start(7.9).empty());
  CHECK(contains(start(40), "warning: here: the loss begins at 40.0000; knowing nothing costs 2.3026 (ln 10)\n"));
}
