#pragma once

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../models/model.hpp"
#include "../models/trace.hpp"
#include "../models/walk.hpp"
#include "pictures.hpp"

// What a person may see inside a network: how long each layer takes, its first filters, what its layers make of a
// sample.
namespace LAMINA_NAMESPACE {

/// How long one layer takes for a batch, alone, on one thread: the best of some rounds, in seconds.
struct LayerTime {
  std::string path;   ///< "3", nested "1.0"
  std::string layer;  ///< "Conv"
  double forward = 0, backward = 0;
};

struct TimeLayersOptions {
  Index batch_size = 32;  ///< at least 1
  Index rounds = 5;       ///< at least 1; fewer for a layer that takes long
};

/// Pictures that belong together: the filters of a layer, the channels of its output.
struct PictureGroup {
  std::string title;
  std::vector<Picture> pictures{};
};

namespace detail {

/// The shortest that something takes, in seconds, of some rounds or as many as begin within 0.2 s.
template <typename Action>
double shortest_time(Index rounds, Action&& action) {
  using Clock = std::chrono::steady_clock;
  double best = std::numeric_limits<double>::infinity(), all = 0;
  for (Index round = 0; round < rounds && all < 0.2; ++round) {
    const auto begin = Clock::now();
    action();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = std::min(best, seconds);
    all += seconds;
  }
  return best;
}

template <typename T, typename L, int Rank, typename P>
LayerTime time_layer(const std::string& path, const L& layer, Shape<Rank> in, const P& p,
                     const TimeLayersOptions& options) {
  using X = Tensor<T, Rank>;
  in[0] = options.batch_size;
  X x, dx;
  reshape(x, in);
  Rng rng(1);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>(rng.normal());
  workspace_t<L, X> ws;
  output_t<L, X> y, dy;
  P dp = p;
  layer.forward(p, x, ws, y);
  dy = y;
  layer.backward(p, x, y, dy, ws, &dx, dp);  // claims its memory
  return {.path = path.empty() ? "0" : path,
          .layer = std::string(layer.name),
          .forward = shortest_time(options.rounds, [&] { layer.forward(p, x, ws, y); }),
          .backward = shortest_time(options.rounds, [&] { layer.backward(p, x, y, dy, ws, &dx, dp); })};
}

/// The extents (H, W, C) of weights (R, S, C, K), or of weights (U, F) of an image's pixels; and how many there are.
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

/// Filters one after another (K, H, W, C) as pictures, the largest weight of all in full colour.
std::vector<Picture> filter_pictures(const std::vector<float>& weights, const Shape<3>& extents);

/// Channels (C, H, W) one after another as pictures, from the least to the greatest number of all.
std::vector<Picture> channel_pictures(const std::vector<float>& values, const Shape<3>& extents);

std::string shown_of(std::string_view what, Index shown, Index all);

}  // namespace detail

/// How long each layer takes forward and backward, one by one, as written: a network fuses some, which is faster.
/// Throws OptionError for no sample or no round.
template <typename L, AnyTensor X>
std::vector<LayerTime> time_layers(const Model<L, X>& model, const TimeLayersOptions& options = {}) {
  if (options.batch_size < 1 || options.rounds < 1)
    throw OptionError(message("time_layers: expects batch_size and rounds of at least 1 but got ", options.batch_size,
                              " and ", options.rounds));
  std::vector<LayerTime> times;
  walk(model.layer(), model.input_shape(1), model.parameters(),
       [&](const std::string& path, const auto& layer, const auto& in, const auto& p) {
         times.push_back(detail::time_layer<scalar_t<X>>(path, layer, in, p, options));
       });
  return times;
}

/// The weights of the first layer that learns, one picture for each filter or unit, at most `most`: of three channels
/// in colour around grey, else orange above 0 and blue below. No picture where the weights are none of an image's
/// pixels.
template <typename L, AnyTensor X>
PictureGroup first_filters(const Model<L, X>& model, Index most = 64) {
  PictureGroup group;
  bool found = rank_v<X> != 4;
  walk(model.layer(), model.input_shape(1), model.parameters(),
       [&](const std::string& path, const auto& layer, const auto&, const auto& p) {
         visit_named_parameters(
             [&](const std::string& name, const auto& weight) {
               if (found || !name.ends_with("weight")) return;
               found = true;
               Shape<3> sample{};
               if constexpr (rank_v<X> == 4) sample = model.sample_shape();
               const auto [extents, count] = detail::filter_extents(weight, sample);
               if (count == 0) return;
               const Index shown = std::min(count, most), n = extents.size();
               constexpr bool rows = rank_v<std::remove_cvref_t<decltype(weight)>> == 2;  // (U, F); else (R, S, C, K)
               std::vector<float> values;
               for (Index k = 0; k < shown; ++k)
                 for (Index i = 0; i < n; ++i)
                   values.push_back(static_cast<float>(weight.data()[rows ? k * n + i : i * count + k]));
               group.title = message("layer ", path.empty() ? "0" : path, ", ", std::string_view(layer.name), ": ",
                                     detail::shown_of("filters", shown, count), " of ", extents);
               group.pictures = detail::filter_pictures(values, extents);
             },
             p);
       });
  return group;
}

/// What the layers of a network make of one sample (1, …): the channels of every output that is an image, at most
/// `most` of each.
template <typename L, AnyTensor X>
std::vector<PictureGroup> feature_maps(const Model<L, X>& model, const X& x, Index most = 16) {
  std::vector<PictureGroup> groups;
  trace(model.layer(), model.parameters(), x,
        [&](const std::string& path, const auto& layer, const auto&, const auto& y) {
          if constexpr (rank_v<std::remove_cvref_t<decltype(y)>> == 4) {
            const auto [N, H, W, C] = shape(y);
            if (N < 1 || H * W < 2) return;
            const Index shown = std::min(C, most);
            std::vector<float> values;
            for (Index c = 0; c < shown; ++c)
              for (Index i = 0; i < H * W; ++i) values.push_back(static_cast<float>(y.data()[i * C + c]));
            groups.push_back({.title = message("layer ", path.empty() ? "0" : path, ", ", std::string_view(layer.name),
                                               ": ", detail::shown_of("channels", shown, C), ", ", H, " × ", W),
                              .pictures = detail::channel_pictures(values, {H, W, 1})});
          }
        });
  return groups;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/inside.ipp"
#endif
