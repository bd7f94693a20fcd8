#include <lamina/layers/narrow.hpp>

#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

static_assert(Narrow{.start = 2, .length = 3}.output_shape(Shape{2, 5, 8, 6}) == Shape{2, 5, 8, 3});
static_assert(Narrow{.start = 4, .length = 1}.output_shape(Shape{2, 5}) == Shape{2, 1});

TEST_CASE("some channels stay, and the gradient of the others is zero") {
  const auto x = tensor(Shape{1, 1, 2, 4}, {0, 1, 2, 3, 10, 11, 12, 13});
  const Narrow layer{.start = 1, .length = 2};
  None none;
  Tensor<double, 4> y, dx;
  layer.forward(none, x, none, y);
  CHECK(same_bits(y, tensor(Shape{1, 1, 2, 2}, {1, 2, 11, 12})));
  layer.backward(none, x, y, y, none, &dx, none);
  CHECK(same_bits(dx, tensor(Shape{1, 1, 2, 4}, {0, 1, 2, 0, 0, 11, 12, 0})));
}

TEST_CASE("gradients of a narrowing are right, on images and on rows") {
  CHECK(check_gradient(Narrow{.start = 2, .length = 3}, Shape{2, 3, 5, 7}).passed());
  CHECK(check_gradient(Narrow{.start = 0, .length = 7}, Shape{3, 1, 2, 7}).passed());
  CHECK(check_gradient(Narrow{.start = 4, .length = 1}, Shape{3, 5}).passed());
}

TEST_CASE("channels and features that the input does not have are refused") {
  const auto refused = [](Index start, Index length) {
    return refusal<ShapeError>([&] { Narrow{.start = start, .length = length}.output_shape(Shape{1, 4, 4, 6}); });
  };
  CHECK(refused(4, 3) == "Narrow: expects a start and a length within the 6 channels of its input but got 4 and 3");
  CHECK(refusal<ShapeError>([] { Narrow{.start = 2, .length = 1}.output_shape(Shape{1, 2}); }) ==
        "Narrow: expects a start and a length within the 2 features of its input but got 2 and 1");
  CHECK(refused(-1, 2) != "nothing was refused");
  CHECK(refused(0, 0) != "nothing was refused");
  CHECK(refused(1, Index{1} << 62) != "nothing was refused");
  CHECK(refused(Index{1} << 62, 1) != "nothing was refused");
}
