#include <lamina/data/image_header.hpp>
#include <lamina/data/png.hpp>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "image_files.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

using Bytes = std::vector<std::byte>;

template <typename Array>
Bytes bytes_of(const Array& numbers) {
  Bytes bytes;
  for (const auto number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

std::string why(const Bytes& file, const ImageLimits& limits = {}) {
  return refusal<DataError>([&] { detail::read_image_header(file, limits); });
}

bool begins(const std::string& text, const std::string& beginning) {
  INFO(text);
  CHECK(text.substr(0, beginning.size()) == beginning);
  return text.substr(0, beginning.size()) == beginning;
}

/// A file with one of its bytes, from `at` on, replaced.
Bytes changed(Bytes file, std::size_t at, std::initializer_list<int> bytes) {
  for (const int byte : bytes) file.at(at++) = static_cast<std::byte>(byte);
  return file;
}

Bytes png(Index H = 5, Index W = 7, Index C = 3) {
  Tensor<std::uint8_t, 3> pixels(H, W, C);
  pixels.setConstant(9);
  return encode_png(pixels);
}

/// With right check values again.
Bytes mended(Bytes file) {
  const auto number = [&](std::size_t at) {
    return std::to_integer<std::size_t>(file[at]) << 24 | std::to_integer<std::size_t>(file[at + 1]) << 16 |
           std::to_integer<std::size_t>(file[at + 2]) << 8 | std::to_integer<std::size_t>(file[at + 3]);
  };
  for (std::size_t at = 8; at + 12 <= file.size() && number(at) <= file.size() - at - 12; at += 12 + number(at)) {
    const std::uint32_t crc = detail::crc32(std::span(file).subspan(at + 4, number(at) + 4));
    for (std::size_t i = 0; i < 4; ++i)
      file[at + 8 + number(at) + i] = static_cast<std::byte>(crc >> (24 - 8 * i) & 0xFF);
  }
  return file;
}

/// Where a segment of a JPEG with this marker begins.
std::size_t segment(const Bytes& file, int marker) {
  for (std::size_t at = 2; at + 4 < file.size();) {
    if (file[at + 1] == static_cast<std::byte>(marker)) return at;
    at += 2 + (std::to_integer<std::size_t>(file[at + 2]) << 8 | std::to_integer<std::size_t>(file[at + 3]));
  }
  throw std::runtime_error("no such segment");
}

}  // namespace

TEST_CASE("the header of every kind of image is read") {
  const auto header = [](const Bytes& file) { return detail::read_image_header(file, {}); };
  CHECK(header(png()).format == detail::ImageFormat::png);
  CHECK(header(png()).height == 5);
  CHECK(header(png()).width == 7);
  CHECK(!header(png()).is_deep);
  CHECK(header(bytes_of(image_files::png_16bit)).is_deep);
  CHECK(header(bytes_of(image_files::png_palette)).width == 2);
  for (const Bytes& file :
       {bytes_of(image_files::jpeg_rgb), bytes_of(image_files::jpeg_progressive), bytes_of(image_files::jpeg_grey)}) {
    CHECK(header(file).format == detail::ImageFormat::jpeg);
    CHECK(header(file).height == 8);
    CHECK(header(file).width == 16);
  }
  for (const Bytes& file : {bytes_of(image_files::bmp_rgb), bytes_of(image_files::bmp_top_down),
                            bytes_of(image_files::bmp_palette), bytes_of(image_files::bmp_bits)}) {
    CHECK(header(file).format == detail::ImageFormat::bmp);
    CHECK(header(file).height == 3);
    CHECK(header(file).width == 5);
  }
}

TEST_CASE("an image cut off anywhere is refused, and nothing behind its end is read") {
  for (const Bytes& file : {png(), bytes_of(image_files::png_16bit), bytes_of(image_files::jpeg_rgb),
                            bytes_of(image_files::jpeg_progressive), bytes_of(image_files::jpeg_grey),
                            bytes_of(image_files::bmp_rgb), bytes_of(image_files::bmp_bits)}) {
    CHECK_NOTHROW(detail::read_image_header(file, {}));
    for (std::size_t size = 0; size < file.size(); ++size) {
      const Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      CAPTURE(size);
      REQUIRE(why(part) != "nothing was refused");
    }
  }
  CHECK(why({}) == "is empty");
  const Bytes cut = png();
  CHECK(begins(why({cut.begin(), cut.end() - 20}), "is truncated"));
}

TEST_CASE("any byte of an image may be wrong: it is refused or read, within the limits") {
  const ImageLimits limits{.max_pixels = 4000};
  int refused = 0;
  for (const Bytes& file : {png(), bytes_of(image_files::jpeg_rgb), bytes_of(image_files::jpeg_progressive),
                            bytes_of(image_files::bmp_bits), bytes_of(image_files::bmp_rgb)})
    for (std::size_t at = 0; at < file.size(); ++at)
      for (const int byte : {0, 1, 0x7F, 0x80, 0xC4, 0xFF}) try {
          const detail::ImageHeader header = detail::read_image_header(changed(file, at, {byte}), limits);
          REQUIRE(header.height * header.width <= 4000);
        } catch (const DataError&) {
          ++refused;
        }
  CHECK(refused > 500);
}

TEST_CASE("a PNG that announces a huge image is refused before memory is taken") {
  const Bytes file = mended(changed(png(), 16, {0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF}));
  CHECK(begins(why(file), "announces 2147483647 × 2147483647 pixels, more than the 33554432 allowed"));
  CHECK(begins(why(mended(changed(png(), 16, {0, 0, 0x40, 0, 0, 0, 0x08, 0}))),
               "announces 16384 × 2048 pixels, more than its "));
  CHECK(begins(why(mended(changed(png(), 16, {0, 0, 0, 0}))), "announces 0 × 5 pixels, which is no image"));
  CHECK(
      begins(why(png(200, 200, 1), {.max_pixels = 39999}), "announces 200 × 200 pixels, more than the 39999 allowed"));
}

TEST_CASE("a PNG with a chunk longer than the file is refused") {
  CHECK(begins(why(changed(png(), 33, {0x7F, 0xFF, 0xFF, 0xF0})),
               "is truncated: a chunk of its PNG ends behind the file's end"));
}

TEST_CASE("a PNG whose bytes were changed on the way is refused") {
  CHECK(begins(why(changed(png(), 45, {0x55})), "is damaged: a chunk of its PNG has the wrong check value"));
}

TEST_CASE("a PNG of Apple's own kind, whose colours are in another order, is named") {
  Bytes file = png(), chunk;
  detail::append_chunk(chunk, "CgBI", Bytes(4));
  file.insert(file.begin() + 8, chunk.begin(), chunk.end());
  CHECK(why(file) == "is a PNG of Apple's own kind (CgBI), which cannot be decoded; store it as PNG");
}

TEST_CASE("a PNG without IHDR, or with depths and colours that there are not, is refused") {
  CHECK(begins(why(mended(changed(png(), 12, {'I', 'D', 'A', 'T'}))), "is damaged: a PNG begins with one IHDR"));
  CHECK(begins(why(mended(changed(png(), 24, {3}))), "is damaged: a PNG cannot have 3 bits and the colour type 2"));
  CHECK(begins(why(mended(changed(png(), 25, {7}))), "is damaged: a PNG cannot have 8 bits and the colour type 7"));
  CHECK(begins(why(mended(changed(png(), 24, {4}))), "is damaged: a PNG cannot have 4 bits and the colour type 2"));
}

TEST_CASE("a JPEG that announces a huge image is refused before memory is taken") {
  const Bytes file = bytes_of(image_files::jpeg_rgb);
  const std::size_t frame = segment(file, 0xC0);
  CHECK(begins(why(changed(file, frame + 5, {0xFF, 0xFF, 0xFF, 0xFF})),
               "announces 65535 × 65535 pixels, more than the 33554432 allowed"));
  CHECK(begins(why(changed(file, frame + 5, {0x10, 0, 0x10, 0})),
               "announces 4096 × 4096 pixels, more than its 349 bytes of them can hold"));
  CHECK(begins(why(changed(file, frame + 5, {0, 0})), "announces 16 × 0 pixels, which is no image"));
}

TEST_CASE("a JPEG that cannot be decoded is named: CMYK, 12 bits, arithmetic coding, lossless") {
  CHECK(why(bytes_of(image_files::jpeg_cmyk)) == "is a CMYK JPEG, which cannot be decoded; convert it to RGB");
  const Bytes file = bytes_of(image_files::jpeg_rgb);
  const std::size_t frame = segment(file, 0xC0);
  CHECK(begins(why(changed(file, frame + 4, {12})), "is a JPEG of 12 bits, which cannot be decoded"));
  CHECK(begins(why(changed(file, frame + 1, {0xC9})), "is an arithmetically coded or hierarchical JPEG"));
  CHECK(begins(why(changed(file, frame + 1, {0xC3})), "is a lossless JPEG"));
  CHECK(begins(why(changed(file, frame + 9, {2})), "is damaged: a JPEG has no 2 components"));
}

TEST_CASE("a JPEG with Huffman tables that overflow the decoder's is refused") {
  const Bytes file = bytes_of(image_files::jpeg_rgb);
  const std::size_t table = segment(file, 0xC4);
  CHECK(begins(why(changed(file, table + 5, {3})), "is damaged: a Huffman table of its JPEG has more codes than bits"));
  CHECK(begins(why(changed(file, table + 5, {0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255})),
               "is damaged: a Huffman table of its JPEG is too large"));
  CHECK(begins(why(changed(file, table + 2, {0, 5})), "is damaged: a Huffman table of its JPEG is cut short"));
}

TEST_CASE("a JPEG with two frames, a scan before the frame, a marker out of place, or thousands of scans is refused") {
  const Bytes file = bytes_of(image_files::jpeg_rgb);
  const std::size_t frame = segment(file, 0xC0), scan = segment(file, 0xDA);
  Bytes twice = file;
  const Bytes copy(file.begin() + static_cast<std::ptrdiff_t>(frame),
                   file.begin() + static_cast<std::ptrdiff_t>(frame + 19));
  twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(frame), copy.begin(), copy.end());
  CHECK(begins(why(twice), "is damaged: its JPEG has two frames"));
  Bytes none = file;
  none.erase(none.begin() + static_cast<std::ptrdiff_t>(frame), none.begin() + static_cast<std::ptrdiff_t>(frame + 19));
  CHECK(begins(why(none), "is damaged: its JPEG has a scan before the frame"));
  CHECK(!detail::read_image_header(file, {}).has_stray_bytes);
  Bytes between = file;
  between.insert(between.begin() + static_cast<std::ptrdiff_t>(frame), std::byte{7});
  CHECK(detail::read_image_header(between, {}).has_stray_bytes);
  between.insert(between.begin() + static_cast<std::ptrdiff_t>(frame), {std::byte{0xFF}, std::byte{0xD8}});
  CHECK(begins(why(between), "is damaged: its JPEG has a marker out of place"));
  Bytes many(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(scan));
  const Bytes one(file.begin() + static_cast<std::ptrdiff_t>(scan), file.end() - 2);
  for (int i = 0; i < 300; ++i) many.insert(many.end(), one.begin(), one.end());
  many.insert(many.end(), file.end() - 2, file.end());
  CHECK(begins(why(many), "is a JPEG of more than 256 scans"));
}

