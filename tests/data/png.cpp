#include <lamina/core/files.hpp>
#include <lamina/core/random.hpp>
#include <lamina/data/deflate.hpp>
#include <lamina/data/png.hpp>
#include <string>

#include "../catch.hpp"
#include "png_reference.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

template <int Rank>
bool same_pixels(const Tensor<std::uint8_t, Rank>& pixels) {
  const auto read = png_reference::read(encode_png(pixels));
  return read == std::vector<std::uint8_t>(pixels.data(), pixels.data() + pixels.size());
}

Tensor<std::uint8_t, 3> picture(Index H, Index W, Index C, int kind) {
  Tensor<std::uint8_t, 3> pixels(H, W, C);
  Rng rng{static_cast<std::uint64_t>(kind)};
  for (Index i = 0; i < pixels.size(); ++i)
    pixels.data()[i] = static_cast<std::uint8_t>(kind == 0           ? 0
                                                 : kind == 1         ? rng.below(256)
                                                 : kind == 2         ? i / 7 % 256
                                                 : rng.below(8) == 0 ? rng.below(256)
                                                                     : 20);
  return pixels;
}

}  // namespace

TEST_CASE("the check values are those of the standards") {
  CHECK(detail::crc32(bytes_of("123456789")) == 0xCBF43926);
  std::vector<std::byte> stream;
  detail::Deflater::append(bytes_of("Wikipedia"), stream);
  REQUIRE(stream.size() > 4);
  const std::vector<std::byte> adler(stream.end() - 4, stream.end());
  CHECK(adler == std::vector<std::byte>{std::byte{0x11}, std::byte{0xE6}, std::byte{0x03}, std::byte{0x98}});
}

TEST_CASE("what is packed is unpacked again, runs, far repeats and noise alike") {
  std::vector<std::string> texts{"", "a", "ab", "abc", std::string(1000, 'x'), "abcabcabcabcabcabcd"};
  for (int length = 1; length < 300; ++length)
    texts.push_back("-" + std::string(static_cast<std::size_t>(length), 'y') + "z");
  std::string noise;
  Rng rng{3};
  for (int i = 0; i < 40000; ++i) noise += static_cast<char>(rng.below(256));
  texts.push_back(noise);
  for (const std::size_t apart : {4u, 5u, 12u, 100u, 1000u, 24577u, 32767u, 32768u, 32769u})
    texts.push_back(noise.substr(0, 300) + noise.substr(1000, apart) + noise.substr(0, 300));
  for (const std::string& text : texts) {
    std::vector<std::byte> stream;
    detail::Deflater::append(bytes_of(text), stream);
    CHECK(png_reference::inflate(stream) == bytes_of(text));
  }
}

TEST_CASE("a PNG holds the pixels that it was made from, whatever they are and however many channels") {
  for (Index C = 1; C <= 4; ++C)
    for (const int kind : {0, 1, 2, 3}) CHECK(same_pixels(picture(13, 29, C, kind)));
  CHECK(same_pixels(picture(1, 1, 1, 1)));
  CHECK(same_pixels(picture(300, 200, 3, 3)));
  Tensor<std::uint8_t, 2> grey(2, 3);
  grey.setValues({{1, 2, 3}, {4, 5, 6}});
  CHECK(same_pixels(grey));
}

TEST_CASE("a drawing takes a fraction of its pixels' bytes, and noise hardly more than them") {
  CHECK(encode_png(picture(100, 100, 1, 0)).size() < 600);
  CHECK(encode_png(picture(100, 100, 1, 1)).size() < 11500);
}

TEST_CASE("a PNG is written to a file") {
  const Scratch scratch("png");
  const auto pixels = picture(5, 6, 3, 1);
  write_png(scratch.path / "a.png", pixels);
  CHECK(detail::read_file(scratch.path / "a.png") == encode_png(pixels));
  CHECK(refusal<DataError>([&] { write_png(scratch.path / "none" / "a.png", pixels); }).find("cannot be written") !=
        std::string::npos);
}

TEST_CASE("numbers become pixels: rounded, and cut off at black and white") {
  Tensor<float, 2> values(1, 6);
  values.setValues({{0, 1, 0.5F, -3, 7, std::nanf("")}});
  const auto pixels = detail::to_pixels(values);
  const int expected[] = {0, 255, 128, 0, 255, 0};
  for (Index i = 0; i < 6; ++i) CHECK(int{pixels.data()[i]} == expected[i]);
}

TEST_CASE("a picture without pixels or of five channels is refused") {
  CHECK(refusal<ShapeError>([] { encode_png(Tensor<std::uint8_t, 3>(4, 4, 5)); }) ==
        "encode_png: expects pixels (H, W, C) of at least one pixel and 1 to 4 channels but got (4, 4, 5)");
  CHECK(refusal<ShapeError>([] { encode_png(Tensor<std::uint8_t, 3>(0, 4, 1)); }).find("but got (0, 4, 1)") !=
        std::string::npos);
  CHECK(refusal<ShapeError>([] { encode_png(Tensor<std::uint8_t, 2>(3, 0)); }).find("but got (3, 0, 1)") !=
        std::string::npos);
}
