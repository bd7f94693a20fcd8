#include <lamina/data/image.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

Tensor<std::uint8_t, 3> pixel(std::initializer_list<int> channels) {
  Tensor<std::uint8_t, 3> image(1, 1, static_cast<Index>(channels.size()));
  std::uint8_t* out = image.data();
  for (const int channel : channels) *out++ = static_cast<std::uint8_t>(channel);
  return image;
}

std::vector<int> converted(std::initializer_list<int> channels, const ImageOptions& options) {
  const auto image = detail::convert_image(pixel(channels), options);
  return {image.data(), image.data() + image.size()};
}

}  // namespace

TEST_CASE("grey becomes RGB by repetition, and RGB grey by the luma weights") {
  CHECK(converted({77}, {}) == std::vector<int>{77, 77, 77});
  CHECK(converted({77}, {.colors = Colors::grey}) == std::vector<int>{77});
  CHECK(converted({1, 2, 3}, {}) == std::vector<int>{1, 2, 3});
  CHECK(converted({255, 0, 0}, {.colors = Colors::grey}) == std::vector<int>{76});
  CHECK(converted({0, 255, 0}, {.colors = Colors::grey}) == std::vector<int>{150});
  CHECK(converted({0, 0, 255}, {.colors = Colors::grey}) == std::vector<int>{29});
  for (const int grey : {0, 1, 127, 254, 255})
    CHECK(converted({grey, grey, grey}, {.colors = Colors::grey}) == std::vector<int>{grey});
}

TEST_CASE("transparency shows the background that was given, white unless told otherwise") {
  CHECK(converted({10, 20, 30, 255}, {}) == std::vector<int>{10, 20, 30});
  CHECK(converted({10, 20, 30, 0}, {}) == std::vector<int>{255, 255, 255});
  CHECK(converted({10, 20, 30, 0}, {.background = {1, 2, 3}}) == std::vector<int>{1, 2, 3});
  CHECK(converted({100, 200, 0, 51}, {.background = {0, 0, 255}}) == std::vector<int>{20, 40, 204});
  CHECK(converted({100, 51}, {.colors = Colors::grey, .background = {0, 0, 0}}) == std::vector<int>{20});
  CHECK(converted({100, 0}, {.colors = Colors::grey, .background = {255, 0, 0}}) == std::vector<int>{76});
}

TEST_CASE("an image is resized when a size is given") {
  const auto image = detail::convert_image(pixel({5, 6, 7}), {.size = {{2, 3}}});
  CHECK(shape(image) == Shape{2, 3, 3});
  CHECK(int{image(1, 2, 2)} == 7);
}

TEST_CASE("one image file is read, and what is wrong with it named once") {
  const Scratch scratch("image");
  write_file(scratch.path / "x.png", std::as_bytes(std::span("abc")));
  const ImageDecoder decode = [](std::span<const std::byte> file, const ImageLimits&) {
    return pixel({static_cast<int>(file.size())});
  };
  CHECK(int{read_image(scratch.path / "x.png", decode, {})(0, 0, 1)} == 4);
  const std::string none = (scratch.path / "none.png").string();
  CHECK(refusal<DataError>([&] { read_image(none, decode, {}); }) == none + ": there is no such file");
  const std::string file = (scratch.path / "x.png").string();
  CHECK(refusal<DataError>([&] { read_image(file, decode, {.limits = {.max_bytes = 3}}); }) ==
        file + ": has 4 bytes, more than the 3 allowed; raise .limits.max_bytes to allow it");
  CHECK(refusal<OptionError>([&] { read_image(file, nullptr, {}); }) ==
        "read_image: expects a decoder but got an empty function");
}
