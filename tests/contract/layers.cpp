// Every layer keeps the contract of layers/layer.hpp, over many settings. What a layer computes is tests/layers' subject.

#include <lamina/layers/activations.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/conv_relu.hpp>
#include <lamina/layers/conv_relu_max_pool.hpp>
#include <lamina/layers/conv_transpose.hpp>
#include <lamina/layers/channel_shuffle.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/layers/global_pool.hpp>
#include <lamina/layers/group_norm.hpp>
#include <lamina/layers/layer_norm.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/narrow.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/prelu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/subsample.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/layers/upsample.hpp>
#include <lamina/models/add.hpp>
#include <lamina/models/concat.hpp>
#include <lamina/models/mlp.hpp>
#include <lamina/models/mul.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/testing/gradient_check.hpp>

#include <map>
#include <sstream>
#include <string>

#include "../catch.hpp"
#include "../lenet.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

// ---- the settings ---------------------------------------------------------------------------------------------------

/// Whether a layer takes this input; if not, another test says with which error.
template <typename L>
bool fits(const L& layer, const Shape<4>& in) {
  try {
    layer.output_shape(in);
    return true;
  } catch (const ShapeError&) {
    return false;
  }
}

/// visit(label, layer, input shape)
template <typename Visitor>
void for_every_conv(Visitor&& visit) {
  const Shape<4> inputs[] = {{{2, 7, 10, 3}}, {{1, 5, 4, 1}}, {{3, 1, 6, 2}}, {{2, 6, 3, 17}}};
  const Size2D kernels[] = {1, 2, {3, 2}, {1, 4}, 5};
  const Size2D strides[] = {1, {2, 1}, {3, 4}};
  const Size2D paddings[] = {0, 1, {2, 0}, {1, 5}};
  Index filters = 0;
  for (const auto& in : inputs)
    for (const Size2D kernel : kernels)
      for (const Size2D stride : strides)
        for (const Size2D padding : paddings) {
          filters = filters % 5 + 1;
          const Conv conv{.filters = filters, .kernel = kernel, .stride = stride, .padding = padding};
          if (fits(conv, in)) visit("Conv", conv, in);
        }
  visit("Conv", Conv{.filters = 35, .kernel = 3, .padding = 1}, Shape{2, 5, 4, 3});
  visit("Conv", Conv{.filters = 19, .kernel = 3, .stride = 2, .padding = 1, .bias = false}, Shape{2, 5, 4, 3});
  visit("Conv", Conv{.filters = 6, .stride = 2, .padding = {0, 2, 1, 0}, .groups = 3}, Shape{2, 5, 4, 3});
  visit("Conv", Conv{.filters = 19, .padding = Same{}, .groups = 19}, Shape{3, 5, 4, 19});
  visit("Conv", Conv{.filters = 4, .stride = 2, .padding = 2, .dilation = {1, 2}, .groups = 2}, Shape{3, 5, 6, 4});
  visit("Conv", Conv{.filters = 16, .padding = Same{}, .dilation = 2}, Shape{3, 11, 13, 16});
  visit("Conv", BasicConv<GlorotUniform>{.filters = 3, .kernel = {2, 3}}, Shape{2, 5, 4, 3});
  visit("Conv", BasicConv<StandardNormal, GlorotUniform>{.filters = 3, .kernel = {2, 3}}, Shape{2, 5, 4, 3});
  visit("Conv", BasicConv<Zeros, StandardNormal>{.filters = 3, .kernel = {2, 3}}, Shape{2, 5, 4, 3});
  visit("Conv", BasicConv<HeNormal, HeNormal>{.filters = 3, .kernel = {2, 3}}, Shape{2, 5, 4, 3});
  visit("ConvTranspose", ConvTranspose{.filters = 5, .stride = 2, .padding = 1, .output_padding = 1}, Shape{2, 5, 4, 3});
  visit("ConvTranspose", ConvTranspose{.filters = 19, .kernel = {2, 5}, .stride = {3, 1}, .padding = {0, 1, 1, 0}, .bias = false}, Shape{3, 1, 6, 2});
  visit("ConvTranspose", ConvTranspose{.filters = 32, .padding = Same{}}, Shape{3, 9, 10, 16});
  visit("ConvTranspose", ConvTranspose{.filters = 4, .stride = {1, 2}, .dilation = {2, 1}, .groups = 2}, Shape{2, 3, 4, 6});
  visit("ConvTranspose", ConvTranspose{.filters = 19, .stride = 2, .padding = 1, .groups = 19}, Shape{3, 4, 5, 19});
  visit("ConvTranspose", BasicConvTranspose<GlorotUniform, HeNormal>{.filters = 3, .kernel = {2, 3}}, Shape{2, 5, 4, 3});
}

