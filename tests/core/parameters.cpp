#include <lamina/core/parameters.hpp>

#include <string>
#include <vector>

#include "../catch.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

template <typename T>
struct Affine {
  Tensor<T, 2> weight;
  Tensor<T, 1> bias;

  template <typename Visitor, typename... Self>
  static void visit(Visitor&& visitor, Self&... self) {
    visitor("weight", self.weight...);
    visitor("bias", self.bias...);
  }
};

using Network = std::tuple<None, Affine<double>, std::tuple<None, Affine<double>>>;

Affine<double> affine(double first) {
  return {tensor(Shape{2, 2}, {first, first + 1, first + 2, first + 3}), tensor(Shape{2}, {first + 4, first + 5})};
}

const Network network{None{}, affine(1), {None{}, affine(10)}};

}  // namespace

TEST_CASE("parameters are visited in order, and nothing for layers that learn nothing") {
  std::vector<double> firsts;
  visit_parameters([&](const auto& tensor) { firsts.push_back(tensor.data()[0]); }, network);
  CHECK(firsts == std::vector<double>{1, 5, 10, 14});
}

TEST_CASE("values of one type are walked in lock step, and can be changed on the way") {
  Network sum = detail::zeros_like(network);
  const Network& other = network;
  visit_parameters([](auto& s, const auto& a, const auto& b) { s += a + 2.0 * b; }, sum, network, other);
  CHECK(std::get<1>(sum).weight(0, 1) == 6);
  CHECK(std::get<1>(std::get<2>(sum)).bias(1) == 45);
}

TEST_CASE("names say the place in the network, nested ones too") {
  std::vector<std::string> names;
  Network twin = network;
  detail::visit_named_parameters(
      [&](const std::string& name, const auto& a, const auto& b) {
        names.push_back(name);
        CHECK(same_bits(a, b));
      },
      network, twin);
  CHECK(names == std::vector<std::string>{"1.weight", "1.bias", "2.1.weight", "2.1.bias"});
}

TEST_CASE("parameters outside a network have their plain names") {
  std::vector<std::string> names;
  detail::visit_named_parameters([&](const std::string& name, const auto&) { names.push_back(name); }, std::get<1>(network));
  CHECK(names == std::vector<std::string>{"weight", "bias"});
}

TEST_CASE("all numbers are counted, none for None") {
  CHECK(parameter_count(network) == 12);
  CHECK(parameter_count(None{}) == 0);
}

TEST_CASE("zeros_like has the shapes and leaves the original alone") {
  const Network zeros = detail::zeros_like(network);
  visit_parameters(
      [](const auto& zero, const auto& original) {
        CHECK(shape(zero) == shape(original));
        CHECK(largest(zero) == 0);
      },
      zeros, network);
  CHECK(std::get<1>(network).weight(0, 0) == 1);
}
