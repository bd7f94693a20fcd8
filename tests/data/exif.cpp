#include <cstring>
#include <lamina/data/exif.hpp>
#include <lamina/data/image_folder.hpp>
#include <lamina/data/png.hpp>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "exif_files.hpp"
#include "scratch.hpp"

using namespace lamina;
using exif_files::block;
using exif_files::bytes_of;
using exif_files::Entry;
using exif_files::jpeg_with;
using exif_files::png_with;

namespace {

using Bytes = std::vector<std::byte>;

/// The orientation of a block that ends where its memory does: a sanitizer or Valgrind sees what is read behind it.
int orientation(const Bytes& block) {
  const std::unique_ptr<std::byte[]> memory(new std::byte[block.size()]);
  std::copy(block.begin(), block.end(), memory.get());
  const int value = detail::exif_orientation({memory.get(), block.size()});
  Bytes more = block;  // what stands behind the block changes nothing
  more.resize(block.size() + 64, std::byte{6});
  CHECK(detail::exif_orientation(std::span(more).first(block.size())) == value);
  return value;
}

/// (2, 3, 1): 1 2 3 over 4 5 6, whatever the file.
Tensor<std::uint8_t, 3> six(std::span<const std::byte>, const ImageLimits&) {
  Tensor<std::uint8_t, 3> pixels(2, 3, 1);
  for (int i = 0; i < 6; ++i) pixels.data()[i] = static_cast<std::uint8_t>(i + 1);
  return pixels;
}

std::string text_of(const Tensor<std::uint8_t, 3>& pixels) {
  std::string text;
  for (Index h = 0; h < pixels.dimension(0); ++h, text += '/')
    for (Index w = 0; w < pixels.dimension(1); ++w) text += std::to_string(pixels(h, w, 0));
  return text;
}

}  // namespace

TEST_CASE("an orientation says where the stored first row and column are seen") {
  // EXIF: 0th row at the top (1, 2), the bottom (3, 4), the left (5, 8), the right (6, 7), and so on.
  const char* seen[] = {"123/456/",  "321/654/",  "654/321/",  "456/123/",
                        "14/25/36/", "41/52/63/", "63/52/41/", "36/25/14/"};
  for (int value = 1; value <= 8; ++value) CHECK(text_of(detail::turn_upright(six({}, {}), value)) == seen[value - 1]);
  Tensor<std::uint8_t, 3> colors(1, 2, 3);
  for (int i = 0; i < 6; ++i) colors.data()[i] = static_cast<std::uint8_t>(i);
  const auto turned = detail::turn_upright(colors, 8);
  REQUIRE(shape(turned) == Shape{2, 1, 3});
  const int expected[] = {3, 4, 5, 0, 1, 2};
  for (int i = 0; i < 6; ++i) CHECK(int{turned.data()[i]} == expected[i]);
}

TEST_CASE("an EXIF block tells its orientation in both byte orders, among other entries, wherever its directory is") {
  for (const bool little : {true, false})
    for (int value = 1; value <= 8; ++value) {
      CHECK(orientation(block({.little = little, .entries = {Entry{.value = value}}})) == value);
      CHECK(orientation(block({.little = little,
                               .directory = 40,
                               .entries = {Entry{.tag = 0x010F, .type = 2, .count = 400, .value = 9999},
                                           Entry{.value = value}, Entry{.tag = 0x8769, .type = 4, .value = 8}}})) ==
            value);
    }
}

TEST_CASE("an EXIF block that lies says nothing, and nothing outside it is read") {
  for (const bool little : {true, false}) {
    const auto with = [&](const Entry& entry) { return orientation(block({.little = little, .entries = {entry}})); };
    for (const int value : {0, 9, 255, 256, 0x600, 65535}) CHECK(with({.value = value}) == 0);
    for (const int type : {0, 1, 2, 4, 5, 8, 99}) CHECK(with({.type = type, .value = 6}) == 0);
    for (const std::uint32_t count : {0U, 2U, 0x10000U, 0xFFFFFFFFU}) CHECK(with({.count = count, .value = 6}) == 0);
    CHECK(with({.tag = 0x0113, .value = 6}) == 0);

    const Bytes sound = block({.little = little, .entries = {Entry{.value = 6}}});
    for (std::size_t size = 0; size + 4 < sound.size(); ++size)  // 4: where the next directory is does not matter
      CHECK(orientation({sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(size)}) == 0);
    for (const std::uint32_t directory : {0U, 2U, 7U, 9U, 21U, 26U, 27U, 0x7FFFFFFFU, 0xFFFFFFFEU, 0xFFFFFFFFU})
      CHECK(orientation(block({.little = little, .says_directory = directory, .entries = {Entry{.value = 6}}})) == 0);
    // A directory within the block's own beginning, whose 42 entries are there.
    const std::vector<Entry> many(42, Entry{.value = 6});
    CHECK(orientation(block({.little = little, .directory = 14, .entries = many})) == 6);
    CHECK(orientation(block({.little = little, .directory = 14, .says_directory = 2, .entries = many})) == 0);
    for (const int says : {0, 2, 3, 0x7FFF, 0xFFFF})
      CHECK(orientation(block({.little = little, .says_entries = says, .entries = {Entry{.value = 6}}})) == 0);
    // A directory that is its own next one: only the first is read, once.
    CHECK(orientation(block({.little = little, .entries = {Entry{.tag = 1}}, .next = 8})) == 0);
    CHECK(orientation(block({.little = little, .entries = {Entry{.value = 6}}, .next = 8})) == 6);
    Bytes other = sound;
    other[0] = std::byte{'X'};
    CHECK(orientation(other) == 0);
    other = sound;
    other[2] = other[3] = std::byte{42};
    CHECK(orientation(other) == 0);
  }
}

