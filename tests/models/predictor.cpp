#include <lamina/models/predictor.hpp>

#include <lamina/data/geometric_transforms.hpp>
#include <lamina/layers/activations.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/identity.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/models/add.hpp>
#include <lamina/models/concat.hpp>
#include <lamina/models/mul.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/training/evaluate.hpp>
#include <lamina/training/trainer.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <set>
#include <thread>

#include "../catch.hpp"
#include "../refusal.hpp"

#if !defined(_WIN32)
#include "../forked.hpp"
#endif
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr auto network = Sequential{
    Conv{.filters = 4, .kernel = 3, .padding = 1},
    ReLU{},
    MaxPool{},
    Flatten{},
    Dense{.units = 8},
    ReLU{},
    Dense{.units = 3},
};
constexpr Shape sample{8, 6, 2};

auto make() { return Model{network, sample, Rng{1}}; }

std::mutex guard;
std::set<std::thread::id> seen;

/// y = x, and notes on which threads.
struct Spy {
  static constexpr std::string_view name = "Spy";
  template <typename T>
  using Parameters = None;
  template <AnyTensor X>
  using Workspace = None;

  constexpr Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  None initialize(const Shape<2>&, const Rng&) const {
    return {};
  }
  template <typename T>
  void forward(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    y = x;
    const std::lock_guard lock(guard);
    seen.insert(std::this_thread::get_id());
  }
  template <typename T>
  void backward(const None&, const Tensor<T, 2>&, const Tensor<T, 2>&, const Tensor<T, 2>& dy, None&, Tensor<T, 2>* dx,
                None&) const {
    if (dx) *dx = dy;
  }
};

}  // namespace

TEST_CASE("a predictor gives what its model gives, whatever the batch and the threads") {
  const auto model = make();
  for (const Index threads : {1, 2, 3, 5}) {
    Predictor predict{model, {.threads = threads}};
    for (const Index N : {100, 1, 32, 33, 64, 65, 2, 0}) {
      CAPTURE(threads, N);
      const auto x = drawn<float>(Shape{N, 8, 6, 2}, Rng{static_cast<std::uint64_t>(N)});
      const auto expected = model(x);
      CHECK(shape(predict(x)) == shape(expected));
      CHECK(distance(predict(x), expected) < 1e-6);
      CHECK(predict.classes(x) == model.classes(x));
      CHECK(distance(predict.probabilities(x), model.probabilities(x)) < 1e-6);
    }
  }
}

TEST_CASE("several threads of a predictor give the same bits, however many they are") {
  const auto model = make();
  const auto x = drawn<float>(Shape{150, 8, 6, 2}, Rng{2});
  Predictor two{model, {.threads = 2}};
  for (const Index threads : {3, 4, 7}) {
    Predictor predict{model, {.threads = threads}};
    CHECK(same_bits(predict(x), two(x)));
  }
}

TEST_CASE("threads that share the large layers of a network for one image give the bits of one thread") {
  constexpr auto layers = Sequential{
      Conv{.filters = 64, .kernel = 3, .padding = 1},
      ReLU{},
      Conv{.filters = 96, .kernel = 3, .padding = 1},
      ReLU{},
      MaxPool{},
      Conv{.filters = 128, .kernel = 3, .padding = 1},
      Flatten{},
      Dense{.units = 9},
      ReLU{},
      Dense{.units = 3},
  };
  const Model model{layers, Shape{28, 26, 3}, Rng{1}};
  const Model listed{
      Network{Conv{.filters = 64, .kernel = 3, .padding = 1}, ReLU{}, Conv{.filters = 96, .kernel = 3, .padding = 1},
              ReLU{}, MaxPool{}, Flatten{}, Dense{.units = 60}},
      Shape{28, 26, 3}, Rng{1}};
  const auto agree = [](const auto& asked) {
    Predictor alone{asked};
    for (const Index threads : {2, 3, 5}) {
      Predictor together{asked, {.threads = threads}};
      for (const Index N : {1, 4, 40, 1}) {
        CAPTURE(threads, N);
        const auto x = drawn<float>(Shape{N, 28, 26, 3}, Rng{3});
        CHECK(distance(together(x), alone(x)) < 1e-5);
        if (N <= Predictor<float>::part) CHECK(same_bits(together(x), alone(x)));
      }
    }
  };
  agree(model);
  agree(listed);
}

