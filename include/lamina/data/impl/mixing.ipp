#pragma once

#include <algorithm>
#include <cmath>

#include "../../core/error.hpp"
#include "../mixing.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the logarithm of a number drawn from the Gamma(α, 1) distribution: Marsaglia, Tsang, "A simple method for
/// generating gamma variables", 2000; below 1 by Gamma(α) = Gamma(α + 1)·U^{1/α}.
LAMINA_FUNC double log_gamma_draw(double alpha, Rng& rng) {
  const double d = (alpha < 1 ? alpha + 1 : alpha) - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = rng.normal(), root = 1 + c * x, v = root * root * root;
    if (root <= 0 || std::log(1 - rng.uniform()) >= 0.5 * x * x + d - d * v + d * std::log(v)) continue;
    return std::log(d * v) + (alpha < 1 ? std::log(1 - rng.uniform()) / alpha : 0);
  }
}

/// Draws a number from the Beta(α, α) distribution.
LAMINA_FUNC double beta_draw(double alpha, Rng& rng) {
  const double one = log_gamma_draw(alpha, rng), other = log_gamma_draw(alpha, rng);
  return 1 / (1 + std::exp(other - one));
}

LAMINA_FUNC void check_mixing(const char* who, const Mixing& mixing, int rank) {
  if (rank != 3 && mixing.is_for_images())
    throw OptionError(str_cat(who, ": .mix with CutMix is for images (H, W, C), but the data set's samples have rank ",
                              rank, "; MixUp mixes any samples"));
}

LAMINA_FUNC void check_mixed_classes(const char* who, const Mixing& mixing, Index classes, Index outputs) {
  if (!mixing.empty() && classes > outputs)
    throw OptionError(str_cat(who, ": .mix turns class numbers into rows of ", classes, " but the network has ",
                              outputs, outputs == 1 ? " output" : " outputs", "; give the last layer ", classes,
                              " units and train it with SoftmaxCrossEntropy"));
}

}  // namespace LAMINA_NAMESPACE::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Mixing::Mixing(const char* who, const Part& part) : parts_{part} {
  if (!(part.alpha >= 0.001 && part.alpha <= 1000))
    throw OptionError(str_cat(who, ": expects .alpha within 0.001 … 1000 but got ", part.alpha));
  if (!(part.probability >= 0 && part.probability <= 1))
    throw OptionError(str_cat(who, ": expects a .probability of 0 … 1 but got ", part.probability));
}

LAMINA_FUNC Mixing::Mixing(const MixUp& mix) : Mixing("MixUp", Part{false, mix.alpha, mix.probability}) {}

LAMINA_FUNC Mixing::Mixing(const CutMix& mix) : Mixing("CutMix", Part{true, mix.alpha, mix.probability}) {}

LAMINA_FUNC Mixing::Mixing(std::initializer_list<Mixing> choice) {
  for (const Mixing& mixing : choice) parts_.insert(parts_.end(), mixing.parts_.begin(), mixing.parts_.end());
}

LAMINA_FUNC bool Mixing::is_for_images() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.cuts; });
}

LAMINA_FUNC std::string Mixing::text() const {
  std::string text;
  for (const Part& part : parts_)
    text += str_cat(text.empty() ? "" : " or ", part.cuts ? "CutMix" : "MixUp", " of alpha ", part.alpha,
                    ", probability ", part.probability);
  return text.empty() ? "none" : text;
}

LAMINA_FUNC detail::SampleMix::SampleMix(const Mixing& mixing, Index samples, std::span<const Index> extents, Rng rng) {
  const auto& part = mixing.parts_[static_cast<std::size_t>(rng.below(std::ssize(mixing.parts_)))];
  if (rng.uniform() >= part.probability) return;
  partner_ = rng.below(samples);
  share_ = detail::beta_draw(part.alpha, rng);
  cuts_ = part.cuts;
  if (!cuts_) return;
  const Index H = extents[0], W = extents[1], C = extents[2];
  const auto side = [&](Index extent) {
    return static_cast<Index>(std::sqrt(1 - share_) * static_cast<double>(extent));
  };
  const Index height = side(H), width = side(W), y = rng.below(H), x = rng.below(W);
  top_ = (std::max)(y - height / 2, Index{0});
  bottom_ = (std::min)(y + (height + 1) / 2, H);
  const Index left = (std::max)(x - width / 2, Index{0}), right = (std::min)(x + (width + 1) / 2, W);
  row_ = W * C;
  left_ = left * C;
  right_ = right * C;
  share_ = 1 - static_cast<double>((bottom_ - top_) * (right - left)) / static_cast<double>(H * W);
}

}  // namespace LAMINA_NAMESPACE
