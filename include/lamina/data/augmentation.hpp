#pragma once

#include <cmath>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "canvas.hpp"

namespace LAMINA_NAMESPACE {

/// An interval from which a number is drawn uniformly. A single number r stands for −r … r.
struct RandomRange {
  double low, high;
  constexpr RandomRange(double reach) : low(-reach), high(reach) {}
  constexpr RandomRange(double from, double to) : low(from), high(to) {}
  double draw(Rng& rng) const { return low == high ? low : rng.uniform(low, high); }
};

/// An object that changes an image with `step(canvas, rng)`, for canvases of float and of double. It may have a
/// `probability` and a `check()` that throws OptionError. All its random numbers come from rng. A generic lambda will do.
template <typename S>
concept Transform = std::copy_constructible<S> &&
    requires(const S& step, Canvas<float>& floats, Canvas<double>& doubles, Rng rng) {
  step(floats, rng);
  step(doubles, rng);
};

/// A random change of training images, new in each epoch, so that a network learns to ignore it: one step, or several in
/// this order. An empty one changes nothing.
///
///   FitOptions<3>{.augment = {Rotation{.degrees = 10}, Translation{.x = 2, .y = 2}}}
///   one_of({HorizontalFlip{.probability = 1}, Rotation{}, Translation{}, GaussianNoise{}})  // one of them
///   sometimes(0.5, {Scaling{}, ElasticDistortion{}})                                        // all of them or none
///   {Rotation{}, [](auto& image, Rng) { for (auto& v : image.pixels()) v = 1 - v; }}        // with a step of your own
///
/// Consecutive geometric steps are done in one resampling. All random numbers depend on the seed, the epoch and the
/// sample's number only, not on threads or on a resumed run.
///
/// A changed image must still show what its label says. Photographs of cats may be flipped. Digits may not: nobody writes
/// a mirrored 2 or 7, a mirrored 6 looks like other digits, and the network would waste capacity on them. Digits must not
/// be rotated far either: a 6 becomes a 9.
class Augmentation {
 public:
  Augmentation() = default;

  /// Makes an augmentation of one step. Throws OptionError if its options are invalid.
  template <typename S>
  requires(!std::same_as<S, Augmentation> && Transform<S>) Augmentation(S step) {
    if constexpr (requires { step.check(); }) step.check();
    if constexpr (requires { step.probability; }) probability_ = step.probability;
    check_probability(probability_);
    on_floats_ = step;
    on_doubles_ = std::move(step);
  }

  /// Makes an augmentation that applies these in order.
  Augmentation(std::initializer_list<Augmentation> parts) : parts_(parts) {}

  /// Returns whether it changes nothing.
  bool empty() const { return parts_.empty() && !on_floats_; }

  /// Applies it to an image. Part k draws from rng.split(k), so that parts do not depend on one another.
  template <std::floating_point T>
  void operator()(Canvas<T>& image, Rng rng) const {
    if (probability_ < 1 && rng.uniform() >= probability_) return;
    if (is_choice_) {
      const Index k = rng.below(std::ssize(parts_));
      return parts_[static_cast<std::size_t>(k)](image, rng.split(static_cast<std::uint64_t>(k)));
    }
    if constexpr (std::same_as<T, float>) {
      if (on_floats_) on_floats_(image, rng);
    } else {
      if (on_doubles_) on_doubles_(image, rng);
    }
    for (std::size_t k = 0; k < parts_.size(); ++k) parts_[k](image, rng.split(k));
  }

 private:
  friend Augmentation one_of(std::initializer_list<Augmentation>);
  friend Augmentation sometimes(double, Augmentation);

  static void check_probability(double probability);

  std::vector<Augmentation> parts_;
  bool is_choice_ = false;
  double probability_ = 1;
  std::function<void(Canvas<float>&, Rng)> on_floats_;
  std::function<void(Canvas<double>&, Rng)> on_doubles_;
};

/// Returns an augmentation that applies one of these, each equally likely. A part with its own probability may then still
/// do nothing. Throws OptionError if there is none.
Augmentation one_of(std::initializer_list<Augmentation> parts);

/// Returns an augmentation that applies this one with a probability. Throws OptionError unless the probability is in 0 … 1.
Augmentation sometimes(double probability, Augmentation augmentation);

/// Applies an augmentation to one image (H, W, C), whose numbers are in the data's own scale.
template <std::floating_point T>
void augment(Tensor<T, 3>& image, const Augmentation& augmentation, Rng rng) {
  detail::CanvasRoom<T> room;
  Canvas<T> canvas(image.data(), shape(image), room);
  augmentation(canvas, rng);
  canvas.pixels();
}

namespace detail {

/// Throws OptionError unless a range's ends are in order and within these limits.
void check_range(const char* who, const char* what, const RandomRange& range, double lowest, double highest);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/augmentation.ipp"
#endif
