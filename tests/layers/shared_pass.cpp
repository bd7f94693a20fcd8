#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/conv_relu.hpp>
#include <lamina/layers/conv_relu_max_pool.hpp>
#include <lamina/layers/flatten_dense.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>

#include "../catch.hpp"
#include "../parameters.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

/// What a layer computes in a step of training.
template <typename L, typename X>
struct Pass {
  output_t<L, X> y;
  X dx;
  std::vector<double> dp;
};

template <typename L, typename T, int Rank>
Pass<L, Tensor<T, Rank>> run(const L& layer, const Tensor<T, Rank>& x, bool needs_dx, ThreadPool* thread_pool) {
  using X = Tensor<T, Rank>;
  const Context context{.thread_pool = thread_pool};
  const parameters_t<L, X> p = layer.template initialize<T>(shape(x), Rng{1});
  parameters_t<L, X> dp;
  workspace_t<L, X> ws;
  if constexpr (requires(RoundRobin turns) { layer.pack_weights(p, ws, turns, context); }) {
    RoundRobin all{.worker = 0, .workers = 1};
    layer.pack_weights(p, ws, all, context);
    layer.share_packed(ws, ws);
  }
  Pass<L, X> pass;
  detail::forward(layer, p, x, ws, pass.y, context);
  const auto dy = drawn<T>(shape(pass.y), Rng{3});
  detail::backward(layer, p, x, pass.y, dy, ws, needs_dx ? &pass.dx : nullptr, dp, context);
  pass.dp = numbers(dp);
  return pass;
}

/// Checks that the threads of a pool share a layer's work to the same bits.
template <typename T, typename L, int Rank>
void check(const L& layer, const Shape<Rank>& in) {
  const auto x = drawn<T>(in, Rng{2});
  for (const bool needs_dx : {true, false}) {
    const auto alone = run(layer, x, needs_dx, nullptr);
    for (const Index threads : {2, 3, 7}) {
      INFO(L::name << " on " << in << ", " << threads << " threads" << (needs_dx ? "" : ", without dx"));
      ThreadPool thread_pool{threads};
      const auto shared = run(layer, x, needs_dx, &thread_pool);
      CHECK(same_bits(shared.y, alone.y));
      CHECK((!needs_dx || same_bits(shared.dx, alone.dx)));
      CHECK(shared.dp == alone.dp);
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("threads share a convolution's step of training to the same bits", "", float, double) {
  using T = TestType;
  check<T>(Conv{.filters = 48, .kernel = 3, .padding = 1}, Shape{9, 17, 15, 32});  // by Winograd's algorithm
  check<T>(Conv{.filters = 64, .kernel = 3, .padding = 1}, Shape{1, 40, 40, 64});
  check<T>(Conv{.filters = 20, .kernel = 5, .stride = 2, .padding = 2}, Shape{9, 23, 21, 13});
  check<T>(Conv{.filters = 130, .kernel = 1}, Shape{6, 20, 20, 70});
  check<T>(Conv{.filters = 70, .kernel = 3, .padding = 1, .groups = 70}, Shape{6, 40, 31, 70});  // depthwise
  check<T>(Conv{.filters = 70, .kernel = 5, .stride = 2, .padding = 2, .groups = 70}, Shape{6, 40, 31, 70});
  check<T>(Conv{.filters = 32, .kernel = 3, .groups = 4}, Shape{8, 20, 20, 32});
  check<T>(Conv{.filters = 32, .kernel = 3, .dilation = 2}, Shape{8, 20, 20, 32});
  check<T>(detail::ConvReLU<Conv>{Conv{.filters = 32, .kernel = 3}, {}}, Shape{9, 18, 19, 48});
  check<T>(detail::ConvReLU<Conv>{Conv{.filters = 40, .kernel = 3, .stride = 2}, {}}, Shape{9, 38, 39, 16});
  const auto pooled = [](const Conv& conv) { return detail::ConvReLUMaxPool<Conv>{conv, {}, MaxPool{}}; };
  check<T>(pooled({.filters = 40, .kernel = 3}), Shape{17, 29, 28, 1});  // first layers
  check<T>(pooled({.filters = 33, .kernel = 5}), Shape{17, 32, 31, 3});
  check<T>(pooled({.filters = 32, .kernel = 3}), Shape{13, 22, 23, 32});
  check<T>(pooled({.filters = 24, .kernel = 5}), Shape{13, 22, 23, 12});
}

TEMPLATE_TEST_CASE("threads share other layers' steps of training to the same bits", "", float, double) {
  using T = TestType;
  check<T>(Dense{.units = 333}, Shape{70, 401});
  check<T>(Dense{.units = 1000}, Shape{1, 4001});
  check<T>(detail::FlattenDense<Dense>{{}, {.units = 120}}, Shape{65, 11, 11, 9});
  check<T>(BatchNorm{}, Shape{33, 21, 20, 19});
  check<T>(BatchNorm{}, Shape{3001, 67});
  check<T>(ReLU{}, Shape{21, 41, 43, 3});
  check<T>(Sigmoid{}, Shape{1001, 203});
  check<T>(MaxPool{.window = 3, .stride = 2, .padding = 1}, Shape{21, 41, 43, 7});
  check<T>(AvgPool{.window = 2}, Shape{21, 41, 43, 7});
}
