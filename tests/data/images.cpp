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
#include <iostream>
#include <lamina/core/random.hpp>
#include <lamina/data/deflate.hpp>

#include "../catch.hpp"
#include "image_files.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

using Bytes = std::vector<std::byte>;

template <typename Array>
Bytes bytes_of(const Array& numbers) {
  Bytes bytes;
  for (const auto number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

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

TEST_CASE("16 bits are rounded to 8") {
  const auto image = decode(bytes_of(image_files::png_16bit));  // 0, 65535, 32768, 257
  REQUIRE(shape(image) == Shape{2, 2, 1});
  CHECK((image(0, 0, 0) == 0 && image(0, 1, 0) == 255 && image(1, 0, 0) == 128 && image(1, 1, 0) == 1));
}

namespace {

/// Fills the stack that a decoder will use.
[[gnu::noinline]] void dirty_the_stack() {
  volatile char dirt[1 << 16];
  for (volatile char& c : dirt) c = 0x5A;
}

/// A PNG of two pixels, 0 and 5, whose palette has one colour, (1, 2, 3), or as many as are given.
Bytes png_of_palette(const Bytes& palette) {
  Bytes file = encode_png(noise(1, 2, 1)), packed;
  file.resize(8);
  const Bytes header = bytes_of(std::array{0, 0, 0, 2, 0, 0, 0, 1, 8, 3, 0, 0, 0});
  lamina::detail::append_chunk(file, "IHDR", header);
  lamina::detail::append_chunk(file, "PLTE", palette);
  lamina::detail::Deflater::append(bytes_of(std::array{0, 0, 5}), packed);
  lamina::detail::append_chunk(file, "IDAT", packed);
  lamina::detail::append_chunk(file, "IEND", {});
  return file;
}

}  // namespace

TEST_CASE("a colour of a PNG that is not in its palette is black, not what stood in the decoder's memory") {
  const Bytes file = png_of_palette(bytes_of(std::array{1, 2, 3}));
  dirty_the_stack();
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
      image_folder(scratch.path, {.colors = Colors::grey, .size = {{6, 8}}, .undecodable = Undecodable::skip});
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
