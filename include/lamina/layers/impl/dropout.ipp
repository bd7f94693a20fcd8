#pragma once

#include "../dropout.hpp"

#include <cmath>
#include <cstdint>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void Dropout::draw(Rng key, unsigned char* kept, Index numbers) const {
  const auto forgotten = static_cast<std::uint64_t>(std::lround(rate * 65536));
  std::uint64_t state = key();
  const auto draw_four = [&](unsigned char* four) {
    std::uint64_t bits = state += 0x9E3779B97F4A7C15;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
    bits ^= bits >> 31;
    for (int j = 0; j < 4; ++j) four[j] = ((bits >> (16 * j)) & 0xFFFF) >= forgotten;
  };
  Index i = 0;
  for (; i + 4 <= numbers; i += 4) draw_four(kept + i);
  if (i == numbers) return;
  unsigned char last[4];
  draw_four(last);
  std::copy_n(last, numbers - i, kept + i);
}

}  // namespace lamina
