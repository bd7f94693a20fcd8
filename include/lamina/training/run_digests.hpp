#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>

#include "../core/digest.hpp"
#include "../core/text.hpp"
#include "../data/augmentation.hpp"
#include "../data/dataset.hpp"
#include "schedules.hpp"

// What cannot be written as a setting of a run, but decides its course: check values of it.
namespace lamina::detail {

/// A hyper-parameter as text; nothing for what cannot be written.
template <typename Value>
[[gnu::cold]] std::string option_text(const Value& value) {
  if constexpr (std::is_arithmetic_v<Value>) {
    return shortest(static_cast<double>(value));
  } else if constexpr (requires { value.begin(), value.end(); }) {
    std::string list;
    for (const auto& one : value) list.append(list.empty() ? "" : " ").append(option_text(one));
    return list;
  } else if constexpr (requires(std::ostream& out) { out << value; }) {
    return message(value);
  } else {
    return {};
  }
}

/// All samples, as they are.
template <int Rank>
[[gnu::cold]] Digest digest_of(const Dataset<Rank>& data) {
  Digest digest;
  digest.add(data.floats().empty() ? std::as_bytes(data.bytes()) : std::as_bytes(data.floats()));
  for (const auto* numbers : {&data.normalisation().mean, &data.normalisation().deviation})
    digest.add(option_text(*numbers));
  digest.add(std::as_bytes(std::span(data.labels())));
  digest.add(std::as_bytes(std::span(data.targets().data(), static_cast<std::size_t>(data.targets().size()))));
  return digest;
}

/// What becomes of some images in the first epoch: of so many that a step done now and then, and how often, shows.
template <int Rank>
[[gnu::cold]] Digest digest_of(const Augmentation& augmentation, const Dataset<Rank>& data, std::uint64_t seed) {
  Digest digest;
  if constexpr (Rank == 3) {
    const Rng rng = Rng(seed).split(0);
    Tensor<float, 3> image;
    reshape(image, data.sample_shape());
    const Index images = std::clamp<Index>((Index{1} << 20) / image.size(), 8, 512);
    for (Index i = 0; i < images && !augmentation.empty(); ++i) {
      data.read_plain(i % data.size(), image.data());
      augment(image, augmentation, rng.split(static_cast<std::uint64_t>(i)));
      for (Index k = 0; k < image.size(); ++k) image.data()[k] = std::round(256 * image.data()[k]);
      digest.add(std::as_bytes(std::span(image.data(), static_cast<std::size_t>(image.size()))));
    }
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
