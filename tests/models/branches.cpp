// Branches that are added, multiplied and put side by side, at compile time and at run time.
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/identity.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/models/add.hpp>
#include <lamina/models/concat.hpp>
#include <lamina/models/mul.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/models/summary.hpp>
#include <lamina/testing/gradient_check.hpp>

#include <sstream>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"
#include "blocks.hpp"

using namespace small;

namespace {

constexpr Conv same{.filters = 4, .kernel = 3, .padding = 1};
constexpr Sequential gate{AvgPool{.window = {5, 7}}, Conv{.filters = 4, .kernel = 1}, Sigmoid{}};  // one number for each channel
constexpr Sequential row_gate{AvgPool{.window = {5, 7}}, Flatten{}, Dense{.units = 4}, Sigmoid{}};

/// All kinds of branches, one in another, of images that become rows.
constexpr Sequential deep{Concat{Conv{.filters = 2, .kernel = 1}, Identity{}, Sequential{Conv{.filters = 3, .kernel = 3, .padding = 1}, ReLU{}}},
                          Residual{Sequential{Conv{.filters = 8, .kernel = 3, .stride = 2, .padding = 1}, Tanh{}},
                                   Conv{.filters = 8, .kernel = 1, .stride = 2}},
                          ReLU{},
                          Mul{Identity{}, Sequential{AvgPool{.window = {3, 3}}, Conv{.filters = 8, .kernel = 1}, Sigmoid{}}},
                          Add{Conv{.filters = 4, .kernel = 1}, Concat{Conv{.filters = 1, .kernel = 3, .padding = 1}, Conv{.filters = 3, .kernel = 1}},
                              Sequential{ReLU{}, Conv{.filters = 4, .kernel = 1}}},
                          Flatten{},
                          Concat{Dense{.units = 3}, Sequential{Dense{.units = 5}, Tanh{}}},
                          Dense{.units = classes}};

/// The same, listed at run time.
const Network listed{Concat{Conv{.filters = 2, .kernel = 1}, Identity{}, Network{Conv{.filters = 3, .kernel = 3, .padding = 1}, ReLU{}}},
                     Residual{Network{Conv{.filters = 8, .kernel = 3, .stride = 2, .padding = 1}, Tanh{}},
                              Conv{.filters = 8, .kernel = 1, .stride = 2}},
                     ReLU{},
                     Mul{Identity{}, Network{AvgPool{.window = {3, 3}}, Conv{.filters = 8, .kernel = 1}, Sigmoid{}}},
                     Add{Conv{.filters = 4, .kernel = 1}, Concat{Conv{.filters = 1, .kernel = 3, .padding = 1}, Conv{.filters = 3, .kernel = 1}},
                         Sequential{ReLU{}, Conv{.filters = 4, .kernel = 1}}},
                     Flatten{},
                     Concat{Dense{.units = 3}, Sequential{Dense{.units = 5}, Tanh{}}},
                     Dense{.units = classes}};

static_assert(Concat{same, Identity{}}.output_shape(Shape{2, 5, 7, 3}) == Shape{2, 5, 7, 7});
static_assert(Add{same, Conv{.filters = 4, .kernel = 1}}.output_shape(Shape{2, 5, 7, 3}) == Shape{2, 5, 7, 4});
static_assert(Mul{same, gate}.output_shape(Shape{2, 5, 7, 3}) == Shape{2, 5, 7, 4});
static_assert(Mul{row_gate, same}.output_shape(Shape{2, 5, 7, 3}) == Shape{2, 5, 7, 4});
static_assert(deep.output_shape(Shape{2, 6, 6, 1}) == Shape{2, classes});

}  // namespace