template <typename P, typename Visitor>
void for_every_pool(const char* label, Visitor&& visit) {
  const Shape<4> inputs[] = {{{2, 7, 10, 3}}, {{1, 5, 4, 1}}, {{3, 2, 9, 2}}, {{2, 6, 3, 17}}};
  const Size2D windows[] = {1, 2, {3, 2}, {2, 5}};
  const detail::PoolStride strides[] = {std::nullopt, 1, {2, 1}, {3, 4}};
  const Size2D paddings[] = {0, {1, 0}, {0, 1}, 1, {1, 2}};
  for (const auto& in : inputs)
    for (const Size2D window : windows)
      for (const detail::PoolStride& stride : strides)
        for (const Size2D padding : paddings)
          if (const P pool{.window = window, .stride = stride, .padding = padding}; fits(pool, in))
            visit(label, pool, in);
}

template <typename Visitor>
void for_every_activation(Visitor&& visit) {
  const auto on_rows_and_images = [&](const char* label, const auto& activation) {
    visit(label, activation, Shape{3, 37});
    visit(label, activation, Shape{1, 1});
    visit(label, activation, Shape{2, 3, 5, 3});
  };
  on_rows_and_images("ReLU", ReLU{});
  on_rows_and_images("LeakyReLU", LeakyReLU{});
  on_rows_and_images("LeakyReLU", LeakyReLU{.slope = 0.3});
  on_rows_and_images("Sigmoid", Sigmoid{});
  on_rows_and_images("Tanh", Tanh{});
  on_rows_and_images("ReLU6", ReLU6{});
  on_rows_and_images("HardSigmoid", HardSigmoid{});
  on_rows_and_images("HardSwish", HardSwish{});
  on_rows_and_images("SiLU", SiLU{});
  on_rows_and_images("GELU", GELU{});
  on_rows_and_images("GELU", GELU{.approximate = true});
  on_rows_and_images("ELU", ELU{.alpha = 0.7});
  on_rows_and_images("Softplus", Softplus{.beta = 1.5});
  on_rows_and_images("PReLU", PReLU{});
  visit("PReLU", PReLU{.num_parameters = 37}, Shape{3, 37});
  visit("PReLU", PReLU{.num_parameters = 3}, Shape{2, 3, 5, 3});
  visit("LayerNorm", LayerNorm{}, Shape{3, 37});
  visit("LayerNorm", LayerNorm{.epsilon = 0.1, .affine = false}, Shape{2, 3, 5, 4});
  visit("LayerNorm", LayerNorm{.initial_scale = 0.5}, Shape{3, 37});
  visit("GroupNorm", GroupNorm{.groups = 1}, Shape{2, 3, 5, 3});
  visit("GroupNorm", GroupNorm{.groups = 3, .epsilon = 0.1}, Shape{3, 3, 4, 18});
  visit("GroupNorm", GroupNorm{.groups = 19, .affine = false}, Shape{2, 4, 3, 19});
  visit("GroupNorm", GroupNorm{.groups = 3, .initial_scale = 0.5}, Shape{2, 4, 3, 6});
  for (const auto& in : {Shape{3, 10}, Shape{1, 2}, Shape{2, 33}}) visit("Softmax", Softmax{}, in);
}

