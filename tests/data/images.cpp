#include <lamina/data/images.hpp>

#define STB_IMAGE_STATIC  // a program's own stb_image, beside lamina's
#define STB_IMAGE_IMPLEMENTATION
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#if __has_include(<stb/stb_image.h>)
#include <stb/stb_image.h>
#else
#include <stb_image.h>
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#include <cmath>
#include <cstring>
#include <iostream>
#include <lamina/core/random.hpp>
#include <lamina/data/deflate.hpp>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "../catch.hpp"
#include "../refusal.hpp"
#include "exif_files.hpp"
#include "image_files.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

using Bytes = std::vector<std::byte>;

using exif_files::bytes_of;

Tensor<std::uint8_t, 3> decode(const Bytes& file) { return decode_with_stb(file, {}); }

Tensor<std::uint8_t, 3> noise(Index H, Index W, Index C) {
  Tensor<std::uint8_t, 3> image(H, W, C);
  Rng rng{9};
  for (Index i = 0; i < image.size(); ++i) image.data()[i] = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

bool equal(const Tensor<std::uint8_t, 3>& a, const Tensor<std::uint8_t, 3>& b) {
  return shape(a) == shape(b) && std::equal(a.data(), a.data() + a.size(), b.data());
}

}  // namespace

TEST_CASE("what the PNG writer writes is read back, of 1 to 4 channels") {
  for (Index C = 1; C <= 4; ++C)
    for (const auto& [H, W] : {std::pair<Index, Index>{1, 1}, {28, 28}, {37, 211}})
      CHECK(equal(decode(encode_png(noise(H, W, C))), noise(H, W, C)));
}

TEST_CASE("a JPEG of another program is read: colours, grey, progressive") {
  const auto farthest = [](const Bytes& file, const auto& pixels) {
    const auto image = decode(file);
    REQUIRE(shape(image) == Shape{8, 16, 3});
    int distance = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i)
      distance = std::max(distance, std::abs(image.data()[i] - pixels[i]));
    return distance;
  };
  CHECK(farthest(bytes_of(image_files::jpeg_rgb), image_files::jpeg_rgb_pixels) <= 2);  // the standard allows roundings
  CHECK(farthest(bytes_of(image_files::jpeg_progressive), image_files::jpeg_progressive_pixels) <=
        4);  // and how colours are spread
  const auto grey = decode(bytes_of(image_files::jpeg_grey));
  REQUIRE(shape(grey) == Shape{8, 16, 1});
  CHECK(std::abs(grey(7, 15, 0) - (0.299 * 255 + 0.587 * 255 + 0.114 * 128)) < 6);
  CHECK(std::abs(grey(0, 0, 0) - 0.114 * 128) < 6);
}

TEST_CASE("a BMP of another program is read, from below or from above, with a palette or without") {
  for (const Bytes& file : {bytes_of(image_files::bmp_rgb), bytes_of(image_files::bmp_top_down)}) {
    const auto image = decode(file);
    REQUIRE(shape(image) == Shape{3, 5, 3});
    for (Index h = 0; h < 3; ++h)
      for (Index w = 0; w < 5; ++w) {
        CHECK(image(h, w, 0) == 255 * w / 4);
        CHECK(image(h, w, 1) == 255 * h / 2);
        CHECK(image(h, w, 2) == 128);
      }
  }
  const auto palette = decode(bytes_of(image_files::bmp_palette));
  CHECK((palette(0, 0, 0) == 32 && palette(0, 2, 0) == 127 && palette(1, 4, 0) == 223 && palette(2, 4, 0) == 191));
  const auto bits = decode(bytes_of(image_files::bmp_bits));
  for (Index h = 0; h < 3; ++h)
    for (Index w = 0; w < 5; ++w) CHECK(bits(h, w, 0) == (h == 2 || (h + w) % 2 == 0 ? 255 : 0));
}

namespace {

/// A BMP from its numbers: those of 16 and 32 bits are given as such.
struct BmpWriter {
  Bytes file;

  BmpWriter& put(std::uint32_t value, int size = 4) {
    for (int i = 0; i < size; ++i) file.push_back(static_cast<std::byte>(value >> 8 * i & 0xFF));
    return *this;
  }

  BmpWriter& bytes(std::initializer_list<int> values) {
    for (const int value : values) file.push_back(static_cast<std::byte>(value));
    return *this;
  }

