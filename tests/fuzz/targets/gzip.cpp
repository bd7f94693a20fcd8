// Files compressed by gzip: never more than allowed is unpacked, and exactly as much as there is may be allowed.

#include <algorithm>

#include <lamina/data/gzip.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;
constexpr std::size_t allowed = std::size_t{1} << 15;

void read(std::span<const std::byte> file) {
  const auto unpacked = Gunzip{.max_bytes = allowed}.unpack(file, "x");
  fuzz::require(unpacked.size() <= allowed, "more was unpacked than is allowed");
  fuzz::require(Gunzip{.max_bytes = unpacked.size()}.unpack(file, "x") == unpacked,
                "just enough was allowed, and differs");
  if (unpacked.empty()) return;
  try {
    Gunzip{.max_bytes = unpacked.size() - 1}.unpack(file, "x");
  } catch (const DataError&) {
    return;
  }
  fuzz::require(false, "a byte more was unpacked than is allowed");
}

fuzz::Bytes packed(std::string_view text, int level) {
  z_stream stream{};
  fuzz::require(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib cannot begin");
  fuzz::Bytes out(deflateBound(&stream, text.size()) + 32);
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  fuzz::require(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib cannot end");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<fuzz::Bytes> seeds() {
  const std::string words = "the quick brown fox jumps over the lazy dog and the quick brown cat";
  fuzz::Bytes two = packed(words, 9), more = packed("and more", 1);
  two.insert(two.end(), more.begin(), more.end());
  fuzz::Bytes named = packed("x", 9);  // with a name, a comment and extra bytes in its header
  named[3] = std::byte{0x1C};
  const fuzz::Bytes extra = fuzz::bytes(std::string_view("\x02\0ab" "name\0note\0", 14));
  named.insert(named.begin() + 10, extra.begin(), extra.end());
  return {packed("", 9), packed(words, 9), packed(words, 0), packed(std::string(20'000, 'a'), 9), two, named};
}

/// DEFLATE packs at most 1032 bytes into one. A vector that grows holds three times what it had before.
const fuzz::Known known({"gzip", read,
                         [](std::size_t size) { return 5 * std::min(1032 * size, allowed) + (std::size_t{1} << 18); },
                         seeds});

}  // namespace