TEST_CASE("any byte of an EXIF block may be wrong: it says 1 to 8, or nothing") {
  const Bytes sound = block({.entries = {Entry{.value = 6}, Entry{.tag = 1}}});
  for (std::size_t at = 0; at < sound.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      Bytes wrong = sound;
      wrong[at] = static_cast<std::byte>(byte);
      const int value = orientation(wrong);
      REQUIRE((value >= 0 && value <= 8));
    }
}

TEST_CASE("the first EXIF block of a JPEG that is sound says how the image is stored") {
  const auto says = [](int value) { return block({.entries = {Entry{.value = value}}}); };
  const auto stored = detail::stored_image(jpeg_with({says(6)}));
  CHECK(stored.orientation == 6);
  CHECK(stored.height == 8);
  CHECK(stored.width == 16);
  CHECK(detail::stored_image(jpeg_with({says(3), says(6)})).orientation == 3);
  CHECK(detail::stored_image(jpeg_with({says(1), says(6)})).orientation == 1);
  CHECK(detail::stored_image(jpeg_with({says(9), {}, says(6)})).orientation == 6);
  CHECK(detail::stored_image(jpeg_with({})).orientation == 0);
  CHECK(detail::stored_image(jpeg_with({})).width == 16);
  CHECK(detail::stored_image(jpeg_with({says(6)}, "http:/")).orientation == 0);  // not EXIF's APP1
  const Bytes file = jpeg_with({says(6)});
  for (std::size_t size = 0; size < 60; ++size)  // cut short: no frame was found, or no file
    CHECK(detail::stored_image(std::span(file).first(size)).height == 0);
}

TEST_CASE("a PNG's eXIf chunk says how the image is stored, where its check value is right") {
  const auto says = [](int value) { return block({.entries = {Entry{.value = value}}}); };
  const Bytes file = png_with(says(8));
  CHECK(detail::stored_image(file).orientation == 8);
  CHECK(detail::stored_image(file).height == 2);
  CHECK(detail::stored_image(file).width == 3);
  CHECK(detail::stored_image(png_with(says(9))).orientation == 0);
  Bytes wrong = file;
  wrong.at(8 + 25 + 8 + 18) ^= std::byte{8 ^ 5};  // the value
  CHECK(detail::stored_image(wrong).orientation == 0);
  for (std::size_t size = 0; size < file.size(); ++size)
    CHECK_NOTHROW(detail::stored_image(std::span(file).first(size)));
}

TEST_CASE("images are turned as they are read, before they are resized, unless told otherwise") {
  for (const bool is_png : {false, true}) {
    const Bytes says = block({.entries = {Entry{.value = 6}}});
    const Bytes file = is_png ? png_with(says) : jpeg_with({says});
    CHECK(text_of(read_image(file, six, {})) == "41/52/63/");
    CHECK(text_of(read_image(file, six, {.exif_orientation = ExifOrientation::ignore})) == "123/456/");
    CHECK(shape(read_image(file, six, {.size = {{5, 4}}})) == Shape{5, 4, 3});
  }
  CHECK(text_of(read_image(jpeg_with({}), six, {})) == "123/456/");
  CHECK(text_of(read_image(bytes_of(std::string("of no format that is known")), six, {})) == "123/456/");
}

TEST_CASE("a decoder that turns images itself is found out, and told how") {
  const ImageDecoder turning = [](auto, const auto&) { return Tensor<std::uint8_t, 3>(3, 2, 1); };
  const Bytes file = png_with(block({.entries = {Entry{.value = 6}}}));
  CHECK(refusal<DataError>([&] { read_image(file, turning, {}); }) ==
        "is stored with 3 × 2 pixels but was decoded to 2 × 3: the decoder turns images itself; give "
        ".exif_orientation = ExifOrientation::ignore");
  CHECK(shape(read_image(file, turning, {.exif_orientation = ExifOrientation::ignore})) == Shape{3, 2, 3});
}

TEST_CASE("a folder counts the images that were turned") {
  const Scratch scratch("exif");
  std::filesystem::create_directories(scratch.path / "a");
  for (const int value : {0, 1, 3, 6, 9})
    write_file(scratch.path / "a" / (std::to_string(value) + ".jpg"),
               jpeg_with({block({.entries = {Entry{.value = value}}})}));
  const auto read = [&](const ImageFolderOptions& options) {
    std::ostringstream out;
    const ImageFolder folder = image_folder(scratch.path, six, options);
    out << folder;
    return std::to_string(folder.turned) + ": " + out.str();
  };
  CHECK(read({.size = {{2, 2}}, .threads = 2}) ==
        "2: 5 images of 1 classes, (2, 2, 3) each; 0 skipped; 2 turned by their EXIF orientation\n");
  CHECK(read({.exif_orientation = ExifOrientation::ignore}) == "0: 5 images of 1 classes, (2, 3, 3) each; 0 skipped\n");
  CHECK(refusal<DataError>([&] { image_folder(scratch.path, six, {}); }).find("give .size = ") != std::string::npos);
}