  /// The first 14 bytes.
  explicit BmpWriter(std::uint32_t first) { put('B' | 'M' << 8, 2).put(0).put(0).put(first); }

  /// A header of 12 bytes.
  BmpWriter& old_header(std::uint32_t width, std::uint32_t height, std::uint32_t bits) {
    return put(12).put(width, 2).put(height, 2).put(1, 2).put(bits, 2);
  }

  /// The first 40 bytes of a longer header.
  BmpWriter& header(std::uint32_t size, std::uint32_t width, std::uint32_t height, std::uint32_t bits,
                    std::uint32_t compression, std::uint32_t colors = 0) {
    put(size).put(width).put(height).put(1, 2).put(bits, 2).put(compression);
    return put(0).put(0).put(0).put(colors).put(0);
  }
};

std::vector<int> numbers(const Tensor<std::uint8_t, 3>& pixels) {
  return {pixels.data(), pixels.data() + pixels.size()};
}

using Numbers = std::vector<int>;

}  // namespace

TEST_CASE("a BMP of OS/2, whose header has 12 bytes, is read with its own colours") {
  const auto greys = decode(bytes_of(image_files::bmp_os2));
  REQUIRE(shape(greys) == Shape{1, 16, 3});
  for (int i = 0; i < 48; ++i) CHECK(int{greys.data()[i]} == i / 3 * 16);
  CHECK(numbers(decode(BmpWriter(32).old_header(3, 2, 1).bytes({0, 0, 255, 0, 255, 9}).put(0x40).put(0xA0).file)) ==
        Numbers{9, 255, 0, 255, 0, 0, 9, 255, 0, 255, 0, 0, 9, 255, 0, 255, 0, 0});
  Bytes whole = BmpWriter(26 + 768).old_header(2, 1, 8).file;
  whole.resize(26 + 768);
  whole[26 + 765] = std::byte{1}, whole[26 + 766] = std::byte{2}, whole[26 + 767] = std::byte{3};
  whole.insert(whole.end(), {std::byte{0}, std::byte{255}, std::byte{0}, std::byte{0}});
  CHECK(numbers(decode(whole)) == Numbers{0, 0, 0, 3, 2, 1});
  CHECK(numbers(decode(BmpWriter(26).old_header(1, 1, 24).bytes({1, 2, 3, 0}).file)) == Numbers{3, 2, 1});
  CHECK(refusal<DataError>([] {
          decode(BmpWriter(26 + 6).old_header(2, 1, 4).bytes({1, 1, 1, 2, 2, 2, 0x12, 0, 0, 0}).file);
        }) == "is damaged: its BMP has a colour that is not in the palette");
}

TEST_CASE("a BMP of OS/2's later kind, whose header has 64 bytes or the first 16 of them, is read") {
  const Numbers seen{9, 8, 7, 0, 0, 0, 3, 2, 1, 9, 8, 7};
  const auto palette_and_rows = [](BmpWriter& bmp) {
    bmp.bytes({0, 0, 0, 0, 1, 2, 3, 0, 7, 8, 9, 0}).bytes({1, 2, 0, 0, 2, 0, 0, 0});
    return numbers(decode(bmp.file));
  };
  BmpWriter whole(14 + 64 + 12), few(14 + 16 + 12);
  whole.header(64, 2, 2, 8, 0, 3).file.resize(14 + 64, std::byte{0x5A});  // units, halftoning: no masks
  CHECK(palette_and_rows(whole) == seen);
  few.put(16).put(2).put(2).put(1, 2).put(8, 2);
  CHECK(palette_and_rows(few) == seen);
  BmpWriter fax(14 + 64 + 8);
  fax.header(64, 1, 1, 32, 3).file.resize(14 + 64 + 8 + 4);
  CHECK(refusal<DataError>([&] { decode(fax.file); }) ==
        "is a BMP of the compression 3, which cannot be decoded; store it as PNG");
  CHECK(refusal<DataError>([] { decode(BmpWriter(80).header(66, 1, 1, 24, 0).file); }) ==
        "is a BMP whose header has 66 bytes, which is unknown");
}

