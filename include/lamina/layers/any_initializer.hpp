#pragma once

#include <iterator>
#include <string_view>
#include <variant>

#include "initializers.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// An initializer that is chosen at run time from the library's. It draws the same numbers as the chosen one.
struct AnyInitializer {
  std::variant<HeNormal, GlorotUniform, StandardNormal, Zeros> choice{};

  constexpr AnyInitializer() = default;
  constexpr AnyInitializer(HeNormal initializer) : choice(initializer) {}
  constexpr AnyInitializer(GlorotUniform initializer) : choice(initializer) {}
  constexpr AnyInitializer(StandardNormal initializer) : choice(initializer) {}
  constexpr AnyInitializer(Zeros initializer) : choice(initializer) {}

  double operator()(Rng& rng, Fans fans) const {
    return std::visit([&](const auto& initializer) { return initializer(rng, fans); }, choice);
  }
};

/// The names of AnyInitializer's choices in files, in the order of the variant.
inline constexpr std::string_view initializer_names[] = {"HeNormal", "GlorotUniform", "StandardNormal", "Zeros"};
static_assert(std::size(initializer_names) == std::variant_size_v<decltype(AnyInitializer::choice)>);

}  // namespace detail
}  // namespace lamina
