#include <lamina/core/shape.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

constexpr Shape images{64, 28, 28, 1};
static_assert(images.rank == 4 && images.size() == 64 * 784);
static_assert(images[0] == 64 && images[3] == 1);
static_assert(Shape{2, 3} == Shape<2>{{2, 3}});
static_assert(Shape{2, 3} != Shape{3, 2});
static_assert(detail::batch_shape(64, Shape{28, 28, 1}) == images);
static_assert(sample_shape(images) == Shape{28, 28, 1});
static_assert(Shape<0>{}.size() == 1);
static_assert(Shape{5, 0, 7}.size() == 0);

constexpr Index huge = Index{1} << 62;

}  // namespace

TEST_CASE("a shape takes apart into its extents, in order") {
  const auto [N, H, W, C] = Shape{64, 28, 27, 3};
  CHECK(N == 64);
  CHECK(H == 28);
  CHECK(W == 27);
  CHECK(C == 3);
  static_assert(std::tuple_size_v<Shape<4>> == 4);
}

TEST_CASE("an extent can be set in place") {
  Shape shape{2, 3};
  shape[0] = 7;
  CHECK(shape == Shape{7, 3});
  CHECK(shape.size() == 21);
}

TEST_CASE("a shape prints as a tuple") {
  CHECK(str_cat(images) == "(64, 28, 28, 1)");
  CHECK(str_cat(Shape{5}) == "(5)");
  CHECK(str_cat(Shape<0>{}) == "()");
  CHECK(str_cat(Shape{-1, 0}) == "(-1, 0)");
}

TEST_CASE("extents of every integer type count as Index") {
  const Shape shape{2, 3u, std::size_t{4}, short{5}};
  static_assert(std::is_same_v<decltype(shape), const Shape<4>>);
  CHECK(shape.size() == 120);
}

TEST_CASE("the size of a shape with a negative extent is refused, even beside a zero") {
  CHECK(refusal<ShapeError>([] { return Shape{2, -3}.size(); }) ==
        "Shape: expects extents of at least 0 but got (2, -3)");
  CHECK_THROWS_AS((Shape{0, -3}.size()), ShapeError);
  CHECK_FALSE(Shape{-2, -3}.is_countable());
}

TEST_CASE("a size that overflows is refused, the largest that does not is told") {
  CHECK(refusal<ShapeError>([] { return Shape{huge, 2}.size(); }) ==
        "Shape: (4611686018427387904, 2) holds more numbers than an index can count; check its extents");
  CHECK_THROWS_AS((Shape{huge, huge, 16}.size()), ShapeError);
  CHECK(Shape{huge - 1, 2}.size() == 2 * (huge - 1));
  CHECK(Shape{huge - 1, 2}.is_countable());
  CHECK_FALSE(Shape{huge, 2}.is_countable());
}

TEST_CASE("batch_shape and sample_shape undo each other") {
  CHECK(sample_shape(detail::batch_shape(9, Shape{4, 5})) == Shape{4, 5});
  CHECK(detail::batch_shape(3, Shape<0>{}) == Shape{3});
  CHECK(sample_shape(Shape{3}) == Shape<0>{});
}
