#pragma once

#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <lamina/core/checksum.hpp>
#include <lamina/core/files.hpp>
#include <lamina/data/shards.hpp>
#include <lamina/data/write_shards.hpp>

#include "scratch.hpp"

/// Sharded data sets of tests, and their files.
namespace sharded {

using namespace lamina;

/// Noisy pictures of 64 × 64 × 3 bytes, 12 KB each, so that 85 of them are a block.
inline Dataset<3> pictures(Index count, std::uint64_t seed = 1) {
  Tensor<std::uint8_t, 4> x(count, 64, 64, 3);
  std::vector<std::int32_t> labels;
  for (Index n = 0; n < count; ++n) {
    Rng rng = Rng(seed).split(static_cast<std::uint64_t>(n));
    for (Index i = 0; i < 64 * 64 * 3; i += 8) {
      const std::uint64_t noise = rng();
      std::memcpy(x.data() + n * 64 * 64 * 3 + i, &noise, 8);
    }
    labels.push_back(static_cast<std::int32_t>(rng.below(3)));
  }
  return Dataset<3>(std::move(x), std::move(labels), {.class_names = {"cat", "dog", "émeu"}});
}

/// Rows of five numbers and of two targets.
inline Dataset<1> rows(Index count) {
  Rng rng(3);
  Tensor<float, 2> x(count, 5), y(count, 2);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.normal());
  for (Index i = 0; i < y.size(); ++i) y.data()[i] = static_cast<float>(rng.normal());
  return Dataset<1>(std::move(x), std::move(y), {.class_names = {"width", "height"}});
}

inline std::vector<std::byte> bytes_of(const std::filesystem::path& file) { return detail::read_file(file); }

inline void put(const std::filesystem::path& file, const std::vector<std::byte>& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

template <typename N>
void put_number(std::vector<std::byte>& bytes, std::size_t place, N number) {
  std::memcpy(bytes.data() + place, &number, sizeof(N));
}

/// Makes the checksum at the end of a header right: what follows it is left alone.
inline void correct(std::vector<std::byte>& bytes, std::size_t size) {
  put_number(bytes, size - 8, detail::Checksum{}.add(std::span<const std::byte>(bytes).first(size - 8)).value());
}

}  // namespace sharded
