#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/tensor.hpp"
#include "initializers.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The names of AnyInitializer's kinds in files.
inline constexpr std::string_view initializer_names[] = {"HeNormal", "GlorotUniform",   "StandardNormal",  "Zeros",
                                                         "Fill",     "VarianceScaling", "TruncatedNormal", "Orthogonal"};

/// An initializer that is chosen at run time from the library's. It draws the same numbers as the chosen one.
struct AnyInitializer {
  enum class Kind : unsigned char {
    he_normal, glorot_uniform, standard_normal, zeros, fill, variance_scaling, truncated_normal, orthogonal
  };

  Kind kind = Kind::he_normal;
  VarianceScaling::Fan fan{};                    // of VarianceScaling
  VarianceScaling::Distribution distribution{};  // of VarianceScaling
  double number = 0;                             // the value, the scale, the deviation or the gain

  constexpr AnyInitializer() = default;
  constexpr AnyInitializer(HeNormal) {}
  constexpr AnyInitializer(GlorotUniform) : kind(Kind::glorot_uniform) {}
  constexpr AnyInitializer(StandardNormal) : kind(Kind::standard_normal) {}
  constexpr AnyInitializer(Zeros) : kind(Kind::zeros) {}
  constexpr AnyInitializer(Fill one) : kind(Kind::fill), number(one.value) {}
  constexpr AnyInitializer(VarianceScaling one)
      : kind(Kind::variance_scaling), fan(one.fan), distribution(one.distribution), number(one.scale) {}
  constexpr AnyInitializer(TruncatedNormal one) : kind(Kind::truncated_normal), number(one.deviation) {}
  constexpr AnyInitializer(Orthogonal one) : kind(Kind::orthogonal), number(one.gain) {}

  constexpr std::string_view name() const { return initializer_names[static_cast<std::size_t>(kind)]; }

  double operator()(Rng& rng, Fans fans) const;

  /// Throws OptionError unless the number is one that it can draw with.
  void check() const;

  /// Returns it as files hold it: "HeNormal", or in JSON with its numbers.
  std::string text() const;

  /// Returns the initializer of the type that this one was made of.
  template <typename I>
  constexpr I as() const {
    if constexpr (std::same_as<I, AnyInitializer>)
      return *this;
    else if constexpr (std::is_empty_v<I>)
      return {};
    else if constexpr (std::same_as<I, VarianceScaling>)
      return {number, fan, distribution};
    else
      return {number};
  }
};

/// The names of AnyInitializer's numbers in files, by kind, and of fans and distributions.
inline constexpr std::string_view number_names[] = {"", "", "", "", "value", "scale", "deviation", "gain"};
inline constexpr std::string_view fan_names[] = {"fan_in", "fan_out", "fan_average"};
inline constexpr std::string_view distribution_names[] = {"normal", "truncated_normal", "uniform"};

/// Draws `count` vectors of `length` numbers that are orthogonal to each other and have the norm 1. They stand one after
/// another. There are at most as many as each has numbers. On all platforms they are equal up to rounding.
std::vector<double> orthonormal_vectors(Index count, Index length, Rng rng);

}  // namespace detail

/// Fills a tensor with numbers of an initializer. They are drawn in double, so that float and double networks start alike.
/// Throws OptionError for a number that one of the library's initializers cannot draw with.
template <typename T, int Rank, Initializer I>
void initialize(Tensor<T, Rank>& tensor, const I& initializer, detail::Fans fans, Rng rng) {
  if constexpr (std::convertible_to<I, detail::AnyInitializer> && !std::is_empty_v<I>) {
    const detail::AnyInitializer any(initializer);
    any.check();
    if constexpr (Rank > 1 && (std::same_as<I, Orthogonal> || std::same_as<I, detail::AnyInitializer>)) {
      if (any.kind == detail::AnyInitializer::Kind::orthogonal) {
        const Index columns = tensor.dimension(Rank - 1), rows = tensor.size() / columns;
        const auto q = detail::orthonormal_vectors((std::min)(rows, columns), (std::max)(rows, columns), rng);
        for (Index i = 0; i < tensor.size(); ++i) {
          const Index place = rows > columns ? i % columns * rows + i / columns : i;
          tensor.data()[i] = static_cast<T>(any.number * q[static_cast<std::size_t>(place)]);
        }
        return;
      }
    }
  }
  for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<T>(initializer(rng, fans));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/any_initializer.ipp"
#endif