template <typename Visitor>
void for_every_dense(Visitor&& visit) {
  for (const Index N : {1, 2, 3, 20})
    for (const Index F : {1, 7, 40})
      for (const Index U : {1, 5, 33}) visit("Dense", Dense{.units = U}, Shape{N, F});
  visit("Dense", Dense{.units = 6, .bias = false}, Shape{3, 4});
  visit("Dense", BasicDense<GlorotUniform>{.units = 3}, Shape{3, 4});
  visit("Dense", BasicDense<StandardNormal, StandardNormal>{.units = 3}, Shape{3, 4});
  visit("Dense", BasicDense<Zeros, GlorotUniform>{.units = 3}, Shape{3, 4});
  visit("Dense", BasicDense<HeNormal, HeNormal>{.units = 3}, Shape{3, 4});
  for (const double rate : {0.0, 0.2, 0.5, 0.9}) {
    visit("Dropout", Dropout{.rate = rate}, Shape{3, 37});
    visit("Dropout", Dropout{.rate = rate}, Shape{1, 19});
    visit("Dropout", Dropout{.rate = rate}, Shape{2, 3, 5, 3});
  }
  visit("BatchNorm", BatchNorm{}, Shape{3, 37});
  visit("BatchNorm", BatchNorm{.epsilon = 0.1}, Shape{6, 5});
  visit("BatchNorm", BatchNorm{.affine = false}, Shape{6, 5});
  visit("BatchNorm", BatchNorm{.initial_scale = 0.5}, Shape{6, 5});
  visit("BatchNorm", BatchNorm{}, Shape{2, 3, 5, 19});
  visit("Flatten", Flatten{}, Shape{3, 2, 5, 3});
  visit("Flatten", Flatten{}, Shape{2, 6});
  visit("Flatten+Dense", detail::FlattenDense<Dense>{{}, {.units = 6, .bias = false}}, Shape{3, 2, 5, 3});
  visit("Flatten+Dense", detail::FlattenDense<Dense>{{}, {.units = 6}}, Shape{3, 2, 5, 3});
  visit("Flatten+Dense", detail::FlattenDense<BasicDense<GlorotUniform, StandardNormal>>{{}, {.units = 17}}, Shape{1, 3, 3, 2});
}

template <typename Visitor>
void for_every_conv_stage(Visitor&& visit) {
  using Fused = detail::ConvReLUMaxPool<Conv>;
  const Shape<4> inputs[] = {{{2, 7, 10, 3}}, {{1, 9, 6, 1}}, {{3, 8, 11, 16}}};
  const Conv convs[] = {{.filters = 5, .kernel = {3, 2}, .stride = {1, 2}, .padding = 1},
                        {.filters = 19},
                        {.filters = 16, .kernel = 3, .padding = 1},
                        {.filters = 6, .kernel = 5, .padding = 2},
                        {.filters = 3, .kernel = 1},
                        {.filters = 48, .padding = 1, .dilation = 2}};
  const MaxPool pools[] = {{}, {.window = 2, .stride = 1}, {.window = 3, .stride = 2, .padding = 1}};
  for (const auto& in : inputs)
    for (const Conv& conv : convs) {
      visit("Conv+ReLU", detail::ConvReLU<Conv>{conv, {}}, in);
      for (const MaxPool& pool : pools) visit("Conv+ReLU+MaxPool", Fused{conv, {}, pool}, in);
    }
  visit("Conv+ReLU+MaxPool", detail::ConvReLUMaxPool<BasicConv<GlorotUniform, StandardNormal>>{{.filters = 8}, {}, {}},
        Shape{2, 12, 9, 1});
}

template <typename Visitor>
void for_every_network(Visitor&& visit) {
  constexpr Sequential block{Conv{.filters = 4, .kernel = {3, 2}, .padding = 1}, LeakyReLU{},
                             AvgPool{.window = 2, .stride = 1}};
  constexpr Sequential head{Flatten{}, Dense{.units = 7}, Tanh{}, Dense{.units = 4}, Softmax{}};
  visit("Sequential", Sequential{Dense{.units = 5}}, Shape{3, 4});
  visit("Sequential", Sequential{Sequential{Dense{.units = 5}, Sigmoid{}}}, Shape{3, 4});
  visit(
      "Sequential",
      Sequential{block, Sequential{Sequential{Conv{.filters = 3, .kernel = 2, .stride = 2}, ReLU{}}, MaxPool{}}, head},
      Shape{2, 9, 12, 3});
  visit("lenet", lenet, Shape{2, 28, 28, 1});
  visit("Network",
        Network{Conv{.filters = 4, .kernel = {3, 2}, .padding = 1}, LeakyReLU{}, AvgPool{.window = 2, .stride = 1},
                Conv{.filters = 3, .kernel = 2, .stride = 2}, ReLU{}, MaxPool{}, Flatten{}, Dense{.units = 7}, Tanh{},
                Dense{.units = 4}, Softmax{}},
        Shape{2, 9, 12, 3});
  visit("Network", Network{Conv{.filters = 3}, ReLU{}, Sigmoid{}, Flatten{}, Tanh{}}, Shape{3, 6, 5, 2});
  visit("Network", mlp({4, 6, 5}), Shape{3, 4});
  visit("Dropout inside",
        Sequential{Dropout{.rate = 0.3}, Sequential{block, Dropout{.rate = 0.1}}, Flatten{}, Dropout{},
                   Dense{.units = 4}},
        Shape{2, 9, 12, 3});
  visit("Dropout inside",
        Network{Dropout{.rate = 0.3}, Conv{.filters = 3}, ReLU{}, Flatten{}, Dropout{}, Dense{.units = 4}},
        Shape{2, 9, 12, 3});
}