TEST_CASE("threads share depthwise convolutions and small ones of one image, with the bits of one thread") {
  const auto depthwise = [](Size2D kernel, Size2D stride) {
    return Conv{.filters = 96, .kernel = kernel, .stride = stride, .padding = {kernel.height / 2, kernel.width / 2}, .groups = 96};
  };
  for (const Network& layers : {Network{Conv{.filters = 96, .kernel = 1}, ReLU6{}, depthwise(3, 1), ReLU6{}, Conv{.filters = 24, .kernel = 1}},
                                Network{Conv{.filters = 96, .kernel = 1, .stride = 2}, depthwise({5, 3}, {2, 1}), ReLU{}},
                                Network{Conv{.filters = 96, .kernel = 3, .padding = 1}, BatchNorm{}, depthwise(3, 2), BatchNorm{}, ReLU6{}}}) {
    Network whole = layers;
    whole.push_back(Flatten{});
    whole.push_back(Dense{.units = 7});
    const Model model{whole, Shape{57, 45, 8}, Rng{1}};
    Predictor alone{model};
    for (const Index threads : {2, 3, 7}) {
      Predictor together{model, {.threads = threads}};
      for (const Index N : {1, 3}) {
        CAPTURE(threads, N);
        const auto x = drawn<float>(Shape{N, 57, 45, 8}, Rng{3});
        CHECK(same_bits(together(x), alone(x)));
        CHECK(distance(together(x), model(x)) < 1e-5);
      }
    }
  }
}

TEST_CASE("outputs of a predictor that share memory are not overwritten while a branch needs them") {
  const auto block = [](auto& self, Rng& rng, int depth) -> Network {
    Network layers;
    for (Index i = 0; i < 1 + static_cast<Index>(rng.uniform() * 3); ++i) {
      const int kind = depth == 0 ? static_cast<int>(rng.uniform() * 3) : static_cast<int>(rng.uniform() * 8);
      const Network a = depth == 0 ? Network{Identity{}} : self(self, rng, depth - 1), b = depth == 0 ? a : self(self, rng, depth - 1);
      if (kind == 0) layers.push_back(Conv{.filters = 4, .kernel = 3, .padding = 1});
      if (kind == 1) layers.push_back(ReLU{});
      if (kind == 2) layers.push_back(BatchNorm{});
      if (kind == 3) layers.push_back(Residual{a});
      if (kind == 4) layers.push_back(Add{a, Identity{}, b});
      if (kind == 5) layers.push_back(Mul{a, b});
      if (kind == 6) layers.push_back(Concat{a, Identity{}, b});
      if (kind == 7) layers.push_back(Add{Identity{}, Identity{}});
      if (kind == 6) layers.push_back(Conv{.filters = 4, .kernel = 1});
    }
    return layers;
  };
  Rng rng(11);
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    Network whole = block(block, rng, 3);
    whole.push_back(Flatten{});
    whole.push_back(Concat{Dense{.units = 3}, Network{Dense{.units = 2}, Tanh{}}});
    const Model model{whole, Shape{5, 6, 4}, Rng{1}};
    Predictor predict{model, {.threads = 1 + round % 2}};
    for (const Index N : {3, 40, 1}) {
      const auto x = drawn<float>(Shape{N, 5, 6, 4}, Rng{2});
      const auto expected = model(x);
      double most = 0;
      for (Index i = 0; i < expected.size(); ++i) most = std::max(most, std::abs(double{expected.data()[i]}));
      REQUIRE(std::isfinite(most));
      CHECK(distance(predict(x), expected) <= 1e-5 * most);
    }
  }
}

