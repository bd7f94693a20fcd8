#include <lamina/report/text_picture.hpp>
#include <limits>

#include "../catch.hpp"

using namespace lamina;
using Lines = std::vector<std::string>;

namespace {

constexpr Terminal ascii{}, unicode{.unicode = true};

Tensor<float, 2> ramp(Index H, Index W) {
  Tensor<float, 2> pixels(H, W);
  for (Index h = 0; h < H; ++h)
    for (Index w = 0; w < W; ++w) pixels(h, w) = static_cast<float>(w) / static_cast<float>(W - 1);
  return pixels;
}

/// A corner of ink: bright above and left.
Tensor<std::uint8_t, 2> corner() {
  Tensor<std::uint8_t, 2> pixels(3, 3);
  pixels.setZero();
  for (Index i = 0; i < 3; ++i) pixels(0, i) = pixels(i, 0) = 255;
  return pixels;
}

}  // namespace

TEST_CASE("a text picture has a character for each brightness") {
  const TextPicture picture = text_picture(ramp(4, 10), ascii);
  CHECK(picture.lines == Lines{" .:-=+*#%@", " .:-=+*#%@"});
  CHECK(picture.width == 10);
}

TEST_CASE("an ASCII character is the mean of two pixels, the last line of an odd height of one") {
  CHECK(text_picture(corner(), ascii).lines == Lines{"@++", "@  "});
}

TEST_CASE("half blocks show each pixel, and nothing below an odd height") {
  const TextPicture picture = text_picture(corner(), unicode);
  CHECK(picture.lines == Lines{"█▀▀", "▀  "});
  Tensor<float, 2> lower(2, 1);
  lower.setValues({{0.2f}, {0.5f}});
  CHECK(text_picture(lower, unicode).lines == Lines{"▄"});
}

TEST_CASE("colours give half blocks grey tones and end with the line") {
  Tensor<float, 2> pixels(2, 2);
  pixels.setValues({{0, 1}, {0.5f, 1}});
  const TextPicture picture = text_picture(pixels, {.interactive = true, .color = true, .unicode = true});
  CHECK(picture.lines == Lines{"\x1b[38;5;232;48;5;244m▀\x1b[38;5;255;48;5;255m▀\x1b[0m"});
  CHECK(picture.width == 2);
}

TEST_CASE("what is outside [0, 1] is cut off, and what is no number is dark") {
  Tensor<double, 2> pixels(1, 4);
  pixels.setValues({{-3, 7, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}});
  CHECK(text_picture(pixels, ascii).lines == Lines{" @ @"});
}

TEST_CASE("a picture wider than the terminal is reduced by a whole number") {
  const TextPicture picture = text_picture(ramp(8, 20), {.width = 10});
  CHECK(picture.lines == Lines{" .:-=+*#%@", " .:-=+*#%@"});
  CHECK(text_picture(ramp(8, 20), {.width = 19}).width == 10);
  CHECK(text_picture(ramp(8, 20), {.width = 6}).width == 5);
  CHECK(text_picture(ramp(8, 20), {.width = 0}).width == 1);
  CHECK(text_picture(ramp(8, 20), {.unicode = true, .width = 10}).lines == Lines{"     █████", "     █████"});
}

TEST_CASE("a picture without pixels is refused") {
  CHECK_THROWS_AS(text_picture(Tensor<float, 2>(0, 3), ascii), ShapeError);
  CHECK_THROWS_WITH(text_picture(Tensor<float, 2>(0, 3), ascii),
                    "text_picture: expects pixels (H, W) or (H, W, C) but got (0, 3)");
}

TEST_CASE("a picture with channels is drawn as their mean") {
  Tensor<float, 3> pixels(1, 2, 3);
  pixels.setValues({{{1, 1, 1}, {0, 1, 0}}});
  CHECK(text_picture(pixels, ascii).lines == Lines{"@-"});
  Tensor<std::uint8_t, 3> grey(3, 3, 1);
  std::copy_n(corner().data(), 9, grey.data());
  CHECK(text_picture(grey, unicode).lines == text_picture(corner(), unicode).lines);
}

TEST_CASE("the caption stands below a single picture") {
  CHECK(text_picture(corner(), ascii, "7 taken for 1").text() == "@++\n@  \n7 taken for 1\n");
  CHECK(text_picture(corner(), ascii).text() == "@++\n@  \n");
}

TEST_CASE("pictures stand side by side, as many as the terminal takes") {
  const TextPicture small = text_picture(corner(), ascii, "7");
  const TextPicture captioned = text_picture(corner(), ascii, "7 für 1");
  const TextPicture high = text_picture(ramp(6, 10), ascii, "ramp");
  const std::vector<TextPicture> pictures{small, captioned, high};
  CHECK(side_by_side(pictures, {.width = 24}) ==
        "@++  @++       .:-=+*#%@\n"
        "@    @         .:-=+*#%@\n"
        "               .:-=+*#%@\n"
        "7    7 für 1  ramp\n");
  CHECK(side_by_side(pictures, {.width = 23}) ==
        "@++  @++\n"
        "@    @\n"
        "7    7 für 1\n"
        "\n"
        " .:-=+*#%@\n"
        " .:-=+*#%@\n"
        " .:-=+*#%@\n"
        "ramp\n");
  CHECK(side_by_side({}, ascii).empty());
}

TEST_CASE("a caption that would move the cursor is escaped, and pictures stay side by side") {
  Tensor<std::uint8_t, 2> pixels(2, 2);
  pixels.setConstant(255);
  const std::vector<TextPicture> two(2, text_picture(pixels, Terminal{}, "a\x1b[2J\n"));
  CHECK(two[0].text() == "@@\na\\x1b[2J\\n\n");
  CHECK(side_by_side(two, Terminal{}) == "@@          @@\na\\x1b[2J\\n  a\\x1b[2J\\n\n");
}
