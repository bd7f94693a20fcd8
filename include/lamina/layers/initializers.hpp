#pragma once

#include <cmath>
#include <concepts>

#include "../core/error.hpp"
#include "../core/random.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The number of inputs that one output sums over, and the number of outputs that one input goes to. For a convolution they
/// are R·S·C/groups and R·S·K/groups, for a dense layer F and U.
struct Fans {
  Index in = 1, out = 1;
};

/// Returns a number of N(0, 1), given that it lies in ±2.
inline double truncated_normal(Rng& rng) {
  for (;;)
    if (const double z = rng.normal(); std::abs(z) <= 2) return z;
}

}  // namespace detail

/// A function that draws a starting value; it is called once per number, in memory order.
template <typename I>
concept Initializer = std::copyable<I> && requires(const I& initializer, Rng& rng, detail::Fans fans) {
  { initializer(rng, fans) } -> std::convertible_to<double>;
};

/// An initializer with N(0, 2 / fan_in), which keeps the variance of activations through layers of ReLU. He et al. 2015,
/// eq. 10.
struct HeNormal {
  double operator()(Rng& rng, detail::Fans fans) const { return rng.normal() * std::sqrt(2.0 / static_cast<double>(fans.in)); }
};

/// An initializer that is uniform in ±√(6 / (fan_in + fan_out)). Glorot and Bengio 2010, eq. 16.
struct GlorotUniform {
  double operator()(Rng& rng, detail::Fans fans) const {
    const double bound = std::sqrt(6.0 / static_cast<double>(fans.in + fans.out));
    return rng.uniform(-bound, bound);
  }
};

/// An initializer with N(0, 1) for all fans.
struct StandardNormal {
  double operator()(Rng& rng, detail::Fans) const { return rng.normal(); }
};

struct Zeros {
  double operator()(Rng&, detail::Fans) const { return 0.0; }
};

/// An initializer that sets all numbers to one value.
struct Fill {
  double value = 0;

  double operator()(Rng&, detail::Fans) const { return value; }
};

/// An initializer whose variance is scale / fan, as keras.initializers.VarianceScaling. The scale is the square of
/// PyTorch's gain.
///
///   | scale | fan         | known as                                                                             |
///   |-------|-------------|--------------------------------------------------------------------------------------|
///   | 2     | fan_in      | He or Kaiming: He et al. 2015, eq. 10                                                |
///   | 2     | fan_out     | He or Kaiming, for the gradients: eq. 14 there                                       |
///   | 1     | fan_average | Glorot or Xavier: Glorot and Bengio 2010, eq. 12 and 16; the mean of both fans       |
///   | 1     | fan_in      | LeCun: LeCun, Bottou, Orr, Müller 1998, "Efficient BackProp", eq. 16                 |
///
/// `normal` draws N(0, scale / fan), and `uniform` in ±√(3 · scale / fan). `truncated_normal` draws a normal distribution
/// without what is beyond ±2 of its deviations; that is widened so that the variance is scale / fan nevertheless.
///
///   BasicConv<VarianceScaling>{.filters = 8, .weight_initializer = {.scale = 2, .fan = VarianceScaling::fan_out}}
struct VarianceScaling {
  enum Fan : unsigned char { fan_in, fan_out, fan_average };
  enum Distribution : unsigned char { normal, truncated_normal, uniform };

  double scale = 1;
  Fan fan = fan_in;
  Distribution distribution = normal;

  double operator()(Rng& rng, detail::Fans fans) const {
    const double in = static_cast<double>(fans.in), out = static_cast<double>(fans.out);
    const double n = fan == fan_in ? in : fan == fan_out ? out : (in + out) / 2;
    if (distribution == uniform) {
      const double bound = std::sqrt(3 * scale / n);
      return rng.uniform(-bound, bound);
    }
    const double deviation = std::sqrt(scale / n);
    if (distribution == normal) return rng.normal() * deviation;
    constexpr double of_truncated = 0.87962566103423978;  // √(1 − 4·φ(2) / (2·Φ(2) − 1)), the deviation within ±2
    return detail::truncated_normal(rng) * (deviation / of_truncated);
  }
};

/// An initializer with N(0, deviation²) without what is beyond ±2 deviations, for all fans. PyTorch's
/// trunc_normal_(std=deviation, a=-2·deviation, b=2·deviation) and keras.initializers.TruncatedNormal. The numbers' own
/// deviation is 0.88 of this one.
struct TruncatedNormal {
  double deviation = 1;

  double operator()(Rng& rng, detail::Fans) const { return detail::truncated_normal(rng) * deviation; }
};

/// An initializer of orthogonal weights. The weights of a layer are a matrix: a row for each output, with a column for
/// each of its inputs. Its rows are orthogonal and have the norm `gain`; if there are more rows than columns, its columns
/// are instead. Saxe, McClelland, Ganguli 2013, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
/// networks"; torch.nn.init.orthogonal_. The matrix is Q of a QR decomposition of normal numbers in which R has a positive
/// diagonal, which makes all orthogonal matrices equally likely (Mezzadri 2007). A convolution's row is a filter, and all
/// groups have one matrix, as in PyTorch; of a ConvTranspose a row is what one input channel adds. √2 is a usual gain before ReLU.
///
/// It takes 8 bytes per weight of memory while it draws, and 4 · weights · rows operations (columns, if they are fewer).
/// Biases are no matrix: drawing them throws OptionError.
struct Orthogonal {
  double gain = 1;

  /// Throws OptionError, for numbers that are no matrix; see initialize.
  double operator()(Rng&, detail::Fans) const {
    throw OptionError("Orthogonal: expects a matrix of weights but got biases; draw these by Zeros or Fill");
  }
};

}  // namespace lamina
