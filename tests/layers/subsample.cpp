#include <lamina/layers/subsample.hpp>

#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

static_assert(Subsample{}.output_shape(Shape{2, 5, 8, 3}) == Shape{2, 3, 4, 3});
static_assert(Subsample{.stride = {1, 3}, .channels = 6}.output_shape(Shape{2, 5, 7, 3}) == Shape{2, 5, 3, 6});

}  // namespace

TEST_CASE("every second pixel stays, between channels of zeros") {
  const auto x = tensor(Shape{1, 3, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18});
  const Subsample layer{.stride = 2, .channels = 5};
  None none;
  Tensor<double, 4> y, dx;
  layer.forward(none, x, none, y);
  CHECK(same_bits(y, tensor(Shape{1, 2, 2, 5}, {0, 1, 2, 0, 0, 0, 5, 6, 0, 0, 0, 13, 14, 0, 0, 0, 17, 18, 0, 0})));
  layer.backward(none, x, y, y, none, &dx, none);
  CHECK(same_bits(dx, tensor(Shape{1, 3, 3, 2}, {1, 2, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0, 13, 14, 0, 0, 17, 18})));
}

TEST_CASE("gradients of a subsampling are right") {
  CHECK(check_gradient(Subsample{.stride = {2, 3}, .channels = 8}, Shape{2, 5, 7, 3}).passed());
  CHECK(check_gradient(Subsample{.stride = 1, .channels = 4}, Shape{2, 3, 4, 4}).passed());
  CHECK(check_gradient(Subsample{.stride = {4, 1}}, Shape{2, 5, 7, 3}).passed());
}

TEST_CASE("strides below 1 and channels below the images' are refused") {
  CHECK(refusal<ShapeError>([] { Subsample{.stride = {0, 1}}.output_shape(Shape{1, 4, 4, 3}); }) ==
        "Subsample: expects a stride of at least 1 but got 0x1");
  CHECK(refusal<ShapeError>([] { Subsample{.channels = 2}.output_shape(Shape{1, 4, 4, 3}); }) ==
        "Subsample: expects at least the 3 channels of its images but got 2; leave .channels out to keep them");
}
