// Files that ask for much: what reading them holds is a small multiple of their own size, or of what is allowed.

#include <algorithm>
#include <string>

#include <lamina/data/idx.hpp>
#include <lamina/data/image_header.hpp>
#include <lamina/io/onnx_graph.hpp>
#include <lamina/io/safetensors.hpp>
#ifdef FUZZ_GZIP
#include <lamina/data/gzip.hpp>

#include "../data/gzip_file.hpp"
#endif
#ifdef FUZZ_IMAGES
#include <lamina/data/images.hpp>
#endif

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../io/onnx_file.hpp"
#include "../io/raw_file.hpp"
#include "image_seeds.hpp"
#include "memory.hpp"

using namespace lamina;

namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20;

/// The most that is held while something is done, refused or not.
template <typename Action>
std::size_t held_by(Action&& action) {
  const fuzz::MemoryWatch watch(std::size_t{1} << 32);
  try {
    action();
  } catch (const DataError&) {
  }
  return watch.peak();
}

template <typename Action>
std::string refused(Action&& action) {
  return refusal<DataError>(action);
}

}  // namespace

TEST_CASE("what a watch counts is what is held, and what was given back is not") {
  const std::size_t peak = held_by([] {
    // Called by name: what a vector asks for may be left out where nobody reads it, and clang++ does leave it out.
    for (int i = 0; i < 10; ++i) ::operator delete(::operator new(megabyte));
  });
  CHECK(peak >= megabyte);
  CHECK(peak < 2 * megabyte);
}

TEST_CASE("a safetensors file of a few bytes that announces a header of 100 MB takes no memory") {
  for (const std::uint64_t announced : {std::uint64_t{100'000'000}, std::uint64_t{100'000'001}, ~std::uint64_t{0}}) {
    const auto file = raw_file("{}", 0, announced);
    CHECK(held_by([&] { detail::parse_safetensors(file); }) < 4096);
  }
}

