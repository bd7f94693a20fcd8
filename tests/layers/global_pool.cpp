#include <lamina/layers/global_pool.hpp>

#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

static_assert(GlobalAveragePool{}.output_shape(Shape{2, 5, 7, 3}) == Shape{2, 1, 1, 3});
static_assert(GlobalMaxPool::name == "GlobalMaxPool" && GlobalAveragePool::name == "GlobalAveragePool");

template <typename P>
std::pair<Tensor<double, 4>, Tensor<double, 4>> run(const P& pool, const Tensor<double, 4>& x, const Tensor<double, 4>& dy) {
  None none;
  workspace_t<P, Tensor<double, 4>> ws;
  Tensor<double, 4> y, dx, same;
  pool.forward(none, x, ws, y);
  pool.backward(none, x, y, dy, ws, &dx, none);
  lamina::forward_inference(pool, none, x, ws, same);
  CHECK(same_bits(same, y));
  return {y, dx};
}

}  // namespace

TEST_CASE("a global pool reduces each channel to one number, whatever the image's extents") {
  const auto x = tensor(Shape{1, 2, 3, 2}, {1, 9, 2, 8, 3, 7, 4, 6, 5, 5, 9, 10});
  const auto dy = tensor(Shape{1, 1, 1, 2}, {6, 12});
  const auto [mean, dmean] = run(GlobalAveragePool{}, x, dy);
  CHECK(same_bits(mean, tensor(Shape{1, 1, 1, 2}, {4, 7.5})));
  CHECK(same_bits(dmean, tensor(Shape{1, 2, 3, 2}, {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2})));
  const auto [largest, dlargest] = run(GlobalMaxPool{}, x, dy);
  CHECK(same_bits(largest, tensor(Shape{1, 1, 1, 2}, {9, 10})));
  CHECK(same_bits(dlargest, tensor(Shape{1, 2, 3, 2}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 12})));
}

TEST_CASE("gradients of global pools are right") {
  CHECK(check_gradient(GlobalAveragePool{}, Shape{3, 5, 7, 3}).passed());
  CHECK(check_gradient(GlobalMaxPool{}, Shape{3, 5, 7, 3}).passed());
  CHECK(check_gradient(GlobalMaxPool{}, Shape{2, 33, 20, 2}).passed());  // more pixels than a byte counts
}

TEST_CASE("images without a pixel are refused") {
  CHECK(refusal<ShapeError>([] { GlobalMaxPool{}.output_shape(Shape{1, 0, 3, 1}); })
            .starts_with("GlobalMaxPool: expects a window of at least 1x1"));
}
