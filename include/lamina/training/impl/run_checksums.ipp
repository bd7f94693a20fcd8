#pragma once

#include "../run_checksums.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../../core/text.hpp"
#include "../../data/augmentation.hpp"
#include "../../exec/option_values.hpp"
#include "../fit_plan.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Checksum digest_of(const DescribedData& data) {
  Checksum digest;
  digest.add(data.values);
  if (const SampleSource* source = data.source.source) {
    const std::uint64_t values = source->digest();
    digest.add(std::as_bytes(std::span(&values, 1))).add(std::as_bytes(data.source.chosen));
  }
  for (const auto* numbers : {&data.normalisation->mean, &data.normalisation->deviation})
    digest.add(option_text(*numbers));
  if (const auto* targets = data.target_normalisation; targets && !is_identity(*targets))
    for (const auto* numbers : {&targets->mean, &targets->deviation}) digest.add(option_text(*numbers));
  return digest.add(data.labels).add(data.targets);
}

LAMINA_FUNC Checksum digest_of_images(const FitWork& work, const std::vector<Index>& extents) {
  Checksum digest;
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

LAMINA_FUNC Checksum digest_of(const Schedule& schedule) {
  Checksum digest;
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
