#pragma once

#include <tuple>
#include <utility>

#include "workload_modes.hpp"

namespace bench {

/// Times a network stage by stage, on one thread, over what a worker takes through it at a time.
template <typename... Ls>
class Stages {
 public:
  Stages(std::string workload, const Sequential<Ls...>& network, const Settings& settings, Report& report)
      : workload_(std::move(workload)), layers_(network.layers()), settings_(settings), report_(report) {}

  /// From the stage at layer I on. p are the network's parameters, x the stage's input.
  template <std::size_t I = 0, typename P, AnyTensor X>
  void measure(const P& p, const X& x) {
    if constexpr (I < sizeof...(Ls)) {
      using R = detail::RunAt<I, Ls...>;
      const auto stage = make<I, R>(std::make_index_sequence<R::count>{});
      const auto y = measure_stage<I == 0>(message(I, " ", name(stage)), stage, std::get<I + R::owner>(p), x,
                                           multiply_adds_of<I, R::count>(shape(x)));
      measure<I + R::count>(p, y);
    }
  }

 private:
  template <typename S>
  static std::string name(const S&) {
    return std::string(S::name);
  }

  template <std::size_t I, typename R, std::size_t... J>
  typename R::stage make(std::index_sequence<J...>) const {
    if constexpr (R::count == 1)
      return std::get<I>(layers_);
    else
      return {std::get<I + J>(layers_)...};
  }

  /// Of `count` layers from I on.
  template <std::size_t I, std::size_t count, int Rank>
  double multiply_adds_of(const Shape<Rank>& in) const {
    if constexpr (count == 0)
      return 0;
    else
      return static_cast<double>(multiply_adds(std::get<I>(layers_), in)) +
             multiply_adds_of<I + 1, count - 1>(std::get<I>(layers_).output_shape(in));
  }

  /// The first stage needs no gradient of its input.
  template <bool first, typename S, typename P, AnyTensor X>
  output_t<S, X> measure_stage(const std::string& name, const S& stage, const P& p, const X& x, double work) {
    workspace_t<S, X> ws;
    output_t<S, X> y, dy;
    X dx;
    P dp;
    const Index N = x.dimension(0);
    const double forward = time_of([&] { stage.forward(p, x, ws, y); }, settings_.seconds / 10);
    dy = y;
    const double backward =
        time_of([&] { stage.backward(p, x, y, dy, ws, first ? nullptr : &dx, dp); }, settings_.seconds / 10);
    report_.add({workload_, name + " >", N, 1, forward, work});
    report_.add({workload_, name + " <", N, 1, backward, (first ? 1 : 2) * work});
    return y;
  }

  std::string workload_;
  std::tuple<Ls...> layers_;
  const Settings& settings_;
  Report& report_;
};

/// Forward (>) and backward (<) of every stage.
template <typename M, int Rank>
void measure_stages(const std::string& name, const M& model, const Dataset<Rank>& data, workloads::Cut cut,
                    const Settings& settings, Report& report) {
  const Index shard = std::min(Index{32}, cut.batch_size / cut.shards.value_or(default_shards(cut.batch_size)));
  Stages{name, model.layer(), settings, report}.measure(model.parameters(),
                                                        first_images(data, settings.batch_size.value_or(shard)));
}

/// Convolutions by their definition, on one thread: 3 × 3 kernels over maps of as many pixels as networks have at so many
/// channels.
inline void measure_convolutions(const Settings& settings, Report& report) {
  for (const Index channels : {16, 32, 64, 128, 256}) {
    const Index side = channels >= 256 ? 8 : channels >= 128 ? 16 : 32;
    const Conv conv{.filters = channels, .kernel = 3, .padding = 1};
    const auto in = Shape{settings.batch_size.value_or(8), side, side, channels};
    const auto p = conv.initialize<float>(in, Rng{1});
    Tensor<float, 4> x(in[0], side, side, channels), y, dx;
    for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i % 17) * 0.1F;
    Conv::Workspace<Tensor<float, 4>> ws;
    ws.winograd = false;
    Conv::Parameters<float> dp;
    const double work = static_cast<double>(conv.multiply_adds(in));
    const std::string name = message("conv ", channels);
    report.add({name, "direct >", in[0], 1, time_of([&] { conv.forward(p, x, ws, y); }, settings.seconds / 10), work});
    Tensor<float, 4>* const unwanted = nullptr;
    report.add({name, "direct < weights", in[0], 1,
                time_of([&] { conv.backward(p, x, y, y, ws, unwanted, dp); }, settings.seconds / 10), work});
    report.add({name, "direct < both", in[0], 1,
                time_of([&] { conv.backward(p, x, y, y, ws, &dx, dp); }, settings.seconds / 10), 2 * work});
  }
}

}  // namespace bench