template <typename Visitor>
void for_every_choice_of_pixels(Visitor&& visit) {
  for (const auto& in : {Shape{2, 7, 10, 6}, Shape{1, 1, 1, 2}, Shape{3, 4, 3, 18}}) {
    visit("GlobalMaxPool", GlobalMaxPool{}, in);
    visit("GlobalAveragePool", GlobalAveragePool{}, in);
    visit("Subsample", Subsample{}, in);
    visit("Subsample", Subsample{.stride = {3, 1}, .channels = 20}, in);
    visit("Upsample", Upsample{}, in);
    visit("Upsample", Upsample{.scale_factor = {1, 3}, .bilinear = true}, in);
    visit("ChannelShuffle", ChannelShuffle{}, in);
    visit("Narrow", Narrow{.start = 1, .length = 1}, in);
  }
  visit("ChannelShuffle", ChannelShuffle{.groups = 9}, Shape{3, 4, 3, 18});
  visit("Narrow", Narrow{.start = 2, .length = 17}, Shape{3, 20});
}

template <typename Visitor>
void for_every_branch(Visitor&& visit) {
  constexpr Conv same{.filters = 3, .kernel = 3, .padding = 1}, wider{.filters = 5, .kernel = 1};
  constexpr Sequential gate{GlobalAveragePool{}, Conv{.filters = 3, .kernel = 1}, Sigmoid{}};
  visit("Residual", Residual{Sequential{same}}, Shape{2, 5, 4, 3});
  visit("Residual", Residual{Sequential{same, ReLU{}, same}, Sequential{same}}, Shape{2, 5, 4, 3});
  visit("Residual", Residual{Sequential{Dense{.units = 4}}}, Shape{3, 4});
  visit("Concat", Concat{Sequential{same}, Sequential{wider}, Sequential{same, Tanh{}}}, Shape{2, 5, 4, 3});
  visit("Add", Add{Sequential{same}, Sequential{same, ReLU{}}}, Shape{2, 5, 4, 3});
  visit("Mul", Mul{Sequential{same}, Sequential{same}}, Shape{2, 5, 4, 3});
  visit("Mul", Mul{Sequential{same, ReLU{}}, gate}, Shape{3, 5, 4, 3});
  visit("branches", Residual{Sequential{Concat{Sequential{same}, Sequential{Residual{Sequential{Mul{Sequential{same}, gate}}}}}, Conv{.filters = 3, .kernel = 1}}}, Shape{2, 4, 5, 3});
  visit("branches",
        Network{same, Residual{Network{Concat{Network{same}, Network{Conv{.filters = 2, .kernel = 1}, ReLU{}}}, Conv{.filters = 3, .kernel = 1}}},
                Flatten{}, Dense{.units = 2}},
        Shape{2, 4, 5, 3});
}

template <typename Visitor>
void for_every_layer(Visitor&& visit) {
  for_every_conv(visit);
  for_every_pool<MaxPool>("MaxPool", visit);
  for_every_pool<AvgPool>("AvgPool", visit);
  visit("MaxPool", MaxPool{.window = 3, .stride = 2, .padding = {0, 1, 1, 0}, .ceil_mode = true}, Shape{2, 6, 5, 3});
  visit("AvgPool", AvgPool{.window = 3, .stride = 2, .padding = Same{}, .ceil_mode = true, .count_include_pad = true}, Shape{2, 6, 5, 3});
  for_every_activation(visit);
  for_every_dense(visit);
  for_every_conv_stage(visit);
  for_every_network(visit);
  for_every_choice_of_pixels(visit);
  for_every_branch(visit);
}

// ---- the contract ---------------------------------------------------------------------------------------------------

/// What one forward and one backward pass write.
template <typename L, AnyTensor X>
struct Pass {
  workspace_t<L, X> ws;
  output_t<L, X> y;
  X dx;
  parameters_t<L, X> dp;
  // A layer that measures keeps samples apart as it is at inference, and frozen.
  Context context{.training = !std::is_same_v<L, BatchNorm>, .draws = Rng{5}};

  /// `first`: the place in the batch of x's first sample.
  void run(const L& layer, const parameters_t<L, X>& p, const X& x, const output_t<L, X>& dy, Index first = 0) {
    context.first = first;
    detail::forward(layer, p, x, ws, y, context);
    detail::backward(layer, p, x, y, dy, ws, &dx, dp, context);
  }
  void poison() {
    constexpr auto nan = std::numeric_limits<scalar_t<X>>::quiet_NaN();
    y.setConstant(nan);
    dx.setConstant(nan);
    visit_parameters([&](auto& tensor) { tensor.setConstant(nan); }, dp);
  }
};

