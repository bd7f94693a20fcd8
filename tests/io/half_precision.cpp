#include <bit>
#include <cmath>
#include <Eigen/Core>
#include <lamina/io/half_precision.hpp>

#include "../catch.hpp"

TEST_CASE("all 65,536 halves and bfloat16s are the floats that Eigen takes them for") {
  int wrong = 0;
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const auto narrow = static_cast<std::uint16_t>(bits);
    const float half = static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(narrow));
    const float brain = static_cast<float>(Eigen::numext::bit_cast<Eigen::bfloat16>(narrow));
    const auto same = [](float a, float b) {
      return std::isnan(a) ? std::isnan(b) : std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
    };
    wrong += !same(half, lamina::detail::from_half(narrow)) || !same(brain, lamina::detail::from_bfloat16(narrow));
  }
  CHECK(wrong == 0);
}
