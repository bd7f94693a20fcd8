#pragma once

#include "../sample_table.hpp"

#include <bit>

#include "../../data/batches.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<Index> drawn(Index size, Index most, const Rng& rng) {
  std::vector<Index> all(static_cast<std::size_t>(size));
  draw_order(all, rng);
  if (size > most) all.resize(static_cast<std::size_t>(most));
  std::sort(all.begin(), all.end());
  return all;
}

LAMINA_FUNC Fingerprint fingerprint(const float* values, Index n) {
  std::uint64_t digest = 0x9E3779B97F4A7C15 * static_cast<std::uint64_t>(n);
  bool constant = true;
  for (Index i = 0; i < n; ++i) {
    constant = constant && values[i] == values[0];
    // 0 and −0 count as one number; the steps and constants are those of MurmurHash3's finaliser.
    digest ^= std::bit_cast<std::uint32_t>(values[i] == 0 ? 0.0F : values[i]);
    digest = (digest ^ (digest >> 33)) * 0xFF51AFD7ED558CCD;
    digest = (digest ^ (digest >> 33)) * 0xC4CEB9FE1A85EC53;
  }
  return {digest, constant};
}

}  // namespace lamina::detail
