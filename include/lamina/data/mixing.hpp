#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "../core/random.hpp"
#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {
class SampleMix;
}

/// The mean of two training samples and of their targets: Zhang, Cisse, Dauphin, Lopez-Paz, "mixup: Beyond empirical
/// risk minimization", 2018.
///
///   x = λ·x_i + (1 − λ)·x_j        y = λ·y_i + (1 − λ)·y_j        λ ~ Beta(α, α)
struct MixUp {
  double alpha = 0.2;  // a small one keeps most samples as they are, 1 makes every λ equally likely
  double probability = 1;
};

/// A training image with a rectangle of another one in it: Yun, Han, Oh, Chun, Choe, Yoo, "CutMix: Regularization
/// strategy to train strong classifiers with localizable features", 2019. λ is the share of the area that stays, and
/// targets are mixed by it. The rectangle has the image's own proportions, an area of 1 − λ with λ ~ Beta(α, α), and
/// its centre anywhere; what lies outside the image is cut off.
struct CutMix {
  double alpha = 1;
  double probability = 0.5;
};

/// A way to mix training samples: MixUp, CutMix (of images), or one of several, each equally likely. An empty one does
/// nothing. Sample i is mixed with another one of the data set, drawn anew in each epoch. Class numbers become rows of
/// a class's share. All random numbers depend on the seed, the epoch and the sample's number only, not on threads or
/// batches.
///
///   {.mix = MixUp{.alpha = 0.2}}
///   {.mix = {MixUp{}, CutMix{}}}
class Mixing {
 public:
  Mixing() = default;

  /// Throws OptionError unless alpha is in 0.001 … 1000 and the probability in 0 … 1.
  Mixing(const MixUp& mix);
  Mixing(const CutMix& mix);

  /// Makes a mixing that applies one of these.
  Mixing(std::initializer_list<Mixing> choice);

  /// Returns whether it does nothing.
  bool empty() const { return parts_.empty(); }

  /// Returns its options as text, for settings.
  std::string text() const;

  /// Returns whether it is for images only.
  bool is_for_images() const;

 private:
  friend class detail::SampleMix;
  struct Part {
    bool cuts;
    double alpha, probability;
  };
  explicit Mixing(const char* who, const Part& part);

  std::vector<Part> parts_;
};

namespace detail {

/// The mixing of one sample as it was drawn.
class SampleMix {
 public:
  /// Draws the partner among `samples` samples, and λ. Samples are images (H, W, C), or have other extents if no part
  /// cuts.
  SampleMix(const Mixing& mixing, Index samples, std::span<const Index> extents, Rng rng);

  /// Returns the number of the other sample; −1 if the sample stays as it is.
  Index partner() const { return partner_; }

  /// Returns λ, the share of the sample itself.
  double share() const { return share_; }

  /// Mixes the values of the partner into those of the sample.
  template <typename T>
  void values(T* x, const T* partner, Index size) const {
    if (!cuts_) return blend(x, partner, size);
    for (Index h = top_; h < bottom_; ++h)
      for (Index v = h * row_ + left_; v < h * row_ + right_; ++v) x[v] = partner[v];
  }

  /// Mixes numbers: λ·y + (1 − λ)·other.
  template <typename T>
  void blend(T* y, const T* other, Index size) const {
    const T own = static_cast<T>(share_), rest = static_cast<T>(1 - share_);
    for (Index k = 0; k < size; ++k) y[k] = own * y[k] + rest * other[k];
  }

 private:
  Index partner_ = -1;
  double share_ = 1;
  bool cuts_ = false;
  Index top_ = 0, bottom_ = 0, left_ = 0, right_ = 0, row_ = 0;  // the rectangle; left, right and row in values
};

/// Throws OptionError, in the name of `who`, if images are to be cut but samples are none.
[[gnu::cold]] void check_mixing(const char* who, const Mixing& mixing, int rank);

/// Throws OptionError if mixed class numbers, rows of `classes` shares, are more than the network's outputs.
[[gnu::cold]] void check_mixed_classes(const char* who, const Mixing& mixing, Index classes, Index outputs);

}  // namespace detail
}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/mixing.ipp"
#endif
