#pragma once

#include <algorithm>
#include <cmath>

#include "../core/tensor.hpp"
#include "canvas.hpp"
#include "quick_random.hpp"

namespace LAMINA_NAMESPACE {

/// A step that bends an image as an unsteady hand would: it moves each pixel by a random amount, and neighbours by nearly
/// the same. Simard, Steinkraus, Platt, "Best practices for convolutional neural networks", ICDAR 2003, section 2:
///
///   Δx, Δy ← uniform in −1 … 1, for each pixel
///   Δx, Δy ← α · (Gaussian of deviation σ ∗ Δx, Δy)       0 outside the image; α is `strength`, σ is `smoothness`
///
/// A large σ moves the image as a whole, a small one tears it. In the middle of a large image the displacements have the
/// deviation α / (2σ√(3π)): 1.4 pixels for the paper's α = 34, σ = 4, chosen for MNIST.
struct ElasticDistortion {
  double strength = 34;   // α, pixels
  double smoothness = 4;  // σ, pixels
  double probability = 1;

  void check() const;

  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const auto [H, W, C] = image.shape();
    auto& room = image.room();
    T* const dy = room.take(room.dy, H * W);
    T* const dx = room.take(room.dx, H * W);
    detail::QuickRandom random(rng);
    for (Index i = 0; i < H * W; ++i) {
      const auto [down, right] = random.signed_units();
      dy[i] = down;
      dx[i] = right;
    }
    for (T* field : {dy, dx}) smooth(field, H, W, room);
    image.displace(dy, dx);
  }

 private:
  /// Computes field ← α · Gaussian ∗ field, along x and then along y; the Gaussian reaches to 3σ and sums to 1.
  template <typename T>
  void smooth(T* field, Index H, Index W, detail::CanvasRoom<T>& room) const {
    const Index reach = static_cast<Index>(std::ceil(3 * smoothness)), wide = W + 2 * reach;
    T* const taps = room.take(room.row, 2 * reach + 1 + wide);
    T* const padded = taps + 2 * reach + 1;
    T* const across = room.take(room.spare, H * W);
    double sum = 0;
    for (Index k = -reach; k <= reach; ++k) sum += tap(k);
    for (Index k = -reach; k <= reach; ++k) taps[k + reach] = static_cast<T>(tap(k) / sum);

    std::fill_n(padded, wide, T(0));
    for (Index h = 0; h < H; ++h) {
      std::copy_n(field + h * W, W, padded + reach);
      T* const out = across + h * W;
      std::fill_n(out, W, T(0));
      for (Index k = 0; k <= 2 * reach; ++k) add(taps[k], padded + k, out, W);
    }
    std::fill_n(field, H * W, T(0));
    for (Index h = 0; h < H; ++h)
      for (Index k = (std::max)(-reach, -h); k <= (std::min)(reach, H - 1 - h); ++k)
        add(static_cast<T>(strength) * taps[k + reach], across + (h + k) * W, field + h * W, W);
  }

  double tap(Index k) const {
    const double distance = static_cast<double>(k) / smoothness;
    return std::exp(-0.5 * distance * distance);
  }

  /// Computes y ← y + a · x, eight numbers at a time, which compilers put into registers.
  template <typename T>
  static void add(T a, const T* x, T* y, Index n) {
    Index i = 0;
    for (; i + 8 <= n; i += 8) {
      T sum[8];
      for (Index j = 0; j < 8; ++j) sum[j] = y[i + j] + a * x[i + j];
      for (Index j = 0; j < 8; ++j) y[i + j] = sum[j];
    }
    for (; i < n; ++i) y[i] += a * x[i];
  }
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/elastic_distortion.ipp"
#endif
