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
#include "pictures.hpp"

// These functions show the inside of a network: the time of each layer, its first filters, and the layers' outputs for a sample.
namespace LAMINA_NAMESPACE {

/// The time of one layer for a batch, alone, on one thread: the best of some rounds, in seconds.
struct LayerTime {
  std::string path;   ///< "3", nested "1.0"
  std::string layer;  ///< "Conv"
  double forward = 0, backward = 0;
};

struct TimeLayersOptions {
  Index batch_size = 32;  ///< at least 1
  Index rounds = 5;       ///< at least 1; fewer for a slow layer
};

/// A group of pictures: the filters of a layer, or the channels of its output.
struct PictureGroup {
  std::string title;
  std::vector<Picture> pictures{};
};

namespace detail {

/// Returns the shortest time of an action, in seconds, over some rounds or as many as begin within 0.2 s.
template <typename Action>
double shortest_time(Index rounds, Action&& action) {
  using Clock = std::chrono::steady_clock;
  double best = std::numeric_limits<double>::infinity(), all = 0;
  for (Index round = 0; round < rounds && all < 0.2; ++round) {
    const auto begin = Clock::now();
    action();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = (std::min)(best, seconds);
    all += seconds;
  }
  return best;
}

/// Returns filters (K, H, W, C) as pictures; the largest weight of all has the full colour.
std::vector<Picture> filter_pictures(const std::vector<float>& weights, const Shape<3>& extents);

/// Returns channels (C, H, W) as pictures, scaled from the lowest to the highest number of all.
std::vector<Picture> channel_pictures(const std::vector<float>& values, const Shape<3>& extents);

std::string shown_of(std::string_view what, Index shown, Index all);

template <typename T>
std::vector<PictureGroup> feature_maps_of(const BasicModel<T>& model, TensorRef<T> x, Index most);

}  // namespace detail

/// Returns the time of each layer forward and backward, one by one as written; a network fuses some, which is faster. The
/// sum that ends a residual block is not timed: its times are 0. Throws OptionError for no sample or no round.
template <typename T>
std::vector<LayerTime> time_layers(const BasicModel<T>& model, const TimeLayersOptions& options = {});

/// Returns the weights of the first layer that learns, one picture per filter or unit, at most `most`. Three channels are
/// shown in colour around grey, others in orange above 0 and blue below. It is empty if the weights do not belong to pixels.
template <typename T>
PictureGroup first_filters(const BasicModel<T>& model, Index most = 64);

/// Returns the layers' outputs for one sample (1, …): the channels of every output that is an image, at most `most` of each.
template <typename T, int Rank>
std::vector<PictureGroup> feature_maps(const BasicModel<T>& model, const Tensor<T, Rank>& x, Index most = 16) {
  return detail::feature_maps_of<T>(model, x, most);
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/introspection.ipp"
#endif