template <typename P>
bool same_parameters(const P& a, const P& b) {
  bool same = true;
  visit_parameters([&](const auto& left, const auto& right) { same = same && same_bits(left, right); }, a, b);
  return same;
}

template <typename L, AnyTensor X>
bool same_results(const Pass<L, X>& a, const Pass<L, X>& b) {
  return same_bits(a.y, b.y) && same_bits(a.dx, b.dx) && same_parameters(a.dp, b.dp);
}

/// Whether a and b, of whatever scalars, differ by no more than this share of the largest number.
template <typename A, typename B>
bool near(const A& a, const B& b, double share) {
  return distance(a, b) <= share * std::max(largest(b), 1e-30);
}

/// to = from, in the other's scalars.
template <typename To, typename From>
void cast(To& to, const From& from) {
  visit_parameters(
      [](auto& out, const auto& in) {
        for (Index i = 0; i < in.size(); ++i)
          out.data()[i] = static_cast<std::remove_reference_t<decltype(*out.data())>>(in.data()[i]);
      },
      to, from);
}

template <typename T, typename U, int Rank>
Tensor<T, Rank> as(const Tensor<U, Rank>& x) {
  return x.template cast<T>();
}

/// Samples first … first + N − 1.
template <int Rank>
Tensor<double, Rank> part(const Tensor<double, Rank>& x, Index first, Index N) {
  auto extents = shape(x);
  extents[0] = N;
  Tensor<double, Rank> some;
  reshape(some, extents);
  std::copy_n(x.data() + first * sample_shape(extents).size(), extents.size(), some.data());
  return some;
}

/// One layer at one setting.
template <typename L, int Rank>
struct Subject {
  using X = Tensor<double, Rank>;
  using XFloat = Tensor<float, Rank>;

  const L& layer;
  Shape<Rank> in;
  X x;
  output_t<L, X> dy;
  parameters_t<L, X> p;            // numbers that float holds exactly
  parameters_t<L, XFloat> p_float;
  Pass<L, X> fresh;                // into memory that held nothing before

  Subject(const L& l, const Shape<Rank>& shape)
      : layer(l), in(shape), x(drawn(in, Rng{1})), dy(drawn(layer.output_shape(in), Rng{2})) {
    p = layer.template initialize<double>(in, Rng{3});
    p_float = layer.template initialize<float>(in, Rng{3});
    cast(p, p_float);
    fresh.run(layer, p, x, dy);
  }

  Shape<Rank> batch_of(Index N) const { return detail::batch_shape(N, sample_shape(in)); }

  bool promised_shapes() const {
    bool right = shape(fresh.y) == layer.output_shape(in) && shape(fresh.dx) == in;
    visit_parameters([&](const auto& v, const auto& dv) { right = right && shape(v) == shape(dv); }, p, fresh.dp);
    return right;
  }

  bool overwrites() const {
    Pass<L, X> used;
    bool same = true;
    for (const Index N : {in[0] + 2, Index{1}, Index{7}}) {  // leave NaN in everything, at a larger and a smaller size
      X poison(batch_of(N).extents);
      poison.setConstant(std::numeric_limits<double>::quiet_NaN());
      used.run(layer, p, poison, drawn(layer.output_shape(batch_of(N)), Rng{4}));
      used.poison();
      used.run(layer, p, x, dy);
      same = same && same_results(used, fresh);
      used.poison();
      used.run(layer, p, x, dy);
      same = same && same_results(used, fresh);
    }
    return same && distance(fresh.y, fresh.y) == 0 && distance(fresh.dx, fresh.dx) == 0;
  }

  bool batch_equals_its_samples() const {
    auto sum = detail::zeros_like(p);
    Pass<L, X> one;
    bool same = true;
    for (Index n = 0; n < in[0]; ++n) {
      one.run(layer, p, part(x, n, 1), part(dy, n, 1), n);
      same = same && same_bits(one.y, part(fresh.y, n, 1)) && same_bits(one.dx, part(fresh.dx, n, 1));
      visit_parameters([](auto& total, const auto& dv) { total += dv; }, sum, one.dp);
    }
    visit_parameters([&](const auto& total, const auto& dv) { same = same && near(total, dv, 1e-12); }, sum, fresh.dp);
    return same;
  }