TEST_CASE("a JPEG that uses tables or has components that are not in it is refused") {
  const auto without = [](Bytes file, int marker, int count = 1) {
    for (; count > 0; --count) {
      const std::size_t at = segment(file, marker);
      const auto length = std::to_integer<std::size_t>(file[at + 2]) << 8 | std::to_integer<std::size_t>(file[at + 3]);
      file.erase(file.begin() + static_cast<std::ptrdiff_t>(at),
                 file.begin() + static_cast<std::ptrdiff_t>(at + 2 + length));
    }
    return file;
  };
  const std::string quantisation = "is damaged: its JPEG uses a quantisation table that is not in it",
                    huffman = "is damaged, or a frame of a video: its JPEG uses a Huffman table that is not in it",
                    component = "is truncated: its JPEG has no scan for one of its components";
  for (const Bytes& file : {bytes_of(image_files::jpeg_rgb), bytes_of(image_files::jpeg_progressive)}) {
    CHECK(why(without(file, 0xDB)) == quantisation);
    CHECK(why(without(file, 0xDB, 2)) == quantisation);
    CHECK(why(without(file, 0xC4)) == huffman);
    const std::size_t scan = segment(file, 0xDA);
    CHECK(why(changed(file, scan + 6, {0x20})) == huffman);
    CHECK(why(changed(file, scan + 5, {9})) == "is damaged: a scan of its JPEG names a component that it does not have");
    CHECK(why(changed(file, segment(file, file == bytes_of(image_files::jpeg_rgb) ? 0xC0 : 0xC2) + 12, {2})) ==
          quantisation);
  }
  CHECK(why(without(bytes_of(image_files::jpeg_rgb), 0xC4, 4)) == huffman);
  const Bytes progressive = bytes_of(image_files::jpeg_progressive);
  const std::size_t first = segment(progressive, 0xDA);  // of the lowest frequencies of all components
  CHECK(why(changed(progressive, first + 13, {0x10})) ==
        "is damaged: its progressive JPEG refines what no scan has begun");
  const Bytes file = bytes_of(image_files::jpeg_rgb);
  const std::size_t scan = segment(file, 0xDA);
  Bytes one = changed(file, scan + 3, {8});  // a scan of the first component alone
  one = changed(one, scan + 4, {1});
  one.erase(one.begin() + static_cast<std::ptrdiff_t>(scan + 7), one.begin() + static_cast<std::ptrdiff_t>(scan + 11));
  CHECK(why(one) == component);
}

