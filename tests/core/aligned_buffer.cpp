#include <lamina/core/aligned_buffer.hpp>

#include <lamina/core/tensor.hpp>

#include <cstdint>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("a large tensor begins at a huge page, a smaller one at a cache line, and both are given back") {
  const Index numbers = static_cast<Index>(detail::huge_page / sizeof(float));
  for (int turn = 0; turn < 3; ++turn) {
    Tensor<float, 1> x;
    for (const Index size : {Index{1}, numbers - 1, numbers, 3 * numbers + 5}) {
      CAPTURE(size);
      reshape(x, Shape{size});
      x.setConstant(2.0F);
      const auto address = reinterpret_cast<std::uintptr_t>(x.data());
      CHECK(address % (size < numbers ? detail::alignment : detail::huge_page) == 0);
      const Tensor<float, 1> copy = x;
      CHECK(copy(size - 1) == 2.0F);
    }
  }
}