  bool repeatable() const {
    Pass<L, X> first, second;
    first.run(layer, p, x, dy);
    second.run(layer, p, x, dy);
    detail::forward(layer, p, x, second.ws, second.y, second.context);  // twice forward, twice backward
    detail::backward(layer, p, x, second.y, dy, second.ws, &second.dx, second.dp, second.context);
    detail::backward(layer, p, x, second.y, dy, second.ws, &second.dx, second.dp, second.context);
    return same_results(first, fresh) && same_results(second, fresh);
  }

  bool infers_what_it_forwards() const {
    workspace_t<L, X> ws;
    output_t<L, X> y;
    forward_inference(layer, p, x, ws, y);
    return same_bits(y, fresh.y);
  }

  bool dx_is_optional() const {
    Pass<L, X> other;
    other.dx = x;
    detail::forward(layer, p, x, other.ws, other.y, other.context);
    X* const unwanted = nullptr;
    detail::backward(layer, p, x, other.y, dy, other.ws, unwanted, other.dp, other.context);
    return same_parameters(other.dp, fresh.dp) && same_bits(other.y, fresh.y);
  }

  bool float_agrees(bool winograd, double tolerance) const {
    Pass<L, XFloat> rounded;
    rounded.context.winograd = winograd;
    rounded.run(layer, p_float, as<float>(x), as<float>(dy));
    bool close = near(rounded.y, fresh.y, tolerance) && near(rounded.dx, fresh.dx, 1e-5);
    visit_parameters([&](const auto& dv, const auto& exact) { close = close && near(dv, exact, 1e-5); }, rounded.dp,
                     fresh.dp);
    return close;
  }

  /// Winograd's algorithm has a larger constant.
  bool float_agrees() const {
    return float_agrees(false, 2e-6) && float_agrees(true, 1e-5);
  }

  bool float_starts_where_double_does() const {
    const auto exact = layer.template initialize<double>(in, Rng{3});
    auto rounded = p_float;
    cast(rounded, exact);
    return same_parameters(rounded, p_float);
  }

  bool empty_batch_is_served() const {
    Pass<L, X> none;
    none.run(layer, p, x, dy);
    none.poison();
    none.run(layer, p, part(x, 0, 0), part(dy, 0, 0));
    bool zero = none.y.size() == 0 && none.dx.size() == 0;
    visit_parameters([&](const auto& dv) { zero = zero && distance(dv, dv) == 0 && largest(dv) == 0; }, none.dp);
    return zero;
  }
};

/// What was found: property → the settings that break it.
using Findings = std::map<std::string, std::string>;

/// Runs one layer through the whole contract.
template <typename L, int Rank>
void examine(const char* label, const L& layer, const Shape<Rank>& in, Findings& found) {
  const Subject<L, Rank> subject(layer, in);
  const auto note = [&](const char* property, bool kept) {
    std::string& broken = found[property];
    if (!kept) broken += str_cat(label, " on ", in, "; ");
  };
  note("shapes", subject.promised_shapes());
  note("overwrites", subject.overwrites());
  note("one by one", subject.batch_equals_its_samples());
  note("repeatable", subject.repeatable());
  if (!std::string_view(label).starts_with("Dropout")) note("infer", subject.infers_what_it_forwards());
  note("dx optional", subject.dx_is_optional());
  note("float", subject.float_agrees());
  note("float starts", subject.float_starts_where_double_does());
  note("empty", subject.empty_batch_is_served());
}

/// Which settings break a property; all layers are run once, for all properties.
std::string broken(const std::string& property) {
  static const Findings found = [] {
    Findings all;
    for_every_layer([&](const char* label, const auto& layer, const auto& in) { examine(label, layer, in, all); });
    return all;
  }();
  return found.at(property);
}

const std::string by_none;

}  // namespace

TEST_CASE("every layer gives outputs and gradients of the shapes it promises") { CHECK(broken("shapes") == by_none); }

TEST_CASE("every layer overwrites all of what it writes, whatever was there and whatever batch came before") {
  CHECK(broken("overwrites") == by_none);
}

TEST_CASE("every layer gives each sample of a batch the bits it gives the sample alone, and sums their gradients") {
  CHECK(broken("one by one") == by_none);
}

TEST_CASE("every layer gives the same bits when it is called again") { CHECK(broken("repeatable") == by_none); }

TEST_CASE("every layer infers what it forwards") { CHECK(broken("infer") == by_none); }

TEST_CASE("no layer's parameter gradient depends on whether the input's is wanted") {
  CHECK(broken("dx optional") == by_none);
}