TEST_CASE("a BMP that announces rows that are not there is refused") {
  const Bytes file = bytes_of(image_files::bmp_rgb);
  CHECK(begins(why(changed(file, 22, {0xFF, 0xFF, 0xFF, 0x7F})), "announces 5 × 2147483647 pixels"));
  CHECK(begins(why(changed(file, 22, {0, 0, 0, 0x80})), "announces 5 × 2147483648 pixels"));
  CHECK(begins(why(changed(file, 22, {4})), "is truncated: rows of its BMP are missing"));
  CHECK(begins(why(changed(file, 10, {0xFF, 0xFF, 0xFF, 0xFF})), "is truncated: rows of its BMP are missing"));
  CHECK(begins(why(changed(file, 10, {20})), "is damaged: the pixels of its BMP begin within the header"));
}

TEST_CASE("a BMP that is run-length encoded or of an unknown kind is named") {
  const Bytes file = bytes_of(image_files::bmp_rgb);
  CHECK(begins(why(changed(file, 30, {1})), "is a run-length encoded BMP, which cannot be decoded; store it as PNG"));
  CHECK(begins(why(changed(file, 30, {5})), "is a BMP of the compression 5"));
  CHECK(begins(why(changed(file, 28, {7})), "is damaged: a BMP has no 7 bits per pixel"));
  CHECK(begins(why(changed(file, 14, {99})), "is a BMP whose header has 99 bytes"));
}

