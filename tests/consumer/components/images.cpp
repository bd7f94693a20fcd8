#include <lamina/images.hpp>

int main() {
  return lamina::decode_with_stb(lamina::encode_png(lamina::Tensor<std::uint8_t, 3>(2, 3, 1)), {}).size() == 6 ? 0 : 1;
}