TEST_CASE("one const model serves many predictors at once, each with the same bits") {
  const auto model = make();
  const auto x = drawn<float>(Shape{17, 8, 6, 2}, Rng{2});
  const auto expected = model(x);
  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      Predictor predict{model};
      for (int i = 0; i < 50; ++i)
        if (!same_bits(predict(x), expected)) ++different;
    });
  for (auto& thread : threads) thread.join();
  CHECK(different == 0);
}

TEST_CASE("a small batch stays on the caller's thread, a larger one is shared") {
  const Model model{Spy{}, Shape{3}, Rng{1}};
  Predictor predict{model, {.threads = 3}};
  for (const Index N : {1, 2, 32}) {
    seen.clear();
    predict(Tensor<float, 2>(N, 3).setZero());
    CHECK(seen == std::set{std::this_thread::get_id()});
  }
  seen.clear();
  predict(Tensor<float, 2>(96, 3).setZero());
  CHECK(seen.size() == 3);
}

TEST_CASE("a predictor below one thread, and a batch of other samples, are refused") {
  const auto model = make();
  CHECK_THROWS_AS((Predictor{model, {.threads = 0}}), OptionError);
  CHECK(refusal<OptionError>([&] { Predictor{model, {.threads = -1}}; }) ==
        "Predictor: expects threads of at least 1 but got -1");
  Predictor predict{model, {.threads = 2}};
  CHECK(refusal<ShapeError>([&] { predict(Tensor<float, 4>(100, 6, 8, 2)); }) ==
        "Model: expects a batch of (8, 6, 2) samples but got (100, 6, 8, 2); height and width are exchanged: an image is (height, width, "
        "channels) here");
}

TEST_CASE("a predictor notices that its model was changed, assigned or trained") {
  // Sixteen channels, 3 x 3: kernels that are transformed before they are used.
  const auto make_wide = [](std::uint64_t seed) {
    return Model{Sequential{Conv{.filters = 16, .kernel = 1}, Conv{.filters = 16, .kernel = 3}, ReLU{}, Flatten{},
                            Dense{.units = 3}},
                 Shape{8, 8, 1}, Rng{seed}};
  };
  auto model = make_wide(1);
  const auto x = drawn<float>(Shape{5, 8, 8, 1}, Rng{2});
  Predictor predict{model};
  const Tensor<float, 2> before = predict(x);
  CHECK(same_bits(before, model(x)));

  auto& kernel = model.parameters().tensor<4>("1.weight");
  kernel = kernel * 2.0F;
  CHECK_FALSE(same_bits(predict(x), before));
  CHECK(same_bits(predict(x), model(x)));

  model = make_wide(3);
  CHECK(same_bits(predict(x), model(x)));

  const Batch<Tensor<float, 4>> batch{.x = x, .labels = {0, 1, 2, 0, 1}, .targets = {}};
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  trainer.step(model, batch);
  CHECK(same_bits(predict(x), model(x)));
}

TEST_CASE("with views a predictor gives the mean of the probabilities, with the same bits for any number of threads") {
  const auto model = make();
  const auto x = drawn<float>(Shape{70, 8, 6, 2}, Rng{2});
  const std::vector<Augmentation> views{{}, HorizontalFlip{.probability = 1}, Translation{.x = {1, 1}, .y = {0, 0}}};
  Tensor<float, 2> mean(70, 3);
  mean.setZero();
  for (const auto& view : views) {
    Tensor<float, 4> shown = x;
    for (Index n = 0; n < 70; ++n) {
      Tensor<float, 3> image = x.chip(n, 0);
      augment(image, view, Rng{});
      shown.chip(n, 0) = image;
    }
    mean += model.probabilities(shown);
  }
  mean = mean / 3.0F;

  Predictor alone{model, {.views = views}}, shared{model, {.threads = 3, .views = views}};
  const Tensor<float, 2> p = alone.probabilities(x);
  for (Index i = 0; i < p.size(); ++i) CHECK(p.data()[i] == Approx(mean.data()[i]).margin(1e-6));
  CHECK(same_bits(shared.probabilities(x), p));
  CHECK(shared.classes(x) == argmax(p));
  CHECK_FALSE(same_bits(p, model.probabilities(x)));
  CHECK(same_bits(Predictor(model, {.views = {Augmentation{}}}).probabilities(x), model.probabilities(x)));
  Tensor<float, 4> one = x.slice(std::array<Index, 4>{3, 0, 0, 0}, std::array<Index, 4>{1, 8, 6, 2});
  const auto& alone_again = shared.probabilities(one);
  for (Index k = 0; k < 3; ++k) CHECK(alone_again(0, k) == Approx(mean(3, k)).margin(1e-6));
}

