#include <cstddef>
#include <lamina/data/digit_strokes.hpp>
#include <stdexcept>

#include "../catch.hpp"

using lamina::detail::digit_styles;
using lamina::detail::DigitStyle;
using lamina::detail::Pen;

TEST_CASE("a path's text becomes knots, corners and strokes") {
  constexpr DigitStyle style{7, 2, "8,-4 34,1! 48,100 | 2,5 9,96"};
  CHECK(style.digit == 7);
  CHECK(style.share == 2);
  CHECK((style.knots[0].x == 8 && style.knots[0].y == -4 && style.knots[0].pen == Pen::lifted));
  CHECK((style.knots[1].x == 34 && style.knots[1].y == 1 && style.knots[1].pen == Pen::corner));
  CHECK((style.knots[2].x == 48 && style.knots[2].y == 100 && style.knots[2].pen == Pen::curve));
  CHECK((style.knots[3].x == 2 && style.knots[3].y == 5 && style.knots[3].pen == Pen::lifted));
  CHECK((style.knots[4].x == 9 && style.knots[4].y == 96 && style.knots[4].pen == Pen::curve));
  CHECK(style.knots[5].pen == Pen::none);
}

TEST_CASE("a path's text that is no path is refused") {
  CHECK_THROWS_AS(DigitStyle(1, 1, "3"), std::logic_error);
  CHECK_THROWS_AS(DigitStyle(1, 1, "3,"), std::logic_error);
  CHECK_THROWS_AS(DigitStyle(1, 1, "3,4  5,6"), std::logic_error);
  CHECK_THROWS_AS(DigitStyle(1, 1, "3,200"), std::logic_error);
  CHECK_THROWS_AS(DigitStyle(1, 1, "1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1"),
                  std::logic_error);
}

TEST_CASE("every digit is written in at least five ways, each of strokes with two knots or more") {
  int ways[10] = {};
  for (const DigitStyle& style : digit_styles) {
    REQUIRE((style.digit >= 0 && style.digit <= 9));
    CHECK(style.share > 0);
    ++ways[style.digit];
    const auto pen = [&](std::size_t k) { return k < DigitStyle::most_knots ? style.knots[k].pen : Pen::none; };
    for (std::size_t k = 0; k < DigitStyle::most_knots; ++k)
      if (pen(k) == Pen::lifted) CHECK((pen(k + 1) == Pen::curve || pen(k + 1) == Pen::corner));
  }
  for (const int way : ways) CHECK(way >= 5);
}
