#include <lamina/data/canvas.hpp>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

namespace {

/// An image (H, W, C) of distinct numbers, on a canvas.
template <typename T>
struct Picture {
  Shape<3> shape;
  std::vector<T> before, now;
  detail::CanvasRoom<T> room;
  Canvas<T> canvas;

  explicit Picture(const Shape<3>& extents)
      : shape(extents), before(numbers(extents)), now(before), canvas(now.data(), extents, room) {}

  static std::vector<T> numbers(const Shape<3>& extents) {
    std::vector<T> all;
    for (Index i = 0; i < extents.size(); ++i) all.push_back(static_cast<T>(1 + i) / 8);
    return all;
  }
  T old(Index h, Index w, Index c) const { return before[static_cast<std::size_t>((h * shape[1] + w) * shape[2] + c)]; }
  T fresh(Index h, Index w, Index c) {
    return canvas.pixels()[static_cast<std::size_t>((h * shape[1] + w) * shape[2] + c)];
  }
};

}  // namespace

TEMPLATE_TEST_CASE("a move by whole pixels is exact, and brings in what lies outside", "", float, double) {
  for (const Index C : {1, 3}) {
    Picture<TestType> picture({5, 37, C});
    picture.canvas.set_outside(-2);
    picture.canvas.map({.y0 = -1, .x0 = 2});  // one down, two to the left
    for (Index h = 0; h < 5; ++h)
      for (Index w = 0; w < 37; ++w)
        for (Index c = 0; c < C; ++c)
          CHECK(picture.fresh(h, w, c) == (h >= 1 && w + 2 < 37 ? picture.old(h - 1, w + 2, c) : TestType(-2)));
  }
}

TEST_CASE("an image moved far beyond its borders shows nothing but the outside") {
  for (const double far : {1.0, -1.0}) {
    Picture<float> picture({6, 4, 2});
    picture.canvas.set_outside(0.25);
    picture.canvas.map({.y0 = far * 1e7, .x0 = far * 3e9});
    for (const float value : picture.canvas.pixels()) CHECK(value == 0.25F);
  }
}

TEST_CASE("between pixels an image is bilinear, towards the outside too") {
  Picture<double> picture({3, 4, 1});
  picture.canvas.map({.y0 = 0.25, .x0 = 0.5});
  const auto old = [&](Index h, Index w) { return h < 3 && w < 4 ? picture.old(h, w, 0) : 0.0; };
  for (Index h = 0; h < 3; ++h)
    for (Index w = 0; w < 4; ++w)
      CHECK(picture.fresh(h, w, 0) ==
            Approx(0.75 * 0.5 * (old(h, w) + old(h, w + 1)) + 0.25 * 0.5 * (old(h + 1, w) + old(h + 1, w + 1))));
}

TEST_CASE("maps that follow one another are one resampling: what leaves the image on the way comes back") {
  Picture<float> once({5, 5, 1}), twice({5, 5, 1});
  once.canvas.map({.x0 = 3});
  once.canvas.map({.x0 = -3});
  for (Index i = 0; i < 25; ++i)
    CHECK(once.canvas.pixels()[static_cast<std::size_t>(i)] == once.before[static_cast<std::size_t>(i)]);
  twice.canvas.map({.x0 = 3});
  twice.canvas.pixels();  // asked for in between
  twice.canvas.map({.x0 = -3});
  for (Index h = 0; h < 5; ++h) CHECK(twice.fresh(h, 0, 0) == 0);
}

TEST_CASE("maps are done in the order in which they are given") {
  Picture<float> picture({4, 4, 1});
  picture.canvas.map({.x0 = -1});  // to the right …
  picture.canvas.map({.xx = -1});  // … then mirrored: to the left in the end
  for (Index h = 0; h < 4; ++h)
    for (Index w = 0; w < 4; ++w) CHECK(picture.fresh(h, w, 0) == (w < 3 ? picture.old(h, 2 - w, 0) : 0.0F));
}

TEST_CASE("a displacement moves each pixel by its own amount, after the maps noted before") {
  Picture<double> picture({3, 20, 1});
  std::vector<double> dy(60, 0.0), dx(60, 0.0);
  dy[0] = 2;       // of (0, 0)
  dx[19] = -4;     // of (0, 19)
  dx[20 + 3] = 1;  // of (1, 3)
  picture.canvas.map({.xx = -1});
  picture.canvas.displace(dy.data(), dx.data());
  CHECK(picture.fresh(0, 0, 0) == picture.old(2, 19, 0));
  CHECK(picture.fresh(0, 19, 0) == picture.old(0, 4, 0));
  CHECK(picture.fresh(1, 3, 0) == picture.old(1, 15, 0));
  CHECK(picture.fresh(2, 5, 0) == picture.old(2, 14, 0));
}

TEST_CASE("a change of the outside does not reach back to what was done before") {
  Picture<float> picture({2, 2, 1});
  picture.canvas.map({.x0 = -1});
  picture.canvas.set_outside(9);
  picture.canvas.map({.y0 = -1});
  CHECK(picture.fresh(1, 0, 0) == 0);
  CHECK(picture.fresh(1, 1, 0) == picture.old(0, 0, 0));
  CHECK(picture.fresh(0, 1, 0) == 9);
}

TEST_CASE("an image of one pixel is an image") {
  Picture<float> picture({1, 1, 1});
  picture.canvas.map({.yy = -1, .xx = -1});
  CHECK(picture.fresh(0, 0, 0) == picture.old(0, 0, 0));
}
