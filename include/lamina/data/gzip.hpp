#pragma once

// This header reads files compressed by gzip. It needs zlib: link lamina::gzip. No other header of lamina includes it.

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/error.hpp"
#include "../core/files.hpp"

namespace LAMINA_NAMESPACE {

/// A reader of files that may be compressed by gzip (RFC 1952); it returns other files unchanged.
///
///   const auto [train, test] = mnist("data/mnist", Gunzip{});
///   const auto images = read_idx<std::uint8_t, 3>("train-images-idx3-ubyte.gz", Gunzip{.max_bytes = 50'000'000});
struct Gunzip {
  std::size_t max_bytes =
      std::size_t{1} << 30;  ///< limit of the unpacked size: a small file can hold a thousand times its size

  /// Returns the bytes of a file, unpacked if it is compressed. Throws DataError as read_file and unpack do.
  std::vector<std::byte> operator()(const std::filesystem::path& path) const {
    std::vector<std::byte> bytes = detail::read_file(path);
    return is_compressed(bytes) ? unpack(bytes, printable(path.string())) : bytes;
  }

  /// Returns whether these bytes begin as a gzip file does.
  static bool is_compressed(std::span<const std::byte> bytes) {
    return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
  }

  /// Unpacks a gzip file in memory: all its members, one after another; errors show `name`. Throws DataError if it is not
  /// a gzip file, is damaged, truncated, followed by something else, or larger than max_bytes unpacked.
  std::vector<std::byte> unpack(std::span<const std::byte> bytes, std::string_view name) const;
};

namespace detail {

/// The state of zlib, for gzip's format only (16), with the largest window.
struct Inflation {
  z_stream stream{};
  Inflation() {
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw DataError("gunzip: zlib cannot start; there may be too little memory");
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() { inflateEnd(&stream); }
};

}  // namespace detail

inline std::vector<std::byte> Gunzip::unpack(std::span<const std::byte> bytes, std::string_view name) const {
  if (!is_compressed(bytes)) throw DataError(str_cat(name, ": is not compressed by gzip"));
  detail::Inflation inflation;
  z_stream& stream = inflation.stream;
  std::vector<std::byte> unpacked, piece(std::size_t{1} << 16);
  while (!bytes.empty()) {
    if (!is_compressed(bytes))
      throw DataError(str_cat(name, ": ", bytes.size(), " bytes of something else follow the end; fetch it again"));
    for (int status = Z_OK; status != Z_STREAM_END;) {
      const std::size_t given = (std::min)(bytes.size(), std::size_t{1} << 30);  // zlib counts in 32 bits
      stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
      stream.avail_in = static_cast<uInt>(given);
      stream.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream.avail_out = static_cast<uInt>(piece.size());
      status = inflate(&stream, Z_NO_FLUSH);
      const std::size_t taken = given - stream.avail_in, made = piece.size() - stream.avail_out;
      if (status == Z_BUF_ERROR || (status == Z_OK && taken == 0 && made == 0))
        throw DataError(str_cat(name, ": is truncated; fetch it again"));
      if (status != Z_OK && status != Z_STREAM_END)
        throw DataError(
            str_cat(name, ": is damaged (", stream.msg ? stream.msg : "zlib gives no reason", "); fetch it again"));
      if (made > max_bytes - unpacked.size())
        throw DataError(str_cat(name, ": unpacks to more than the ", max_bytes,
                                " bytes allowed; raise .max_bytes of Gunzip to allow it"));
      unpacked.insert(unpacked.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(made));
      bytes = bytes.subspan(taken);
    }
    inflateReset(&stream);
  }
  return unpacked;
}

}  // namespace lamina
