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

/// From where to where something is drawn, evenly. One number r stands for −r … r.
///
///   Rotation{.degrees = 10}          // −10 … 10
///   Rotation{.degrees = {90, 90}}    // always 90
struct Range {
  double low, high;
  constexpr Range(double reach) : low(-reach), high(reach) {}
  constexpr Range(double from, double to) : low(from), high(to) {}
  double draw(Rng& rng) const { return low == high ? low : rng.uniform(low, high); }
};

/// One thing that is done to an image: something with `step(canvas, rng)` for canvases of float and of double, and,
/// where it has them, a `probability` with which it is done and a `check()` that throws OptionError. What it draws
/// comes from rng alone. A generic lambda is one.
template <typename S>
concept AugmentationStep = std::copy_constructible<S> &&
    requires(const S& step, Canvas<float>& floats, Canvas<double>& doubles, Rng rng) {
  step(floats, rng);
  step(doubles, rng);
};

/// How training images are varied, anew in each epoch, so that a network learns what does not matter: a step, or
/// several in this order. Empty, it changes nothing.
///
///   FitOptions<3>{.augment = {Rotation{.degrees = 10}, Translation{.x = 2, .y = 2}}}
///   one_of({HorizontalFlip{.probability = 1}, Rotation{}, Translation{}, Noise{}})        // one of them
///   sometimes(0.5, {Scaling{}, ElasticDistortion{}})                                      // all of them or none
///   {Rotation{}, [](auto& image, Rng) { for (auto& v : image.pixels()) v = 1 - v; }}      // with a step of one's own
///
/// Geometric steps that follow one another are done in one resampling. Everything is drawn from the seed, the epoch and
/// the sample's number: neither threads nor a resumed run change anything.
///
/// What an image may become is a claim about the world: it must still be what its label says. Photographs of cats may
/// be flipped. Digits may not: a mirrored 2 or 7 is a shape that nobody writes, a mirrored 6 comes close to other
/// digits, and what the network spends on them it lacks elsewhere. Nor may they be turned far: 6 and 9.
class Augmentation {
 public:
  Augmentation() = default;

  /// One step. Throws OptionError when its options cannot be.
  template <typename S>
  requires(!std::same_as<S, Augmentation> && AugmentationStep<S>) Augmentation(S step) {
    if constexpr (requires { step.check(); }) step.check();
    if constexpr (requires { step.probability; }) probability_ = step.probability;
    check_probability(probability_);
    on_floats_ = step;
    on_doubles_ = std::move(step);
  }

  /// These, one after another.
  Augmentation(std::initializer_list<Augmentation> parts) : parts_(parts) {}

  /// Whether it changes nothing.
  bool empty() const { return parts_.empty() && !on_floats_; }

  /// Does it to an image. Part k draws from rng.split(k), so that parts do not depend on one another.
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

/// One of these, each as likely as the others; a part that has a probability of its own may then still do nothing.
/// Throws OptionError when there is none.
Augmentation one_of(std::initializer_list<Augmentation> parts);

/// This with a probability, else nothing. Throws OptionError unless the probability is in 0 … 1.
Augmentation sometimes(double probability, Augmentation augmentation);

/// Varies one image (H, W, C), whose numbers are in the data's own scale.
template <std::floating_point T>
void augment(Tensor<T, 3>& image, const Augmentation& augmentation, Rng rng) {
  CanvasRoom<T> room;
  Canvas<T> canvas(image.data(), shape(image), room);
  augmentation(canvas, rng);
  canvas.pixels();
}

namespace detail {

/// Throws OptionError unless the ends of a range are in order and between these.
void check_range(const char* who, const char* what, const Range& range, double lowest, double highest);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/augmentation.ipp"
#endif
