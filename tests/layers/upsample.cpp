#include <lamina/layers/upsample.hpp>

#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

static_assert(Upsample{}.output_shape(Shape{2, 5, 8, 3}) == Shape{2, 10, 16, 3});
static_assert(Upsample{.scale_factor = {1, 3}, .bilinear = true}.output_shape(Shape{2, 5, 7, 3}) == Shape{2, 5, 21, 3});

namespace {

Tensor<double, 4> upsampled(const Upsample& layer, const Tensor<double, 4>& x) {
  None none;
  Tensor<double, 4> y;
  layer.forward(none, x, none, y);
  return y;
}

}  // namespace

TEST_CASE("each pixel is repeated, and its gradient is the sum of what was made of it") {
  const auto x = tensor(Shape{1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Upsample layer{.scale_factor = {1, 3}};
  const auto y = upsampled(layer, x);
  CHECK(same_bits(y, tensor(Shape{1, 2, 6, 2}, {1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 5, 6, 5, 6, 5, 6, 7, 8, 7, 8, 7, 8})));
  None none;
  Tensor<double, 4> dx;
  layer.backward(none, x, y, y, none, &dx, none);
  CHECK(same_bits(dx, tensor(Shape{1, 2, 2, 2}, {3, 6, 9, 12, 15, 18, 21, 24})));
}

TEST_CASE("bilinear pixels stand between their neighbours, and at the border they are the border's") {
  // torch.nn.Upsample(scale_factor=(1, 4), mode="bilinear")(torch.tensor([[[[0., 8.]]]])) and of (2, 1) with (3, 2)
  CHECK(same_bits(upsampled({.scale_factor = {1, 4}, .bilinear = true}, tensor(Shape{1, 1, 2, 1}, {0, 8})),
                  tensor(Shape{1, 1, 8, 1}, {0, 0, 1, 3, 5, 7, 8, 8})));
  const auto y = upsampled({.scale_factor = {3, 2}, .bilinear = true}, tensor(Shape{1, 2, 1, 1}, {0, 6}));
  const std::vector<double> expected{0, 0, 0, 0, 2, 2, 4, 4, 6, 6, 6, 6};
  REQUIRE(y.size() == 12);
  for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(expected[static_cast<std::size_t>(i)]).margin(1e-14));
  CHECK(same_bits(upsampled({.scale_factor = 1, .bilinear = true}, y), y));
}

TEST_CASE("gradients of enlarged images are right") {
  for (const bool bilinear : {false, true})
    for (const Size2D scale : {Size2D(2), Size2D(3, 1), Size2D(1, 4), Size2D(2, 5)}) {
      CHECK(check_gradient(Upsample{.scale_factor = scale, .bilinear = bilinear}, Shape{2, 3, 4, 3}).passed());
      CHECK(check_gradient(Upsample{.scale_factor = scale, .bilinear = bilinear}, Shape{3, 1, 2, 1}).passed());
    }
}

TEST_CASE("factors below 1 and images that are too large are refused") {
  const auto refused = [](Size2D scale, Index H = 4) {
    return refusal<ShapeError>([&] { Upsample{.scale_factor = scale}.output_shape(Shape{1, H, 4, 3}); });
  };
  CHECK(refused({0, 1}) == "Upsample: expects a scale_factor of 1 to 65536 but got 0x1");
  CHECK(refused({2, 1 << 17}) == "Upsample: expects a scale_factor of 1 to 65536 but got 2x131072");
  CHECK(refused(2, Index{1} << 30) == "Upsample: expects to make at most 2^30 rows and columns but got (1, 1073741824, 4, 3) and a scale_factor of 2x2");
}
