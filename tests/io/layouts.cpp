#include <lamina/io/layouts.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/softmax.hpp>
#include <vector>

#include "../catch.hpp"
#include "scale.hpp"

using namespace lamina;

namespace {

/// For each number of the file in order, where it is in memory.
std::vector<Index> places(const detail::FileLayout& layout) {
  std::vector<Index> in_memory;
  layout.for_each_place([&](Index in_file, Index place) {
    CHECK(in_file == static_cast<Index>(in_memory.size()));
    in_memory.push_back(place);
  });
  return in_memory;
}

using Indices = std::vector<Index>;

}  // namespace

TEST_CASE("filters (R, S, C, K) are written as (K, C, R, S)") {
  const Index R = 2, S = 3, C = 2, K = 2;
  const auto layout = detail::file_layout(Conv{}, Shape{R, S, C, K}, {});
  CHECK(layout.shape == Indices{K, C, R, S});
  Indices expected;
  for (Index k = 0; k < K; ++k)
    for (Index c = 0; c < C; ++c)
      for (Index r = 0; r < R; ++r)
        for (Index s = 0; s < S; ++s) expected.push_back(((r * S + s) * C + c) * K + k);
  CHECK(places(layout) == expected);
}

TEST_CASE("a transposed convolution's filters (R, S, K, C) are written as (C, K, R, S)") {
  const Index R = 2, S = 3, K = 2, C = 4;
  const auto layout = detail::file_layout(ConvTranspose{}, Shape{R, S, K, C}, {});
  CHECK(layout.shape == Indices{C, K, R, S});
  Indices expected;
  for (Index c = 0; c < C; ++c)
    for (Index k = 0; k < K; ++k)
      for (Index r = 0; r < R; ++r)
        for (Index s = 0; s < S; ++s) expected.push_back(((r * S + s) * K + k) * C + c);
  CHECK(places(layout) == expected);
}

TEST_CASE("a dense layer's weights stay as they are where its input was never an image") {
  const auto layout = detail::file_layout(Dense{}, Shape{2, 3}, {});
  CHECK(layout.shape == Indices{2, 3});
  CHECK(places(layout) == Indices{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a dense layer's weights over an image (h, w, c) are written over (c, h, w)") {
  const Index U = 2, H = 2, W = 3, C = 2;
  const auto layout = detail::file_layout(Dense{}, Shape{U, H * W * C}, Shape{H, W, C});
  CHECK(layout.shape == Indices{U, H * W * C});
  Indices expected;
  for (Index u = 0; u < U; ++u)
    for (Index c = 0; c < C; ++c)
      for (Index h = 0; h < H; ++h)
        for (Index w = 0; w < W; ++w) expected.push_back(u * H * W * C + (h * W + w) * C + c);
  CHECK(places(layout) == expected);
}

TEST_CASE("biases, and whatever a user's layer has, stay as they are") {
  CHECK(places(detail::file_layout(Conv{}, Shape{3}, {})) == Indices{0, 1, 2});
  CHECK(places(detail::file_layout(Dense{}, Shape{3}, Shape{2, 3, 2})) == Indices{0, 1, 2});
  CHECK(places(detail::file_layout(Scale{}, Shape{2, 2, 1, 1}, Shape{2, 3, 2})) == Indices{0, 1, 2, 3});
  CHECK(places(detail::file_layout(Scale{}, Shape<0>{}, {})) == Indices{0});
  CHECK(places(detail::file_layout(Scale{}, Shape{2, 0}, {})).empty());
}

TEST_CASE("rows are an image from Flatten on, through layers that keep each number in its place, until one that does not") {
  const detail::RowImage image = Shape{2, 3, 4};
  const auto after = [](bool flattens, bool keeps_places, const auto& in, const auto& out, const detail::RowImage& before) {
    return detail::row_image_after(flattens, keeps_places, in.extents, out.extents, before);
  };
  const Shape images{1, 2, 3, 4};
  const Shape rows{1, 24};
  CHECK(after(true, false, images, rows, {}) == image);
  CHECK(after(false, true, rows, rows, image) == image);
  CHECK(after(true, true, rows, rows, image) == image);
  CHECK(after(false, false, rows, rows, image) == std::nullopt);
  CHECK(after(false, true, rows, Shape{1, 12}, image) == std::nullopt);
  CHECK(after(true, true, rows, rows, {}) == std::nullopt);
  CHECK(after(false, true, images, images, {}) == std::nullopt);
}
