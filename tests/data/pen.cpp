#include <cmath>
#include <lamina/data/pen.hpp>

#include "../catch.hpp"

using namespace lamina::detail;

namespace {

/// A straight stroke whose ends are pressed as told.
Path stroke(Dot from, Dot to) {
  Path path;
  path.begin_stroke(from.x, from.y);
  path.curve(from, from, to, to);
  const auto dots = path.dots();
  for (std::size_t i = 0; i < dots.size(); ++i)
    dots[i].radius = from.radius + (to.radius - from.radius) * static_cast<double>(i) / Path::pieces;
  return path;
}

}  // namespace

TEST_CASE("a curve ends in its knot and, with knots evenly on a line, stays on the line at an even pace") {
  Path path;
  path.begin_stroke(1, 2);
  path.curve({0, 0, 0}, {1, 2, 0}, {2, 4, 0}, {3, 6, 0});
  REQUIRE(path.dots().size() == 1 + Path::pieces);
  CHECK(path.begins_stroke(0));
  for (std::size_t i = 1; i <= Path::pieces; ++i) {
    const Dot dot = path.dots()[i];
    CHECK_FALSE(path.begins_stroke(i));
    CHECK(dot.x == Approx(1 + static_cast<double>(i) / Path::pieces).margin(1e-12));
    CHECK(dot.y == Approx(2 * dot.x).margin(1e-12));
  }
}

TEST_CASE("a curve leaves a knot in the direction of its neighbours") {
  Path path;  // around a corner of a square: symmetric about the diagonal, and bulging outwards
  path.begin_stroke(1, 0);
  path.curve({0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0});
  for (std::size_t i = 1; i < Path::pieces; ++i) {
    CHECK(path.dots()[i].x > 1.01);
    CHECK(path.dots()[i].x == Approx(path.dots()[Path::pieces - i].x));
    CHECK(path.dots()[i].y == Approx(1 - path.dots()[Path::pieces - i].y));
  }
}

TEST_CASE("a path is fitted with its pen, keeping its aspect ratio") {
  Path path = stroke({3, 10, 1.5}, {5, 50, 0.5});
  fit(path, 20);
  const Dot first = path.dots().front(), last = path.dots().back();
  CHECK(first.y - first.radius == Approx(0).margin(0.02));
  CHECK(last.y + last.radius == Approx(20).margin(0.02));
  CHECK((last.y - first.y) / (last.x - first.x) == Approx(20));
  CHECK(first.x - first.radius + last.x + 0.5 == Approx(20).margin(1.5));
  CHECK(first.radius == 1.5);
}

TEST_CASE("ink is as deep as the pen is wide, around ends too, and strokes are not joined") {
  Path path = stroke({3.5, 2.5, 1}, {3.5, 7.5, 2});
  path.begin_stroke(9.5, 7.5);
  path.curve({9.5, 7.5, 0}, {9.5, 7.5, 0}, {9.5, 2.5, 0}, {9.5, 2.5, 0});
  Ink<12> ink(path);
  CHECK(ink.at(2, 3) == Approx(1));
  CHECK(ink.at(7, 3) == Approx(2));
  CHECK(ink.at(1, 3) == Approx(0).margin(1e-12));
  CHECK(ink.at(8, 3) == Approx(1));
  CHECK(ink.at(8, 4) == Approx(2 - std::sqrt(2.0)));
  CHECK(ink.at(5, 9) == Approx(0).margin(1e-12));
  CHECK(ink.at(7, 7) == Ink<12>::outside);
  CHECK(ink.at(0, 11) == Ink<12>::outside);
}