TEST_CASE("a huge header of a hundred thousand empty tensors is read in a few times its size") {
  std::string header = "{";
  for (int i = 0; i < 100'000; ++i)
    header += (i > 0 ? ",\"" : "\"") + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  const auto file = raw_file(header + "}", 0);
  CHECK(detail::parse_safetensors(file).entries.size() == 100'000);
  CHECK(held_by([&] { detail::parse_safetensors(file); }) < 12 * file.size());
}

TEST_CASE("a huge header of names, of metadata or of one tensor's extents takes a few dozen times its size at most") {
  std::string names = "{", metadata = "{\"__metadata__\":{", extents = R"({"a":{"shape":[)";
  for (int i = 0; i < 100'000; ++i) {
    names += "\"\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},";
    metadata += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
    extents += i > 0 ? ",1" : "1";
  }
  for (const std::string& header : {names, metadata + "}}", extents + "]}}"}) {
    const auto file = raw_file(header, 4);
    CHECK(held_by([&] { detail::parse_safetensors(file); }) < 32 * file.size());
  }
}

TEST_CASE("ten thousand tensors over the same bytes are refused without any tensor's memory") {
  std::string header = "{";
  for (int i = 0; i < 10'000; ++i)
    header += (i > 0 ? ",\"" : "\"") + std::to_string(i) + R"(":{"dtype":"U8","shape":[1000000],"data_offsets":[0,1000000]})";
  const auto file = raw_file(header + "}", 1'000'000);
  CHECK(refused([&] { detail::parse_safetensors(file); }).find("overlaps the tensor before it") != std::string::npos);
  CHECK(held_by([&] { detail::parse_safetensors(file); }) < 8 * megabyte);  // and not ten thousand
}

TEST_CASE(
    "an ONNX file of a hundred thousand nodes, initializers or extents takes a few dozen times its size at most") {
  const auto file_of = [](const auto& fill) {
    OnnxFile::Proto graph = OnnxFile{{0, 3}}.graph();
    for (int i = 0; i < 100'000; ++i) fill(graph, i);
    return OnnxFile::of(graph);
  };
  const auto nodes = file_of([](auto& graph, int) { graph.text(1, ""); });
  const auto initializers =
      file_of([](auto& graph, int i) { graph.message(5, OnnxFile::tensor(std::to_string(i), {0})); });
  OnnxFile::Proto extents;
  for (int i = 0; i < 100'000; ++i) extents.number(1, 1);
  const auto one = OnnxFile{{0, 3}}.add(extents).bytes();
  CHECK(detail::read_onnx_model(nodes).nodes.size() == 100'000);
  CHECK(detail::read_onnx_model(initializers).tensors.size() == 100'000);
  for (const auto& file : {nodes, initializers, one})
    CHECK(held_by([&] { detail::read_onnx_model(file); }) < 32 * file.size());
}

TEST_CASE("an ONNX initializer of a few bytes that announces 2⁶⁰ numbers takes no memory") {
  const auto file = OnnxFile{{0, 3}}.add(OnnxFile::tensor("w", {1 << 30, 1 << 29})).bytes();
  CHECK(refused([&] { detail::read_onnx_model(file); }).find("w: holds 0 bytes") == 0);
  CHECK(held_by([&] { detail::read_onnx_model(file); }) < 4096);
}

TEST_CASE("an IDX file that promises 2³² values takes no memory") {
  const fuzz::Bytes file = fuzz::bytes(std::string_view("\0\0\x08\x02\xFF\xFF\xFF\xFF\x00\x00\x00\x01..", 14));
  CHECK(refused([&] { parse_idx(file, "x"); }).find("is truncated") != std::string::npos);
  CHECK(held_by([&] { parse_idx(file, "x").tensor<std::uint8_t, 2>(); }) < 4096);
}

TEST_CASE("images that announce more than their bytes can hold take no memory") {
  fuzz::Bytes png = fuzz::noisy_png(3, 4, 3), jpeg = fuzz::bytes_of(image_files::jpeg_rgb),
              bmp = fuzz::bytes_of(image_files::bmp_rgb);
  for (const std::size_t at : {16u, 20u}) png[at + 2] = std::byte{0x0F};  // 3,840 pixels and more along each side
  for (std::size_t at = 0; at + 9 < jpeg.size(); ++at)
    if (jpeg[at] == std::byte{0xFF} && jpeg[at + 1] == std::byte{0xC0}) jpeg[at + 5] = jpeg[at + 7] = std::byte{0x0F};
  bmp[19] = bmp[23] = std::byte{0x0F};
  for (const fuzz::Bytes& file : {fuzz::with_right_checks(png), jpeg, bmp}) {
    CHECK(refused([&] { detail::read_image_header(file, {}); }).find("more than its ") != std::string::npos);
    CHECK(held_by([&] { detail::read_image_header(file, {}); }) < 4096);
  }
}

#ifdef FUZZ_GZIP
TEST_CASE("a gzip bomb, of one member or of a hundred, is stopped at what is allowed") {
  const fuzz::Bytes one = packed(fuzz::Bytes(100 * megabyte)), small = packed(fuzz::Bytes(megabyte));
  fuzz::Bytes many;
  for (int i = 0; i < 100; ++i) many.insert(many.end(), small.begin(), small.end());
  CHECK(one.size() < megabyte / 5);
  const Gunzip gunzip{.max_bytes = 4 * megabyte};
  for (const fuzz::Bytes& bomb : {one, many}) {
    CHECK(refused([&] { gunzip.unpack(bomb, "x"); }) ==
          "x: unpacks to more than the 4194304 bytes allowed; raise .max_bytes of Gunzip to allow it");
    CHECK(held_by([&] { gunzip.unpack(bomb, "x"); }) < 3 * gunzip.max_bytes + megabyte);
  }
}
#endif

#ifdef FUZZ_IMAGES
namespace {

/// A file is refused, or decoded, and no memory of the decoder's is left. Which of both it was.
bool is_decoded(const fuzz::Bytes& file) {
  bool decoded = true;
  try {
    decode_with_stb(file, {});
  } catch (const DataError&) {
    decoded = false;
  }
  REQUIRE(lamina::detail::stb_held == 0);
  return decoded;
}

/// Where a segment of a JPEG begins.
std::size_t segment(const fuzz::Bytes& file, int marker) {
  for (std::size_t at = 2;;
       at += 2 + (std::to_integer<std::size_t>(file.at(at + 2)) << 8 | std::to_integer<std::size_t>(file.at(at + 3))))
    if (file.at(at + 1) == static_cast<std::byte>(marker)) return at;
}

fuzz::Bytes changed(fuzz::Bytes file, std::size_t at, int byte) {
  file.at(at) = static_cast<std::byte>(byte);
  return file;
}

/// A PNG of one row of 64 grey pixels whose data are these bits of DEFLATE, the lowest of each byte first.
fuzz::Bytes png_of_bits(std::string_view bits) {
  fuzz::Bytes file = fuzz::noisy_png(1, 64, 1), packed = fuzz::bytes("\x78\x01");
  file.resize(33);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (i % 8 == 0) packed.push_back(std::byte{0});
    if (bits[i] == '1') packed.back() |= static_cast<std::byte>(1 << i % 8);
  }
  packed.resize(packed.size() + 16);
  lamina::detail::append_chunk(file, "IDAT", packed);
  lamina::detail::append_chunk(file, "IEND", {});
  return file;
}

}  // namespace

TEST_CASE("formats whose decoders in stb_image have open faults never reach it") {
  for (const std::string_view begin :
       {"GIF89a", "8BPS", "\x53\x80\xF6\x34", "#?RADIANCE\n", "#?RGBE\n", "P5 1 1 255\n", "P6 1 1 255\n", "RIFF"}) {
    INFO(begin);
    const std::string why = refused([&] { decode_with_stb(fuzz::bytes(std::string(begin) + std::string(64, '\0')), {}); });
    CHECK((why.starts_with("is ") || why == "begins like no PNG, JPEG or BMP image"));
  }
  fuzz::Bytes tga(64);  // TGA has no mark of its own
  tga[2] = std::byte{2}, tga[12] = tga[14] = std::byte{1}, tga[16] = std::byte{24};
  CHECK(refused([&] { decode_with_stb(tga, {}); }) == "begins like no PNG, JPEG or BMP image");
}

TEST_CASE(
    "a PNG whose DEFLATE has lengths and distances that there are not is refused or decoded, never read beyond a "
    "table") {
  const std::string head = "110", a = "00110000";  // the last block, with fixed codes; the literal 0
  // The lengths 286 and 287 have the codes 11000110 and 11000111, the distances 30 and 31 the codes 11110 and 11111.
  for (const char* length : {"0000001", "11000110", "11000111"})
    for (const char* distance : {"00000", "11110", "11111"}) {
      std::string bits = head;
      for (int i = 0; i < 40; ++i) bits += a;
      is_decoded(png_of_bits(bits + length + distance + "0000000"));
    }
  CHECK(is_decoded(png_of_bits([&] {
    std::string bits = head;
    for (int i = 0; i < 65; ++i) bits += a;
    return bits + "0000000";
  }())));
}

TEST_CASE(
    "a JPEG whose scan names Huffman or quantisation tables that were never defined is refused or decoded in its own "
    "memory") {
  const fuzz::Bytes file = fuzz::bytes_of(image_files::jpeg_rgb);
  const std::size_t frame = segment(file, 0xC0), scan = segment(file, 0xDA);
  for (int table = 0; table < 256; table += 17) {
    is_decoded(changed(file, scan + 6, table));
    is_decoded(changed(file, frame + 12, table % 16));
  }
  CHECK_FALSE(is_decoded(changed(file, scan + 6, 0x44)));
  CHECK_FALSE(is_decoded(changed(file, frame + 12, 4)));
}

TEST_CASE("a JPEG of sampling factors that there are not is refused") {
  const fuzz::Bytes file = fuzz::bytes_of(image_files::jpeg_rgb);
  const std::size_t frame = segment(file, 0xC0);
  for (const int factors : {0x00, 0x01, 0x10, 0x51, 0x15, 0xFF})
    CHECK_FALSE(is_decoded(changed(file, frame + 11, factors)));
}

TEST_CASE("a progressive JPEG of coefficients beyond the 64th, or of bits beyond the 13th, is refused") {
  const fuzz::Bytes file = fuzz::bytes_of(image_files::jpeg_progressive);
  const std::size_t scan = segment(file, 0xDA), end = scan + 2 + std::to_integer<std::size_t>(file[scan + 3]);
  CHECK(is_decoded(file));
  CHECK_FALSE(is_decoded(changed(file, end - 3, 64)));
  CHECK_FALSE(is_decoded(changed(file, end - 2, 64)));
  CHECK_FALSE(is_decoded(changed(file, end - 1, 0x0E)));
  CHECK_FALSE(is_decoded(changed(file, end - 1, 0xE0)));
}
#endif
