#include <lamina/models/trace.hpp>

#include <lamina/layers/relu.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr Sequential network{Flatten{}, Sequential{Dense{.units = 4}, ReLU{}}, Dense{.units = 2}};
constexpr Shape in{3, 2, 2, 1};
using Image = Tensor<double, 4>;

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a trace shows every layer as written, in order, with its output, and ends where the network does") {
  const auto p = network.initialize<double>(in, Rng{1});
  const auto x = drawn(in, Rng{2});
  std::vector<std::string> seen;
  const auto y = trace(network, p, x, [&](const std::string& path, const auto& layer, const auto&, const auto& out) {
    seen.push_back(message(path, " ", std::string_view(layer.name), " ", shape(out)));
  });
  CHECK(seen == std::vector<std::string>{"0 Flatten (3, 4)", "1.0 Dense (3, 4)", "1.1 ReLU (3, 4)", "2 Dense (3, 2)"});
  workspace_t<decltype(network), Image> ws;
  Tensor<double, 2> direct;
  network.infer(p, x, ws, direct);
  CHECK(distance(y, direct) < 1e-14);
}

TEST_CASE("where all is finite there is nothing to say") {
  CHECK(first_non_finite(network, network.initialize<double>(in, Rng{1}), drawn(in, Rng{2})) == "");
}

TEST_CASE("samples that are not finite are said to be so before any layer is") {
  auto x = drawn(in, Rng{2});
  x(1, 1, 1, 0) = std::nan("");
  CHECK(first_non_finite(network, network.initialize<double>(in, Rng{1}), x) ==
        "the samples themselves hold numbers that are not finite");
}

TEST_CASE("the first layer whose parameters are not finite is named, nested ones by their path") {
  auto p = network.initialize<double>(in, Rng{1});
  std::get<0>(std::get<1>(p)).bias(2) = infinity;
  std::get<2>(p).weight(0, 0) = std::nan("");
  CHECK(first_non_finite(network, p, drawn(in, Rng{2})) ==
        "the first layer concerned is layer 1.0 (Dense), whose parameters are not finite");
}

TEST_CASE("the first layer whose output is not finite is named") {
  auto p = network.initialize<double>(in, Rng{1});
  std::get<0>(std::get<1>(p)).weight.setConstant(1e300);
  std::get<2>(p).weight.setConstant(1e300);
  auto x = drawn(in, Rng{2});
  x.setConstant(1);
  CHECK(first_non_finite(network, p, x) == "the first layer concerned is layer 2 (Dense), whose output is not finite");
}
