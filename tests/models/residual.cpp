// Residual blocks, at compile time and at run time: a value that is used twice gets the sum of its gradients.
#include <lamina/models/residual.hpp>

#include <lamina/io/onnx.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/models/summary.hpp>
#include <lamina/testing/gradient_check.hpp>

#include <sstream>

#include "../catch.hpp"
#include "../io/protobuf_message.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"
#include "blocks.hpp"

using namespace small;

namespace {

constexpr Conv keeping{.filters = 4, .kernel = 3, .padding = 1};
/// Begins with a block, so that the network's input is used twice; has one block in another, and rows.
constexpr Sequential deep{Residual{Sequential{Conv{.filters = 1, .kernel = 3, .padding = 1}, Tanh{}}},
                          keeping,
                          ReLU{},
                          Residual{Sequential{keeping, ReLU{}, Residual{Sequential{keeping, Tanh{}}}, keeping}},
                          ReLU{},
                          MaxPool{.window = 2},
                          Flatten{},
                          Dense{.units = 6},
                          Residual{Sequential{Tanh{}, Dense{.units = 6}}},
                          Dense{.units = classes}};

/// The same, listed at run time.
const Network listed{Conv{.filters = 1, .kernel = 3, .padding = 1}, Tanh{}, detail::ListedAdd(2),
                     keeping, ReLU{},
                     keeping, ReLU{}, keeping, Tanh{}, detail::ListedAdd(2), keeping, detail::ListedAdd(6),
                     ReLU{}, MaxPool{.window = 2}, Flatten{}, Dense{.units = 6},
                     Tanh{}, Dense{.units = 6}, detail::ListedAdd(2), Dense{.units = classes}};

}  // namespace

TEST_CASE("a residual block adds what went in, and its gradients are right") {
  constexpr Residual block{Sequential{Dense{.units = 5}, Tanh{}, Dense{.units = 5}}};
  CHECK(check_gradient(block, Shape{3, 5}).passed());
  CHECK(check_gradient(Residual{Sequential{keeping, ReLU{}, keeping}}, Shape{2, 5, 7, 4}).passed());
  CHECK(check_gradient(Residual{Network{Dense{.units = 4}, Tanh{}}}, Shape{3, 4}).passed());
  CHECK(check_gradient(deep, Shape{2, 6, 6, 1}, {.probes = 20}).passed());
  CHECK(check_gradient(listed, Shape{2, 6, 6, 1}, {.probes = 20}).passed());

  const auto x = drawn(Shape{3, 5}, Rng{1});
  const auto p = block.initialize<double>(shape(x), Rng{2});
  workspace_t<std::remove_const_t<decltype(block)>, Tensor<double, 2>> ws;
  workspace_t<std::remove_cvref_t<decltype(block.body())>, Tensor<double, 2>> inner;
  Tensor<double, 2> y, own;
  block.forward(p, x, ws, y);
  block.body().forward(p, x, inner, own);
  CHECK(distance(y, Tensor<double, 2>(x + own)) == 0);
}

TEST_CASE("a model runs blocks as the layer does, and a network listed at run time gives its bits") {
  CHECK(apart(deep, detail::batch_shape(3, image)).inference < 1e-13);
  trained_alike(deep, listed, {1, 2, 4});
}

TEST_CASE("the gradient of a value that several steps take, the network's input among them, is the sum of all") {
  const auto check = [](const Apart& parts) { CHECK(std::max(parts.dx, parts.dp) < 1e-12); };
  check(apart(deep, detail::batch_shape(2, image)));
  // Three sums take the input, and two end at one place.
  constexpr Sequential thrice{
      Residual{Sequential{Residual{Sequential{Residual{Sequential{Dense{.units = 4}, Tanh{}}}, Tanh{}}}}}, Dense{.units = 2}};
  check(apart(thrice, Shape{3, 4}));
  CHECK(check_gradient(thrice, Shape{3, 4}).passed());
}