TEST_CASE("one output with views decides between two classes by its mean probability") {
  Model model{Sequential{Flatten{}, Dense{.units = 1}}, sample, Rng{5}};
  const auto x = drawn<float>(Shape{40, 8, 6, 2}, Rng{4});
  Batch<Tensor<float, 4>> batch{.x = x, .labels = std::vector<std::int32_t>(40), .targets = {}};
  for (std::size_t n = 0; n < 40; n += 2) batch.labels[n] = 1;
  Trainer{SigmoidCrossEntropy{}, SGD{.learning_rate = 1e-3}}.step(model, batch);
  Predictor predict{model, {.views = {Augmentation{}, HorizontalFlip{.probability = 1}}}};
  const Tensor<float, 2> p = predict.probabilities(x);
  const auto& classes = predict.classes(x);
  Index ones = 0;
  for (Index n = 0; n < 40; ++n) {
    CHECK(classes[static_cast<std::size_t>(n)] == (p(n, 0) > 0.5F));
    ones += classes[static_cast<std::size_t>(n)];
  }
  CHECK((ones > 0 && ones < 40));
}

TEST_CASE("views that are random draw as those of a data set do, anew for each view and sample") {
  const auto model = make();
  const auto x = drawn<float>(Shape{70, 8, 6, 2}, Rng{2});
  const Dataset<3> data(x, std::vector<std::int32_t>(70));
  const Augmentation random{Rotation{.degrees = 30}, Translation{.x = 2, .y = 2}};
  for (const std::vector<Augmentation>& views : {std::vector{random}, std::vector{random, random, random}}) {
    const auto expected = predict_probabilities(model, data, {.views = views});
    for (const Index threads : {1, 3}) {
      Predictor predict{model, {.threads = threads, .views = views}};
      const auto& p = predict.probabilities(x);
      for (Index i = 0; i < p.size(); ++i) CHECK(p.data()[i] == Approx(expected.data()[i]).margin(1e-6));
    }
  }
  Predictor one{model, {.views = {random}}}, three{model, {.views = {random, random, random}}};
  CHECK_FALSE(same_bits(one.probabilities(x), three.probabilities(x)));
}

TEST_CASE("an empty batch has no probabilities in any view") {
  const auto model = make();
  for (const Index threads : {1, 2}) {
    Predictor predict{model, {.threads = threads, .views = {Augmentation{}, HorizontalFlip{}}}};
    CHECK(shape(predict.probabilities(Tensor<float, 4>(0, 8, 6, 2))) == Shape{0, 3});
    CHECK(predict.classes(Tensor<float, 4>(0, 8, 6, 2)).empty());
  }
}

TEST_CASE("views of a predictor are refused where they have no meaning") {
  const auto model = make();
  Predictor predict{model, {.views = {HorizontalFlip{}}}};
  CHECK(refusal<OptionError>([&] { predict(Tensor<float, 4>(1, 8, 6, 2)); }) ==
        "Predictor: .views give the mean of the probabilities: call probabilities(x) or classes(x)");
  const Model rows{Dense{.units = 2}, Shape{3}, Rng{1}};
  CHECK(refusal<OptionError>([&] { Predictor(rows, {.views = {HorizontalFlip{}}}); }) ==
        "Predictor: .views are for images (H, W, C), but the model's samples are (3)");
  Model heights{Sequential{Flatten{}, Dense{.units = 1}}, sample, Rng{1}};
  heights.set_meaning(OutputMeaning::values);
  Predictor of_values{heights, {.views = {HorizontalFlip{}}}};
  CHECK_THROWS_AS(of_values.probabilities(Tensor<float, 4>(1, 8, 6, 2)), OptionError);
  Model assigned = make();
  Predictor of_assigned{assigned, {.views = {HorizontalFlip{}}}};
  assigned = rows;
  CHECK(refusal<OptionError>([&] { of_assigned.probabilities(Tensor<float, 2>(1, 3)); }) ==
        "Predictor: .views are for images (H, W, C), but the model's samples are (3)");
}

