// A batch of images has four extents; taking it apart into three names is a mistake that the compiler sees.
// expect: decomposes into 4
#include <lamina/core/shape.hpp>

int main() {
  constexpr lamina::Shape images{64, 28, 28, 1};
#ifdef CONTROL
  const auto [N, H, W, C] = images;
  return N == 64 && H == 28 && W == 28 && C == 1 ? 0 : 1;
#else
  const auto [N, H, W] = images;
  return N == 64 && H == 28 && W == 28 ? 0 : 1;
#endif
}
