#include <lamina/layers/relu.hpp>
#include <lamina/models/model.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/training/divergence.hpp>

#include "../catch.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr Sequential network{Flatten{}, Sequential{Dense{.units = 4}, ReLU{}}, Dense{.units = 2}};
constexpr Shape in{3, 2, 2, 1};

constexpr double infinity = std::numeric_limits<double>::infinity();

BasicModel<double> made() { return {network, Shape{2, 2, 1}, Rng{1}}; }

std::string found(const BasicModel<double>& model, const Tensor<double, 4>& x) { return detail::first_non_finite<double>(model, x); }

}  // namespace

TEST_CASE("a trace shows every layer as written, in order, with its output, and ends where the network does") {
  const auto model = made();
  const auto x = drawn(in, Rng{2});
  std::vector<std::string> seen;
  Tensor<double, 2> y;
  model.program().trace(model.parameters().of_layers(), x, [&](std::size_t i, detail::TensorRef<double> out) {
    seen.push_back(str_cat(model.layers()[i].path, " ", model.layers()[i].node->name(), " ", detail::format_shape(out.extents())));
    if (out.rank() == 2) y = out.as<2>();
  });
  CHECK(seen == std::vector<std::string>{"0 Flatten (3, 4)", "1.0 Dense (3, 4)", "1.1 ReLU (3, 4)", "2 Dense (3, 2)"});
  CHECK(distance(y, model(x)) < 1e-14);
}

TEST_CASE("where all is finite there is nothing to say") {
  CHECK(found(made(), drawn(in, Rng{2})) == "");
}

TEST_CASE("samples that are not finite are said to be so before any layer is") {
  auto x = drawn(in, Rng{2});
  x(1, 1, 1, 0) = std::nan("");
  CHECK(found(made(), x) == "the samples themselves hold numbers that are not finite");
}

TEST_CASE("the first layer whose parameters are not finite is named, nested ones by their path") {
  auto model = made();
  model.parameters().tensor<1>("1.0.bias")(2) = infinity;
  model.parameters().tensor<2>("2.weight")(0, 0) = std::nan("");
  CHECK(found(model, drawn(in, Rng{2})) ==
        "the first layer concerned is layer 1.0 (Dense), whose parameters are not finite");
}

TEST_CASE("the first layer whose output is not finite is named") {
  auto model = made();
  model.parameters().tensor<2>("1.0.weight").setConstant(1e300);
  model.parameters().tensor<2>("2.weight").setConstant(1e300);
  auto x = drawn(in, Rng{2});
  x.setConstant(1);
  CHECK(found(model, x) == "the first layer concerned is layer 2 (Dense), whose output is not finite");
}
