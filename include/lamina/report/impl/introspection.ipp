#pragma once

#include "../introspection.hpp"

#include <cmath>

#include "../../core/text.hpp"
#include "../../models/library_layer.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<Picture> filter_pictures(const std::vector<float>& weights, const Shape<3>& extents) {
  float reach = 1e-30F;
  for (const float weight : weights)
    if (std::isfinite(weight)) reach = (std::max)(reach, std::abs(weight));
  std::vector<Picture> all;
  const auto n = static_cast<std::size_t>(extents.size());
  for (std::size_t begin = 0; begin + n <= weights.size(); begin += n)
    all.push_back({.pixels = weights_picture(std::span(weights).subspan(begin, n), extents, reach)});
  return all;
}

LAMINA_FUNC std::vector<Picture> channel_pictures(const std::vector<float>& values, const Shape<3>& extents) {
  const Tones tones = Tones::of(values);
  std::vector<Picture> all;
  const auto n = static_cast<std::size_t>(extents.size());
  for (std::size_t begin = 0; begin + n <= values.size(); begin += n)
    all.push_back({.pixels = toned(std::span(values).subspan(begin, n), extents, tones)});
  return all;
}

LAMINA_FUNC std::string shown_of(std::string_view what, Index shown, Index all) {
  return shown == all ? str_cat(all, " ", what) : str_cat("the first ", shown, " of ", format_count(all), " ", what);
}

/// The extents (H, W, C) of weights (R, S, C, K), or of weights (U, F) for an image's pixels; and the number of filters.
struct FilterExtents {
  Shape<3> image{};
  Index count = 0;
};

template <typename T>
FilterExtents filter_extents(const Tensor<T, 4>& weight, const Shape<3>&) {
  const auto [R, S, C, K] = shape(weight);
  return {{R, S, C}, K};
}
template <typename T>
FilterExtents filter_extents(const Tensor<T, 2>& weight, const Shape<3>& sample) {
  return weight.dimension(1) == sample.size() ? FilterExtents{sample, weight.dimension(0)} : FilterExtents{};
}
template <typename T, int Rank>
FilterExtents filter_extents(const Tensor<T, Rank>&, const Shape<3>&) {
  return {};
}

/// Makes the step that runs one of the library's layers alone, even if the network fuses it with others.
template <typename T>
std::unique_ptr<const Step<T>> step_alone(const LayerNode<T>& node) {
  std::unique_ptr<const Step<T>> step;
  visit_library_layer(node, [&]<typename L>(const L& layer) {
    if constexpr (!is_merge<L>) {
      if constexpr (Takes<L, 2>)
        if (node.input_rank() == 2) step = make_step<L, Tensor<T, 2>>(layer);
      if constexpr (Takes<L, 4>)
        if (node.input_rank() == 4) step = make_step<L, Tensor<T, 4>>(layer);
    }
  });
  return step;
}

template <typename T>
[[gnu::cold]] void time_step(const Step<T>& step, std::span<const Index> sample, void* p, void* dp,
                             const TimeLayersOptions& options, LayerTime& time) {
  AnyTensorValue<T> x, y, dy, dx;
  T* const numbers = reshape_samples(x, options.batch_size, sample);
  Rng rng(1);
  for (Index i = 0; i < x.read().size(); ++i) numbers[i] = static_cast<T>(rng.normal());
  const auto memory = step.memory();
  const int in = static_cast<int>(sample.size()) + 1, out = step.output_rank();
  const auto forward = [&] { step.forward(p, x.read(), *memory, y.slot(out), {}); };
  const auto backward = [&] { step.backward(p, x.read(), y.read(), dy.read(), *memory, dx.slot(in), dp, {}); };
  forward();
  const TensorRef<T> made = y.read();
  std::copy_n(made.data(), made.size(), reshape_samples(dy, options.batch_size, made.extents().subspan(1)));
  backward();  // allocates its memory
  time.forward = shortest_time(options.rounds, forward);
  time.backward = shortest_time(options.rounds, backward);
}