TEST_CASE("every layer computes the same in float and in double, up to rounding") { CHECK(broken("float") == by_none); }

TEST_CASE("every layer starts in float from what it starts from in double") {
  CHECK(broken("float starts") == by_none);
}

TEST_CASE("every layer takes a batch without samples, whose parameter gradient is zero") {
  CHECK(broken("empty") == by_none);
}

TEST_CASE("every layer's backward pass is the derivative of its forward pass to 1e-7", "[gradients]") {
  std::map<std::string, std::pair<GradientReport, int>> worst;
  std::string failed;
  for_every_layer([&](const char* label, const auto& layer, const auto& in) {
    const bool large = in.size() > 1000;
    const auto report = check_gradient(layer, in, {.probes = large ? 12 : 40});
    if (!report.passed()) failed += str_cat(label, " on ", in, ": ", report, "\n");
    auto& [most, settings] = worst[label];
    if (++settings == 1 || report.worst > most.worst) most = report;
  });
  CHECK(failed == by_none);
  std::ostringstream table;
  for (const auto& [label, entry] : worst)
    table << label << ": worst error " << entry.first.worst << " at " << entry.first.where << ", " << entry.second
          << " settings\n";
  SUCCEED(table.str());
}

TEST_CASE("a fused layer is its layers one after another") {
  const auto compare = [](const auto& fused_layer, const auto& first, const auto& second, const auto& in) {
    using Fused = std::remove_cvref_t<decltype(fused_layer)>;
    using First = std::remove_cvref_t<decltype(first)>;
    using Second = std::remove_cvref_t<decltype(second)>;
    using X = Tensor<double, std::remove_cvref_t<decltype(in)>::rank>;
    using Middle = output_t<First, X>;
    Subject subject(fused_layer, in);
    const auto& fused = subject.fresh;
    Pass<First, X> one;
    Pass<Second, Middle> two;
    const None none;
    first.forward(none, subject.x, one.ws, one.y);
    two.run(second, subject.p, one.y, subject.dy);
    first.backward(none, subject.x, one.y, two.dx, one.ws, &one.dx, one.dp);
    static_assert(std::is_same_v<parameters_t<Fused, X>, parameters_t<Second, Middle>>);
    CHECK(fused_layer.output_shape(in) == second.output_shape(first.output_shape(in)));
    CHECK(same_bits(fused.y, two.y));
    CHECK(same_bits(fused.dx, one.dx));
    CHECK(same_parameters(fused.dp, two.dp));
  };
  for (const Index N : {1, 2, 9})
    for (const Index units : {1, 10, 33}) {
      const Dense dense{.units = units};
      compare(detail::FlattenDense<Dense>{{}, dense}, Flatten{}, dense, Shape{N, 3, 2, 5});
      compare(detail::FlattenDense<Dense>{{}, dense}, Flatten{}, dense, Shape{N, 13});
    }
}

namespace {

/// The layers of a fused fused layer, one after another.
template <typename C>
auto unfused(const detail::ConvReLU<C>& fused_layer) {
  return std::tuple{fused_layer.conv, fused_layer.relu};
}
template <typename C>
auto unfused(const detail::ConvReLUMaxPool<C>& fused_layer) {
  return std::tuple{fused_layer.conv, fused_layer.relu, fused_layer.pool};
}

/// What the I-th layer and those after it make of x, and of dy.
template <std::size_t I, typename Layers, typename P>
void pass_from(const Layers& layers, const P& p, const Tensor<double, 4>& x, const Tensor<double, 4>& dy,
               Tensor<double, 4>& y, Tensor<double, 4>& dx, P& dp) {
  using X = Tensor<double, 4>;
  if constexpr (I == std::tuple_size_v<Layers>) {
    y = x;
    dx = dy;
  } else {
    const auto& layer = std::get<I>(layers);
    Pass<std::remove_cvref_t<decltype(layer)>, X> pass;
    parameters_t<std::remove_cvref_t<decltype(layer)>, X> own;
    if constexpr (I == 0) own = p;
    layer.forward(own, x, pass.ws, pass.y);
    X down;
    pass_from<I + 1>(layers, p, pass.y, dy, y, down, dp);
    layer.backward(own, x, std::as_const(pass.y), std::as_const(down), pass.ws, &dx, pass.dp);
    if constexpr (I == 0) dp = pass.dp;
  }
}

}  // namespace