TEST_CASE("layers that draw inside blocks are told apart, and draw the same by any number of threads") {
  constexpr Sequential forgetful{Flatten{}, Dense{.units = 8}, Residual{Sequential{Dropout{}, Dense{.units = 8}, Dropout{}}},
                                 Residual{Sequential{Tanh{}, Dropout{}}}, Dense{.units = classes}};
  CHECK(check_gradient(forgetful, Shape{3, 4, 4, 1}).passed());
  check_draws_by_threads(forgetful);
}

TEST_CASE("blocks that change the shape are refused, by place, and Adds that reach nothing or part nothing whole") {
  const auto error = [](const auto& layers, const auto& in) {
    return refusal<ShapeError>([&] { layers.output_shape(in); });
  };
  CHECK(error(Sequential{Tanh{}, Residual{Sequential{Dense{.units = 4}}}}, Shape{1, 3}) ==
        "layer 1: Residual: expects a body that keeps the shape, but it makes (1, 4) of (1, 3); change the filters, "
        "units or padding of its layers, or change the other path likewise: Residual{body, shortcut}");
  CHECK(error(Network{Tanh{}, Dense{.units = 4}, detail::ListedAdd(1)}, Shape{1, 3}) ==
        "layer 2: Add: expects inputs of one shape but got (1, 3) and (1, 4); give the layers before it the filters, units, strides "
        "and paddings that do");
  CHECK(error(Network{Flatten{}, detail::ListedAdd(1)}, Shape{1, 2, 2, 1}) ==
        "layer 1: Add: expects inputs of one shape but got (1, 2, 2, 1) and (1, 4); give the layers before it the filters, units, "
        "strides and paddings that do");
  for (const Index back : {Index{2}, Index{-1}})
    CHECK(error(Network{Tanh{}, detail::ListedAdd(back)}, Shape{1, 3}) ==
          str_cat("layer 1: Add: expects .back from 0 to 1, the layers before it, but got ", back));
  CHECK(error(Network{detail::ListedAdd{}}, Shape{1, 3}) ==
        "layer 0: Add: expects .back from 0 to 0, the layers before it, but got 1");
}

TEST_CASE("an Add may take what stands inside a fused layer: the layers then run one by one") {
  const Network parted{keeping, ReLU{}, detail::ListedAdd(1), Flatten{}, Dense{.units = 2}};
  CHECK(check_gradient(parted, Shape{2, 5, 5, 2}).passed());
  const Model model{parted, Shape{5, 5, 2}, Rng{1}};
  CHECK(model.program().steps().size() == 4);  // Conv, ReLU, the sum, Flatten with Dense
}

TEST_CASE("blocks are saved, rebuilt, summed up and exported") {
  const auto names = saved_names(deep);
  CHECK(std::find(names.begin(), names.end(), "3.2.0.weight") != names.end());

  std::ostringstream text;
  text << summary(Model{Sequential{Residual{Sequential{Tanh{}, Dense{.units = 4}}}}, Shape{4}, Rng{1}});
  CHECK(text.str() ==
        "layer       output shape  parameters  multiply-adds\n"
        "0.0  Tanh   (4)                    0              –\n"
        "0.1  Dense  (4)                   20             16\n"
        "0.2  Add    (4)                    0              –\n"
        "20 parameters (80 bytes), 16 multiply-adds per sample\n");
}

TEST_CASE("in ONNX a block ends in an Add of two inputs") {
  const Model model{Sequential{Tanh{}, Residual{Sequential{Dense{.units = 4}, ReLU{}}}, Dense{.units = 2}}, Shape{4}, Rng{1}};
  const auto file = onnx_bytes(model);
  std::vector<std::string> adds;
  for (const Protobuf& node : Protobuf::of(file).message(7).messages(1))
    if (node.text(4) == "Add")
      for (const std::string& input : node.texts.at(1)) adds.push_back(input);
  CHECK(adds == std::vector<std::string>{"0.Tanh", "1.1.ReLU"});
}