template <typename T>
[[gnu::cold]] std::vector<PictureGroup> feature_maps_of(const BasicModel<T>& model, TensorRef<T> x, Index most) {
  model.check(x.extents());
  std::vector<PictureGroup> groups;
  model.program().trace(model.parameters().of_layers(), x, [&](std::size_t i, TensorRef<T> y) {
    if (y.rank() != 4) return;
    const auto [N, H, W, C] = shape(y.template as<4>());
    if (N < 1 || H * W < 2) return;
    const Index shown = (std::min)(C, most);
    std::vector<float> values;
    for (Index c = 0; c < shown; ++c)
      for (Index pixel = 0; pixel < H * W; ++pixel) values.push_back(static_cast<float>(y.data()[pixel * C + c]));
    const auto& layer = model.layers()[i];
    groups.push_back({.title = str_cat("layer ", layer.path.empty() ? "0" : layer.path, ", ", layer.node->name(), ": ",
                                       shown_of("channels", shown, C), ", ", H, " × ", W),
                      .pictures = channel_pictures(values, {H, W, 1})});
  });
  return groups;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

template <typename T>
[[gnu::cold]] std::vector<LayerTime> time_layers(const BasicModel<T>& model, const TimeLayersOptions& options) {
  if (options.batch_size < 1 || options.rounds < 1)
    throw OptionError(str_cat("time_layers: expects batch_size and rounds of at least 1 but got ", options.batch_size,
                              " and ", options.rounds));
  std::vector<LayerTime> times;
  const detail::ModelParameters<T>& p = model.parameters();
  const detail::ModelParameters<T> gradient = p.empty();
  for (const auto& entry : model.program().steps())
    for (std::size_t i = entry.first; i < entry.first + entry.count; ++i) {
      const auto& layer = model.layers()[i];
      LayerTime& time = times.emplace_back(
          LayerTime{.path = layer.path.empty() ? "0" : layer.path, .layer = std::string(layer.node->name())});
      const auto alone = entry.count > 1 ? detail::step_alone<T>(*layer.node) : nullptr;
      if (const detail::Step<T>* step = alone ? alone.get() : entry.step.get())
        detail::time_step(*step, std::span(layer.in).subspan(1), p.of_layers()[i], gradient.of_layers()[i], options, time);
    }
  return times;
}

template <typename T>
[[gnu::cold]] PictureGroup first_filters(const BasicModel<T>& model, Index most) {
  PictureGroup group;
  const auto sample = model.sample_extents();
  bool found = sample.size() != 3;
  for (std::size_t i = 0; i < model.layers().size() && !found; ++i) {
    model.parameters().each_tensor(i, [&](std::string_view name, detail::TensorPointer<T> pointer) {
      if (found || !name.ends_with("weight")) return;
      found = true;
      const auto [extents, count] = pointer.visit(
          [&](const auto& weight) { return detail::filter_extents(weight, Shape<3>{{sample[0], sample[1], sample[2]}}); });
      if (count == 0) return;
      const T* const weights = pointer.visit([](const auto& weight) { return weight.data(); });
      const Index shown = (std::min)(count, most), n = extents.size();
      const bool rows = pointer.rank() == 2;  // (U, F); otherwise (R, S, C, K)
      std::vector<float> values;
      for (Index k = 0; k < shown; ++k)
        for (Index pixel = 0; pixel < n; ++pixel)
          values.push_back(static_cast<float>(weights[rows ? k * n + pixel : pixel * count + k]));
      const auto& layer = model.layers()[i];
      group.title = str_cat("layer ", layer.path.empty() ? "0" : layer.path, ", ", layer.node->name(), ": ",
                            detail::shown_of("filters", shown, count), " of ", extents);
      group.pictures = detail::filter_pictures(values, extents);
    });
  }
  return group;
}

}  // namespace lamina