TEST_CASE("a BMP of true colours may have a palette, or anything, before its pixels") {
  const Bytes palette(4 * 5, std::byte{77});
  for (const std::uint32_t bits : {24U, 32U})
    for (const std::size_t size : {std::size_t{4}, palette.size()}) {
      BmpWriter bmp(static_cast<std::uint32_t>(54 + size));
      bmp.header(40, 1, 1, bits, 0, static_cast<std::uint32_t>(size / 4));
      bmp.file.insert(bmp.file.end(), palette.begin(), palette.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(numbers(decode(bmp.bytes({1, 2, 3, 4}).file)) == Numbers{3, 2, 1});
    }
  BmpWriter few(54 + 8 + 3);  // two colours, and a gap
  few.header(40, 2, 1, 8, 0, 2).bytes({1, 2, 3, 0, 4, 5, 6, 0, 9, 9, 9}).bytes({1, 0, 0, 0});
  CHECK(numbers(decode(few.file)) == Numbers{6, 5, 4, 3, 2, 1});
  BmpWriter more(54 + 4 * 300);  // more than pixels can name
  more.header(40, 1, 1, 8, 0, 300).file.resize(54 + 4 * 300, std::byte{8});
  CHECK(numbers(decode(more.bytes({255, 0, 0, 0}).file)) == Numbers{8, 8, 8});
}

TEST_CASE("a BMP's masks are read wherever its header has them, and a byte that is nobody's is no alpha") {
  const auto masked = [](std::uint32_t header_size, std::uint32_t alpha) {
    BmpWriter bmp(std::max(14 + header_size, 66U));
    bmp.header(header_size, 1, 1, 32, 3).put(0xFF).put(0xFF00).put(0xFF0000);
    if (header_size >= 56) bmp.put(alpha);
    bmp.file.resize(std::max(14 + header_size, 66U));
    return numbers(decode(bmp.bytes({1, 2, 3, 4}).file));
  };
  for (const std::uint32_t size : {40U, 52U, 56U, 108U, 124U}) CHECK(masked(size, 0) == Numbers{1, 2, 3});
  for (const std::uint32_t size : {56U, 108U, 124U}) CHECK(masked(size, 0xFF000000) == Numbers{1, 2, 3, 4});
  CHECK(numbers(decode(BmpWriter(54).header(40, 1, 1, 32, 0).bytes({1, 2, 3, 4}).file)) == Numbers{3, 2, 1});
  CHECK(numbers(decode(BmpWriter(54).header(40, 1, 1, 16, 0).bytes({0x1F, 0x7C, 0, 0}).file)) == Numbers{255, 0, 255});
  CHECK(numbers(decode(
            BmpWriter(66).header(40, 1, 1, 16, 3).put(0xF800).put(0x7E0).put(0x1F).bytes({0xE0, 7, 0, 0}).file)) ==
        Numbers{0, 255, 0});
  CHECK(refusal<DataError>([] { decode(BmpWriter(58).header(40, 1, 1, 32, 3).put(0xFF).put(0xFF).put(0).file); }) ==
        "is damaged: the pixels of its BMP begin within the header");
}

TEST_CASE("a JPEG with stray bytes between its segments is the one without them") {
  for (const Bytes& file : {bytes_of(image_files::jpeg_rgb), bytes_of(image_files::jpeg_progressive)}) {
    const auto sound = decode(file);
    std::vector<std::size_t> ends;  // of segments
    for (lamina::detail::JpegSegment segment{0, 0, 2}; !segment.is_last();
         segment = lamina::detail::next_segment({file}, segment.end))
      if (!segment.is_scan()) ends.push_back(segment.end);
    REQUIRE(ends.size() > 8);
    for (const std::size_t end : ends)
      for (const Bytes& stray :
           {bytes_of(std::array{7}), bytes_of(std::array{0, 0, 255, 0, 1}), bytes_of(std::array{255, 255})}) {
        Bytes strays = file;
        strays.insert(strays.begin() + static_cast<std::ptrdiff_t>(end), stray.begin(), stray.end());
        CAPTURE(end, stray.size());
        CHECK(equal(decode(strays), sound));
      }
  }
}

TEST_CASE("a photograph is turned as its EXIF orientation says, all eight ways, unless told otherwise") {
  const auto stored = read_image(bytes_of(image_files::jpeg_rgb));
  for (const bool little : {true, false})
    for (int value = 1; value <= 8; ++value) {
      const Bytes file = exif_files::jpeg_with({exif_files::block({.little = little, .entries = {{.value = value}}})});
      const auto image = read_image(file);
      REQUIRE(shape(image) == (value < 5 ? Shape{8, 16, 3} : Shape{16, 8, 3}));
      for (Index h = 0; h < 8; ++h)
        for (Index w = 0; w < 16; ++w) {
          const std::array<Index, 2> seen[] = {{h, w}, {h, 15 - w}, {7 - h, 15 - w}, {7 - h, w},
                                               {w, h}, {w, 7 - h},  {15 - w, 7 - h}, {15 - w, h}};
          const auto [y, x] = seen[value - 1];  // where the pixel that is stored at (h, w) is seen
          REQUIRE(image(y, x, 0) == stored(h, w, 0));
          REQUIRE(image(y, x, 1) == stored(h, w, 1));
        }
      CHECK(equal(read_image(file, {.exif_orientation = ExifOrientation::ignore}), stored));
    }
}

TEST_CASE("16 bits are rounded to 8") {
  const auto image = decode(bytes_of(image_files::png_16bit));  // 0, 65535, 32768, 257
  REQUIRE(shape(image) == Shape{2, 2, 1});
  CHECK((image(0, 0, 0) == 0 && image(0, 1, 0) == 255 && image(1, 0, 0) == 128 && image(1, 1, 0) == 1));
}

namespace {

/// Fills the stack that a decoder will use, and what it will be given of the heap where the system's library can.
[[gnu::noinline]] void dirty_the_memory(int pattern) {
  char dirt[1 << 15];
  std::memset(dirt, pattern, sizeof dirt);
  asm volatile("" : : "r"(dirt) : "memory");
#if defined(__GLIBC__)
  mallopt(M_PERTURB, pattern);
#endif
}

/// A PNG of two pixels, of this depth and colour type, with a chunk before them.
Bytes png_of_two(int depth, int color, const char* chunk, const Bytes& content, const Bytes& pixels) {
  Bytes file = encode_png(noise(1, 2, 1)), packed, row(1);
  file.resize(8);
  const Bytes header = bytes_of(std::array{0, 0, 0, 2, 0, 0, 0, 1, depth, color, 0, 0, 0});
  lamina::detail::append_chunk(file, "IHDR", header);
  lamina::detail::append_chunk(file, chunk, content);
  row.insert(row.end(), pixels.begin(), pixels.end());
  lamina::detail::Deflater::append(row, packed);
  lamina::detail::append_chunk(file, "IDAT", packed);
  lamina::detail::append_chunk(file, "IEND", {});
  return file;
}

/// A PNG of two pixels, 0 and 5, with this palette.
Bytes png_of_palette(const Bytes& palette) { return png_of_two(8, 3, "PLTE", palette, bytes_of(std::array{0, 5})); }

}  // namespace

TEST_CASE("a colour of a PNG that is not in its palette is black, not what stood in the decoder's memory") {
  const Bytes file = png_of_palette(bytes_of(std::array{1, 2, 3}));
  dirty_the_memory(0x5A);
  const auto image = decode_with_stb(file, {});
  REQUIRE(shape(image) == Shape{1, 2, 3});
  const int expected[] = {1, 2, 3, 0, 0, 0};
  for (Index i = 0; i < 6; ++i) CHECK(int{image.data()[i]} == expected[i]);
  CHECK(refusal<DataError>([&] { decode_with_stb(png_of_palette(Bytes(4)), {}); }).find("stb_image says") !=
        std::string::npos);
  CHECK(refusal<DataError>([&] { decode_with_stb(png_of_palette(Bytes(771)), {}); }).find("stb_image says") !=
        std::string::npos);
  CHECK(refusal<DataError>([&] { decode_with_stb(png_of_palette({}), {}); }).find("stb_image says") !=
        std::string::npos);
}

TEST_CASE("no pixel of any file, sound or damaged, is what stood in memory before") {
  int decoded = 0;
  const auto check = [&](const Bytes& file) {
    Tensor<std::uint8_t, 3> images[2];
    try {
      for (const int i : {0, 1}) {
        dirty_the_memory(i == 0 ? 0x55 : 0xAA);
        images[i] = decode_with_stb(file, {.max_pixels = 10000});
      }
      ++decoded;
    } catch (const DataError&) {
    }
    return equal(images[0], images[1]);  // none for a file that was refused at once
  };
  for (const Bytes& file :
       {encode_png(noise(6, 5, 3)), bytes_of(image_files::png_palette), bytes_of(image_files::png_16bit),
        bytes_of(image_files::jpeg_rgb), bytes_of(image_files::jpeg_progressive), bytes_of(image_files::jpeg_grey),
        bytes_of(image_files::bmp_rgb), bytes_of(image_files::bmp_palette), bytes_of(image_files::bmp_bits),
        bytes_of(image_files::bmp_os2), png_of_palette(bytes_of(std::array{1, 2, 3}))}) {
    REQUIRE(check(file));
    for (std::size_t at = 0; at < std::min<std::size_t>(file.size(), 600); ++at)
      for (const int byte : {0, 0x7F, 0xFF}) {
        Bytes wrong = file;
        wrong[at] = static_cast<std::byte>(byte);
        CAPTURE(at, byte);
        REQUIRE(check(wrong));
      }
  }
  CHECK(decoded > 2000);
  dirty_the_memory(0);
}

TEST_CASE("a transparent colour of a palette shows the background") {
  const Scratch scratch("images");
  write_file(scratch.path / "p.png", bytes_of(image_files::png_palette));
  const auto image = read_image(scratch.path / "p.png", {.background = {1, 2, 3}});
  const auto from_memory = read_image(bytes_of(image_files::png_palette), {.background = {1, 2, 3}});
  CHECK(std::equal(image.data(), image.data() + image.size(), from_memory.data()));
  REQUIRE(shape(image) == Shape{1, 2, 3});
  const int expected[] = {255, 0, 0, 1, 2, 3};
  for (Index i = 0; i < 6; ++i) CHECK(int{image.data()[i]} == expected[i]);
}

TEST_CASE("a PNG's one transparent colour, or its alpha, shows the background, of every depth") {
  const auto seen = [](int depth, int color, std::initializer_list<int> transparent, std::initializer_list<int> pixels) {
    const char* chunk = transparent.size() > 0 ? "tRNS" : "tEXt";
    const Bytes file = png_of_two(depth, color, chunk, bytes_of(transparent), bytes_of(pixels));
    return numbers(read_image(file, {.background = {1, 2, 3}}));
  };
  CHECK(seen(8, 0, {0, 9}, {9, 8}) == Numbers{1, 2, 3, 8, 8, 8});
  CHECK(seen(2, 0, {0, 2}, {0b10'01'0000}) == Numbers{1, 2, 3, 85, 85, 85});
  CHECK(seen(16, 0, {9, 1}, {9, 1, 9, 2}) == Numbers{1, 2, 3, 9, 9, 9});  // a colour that 8 bits cannot tell apart
  CHECK(seen(8, 2, {0, 7, 0, 8, 0, 9}, {7, 8, 9, 7, 8, 8}) == Numbers{1, 2, 3, 7, 8, 8});
  CHECK(seen(16, 4, {}, {255, 255, 0, 0, 128, 128, 255, 255}) == Numbers{1, 2, 3, 128, 128, 128});
}

TEST_CASE("damaged files of every kind are refused or decoded, whatever byte is wrong, and no memory is lost") {
  int refused = 0, decoded = 0;
  for (const Bytes& file :
       {encode_png(noise(6, 5, 3)), bytes_of(image_files::png_palette), bytes_of(image_files::jpeg_rgb),
        bytes_of(image_files::jpeg_progressive), bytes_of(image_files::jpeg_grey), bytes_of(image_files::bmp_rgb),
        bytes_of(image_files::bmp_palette), bytes_of(image_files::bmp_bits)})
    for (std::size_t at = 0; at < std::min<std::size_t>(file.size(), 600); ++at)
      for (const int byte : {0, 1, 0x11, 0x7F, 0xDA, 0xFF}) {
        Bytes wrong = file;
        wrong[at] = static_cast<std::byte>(byte);
        try {
          const auto image = decode_with_stb(wrong, {.max_pixels = 10000});
          REQUIRE(image.dimension(0) * image.dimension(1) <= 10000);
          ++decoded;
        } catch (const DataError&) {
          ++refused;
        }
        REQUIRE(lamina::detail::stb_held == 0);
      }
  CHECK(refused > 2000);
  CHECK(decoded > 2000);
}

TEST_CASE("a PNG that unpacks to far more than its pixels is refused") {
  // The pixels are 4 × 4, but what is packed are 30 million bytes of nothing.
  Bytes packed, file = encode_png(noise(4, 4, 1));
  lamina::detail::Deflater::append(Bytes(30'000'000), packed);
  file.resize(33);  // the signature and IHDR
  lamina::detail::append_chunk(file, "IDAT", packed);
  lamina::detail::append_chunk(file, "IEND", {});
  CHECK(file.size() < 400'000);
  CHECK(refusal<DataError>([&] { decode(file); }).find("is damaged or of an unknown kind: stb_image says") == 0);
}

TEST_CASE("a folder of PNG, JPEG and BMP files becomes a data set, and one file is read as in the folder") {
  const Scratch scratch("images");
  const auto put = [&](const char* name, const Bytes& file) {
    std::filesystem::create_directories((scratch.path / name).parent_path());
    write_file(scratch.path / name, file);
  };
  put("ramp/a.jpg", bytes_of(image_files::jpeg_rgb));
  put("ramp/b.bmp", bytes_of(image_files::bmp_rgb));
  put("ramp/c.jpeg", bytes_of(image_files::jpeg_cmyk));
  put("noise/a.png", encode_png(noise(9, 9, 3)));
  put("noise/jpeg_named.png", bytes_of(image_files::jpeg_grey));
  const ImageOptions options{.colors = Colors::grey, .size = {{6, 8}}};
  const auto folder =
      image_folder(scratch.path, {.colors = Colors::grey, .size = {{6, 8}}, .undecodable = DecodeErrorPolicy::skip});
  CHECK(folder.data.class_names() == std::vector<std::string>{"noise", "ramp"});
  REQUIRE(folder.data.size() == 4);
  REQUIRE(folder.skipped.size() == 1);
  CHECK(folder.skipped[0].reason == "is a CMYK JPEG, which cannot be decoded; convert it to RGB");
  for (std::size_t i = 0; i < 4; ++i) {
    const auto one = read_image(folder.files[i], options);
    CHECK(std::equal(one.data(), one.data() + one.size(),
                     folder.data.bytes().begin() + static_cast<std::ptrdiff_t>(i) * one.size()));
  }
  const std::string refused = refusal<DataError>([&] { image_folder(scratch.path, {.size = {{6, 8}}}); });
  CHECK(refused.find("1 file cannot be decoded") != std::string::npos);
}

TEST_CASE("what reads images is found by its whole name, without a decoder too") {
  const Scratch scratch("images");
  write_file(scratch.path / "a.jpg", bytes_of(image_files::jpeg_rgb));
  CHECK(shape(lamina::read_image(scratch.path / "a.jpg")) == Shape{8, 16, 3});
  CHECK(shape(lamina::read_image(bytes_of(image_files::jpeg_grey))) == Shape{8, 16, 3});
  CHECK_THROWS_AS(lamina::image_folder(scratch.path / "none"), DataError);
}

TEST_CASE("a program's own stb_image says the same of sound files") {
  for (const Bytes& file :
       {encode_png(noise(6, 5, 3)), bytes_of(image_files::jpeg_rgb), bytes_of(image_files::bmp_palette)}) {
    int width = 0, height = 0, channels = 0;
    unsigned char* pixels = stbi_load_from_memory(reinterpret_cast<const unsigned char*>(file.data()),
                                                  static_cast<int>(file.size()), &width, &height, &channels, 0);
    REQUIRE(pixels);
    const auto ours = decode(file);
    CHECK(shape(ours) == Shape{height, width, channels});
    CHECK(std::equal(ours.data(), ours.data() + ours.size(), pixels));
    stbi_image_free(pixels);
  }
}

TEST_CASE("digits in folders are MNIST's") {
  const auto shared = std::filesystem::path(LAMINA_TESTS_DIR) / "../../shared/data/digits-3078";
  if (!std::filesystem::exists(shared)) {
    std::cout << "skipped: data/images: ../shared/data/digits-3078 is not here\n";
    return;
  }
  const auto folder = image_folder(shared, {.colors = Colors::grey, .threads = 2});
  CHECK(folder.skipped.empty());
  CHECK(folder.warnings.empty());
  CHECK(folder.data.sample_shape() == Shape{28, 28, 1});
  CHECK(folder.data.class_counts() == std::vector<Index>{300, 312, 306, 306, 294, 318, 324, 300, 318, 300});
  CHECK(folder.data.class_names() == std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  double ink = 0;
  for (const std::uint8_t byte : folder.data.bytes()) ink += byte;
  CHECK(ink / 255 / static_cast<double>(folder.data.bytes().size()) == Approx(0.1307).margin(0.004));  // MNIST's mean
}
