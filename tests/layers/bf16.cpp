#include <lamina/bf16.hpp>
#include <lamina/layers/conv_relu.hpp>
#include <lamina/layers/conv_relu_max_pool.hpp>
#include <lamina/layers/flatten_dense.hpp>

#include <bit>
#include <cstdint>

#include "../catch.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

const kernels::Bf16Products& emulated = *kernels::bf16_products("emulated");

/// The largest difference, as a share of the largest number.
template <typename X>
double difference(const X& a, const X& b) {
  return distance(a, b) / largest(b);
}

/// The same numbers with the first 16 of their bits.
template <typename X>
X as_bf16(X x) {
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x.data()[i]) & 0xFFFF0000U);
  return x;
}

/// What a pass through a layer gives.
template <typename L, typename X>
struct Passed {
  output_t<L, X> y, shown;
  X dx;
  parameters_t<L, X> dp;
};

/// Runs a layer forward, backward and in inference.
template <typename L, typename X>
Passed<L, X> pass(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& dy, const Context& context, bool packs) {
  workspace_t<L, X> ws, other;
  Passed<L, X> passed{{}, {}, {}, p};
  if (packs) {
    RoundRobin all{.worker = 0, .workers = 1}, again{.worker = 0, .workers = 1};
    layer.pack_weights(p, ws, all, context);
    layer.share_packed(ws, ws);
    layer.pack_weights(p, other, again, context.for_inference());
    layer.share_packed(other, other);
  }
  detail::forward(layer, p, x, ws, passed.y, context);
  detail::backward(layer, p, x, passed.y, dy, ws, &passed.dx, passed.dp, context);
  forward_inference(layer, p, x, other, passed.shown, context.for_inference());
  return passed;
}

template <typename L, int Rank>
void check(const L& layer, const Shape<Rank>& in) {
  using X = Tensor<float, Rank>;
  const X x = as_bf16(drawn<float>(in, Rng{1}));
  auto p = layer.template initialize<float>(in, Rng{2});
  p.weight = as_bf16(p.weight);
  const auto dy = as_bf16(drawn<float>(layer.output_shape(in), Rng{3}));
  const auto exact = pass<L, X>(layer, p, x, dy, {}, true);
  const auto rounded = pass<L, X>(layer, p, x, dy, {.bf16 = &emulated}, false);
  INFO(L::name << " " << in);
  // Products of bfloat16 numbers are exact in float: what is left are the sums' own rounding errors, and Winograd's.
  CHECK(difference(rounded.y, exact.y) < 2e-5);
  CHECK(difference(rounded.shown, exact.shown) < 2e-5);
  CHECK(difference(rounded.dx, exact.dx) < 2e-5);
  CHECK(difference(rounded.dp.weight, exact.dp.weight) < 2e-5);
  CHECK(difference(rounded.dp.bias, exact.dp.bias) < 2e-5);
  auto finer = p;  // rounded on the way, unlike in float
  for (Index i = 0; i < finer.weight.size(); ++i) finer.weight.data()[i] *= 1 + 1e-4F;
  CHECK(same_bits(pass<L, X>(layer, finer, x, dy, {.bf16 = &emulated}, false).y, rounded.y));
  CHECK_FALSE(same_bits(pass<L, X>(layer, finer, x, dy, {}, false).y, exact.y));
  CHECK(same_bits(rounded.y, rounded.shown));
  for (const Index threads : {1, 2, 3})
    for (const bool packs : {false, true}) {
      ThreadPool pool(threads);
      const auto again = pass<L, X>(layer, p, x, dy, {.bf16 = &emulated, .thread_pool = &pool}, packs);
      CHECK((same_bits(again.y, rounded.y) && same_bits(again.shown, rounded.shown) && same_bits(again.dx, rounded.dx)));
      CHECK((same_bits(again.dp.weight, rounded.dp.weight) && same_bits(again.dp.bias, rounded.dp.bias)));
    }
}

}  // namespace

TEST_CASE("layers multiply bfloat16 numbers where the context says so, to the same bits on any threads and with weights packed or not") {
  const Conv conv{.filters = 48, .kernel = 3, .padding = 1};
  check(conv, Shape<4>{8, 16, 16, 48});
  check(Conv{.filters = 64, .kernel = {3, 2}, .stride = 2, .padding = Same{}}, Shape<4>{4, 17, 20, 96});
  check(detail::ConvReLU<Conv>{conv, ReLU{}}, Shape<4>{8, 16, 16, 48});
  check(detail::ConvReLUMaxPool<Conv>{conv, ReLU{}, MaxPool{.window = 2}}, Shape<4>{8, 16, 16, 48});
  check(Dense{.units = 300}, Shape<2>{70, 900});
  check(Dense{.units = 300, .bias = false}, Shape<2>{1, 900});
  check(detail::FlattenDense<Dense>{Flatten{}, Dense{.units = 200}}, Shape<4>{64, 5, 5, 64});
}

TEST_CASE("a frozen layer has a backward pass of bfloat16 numbers, too") {
  const Conv conv{.filters = 32, .kernel = 3, .padding = 1};
  const Shape<4> in{2, 6, 6, 32};
  const auto x = drawn<float>(in, Rng{1}), dy = drawn<float>(conv.output_shape(in), Rng{3});
  const auto p = conv.initialize<float>(in, Rng{2});
  const Context learning{.bf16 = &emulated}, frozen = learning.for_inference();
  Conv::Workspace<Tensor<float, 4>> ws, own;
  Tensor<float, 4> y, dx, again;
  auto dp = p;
  conv.forward(p, x, ws, y, learning);
  conv.backward(p, x, y, dy, ws, &dx, dp, learning);
  conv.forward(p, x, own, y, frozen);
  conv.backward(p, x, y, dy, own, &again, dp, frozen);
  CHECK(same_bits(dx, again));
}

TEST_CASE("few channels, groups, dilation and double are computed as without bfloat16") {
  const auto same = []<typename T>(const Conv& layer, const Shape<4>& in, T) {
    const auto x = drawn<T>(in, Rng{1});
    const auto p = layer.template initialize<T>(in, Rng{2});
    Conv::Workspace<Tensor<T, 4>> ws, other;
    Tensor<T, 4> y, plain;
    layer.forward(p, x, ws, y, {.bf16 = &emulated});
    layer.forward(p, x, other, plain, {});
    return same_bits(y, plain);
  };
  CHECK(same(Conv{.filters = 32, .kernel = 3}, Shape<4>{2, 8, 8, 3}, 1.0F));
  CHECK(same(Conv{.filters = 8, .kernel = 3}, Shape<4>{2, 8, 8, 32}, 1.0F));
  CHECK(same(Conv{.filters = 32, .kernel = 3, .groups = 2}, Shape<4>{2, 8, 8, 32}, 1.0F));
  CHECK(same(Conv{.filters = 32, .kernel = 3, .dilation = 2}, Shape<4>{2, 8, 8, 32}, 1.0F));
  CHECK(same(Conv{.filters = 32, .kernel = 3}, Shape<4>{2, 8, 8, 32}, 1.0));
  CHECK_FALSE(same(Conv{.filters = 32, .kernel = 3}, Shape<4>{2, 8, 8, 32}, 1.0F));
}