TEST_CASE("a BMP that uses colours beyond its palette is refused") {
  CHECK(begins(why(changed(bytes_of(image_files::bmp_palette), 10, {14 + 40 + 12, 0})),
               "is damaged: its BMP has a colour that is not in the palette"));
}

TEST_CASE("what is no PNG, JPEG or BMP is named by its first bytes") {
  CHECK(why(bytes_of(std::string("GIF89a......"))) == "is a GIF image by its first bytes; expects PNG, JPEG or BMP");
  CHECK(why(bytes_of(std::string("RIFF....WEBPVP8 "))) ==
        "is a WebP image by its first bytes; expects PNG, JPEG or BMP");
  CHECK(why(bytes_of(std::string("\0\0\0\x18"
                                 "ftypheic....",
                                 16))) ==
        "is a HEIF (HEIC) or AVIF image by its first bytes; expects PNG, JPEG or BMP");
  CHECK(why(bytes_of(std::string("hello"))) == "begins like no PNG, JPEG or BMP image");
}

TEST_CASE("a file larger than allowed is refused") {
  CHECK(begins(why(png(), {.max_bytes = 50}), "has "));
  CHECK(why(png(), {.max_bytes = 50}).find("more than the 50 allowed; raise .limits.max_bytes to allow it") !=
        std::string::npos);
}