TEST_CASE("gradients of branches are right, on images and on rows, of factors for each channel too") {
  CHECK(check_gradient(Add{same, Conv{.filters = 4, .kernel = 1}}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Add{same, Conv{.filters = 4, .kernel = 1}, Sequential{Tanh{}, same}}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Concat{same, Identity{}, Conv{.filters = 2, .kernel = 1}}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Concat{Dense{.units = 4}, Tanh{}}, Shape{3, 5}).passed());
  CHECK(check_gradient(Mul{same, Conv{.filters = 4, .kernel = 1}}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Mul{same, gate}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Mul{gate, same}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Mul{same, row_gate}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Mul{row_gate, same}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Mul{Tanh{}, Dense{.units = 5}}, Shape{3, 5}).passed());
  CHECK(check_gradient(Mul{Identity{}, Identity{}}, Shape{3, 5}).passed());  // x²: one value, twice
  CHECK(check_gradient(Residual{Sequential{Tanh{}, same}, Conv{.filters = 4, .kernel = 1}}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(deep, Shape{2, 6, 6, 1}, {.probes = 24}).passed());
  CHECK(check_gradient(listed, Shape{2, 6, 6, 1}, {.probes = 24}).passed());
  CHECK(check_gradient(Network{Mul{Identity{}, Identity{}}, Dense{.units = 2}, Add{Identity{}, Identity{}}}, Shape{3, 5}).passed());
  CHECK(check_gradient(Sequential{Mul{same, BatchNorm{}}, Concat{BatchNorm{}, Dropout{}}}, Shape{2, 5, 7, 4}).passed());
}

TEST_CASE("branches give what their equations say") {
  const auto x = drawn(Shape{2, 3, 4, 3}, Rng{1});
  const auto run = [&](const auto& layer) {
    const auto p = layer.template initialize<double>(shape(x), Rng{2});
    workspace_t<std::remove_cvref_t<decltype(layer)>, Tensor<double, 4>> ws;
    Tensor<double, 4> y;
    layer.forward(p, x, ws, y);
    return y;
  };
  const auto sum = run(Add{Identity{}, Tanh{}, Identity{}}), product = run(Mul{Identity{}, Tanh{}}), both = run(Concat{Tanh{}, Identity{}});
  const auto factor = run(Mul{AvgPool{.window = {3, 4}}, Identity{}});
  REQUIRE(shape(both) == Shape{2, 3, 4, 6});
  for (Index n = 0; n < 2; ++n)
    for (Index c = 0; c < 3; ++c) {
      double mean = 0;
      for (Index i = 0; i < 12; ++i) mean += x.data()[(n * 12 + i) * 3 + c] / 12;
      for (Index i = 0; i < 12; ++i) {
        const Index at = (n * 12 + i) * 3 + c;
        const double v = x.data()[at];
        CHECK(sum.data()[at] == Approx(v + std::tanh(v) + v));
        CHECK(product.data()[at] == Approx(v * std::tanh(v)));
        CHECK(factor.data()[at] == Approx(v * mean));
        CHECK(both.data()[(n * 12 + i) * 6 + c] == Approx(std::tanh(v)));
        CHECK(both.data()[(n * 12 + i) * 6 + 3 + c] == v);
      }
    }
}

TEST_CASE("a model runs branches as the layer does, and a network listed at run time gives its bits by any number of threads") {
  CHECK(apart(deep, detail::batch_shape(3, image)).inference < 1e-13);
  const Model trained = trained_alike(deep, listed, {1, 2, 3, 4});
  const auto asked = drawn<float>(detail::batch_shape(5, image), Rng{6});
  for (const Index threads : {1, 2, 3, 4}) {
    Predictor predict{trained, {.threads = threads}};
    CHECK(distance(predict(asked), trained(asked)) < 1e-6);
  }
}

TEST_CASE("the program's gradients are the layer's, where a value goes into several merges and twice into one") {
  constexpr Sequential shared{Concat{Identity{}, Residual{Sequential{Tanh{}, Mul{Identity{}, Identity{}}}}, Add{Identity{}, Dense{.units = 4}}},
                              Dense{.units = 3}};
  const auto parts = apart(shared, Shape{3, 4});
  CHECK(parts.y < 1e-13);
  CHECK(std::max(parts.dx, parts.dp) < 1e-12);
}

TEST_CASE("layers that draw in branches draw apart, and the same by any number of threads") {
  constexpr Sequential forgetful{Flatten{}, Concat{Dropout{}, Dropout{}}};
  const Index N = 4, F = 36;
  const auto x = drawn(Shape{N, 6, 6, 1}, Rng{1});
  const auto p = forgetful.initialize<double>(shape(x), Rng{2});
  workspace_t<std::remove_const_t<decltype(forgetful)>, Tensor<double, 4>> ws;
  Tensor<double, 2> y;
  const Context context{.draws = Rng{7}};
  forgetful.forward(p, x, ws, y, context);
  Index apart = 0;
  for (Index n = 0; n < N; ++n)
    for (Index f = 0; f < F; ++f) apart += (y(n, f) == 0) != (y(n, F + f) == 0) ? 1 : 0;
  CHECK(apart > N * F / 4);

  const BasicModel<double> model{forgetful, image, Rng{2}};
  BasicModel<double>::Workspace memory;
  memory.context = context;
  Tensor<double, 2> same_y;
  model.program().forward(model.parameters().of_layers(), x, memory, same_y);
  CHECK(same_bits(same_y, y));

  check_draws_by_threads(Sequential{forgetful, Dense{.units = classes}});
}

TEST_CASE("branches that do not match are refused, by place and with both shapes") {
  const auto error = [](const auto& layers, const auto& in) { return refusal<ShapeError>([&] { layers.output_shape(in); }); };
  const Shape in{1, 6, 6, 1};
  const std::string add = "Add: expects inputs of one shape but got (1, 6, 6, 2) and (1, 6, 6, 3); give the layers before it the "
                          "filters, units, strides and paddings that do";
  constexpr Conv two{.filters = 2, .kernel = 1}, three{.filters = 3, .kernel = 1}, half{.filters = 2, .kernel = 1, .stride = 2};
  CHECK(error(Sequential{Tanh{}, Add{two, three}}, in) == "layer 1: " + add);
  CHECK(error(Sequential{Tanh{}, Residual{Sequential{two}, three}}, in) == "layer 1: " + add);
  CHECK(error(Network{Tanh{}, Add{two, three}, Flatten{}}, in) == "layer 4: " + add);  // behind Conv, From, Conv
  CHECK(error(Sequential{Tanh{}, Concat{two, half}}, in) ==
        "layer 1: Concat: expects inputs that differ in the last axis alone, channels or features, but got (1, 6, 6, 2) and "
        "(1, 3, 3, 2); give the layers before it the strides and paddings that do");
  const std::string mul = "Mul: expects inputs of one shape, or images (N, H, W, C) and one number for each channel, (N, 1, 1, C) or "
                          "(N, C), but got (1, 6, 6, 2) and (1, 1, 1, 3); give the layers before it the filters or units that make as "
                          "many numbers as there are channels";
  CHECK(error(Sequential{Mul{two, Sequential{three, AvgPool{.window = 6}}}}, in) == "layer 0: " + mul);
  CHECK(error(Network{Mul{two, Sequential{three, AvgPool{.window = 6}}}, Flatten{}}, in) == "layer 4: " + mul);
  CHECK(error(Network{Concat{Flatten{}, Identity{}}, Flatten{}}, in).starts_with("layer 2: Concat: expects inputs that differ"));
  CHECK(error(Network{Tanh{}, detail::ListedConcat(std::vector<Index>{})}, Shape{1, 3}) ==
        "layer 1: Concat: expects to name at least one earlier layer in .back");
  CHECK(error(Network{Tanh{}, detail::From(2)}, Shape{1, 3}) ==
        "layer 1: From: expects .back from 0 to 1, the layers before it, but got 2");
  CHECK(refusal<ShapeError>([] { Model{Network{Tanh{}, detail::From(1), Dense{.units = 2}}, Shape{3}, Rng{1}}; }) ==
        "layer 0: Tanh: expects a layer that takes its output, but there is none; take it out, or merge its branch");
  CHECK(refusal<ShapeError>([] { Model{Sequential{Identity{}}, Shape{3}, Rng{1}}; }) ==
        "expects a network that computes something, but it has no layer that does");
}

TEST_CASE("branches are saved, rebuilt and summed up") {
  const auto names = saved_names(deep);
  CHECK(std::find(names.begin(), names.end(), "1.0.0.weight") != names.end());
  CHECK(std::find(names.begin(), names.end(), "1.1.weight") != names.end());

  std::ostringstream text;
  text << summary(Model{Sequential{Concat{Sequential{Tanh{}, Dense{.units = 3}}, Identity{}}}, Shape{4}, Rng{1}});
  CHECK(text.str() ==
        "layer          output shape  parameters  multiply-adds\n"
        "0.0.0  Tanh    (4)                    0              –\n"
        "0.0.1  Dense   (3)                   15             12\n"
        "0.1    From    (4)                    0              –\n"
        "0.2    Concat  (7)                    0              –\n"
        "15 parameters (60 bytes), 12 multiply-adds per sample\n");
}

TEST_CASE("a trace shows what every layer gives, in branches too") {
  const BasicModel<double> model{Sequential{Tanh{}, Concat{ReLU{}, Identity{}, Dense{.units = 2}}}, Shape{3}, Rng{1}};
  const auto x = drawn(Shape{2, 3}, Rng{2});
  std::vector<std::string> seen;
  model.program().trace(model.parameters().of_layers(), x, [&](std::size_t i, detail::TensorRef<double> y) {
    seen.push_back(str_cat(model.layers()[i].node->name(), " ", y.extents()[1], " ", y.data()[0] == std::tanh(x(0, 0))));
  });
  CHECK(seen == std::vector<std::string>{"Tanh 3 1", str_cat("ReLU 3 ", x(0, 0) > 0), "From 3 1", "From 3 1",
                                         str_cat("Dense 2 ", 0), str_cat("Concat 8 ", x(0, 0) > 0)});
}
