#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "workload_modes.hpp"

namespace bench {

/// Times a network step by step, forward (>) and backward (<), on one thread, over what a worker takes through it at a time.
/// The first step needs no gradient of its input.
template <int Rank>
void measure_stages(const std::string& name, const Model& model, const Dataset<Rank>& data, workloads::Cut cut,
                    const Settings& settings, Report& report) {
  const Index shard = std::min(Index{32}, cut.batch_size / cut.shards.value_or(detail::default_shards(cut.batch_size)));
  const auto images = first_images(data, settings.batch_size.value_or(shard));
  const auto& program = model.program();
  const auto gradient = model.parameters().empty();
  std::vector<detail::AnyTensorValue<float>> values(program.steps().size());
  detail::TensorRef<float> x = images;
  for (std::size_t s = 0; s < program.steps().size(); ++s) {
    const auto& entry = program.steps()[s];
    const auto& step = entry.step;
    if (!step) throw OptionError("the stages of a network with sums are not measured");
    std::string title = std::to_string(entry.first);
    double work = 0;
    for (std::size_t i = entry.first; i < entry.first + entry.count; ++i) {
      const auto& layer = program.layers()[i];
      title.append(i == entry.first ? " " : "+").append(layer.node->name());
      work += static_cast<double>(x.extents()[0] * layer.node->multiply_adds(layer.in).value_or(0));
    }
    void* const p = model.parameters().of_layers()[entry.layer];
    void* const dp = gradient.of_layers()[entry.layer];
    const auto memory = step->memory();
    detail::AnyTensorValue<float> dx, dy;
    const double forward = time_of([&] { step->forward(p, x, *memory, values[s].slot(step->output_rank()), {}); },
                                   settings.seconds / 10);
    const auto y = values[s].read();
    std::copy_n(y.data(), y.size(), detail::reshape_samples(dy, y.extents()[0], y.extents().subspan(1)));
    const auto slot = s == 0 ? detail::TensorSlot<float>() : dx.slot(x.rank());
    const double backward =
        time_of([&] { step->backward(p, x, y, dy.read(), *memory, slot, dp, {}); }, settings.seconds / 10);
    report.add({name, title + " >", y.extents()[0], 1, forward, work});
    report.add({name, title + " <", y.extents()[0], 1, backward, (s == 0 ? 1 : 2) * work});
    x = y;
  }
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
    const Context direct{.winograd = false};
    Conv::Parameters<float> dp;
    const double work = static_cast<double>(conv.multiply_adds(in));
    const std::string name = str_cat("conv ", channels);
    report.add({name, "direct >", in[0], 1, time_of([&] { conv.forward(p, x, ws, y, direct); }, settings.seconds / 10), work});
    Tensor<float, 4>* const unwanted = nullptr;
    report.add({name, "direct < weights", in[0], 1,
                time_of([&] { conv.backward(p, x, y, y, ws, unwanted, dp, direct); }, settings.seconds / 10), work});
    report.add({name, "direct < both", in[0], 1,
                time_of([&] { conv.backward(p, x, y, y, ws, &dx, dp, direct); }, settings.seconds / 10), 2 * work});
  }
}

}  // namespace bench