TEST_CASE("a fused layer that fuses is its layers one after another, up to rounding") {
  std::string different;
  for_every_conv_stage([&](const char* label, const auto& fused_layer, const Shape<4>& in) {
    const Subject subject(fused_layer, in);
    auto alone = subject.fresh;
    pass_from<0>(unfused(fused_layer), subject.p, subject.x, subject.dy, alone.y, alone.dx, alone.dp);
    bool same = near(subject.fresh.y, alone.y, 1e-12) && near(subject.fresh.dx, alone.dx, 1e-12);
    visit_parameters([&](const auto& a, const auto& b) { same = same && near(a, b, 1e-12); }, subject.fresh.dp,
                     alone.dp);
    if (!same) different += str_cat(label, " on ", in, "; ");
  });
  CHECK(different == by_none);
}

// ---- the tests can fail ---------------------------------------------------------------------------------------------

namespace {

enum class Fault {
  none,
  adds,
  leaves_out,
  looks_at_neighbours,
  remembers,
  infers_otherwise,
  needs_dx,
  ignores_empty,
  draws_by_place
};

/// y = w·x with one weight per feature, and one fault.
struct Faulty {
  Fault fault = Fault::none;

  static constexpr std::string_view name = "Faulty";
  template <typename T>
  struct Parameters {
    Tensor<T, 1> weight;
    template <typename Visitor, typename... Self>
    static void visit(Visitor&& visitor, Self&... self) {
      visitor("weight", self.weight...);
    }
  };
  template <AnyTensor X>
  struct Workspace {
    int calls = 0;
  };
  Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng rng) const {
    return {drawn<T>(Shape{in[1]}, rng)};
  }
  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y,
               const Context& context) const {
    reshape(y, shape(x));
    const T more = fault == Fault::remembers && ws.calls++ > 0 ? T(1) : T(0);
    const T others = fault == Fault::looks_at_neighbours ? static_cast<T>(x.dimension(0)) : T(0);
    const auto drawn_for = [&](Index n) {  // a factor of its own for each sample
      return fault == Fault::draws_by_place ? static_cast<T>(context.draws.split(static_cast<std::uint64_t>(n)).uniform())
                                            : T(1);
    };
    for (Index i = fault == Fault::leaves_out ? 1 : 0; i < x.size(); ++i)
      y.data()[i] = x.data()[i] * p.weight.data()[i % x.dimension(1)] * drawn_for(i / x.dimension(1)) + more + others;
  }
  template <typename T>
  void forward_inference(const Parameters<T>& p, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>& ws, Tensor<T, 2>& y,
             const Context& context = {}) const {
    forward(p, x, ws, y, context);
    if (fault == Fault::infers_otherwise) y += y.constant(T(1e-3));
  }
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 2>& x, const Tensor<T, 2>&, const Tensor<T, 2>& dy,
                Workspace<Tensor<T, 2>>&, Tensor<T, 2>* dx, Parameters<T>& dp) const {
    const Index F = x.dimension(1);
    reshape(dx, shape(x));
    reshape(dp.weight, shape(p.weight));
    if (fault == Fault::ignores_empty && x.size() == 0) return;
    if (fault != Fault::adds) dp.weight.setZero();
    for (Index i = 0; i < x.size(); ++i) {
      if (dx) dx->data()[i] = dy.data()[i] * p.weight.data()[i % F];
      if (dx || fault != Fault::needs_dx) dp.weight.data()[i % F] += dy.data()[i] * x.data()[i];
    }
  }
};

/// The properties that a layer with this fault breaks.
std::string breaks(Fault fault) {
  Findings found;
  examine("Faulty", Faulty{fault}, Shape{3, 4}, found);
  std::string properties;
  for (const auto& [property, settings] : found)
    if (!settings.empty()) properties += property + "; ";
  return properties;
}

}  // namespace

TEST_CASE("the contract test notices a layer that breaks the contract, and only then") {
  CHECK(breaks(Fault::none) == "");
  CHECK(breaks(Fault::adds).find("overwrites") != std::string::npos);
  CHECK(breaks(Fault::leaves_out).find("overwrites") != std::string::npos);
  CHECK(breaks(Fault::looks_at_neighbours) == "one by one; ");
  CHECK(breaks(Fault::remembers).find("repeatable") != std::string::npos);
  CHECK(breaks(Fault::infers_otherwise) == "infer; ");
  CHECK(breaks(Fault::needs_dx) == "dx optional; ");
  CHECK(breaks(Fault::draws_by_place).find("one by one") != std::string::npos);
  CHECK(breaks(Fault::ignores_empty).find("empty") != std::string::npos);
}
