// Layers of a program's own that are made of others, a Dropout among them, at any depth.
#include <lamina/layers/dense.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/testing/gradient_check.hpp>
#include <lamina/training/trainer.hpp>

#include "../catch.hpp"
#include "../parameters.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

/// y = dropout(dense(x)). Its members have names of their own.
struct Forgetful {
  Dense linear{.units = 6};
  Dropout some{.rate = 0.5};

  static constexpr std::string_view name = "Forgetful";
  template <typename T>
  using Parameters = DenseParameters<T>;
  template <AnyTensor X>
  struct Workspace {
    Dense::Workspace<X> a;
    Dropout::Workspace<X> b;
    X h, dh;
  };
  Shape<2> output_shape(const Shape<2>& in) const { return linear.output_shape(in); }
  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng rng) const {
    return linear.initialize<T>(in, rng);
  }
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y,
               const Context& context) const {
    linear.forward(p, x, ws.a, ws.h, context);
    some.forward(None{}, std::as_const(ws.h), ws.b, y, context.child(0));
  }
  template <typename T>
  void forward_inference(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y) const {
    linear.forward(p, x, ws.a, y);
  }
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>& y, const Tensor<T, 2>& dy,
                Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>* dx, Parameters<T>& dp) const {
    None none;
    some.backward(none, std::as_const(ws.h), y, dy, ws.b, &ws.dh, none);
    linear.backward(p, x, std::as_const(ws.h), std::as_const(ws.dh), ws.a, dx, dp);
  }
};

/// y = other(one(x)), of two layers that draw.
template <typename L>
struct Pair {
  L one{}, other{};

  static constexpr std::string_view name = "Pair";
  template <typename T>
  struct Parameters {
    typename L::template Parameters<T> first, second;
    template <typename Visitor, typename... Self>
    static void visit(Visitor&& visitor, Self&... self) {
      detail::visit_named_parameters([&](const auto& tensor, auto&... own) { visitor("one." + tensor, own...); }, self.first...);
      detail::visit_named_parameters([&](const auto& tensor, auto&... own) { visitor("other." + tensor, own...); }, self.second...);
    }
  };
  template <AnyTensor X>
  struct Workspace {
    typename L::template Workspace<X> mine, theirs;
    X between, slope;
  };
  Shape<2> output_shape(const Shape<2>& in) const { return other.output_shape(one.output_shape(in)); }
  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng rng) const {
    return {one.template initialize<T>(in, rng.split(0)), other.template initialize<T>(one.output_shape(in), rng.split(1))};
  }
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y,
               const Context& context) const {
    one.forward(p.first, x, ws.mine, ws.between, context.child(0));
    other.forward(p.second, std::as_const(ws.between), ws.theirs, y, context.child(1));
  }
  template <typename T>
  void forward_inference(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y) const {
    one.forward_inference(p.first, x, ws.mine, ws.between);
    other.forward_inference(p.second, std::as_const(ws.between), ws.theirs, y);
  }
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>& y, const Tensor<T, 2>& dy,
                Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>* dx, Parameters<T>& dp) const {
    other.backward(p.second, std::as_const(ws.between), y, dy, ws.theirs, &ws.slope, dp.second);
    one.backward(p.first, x, std::as_const(ws.between), std::as_const(ws.slope), ws.mine, dx, dp.first);
  }
};

using Rows = Tensor<float, 2>;

Dataset<1> rows(Index count) {
  return Dataset<1>(drawn<float>(Shape{count, 5}, Rng{1}), drawn<float>(Shape{count, 6}, Rng{2}));
}

/// Calls check(layer) with composites, a deep one and one inside a nested network among them.
template <typename Check>
void for_every_composite(const Check& check) {
  check(Forgetful{});
  check(Pair<Forgetful>{});
  check(Pair<Pair<Forgetful>>{});
  check(Sequential{Dense{.units = 4}, Sequential{Pair<Forgetful>{}, Forgetful{}}});
}

}  // namespace

TEST_CASE("composites of layers that draw have the right gradients") {
  for_every_composite([](const auto& layer) { CHECK(check_gradient(layer, Shape{3, 5}).passed()); });
}

TEST_CASE("what a layer inside a composite draws is another in every step, and the same for the same seed and step") {
  for_every_composite([](const auto& layer) {
    const Batch<Rows> batch{.x = drawn<float>(Shape{8, 5}, Rng{3}), .labels = {}, .targets = drawn<float>(Shape{8, 6}, Rng{4})};
    const auto losses = [&](std::uint64_t seed) {
      Model model{layer, Shape{5}, Rng{5}};
      Trainer trainer{MeanSquaredError{}, SGD{.learning_rate = 1e-30}};
      std::vector<double> all;
      for (int step = 0; step < 6; ++step) all.push_back(trainer.step(model, batch, {.seed = seed}).loss);
      return all;
    };
    auto first = losses(1);
    CHECK(first == losses(1));
    CHECK(first != losses(2));
    std::sort(first.begin(), first.end());
    CHECK(std::adjacent_find(first.begin(), first.end()) == first.end());
  });
}

TEST_CASE("the two parts of a composite forget different numbers") {
  const auto x = Rows(Rows(64, 6).setConstant(1));
  using Twice = Pair<Forgetful>;
  Twice::Workspace<Rows> ws;
  const auto p = Twice{}.initialize<float>(Shape{64, 6}, Rng{1});
  Rows y;
  Twice{}.forward(p, x, ws, y, Context{.draws = Rng{2}});
  CHECK(ws.mine.b.kept != ws.theirs.b.kept);
}

TEST_CASE("a network with composites that draw is trained to the same bits by 1 to 4 threads") {
  const auto data = rows(50);
  for_every_composite([&](const auto& layer) {
    std::vector<double> expected;
    for (const Index threads : {1, 2, 3, 4}) {
      Model model{layer, Shape{5}, Rng{7}};
      Trainer{MeanSquaredError{}, SGD{.learning_rate = 1e-3}}.fit(
          model, data, {.epochs = 2, .batch_size = 20, .threads = threads, .shards = 4});
      if (expected.empty()) expected = numbers(model);
      CHECK(numbers(model) == expected);
    }
  });
}

TEST_CASE("the parameters of a composite are named by its parts") {
  const Model model{Sequential{Pair<Forgetful>{}, Dense{.units = 2}}, Shape{5}, Rng{1}};
  const std::vector<std::string> names(model.parameters().names().begin(), model.parameters().names().end());
  CHECK(names == std::vector<std::string>{"0.one.weight", "0.one.bias", "0.other.weight", "0.other.bias", "1.weight",
                                          "1.bias"});
}
