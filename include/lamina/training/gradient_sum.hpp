#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// An option of `fit` and of `step` that limits the gradient of the whole batch, before the optimizer adds its penalties.
/// Pascanu et al. 2013.
///
///   norm     g ← g · min(1, norm / (‖g‖ + 1e-6)), ‖g‖ over all parameters       torch.nn.utils.clip_grad_norm_
///   value    g ← min(max(g, −value), value), each number                        torch.nn.utils.clip_grad_value_
///
/// If both are given, `value` is applied first.
struct GradientClipping {
  std::optional<double> norm{}, value{};

  bool any() const { return norm || value; }

  /// Throws OptionError in the name of `who` for a limit that is not finite and above 0.
  void check(const char* who) const;
};

namespace detail {

/// A sum of the shards' gradients, for steps that need the whole sum before any parameter moves. The sum replaces the
/// first shard's gradient. The sum of squares for the norm is taken in blocks, each added by one worker, and the blocks
/// are added in their order. It does not depend on the number of workers.
template <typename T>
class GradientSum {
 public:
  /// Begins a sum. `gradients` holds one pointer per tensor and shard; the first `added` shards of each tensor are to be
  /// added. Allocates only for more blocks than ever before.
  void begin(std::span<T* const> gradients, std::span<const Index> sizes, std::size_t shards, std::size_t added) {
    blocks_.clear();
    for (std::size_t tensor = 0; tensor < sizes.size(); ++tensor)
      for (Index first = 0; first < sizes[tensor]; first += block)
        blocks_.push_back(
            {gradients.subspan(tensor * shards, added), first, (std::min)(first + block, sizes[tensor]), 0});
  }

  /// Computes one worker's share: sums, times `scale`, then clipped to ±value.
  void add(Index worker, Index workers, double scale, const std::optional<double>& value) {
    for (std::size_t b = static_cast<std::size_t>(worker); b < blocks_.size(); b += static_cast<std::size_t>(workers)) {
      Block& part = blocks_[b];
      T* sum = part.shards[0];
      for (const T* shard : part.shards.subspan(1))
        for (Index i = part.first; i < part.last; ++i) sum[i] += shard[i];
      if (scale != 1)
        for (Index i = part.first; i < part.last; ++i) sum[i] *= static_cast<T>(scale);
      if (value) cut(sum + part.first, part.last - part.first, static_cast<T>(*value));
      part.squares = squares(sum + part.first, part.last - part.first);
    }
  }

  /// Returns the norm of the sum, when all workers have finished `add`.
  double norm() const {
    double sum = 0;
    for (const Block& part : blocks_) sum += part.squares;
    return std::sqrt(sum);
  }

 private:
  static constexpr Index block = 4096;

  struct Block {
    std::span<T* const> shards;
    Index first, last;
    double squares;
  };

  /// Clips numbers to ±limit. NaN stays NaN.
  static void cut(T* g, Index n, T limit) {
    for (Index i = 0; i < n; ++i) g[i] = g[i] > limit ? limit : g[i] < -limit ? -limit : g[i];
  }

  static double squares(const T* g, Index n) {
    double lanes[8] = {};
    Index i = 0;
    for (; i + 8 <= n; i += 8)
      for (Index lane = 0; lane < 8; ++lane)
        lanes[lane] += static_cast<double>(g[i + lane]) * static_cast<double>(g[i + lane]);
    for (; i < n; ++i) lanes[0] += static_cast<double>(g[i]) * static_cast<double>(g[i]);
    double sum = 0;
    for (const double lane : lanes) sum += lane;
    return sum;
  }

  std::vector<Block> blocks_;
};

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/gradient_sum.ipp"
#endif
