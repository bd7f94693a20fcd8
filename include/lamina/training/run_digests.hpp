#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/digest.hpp"
#include "../core/text.hpp"
#include "../data/augmentation.hpp"
#include "describe_run.hpp"
#include "fit_plan.hpp"
#include "fit_work.hpp"
#include "schedules.hpp"

// What cannot be written as a setting of a run, but decides its course: check values of it.
namespace lamina::detail {

/// Returns a check value of all samples, as they are.
[[gnu::cold]] inline Digest digest_of(const DescribedData& data) {
  Digest digest;
  digest.add(data.values);
  for (const auto* numbers : {&data.normalisation->mean, &data.normalisation->deviation}) digest.add(option_text(*numbers));
  return digest.add(data.labels).add(data.targets);
}

/// Returns a check value of what becomes of some images in the first epoch: of so many that a step done now and then, and
/// how often, shows.
[[gnu::cold]] inline Digest digest_of_images(const FitWork& work, const std::vector<Index>& extents) {
  Digest digest;
  const FitPlan& plan = work.plan();
  if (plan.rank != 3) return digest;
  const Rng rng = Rng(plan.seed).split(0);
  Tensor<float, 3> image;
  reshape(image, Shape{extents[0], extents[1], extents[2]});
  const Index images = std::clamp<Index>((Index{1} << 20) / image.size(), 8, 512);
  for (Index i = 0; i < images && !plan.augment.empty(); ++i) {
    work.read_image(i % plan.samples, image.data());
    augment(image, plan.augment, rng.split(static_cast<std::uint64_t>(i)));
    for (Index k = 0; k < image.size(); ++k) image.data()[k] = std::round(256 * image.data()[k]);
    digest.add(std::as_bytes(std::span(image.data(), static_cast<std::size_t>(image.size()))));
  }
  return digest;
}

/// Whether runs of any length have the same factors.
inline bool is_constant(const Schedule& schedule) { return schedule.target<Constant>() != nullptr; }

/// The factors of a schedule at 65,536 places of a run, without the last digits, which a machine may round otherwise.
[[gnu::cold]] inline Digest digest_of(const Schedule& schedule) {
  Digest digest;
  constexpr int places = 1 << 16;
  for (int place = 0; place < places; ++place) {
    int exponent = 0;
    const double digits = std::frexp(schedule(static_cast<double>(place) / places), &exponent);
    const double rounded[]{std::round(std::ldexp(digits, 24)) + 0.0, static_cast<double>(exponent)};  // −0 + 0 is 0
    digest.add(std::as_bytes(std::span(rounded)));
  }
  return digest;
}

}  // namespace lamina::detail
