#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/files.hpp"
#include "../core/tensor.hpp"
#include "../core/write_file.hpp"

namespace LAMINA_NAMESPACE {

/// @file
/// IDX is the format of MNIST's files: the bytes 00 00 <type> <axes>, an extent of four bytes per axis, and the values in
/// row-major order; all numbers are big-endian. This header reads and writes at most four axes.

/// The type of the values of an IDX file; the numbers are the format's.
enum class IdxType : std::uint8_t { u8 = 0x08, i8 = 0x09, i16 = 0x0B, i32 = 0x0C, f32 = 0x0D, f64 = 0x0E };

namespace detail {

inline constexpr int idx_axes = 4;

template <typename V>
inline constexpr IdxType idx_type = IdxType{};
template <>
inline constexpr IdxType idx_type<std::uint8_t> = IdxType::u8;
template <>
inline constexpr IdxType idx_type<std::int8_t> = IdxType::i8;
template <>
inline constexpr IdxType idx_type<std::int16_t> = IdxType::i16;
template <>
inline constexpr IdxType idx_type<std::int32_t> = IdxType::i32;
template <>
inline constexpr IdxType idx_type<float> = IdxType::f32;
template <>
inline constexpr IdxType idx_type<double> = IdxType::f64;

/// Returns the size of one value in bytes, or 0 for a type that the format does not have.
constexpr std::size_t idx_size(IdxType type) {
  switch (type) {
    case IdxType::u8:
    case IdxType::i8:
      return 1;
    case IdxType::i16:
      return 2;
    case IdxType::i32:
    case IdxType::f32:
      return 4;
    case IdxType::f64:
      return 8;
  }
  return 0;
}

inline constexpr std::uint64_t too_many = (std::numeric_limits<std::uint64_t>::max)();

/// Returns the number of bytes of values with these extents, or too_many if an index cannot count them. It looks at
/// extents of 0 last, because they would hide a product that overflows.
constexpr std::uint64_t idx_bytes(std::span<const Index> extents, std::size_t width) {
  std::uint64_t bytes = width;
  bool none = false;
  for (const Index extent : extents) {
    none = none || extent == 0;
    const std::uint64_t factor = static_cast<std::uint64_t>((std::max)(extent, Index{1}));
    if (bytes > static_cast<std::uint64_t>((std::numeric_limits<Index>::max)()) / factor) return too_many;
    bytes *= factor;
  }
  return none ? 0 : bytes;
}

/// The unsigned integer type of the size of V.
template <typename V>
using bits_t = std::conditional_t<sizeof(V) == 1, std::uint8_t,
                                  std::conditional_t<sizeof(V) == 2, std::uint16_t,
                                                     std::conditional_t<sizeof(V) == 4, std::uint32_t, std::uint64_t>>>;

template <typename V>
V big_endian(const std::byte* bytes) {
  bits_t<V> bits = 0;
  for (std::size_t i = 0; i < sizeof(V); ++i)
    bits = static_cast<bits_t<V>>(std::uint64_t{bits} << 8 | std::to_integer<std::uint64_t>(bytes[i]));
  return std::bit_cast<V>(bits);
}

template <typename V>
void append_big_endian(std::vector<std::byte>& bytes, V value) {
  const auto bits = std::bit_cast<bits_t<V>>(value);
  for (std::size_t i = sizeof(V); i-- > 0;) bytes.push_back(static_cast<std::byte>(bits >> 8 * i & 0xFF));
}

/// A value type that IDX has.
template <typename V>
concept IdxValue = (detail::idx_type<V> != IdxType{});

}  // namespace detail

/// Writes the type as text: u8 or f32.
std::ostream& operator<<(std::ostream& out, IdxType type);

/// A checked view of an IDX file in memory. It refers to the parsed bytes and does not own them.
struct Idx {
  IdxType type;
  std::vector<Index> extents;
  std::span<const std::byte> values;  ///< big-endian, as in the file
  std::string name;                   ///< the file's, for errors

  /// Throws DataError if the values have another type or another number of axes.
  void check(IdxType wanted, int axes) const;

  /// Returns the values. Throws DataError if they have another type or another number of axes.
  template <detail::IdxValue V, int Rank>
  Tensor<V, Rank> tensor() const {
    check(detail::idx_type<V>, Rank);
    Shape<Rank> wanted;
    std::copy(extents.begin(), extents.end(), wanted.extents.begin());
    Tensor<V, Rank> x;
    reshape(x, wanted);
    for (Index i = 0; i < x.size(); ++i)
      x.data()[i] = detail::big_endian<V>(values.data() + static_cast<std::size_t>(i) * sizeof(V));
    return x;
  }
};

/// Checks an IDX file in memory; errors show `name`. Allocates nothing but the extents. Throws DataError if the file is
/// empty, not IDX, truncated, oversized or of an unknown type. Also throws it for no axes or more than four, and for more
/// values than any file can hold. Each case has its own text.
Idx parse_idx(std::span<const std::byte> bytes, std::string_view name);

/// Returns the values of an IDX file, which must be of type V with Rank axes. `read` turns a path into bytes: Gunzip{} of
/// data/gzip.hpp reads compressed files as well. Throws DataError.
///
///   const Tensor<std::uint8_t, 3> images = read_idx<std::uint8_t, 3>("train-images-idx3-ubyte");   // (N, 28, 28)
template <detail::IdxValue V, int Rank, typename Read = decltype(&detail::read_file)>
Tensor<V, Rank> read_idx(const std::filesystem::path& path, Read read = &detail::read_file) {
  const std::vector<std::byte> bytes = read(path);
  return parse_idx(bytes, printable(path.string())).template tensor<V, Rank>();
}

namespace detail {

/// Returns the header of an IDX file: the bytes before its values. Throws DataError if an extent does not fit 32 bits.
std::vector<std::byte> idx_header(IdxType type, std::span<const Index> extents);

}  // namespace detail

/// Returns the bytes of an IDX file with a tensor of up to four axes. Throws DataError if an extent does not fit 32 bits.
template <detail::IdxValue V, int Rank>
requires(Rank >= 1 && Rank <= detail::idx_axes) std::vector<std::byte> format_idx(const Tensor<V, Rank>& x) {
  std::vector<std::byte> bytes = detail::idx_header(detail::idx_type<V>, shape(x).extents);
  bytes.reserve(bytes.size() + static_cast<std::size_t>(x.size()) * sizeof(V));
  std::for_each(x.data(), x.data() + x.size(), [&](V value) { detail::append_big_endian(bytes, value); });
  return bytes;
}

/// Writes a tensor as an IDX file: under another name first, then renamed. Throws DataError if it cannot be written.
template <detail::IdxValue V, int Rank>
void write_idx(const std::filesystem::path& path, const Tensor<V, Rank>& x) {
  write_file(path, format_idx(x));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/idx.ipp"
#endif
