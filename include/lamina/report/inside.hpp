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
    best = (std::min)(best, seconds);
    all += seconds;
  }
  return best;
}

/// Filters one after another (K, H, W, C) as pictures, the largest weight of all in full colour.
std::vector<Picture> filter_pictures(const std::vector<float>& weights, const Shape<3>& extents);

/// Channels (C, H, W) one after another as pictures, from the least to the greatest number of all.
std::vector<Picture> channel_pictures(const std::vector<float>& values, const Shape<3>& extents);

std::string shown_of(std::string_view what, Index shown, Index all);

template <typename T>
std::vector<PictureGroup> feature_maps_of(const BasicModel<T>& model, TensorRef<T> x, Index most);

}  // namespace detail

/// Returns how long each layer takes forward and backward, one by one, as written: a network fuses some, which is faster.
/// The sum that ends a residual block is not timed: its times are 0. Throws OptionError for no sample or no round.
template <typename T>
std::vector<LayerTime> time_layers(const BasicModel<T>& model, const TimeLayersOptions& options = {});

/// Returns the weights of the first layer that learns, one picture for each filter or unit, at most `most`: of three channels
/// in colour around grey, else orange above 0 and blue below. No picture where the weights are none of an image's
/// pixels.
template <typename T>
PictureGroup first_filters(const BasicModel<T>& model, Index most = 64);

/// Returns what the layers of a network make of one sample (1, …): the channels of every output that is an image, at most
/// `most` of each.
template <typename T, int Rank>
std::vector<PictureGroup> feature_maps(const BasicModel<T>& model, const Tensor<T, Rank>& x, Index most = 16) {
  return detail::feature_maps_of<T>(model, x, most);
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/inside.ipp"
#endif
