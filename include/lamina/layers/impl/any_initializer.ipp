#pragma once

#include "../any_initializer.hpp"

#include <cmath>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double AnyInitializer::operator()(Rng& rng, Fans fans) const {
  switch (kind) {
    case Kind::he_normal: return HeNormal{}(rng, fans);
    case Kind::glorot_uniform: return GlorotUniform{}(rng, fans);
    case Kind::standard_normal: return StandardNormal{}(rng, fans);
    case Kind::zeros: return 0;
    case Kind::fill: return number;
    case Kind::variance_scaling: return as<VarianceScaling>()(rng, fans);
    case Kind::truncated_normal: return as<TruncatedNormal>()(rng, fans);
    case Kind::orthogonal: break;
  }
  return as<Orthogonal>()(rng, fans);
}

[[gnu::cold]] LAMINA_FUNC void AnyInitializer::check() const {
  const auto place = static_cast<std::size_t>(kind);
  if (kind < Kind::fill || (std::abs(number) < 1e30 && (kind == Kind::fill || number > 0))) return;
  throw OptionError(str_cat(name(), ": expects a ", number_names[place],
                            kind == Kind::fill ? " between -1e30 and 1e30" : " above 0 and below 1e30", " but got ", number));
}

[[gnu::cold]] LAMINA_FUNC std::string AnyInitializer::text() const {
  if (kind < Kind::fill) return std::string(name());
  const auto place = static_cast<std::size_t>(kind);
  std::string text = str_cat(R"({"name":")", name(), R"(",")", number_names[place], R"(":")", shortest(number), '"');
  if (kind == Kind::variance_scaling)
    text += str_cat(R"(,"fan":")", fan_names[fan], R"(","distribution":")", distribution_names[distribution], '"');
  return text + '}';
}

// It is the method of Gram and Schmidt, which gives R a positive diagonal. Every vector is freed of those before it twice,
// after which they are orthogonal to the last bits: Giraud, Langou, Rozložník, van den Eshof 2005. A block of vectors stands
// interleaved in b, so that each number of a finished vector is used for all of them.
LAMINA_FUNC std::vector<double> orthonormal_vectors(Index count, Index length, Rng rng) {
  constexpr Index width = 8, part = 4;
  std::vector<double> vectors(static_cast<std::size_t>(count * length)), block(static_cast<std::size_t>(width * length));
  for (double& number : vectors) number = rng.normal();
  double* const b = block.data();
  for (Index first = 0; first < count; first += width) {
    const Index own = (std::min)(width, count - first);
    double* const v = vectors.data() + first * length;
    for (Index i = 0; i < own; ++i)
      for (Index r = 0; r < length; ++r) b[r * width + i] = v[i * length + r];
    for (int time = 0; time < 2; ++time) {
      for (Index j = 0; j < first; j += part) {
        const double* const q = vectors.data() + j * length;
        double c[part][width] = {};
        for (Index r = 0; r < length; ++r)
          for (Index a = 0; a < part; ++a)
            for (Index i = 0; i < width; ++i) c[a][i] += q[a * length + r] * b[r * width + i];
        for (Index r = 0; r < length; ++r)
          for (Index a = 0; a < part; ++a)
            for (Index i = 0; i < width; ++i) b[r * width + i] -= q[a * length + r] * c[a][i];
      }
      for (Index i = 0; i < own; ++i)
        for (Index j = 0; j <= i; ++j) {
          double product = 0;
          for (Index r = 0; r < length; ++r) product += b[r * width + i] * b[r * width + j];
          const double norm = i == j ? std::sqrt(product) : 1;
          for (Index r = 0; r < length; ++r)
            b[r * width + i] = i == j ? b[r * width + i] / norm : b[r * width + i] - product * b[r * width + j];
        }
    }
    for (Index i = 0; i < own; ++i)
      for (Index r = 0; r < length; ++r) v[i * length + r] = b[r * width + i];
  }
  return vectors;
}

}  // namespace lamina::detail