#if !defined(_WIN32)

TEST_CASE("a predictor that has threads is told in a forked process that they are not there") {
  const auto model = make();
  Predictor predict{model, {.threads = 3}};
  Tensor<float, 4> x(100, 8, 6, 2);
  x.setConstant(0.5F);
  predict(x);
  const std::string told = forked([&]() -> std::string { return refusal<OptionError>([&] { predict(x); }); });
  CHECK(told.starts_with("ThreadPool: its 2 threads are in process " + std::to_string(getpid())));
  CHECK(told.ends_with("; make the Trainer, Predictor or ThreadPool after the fork"));
  predict(x);
}

#endif

TEST_CASE("a predictor computes batch normalisation within the layer before it, and notices other parameters") {
  const auto measured = [](auto model) {
    Rng rng(9);
    const auto draw = [&](auto& tensor) {
      for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] += static_cast<float>(rng.uniform(0.1, 1));
    };
    visit_parameters(draw, model.parameters());
    detail::visit_buffers(draw, model.parameters());
    return model;
  };
  const Conv conv{.filters = 16, .kernel = 3, .padding = 1, .bias = false};
  const auto check = [](auto& model, bool folds) {
    const auto& extents = model.sample_extents();
    const auto x = drawn<float>(Shape{5, extents[0], extents[1], extents[2]}, Rng{3});
    for (const bool winograd : {false, true}) {
      Predictor predict{model, {.winograd = winograd}};
      for (int again = 0; again < 2; ++again) {
        const auto expected = model(x, {.winograd = winograd});
        const auto& y = predict(x);
        double largest = 0;
        for (Index i = 0; i < y.size(); ++i) largest = std::max(largest, std::abs(double(expected.data()[i])));
        CHECK(distance(y, expected) < 1e-5 * largest);
        CHECK(same_bits(y, expected) == !folds);
        visit_parameters([](auto& tensor) { tensor = tensor * 0.75F; }, model.parameters());
      }
    }
  };
  // Behind a convolution and dense layers, at the end, twice, without a scale of its own; within residual blocks.
  Model model = measured(Model{Sequential{conv, BatchNorm{}, ReLU{}, conv, BatchNorm{.epsilon = 0.1, .affine = false},
                                          BatchNorm{}, MaxPool{}, Flatten{}, Dense{.units = 7}, BatchNorm{}, ReLU{},
                                          Dense{.units = 3, .bias = false}, BatchNorm{}},
                               Shape{8, 6, 2}, Rng{1}});
  check(model, true);
  Model blocks = measured(Model{Sequential{conv, BatchNorm{}, ReLU{},
                                           Residual{Sequential{conv, BatchNorm{}, ReLU{}, conv, BatchNorm{}}}, ReLU{},
                                           Flatten{}, Dense{.units = 3}},
                                Shape{8, 6, 2}, Rng{1}});
  check(blocks, true);
  // Not where something else takes what the convolution gives, nor where nothing before could do the work.
  Model shared = measured(Model{Sequential{ReLU{}, BatchNorm{}, conv, Residual{Sequential{BatchNorm{}, ReLU{}}}, Flatten{},
                                           Dense{.units = 3}},
                                Shape{8, 6, 2}, Rng{1}});
  check(shared, false);
}

TEST_CASE("a predictor computes ReLU and ReLU6 within the convolution before them, to the bit") {
  const auto check = [](const auto& layers, Shape<3> in) {
    Model model{layers, in, Rng{1}};
    visit_parameters([](auto& tensor) { tensor = tensor * 4.0F; }, model.parameters());  // beyond 6
    auto x = drawn<float>(Shape{5, in[0], in[1], in[2]}, Rng{3});
    x.data()[1] = std::numeric_limits<float>::quiet_NaN();
    x.data()[2 * in.size()] = 1e38F;
    for (const bool winograd : {false, true}) {
      const auto expected = model(x, {.winograd = winograd});
      for (const Index threads : {1, 3}) {
        Predictor predict{model, {.winograd = winograd, .threads = threads}};
        CHECK(same_bits(predict(x), expected));
        CHECK(same_bits(predict(x), expected));
      }
    }
  };
  const Conv three{.filters = 16, .kernel = 3, .padding = 1}, one{.filters = 20, .kernel = 1}, strided{.filters = 8, .kernel = 3, .stride = 2};
  const Conv depthwise{.filters = 16, .kernel = 3, .padding = 1, .groups = 16}, apart{.filters = 16, .kernel = 3, .stride = 2, .groups = 16};
  const Conv dilated{.filters = 6, .kernel = 3, .dilation = 2}, doubled{.filters = 16, .kernel = 3, .padding = 1, .groups = 16};
  const Dense dense{.units = 4};
  check(Network{three, ReLU6{}, one, ReLU6{}, strided, ReLU6{}, Flatten{}, dense}, Shape{19, 15, 16});
  check(Network{one, ReLU{}, three, ReLU{}, Flatten{}, dense}, Shape{30, 29, 3});
  check(Network{one, ReLU6{}, Flatten{}, dense}, Shape{70, 11, 40});
  check(Network{depthwise, ReLU6{}, apart, ReLU6{}, Flatten{}, dense}, Shape{13, 12, 16});
  check(Network{depthwise, ReLU{}, apart, ReLU{}, Flatten{}, dense}, Shape{8, 9, 16});
  check(Network{dilated, ReLU6{}, Flatten{}, dense}, Shape{9, 9, 2});                       // no kernel for it
  check(Network{doubled, ReLU6{}, Flatten{}, dense}, Shape{9, 9, 32});                      // two channels for each filter
  check(Network{one, ReLU6{}, ReLU{}, Flatten{}, dense}, Shape{5, 6, 2});                   // the first ceiling holds
  check(Network{one, ReLU{}, ReLU6{}, Flatten{}, dense}, Shape{5, 6, 2});
  check(Network{three, Residual{Network{ReLU6{}}}, ReLU6{}, Flatten{}, dense}, Shape{8, 8, 1});  // another step needs what it is before
  check(Sequential{three, ReLU{}, MaxPool{}, strided, ReLU6{}, Flatten{}, dense}, Shape{12, 12, 1});
}

TEST_CASE("batch normalisation, then ReLU6, are computed within a convolution") {
  Network layers;
  for (const Conv& conv : {Conv{.filters = 16, .kernel = 1, .bias = false}, Conv{.filters = 16, .kernel = 3, .padding = 1, .groups = 16, .bias = false},
                           Conv{.filters = 16, .kernel = 3, .padding = 1}}) {
    layers.push_back(conv);
    layers.push_back(BatchNorm{});
    layers.push_back(ReLU6{});
  }
  layers.push_back(Flatten{});
  layers.push_back(Dense{.units = 3});
  Model model{layers, Shape{9, 10, 3}, Rng{1}};
  const auto x = drawn<float>(Shape{70, 9, 10, 3}, Rng{3});
  Predictor predict{model}, shared{model, {.threads = 3}};
  for (const std::uint64_t seed : {5U, 6U}) {  // the second time with other parameters
    Rng rng(seed);
    const auto draw = [&](auto& tensor) {
      for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<float>(rng.uniform(0.5, 2));
    };
    detail::visit_buffers(draw, model.parameters());
    visit_parameters(draw, model.parameters());
    const auto expected = model(x);
    const auto y = predict(x);
    for (Index i = 0; i < expected.size(); ++i) CHECK(y.data()[i] == Approx(expected.data()[i]).epsilon(2e-5));
    CHECK(same_bits(shared(x), y));
  }
}
