// draw_mnist <folder>: writes drawn digits there as MNIST's four files, few enough for the README's programs to train on.
#include <lamina/data/drawn_digits.hpp>
#include <lamina/data/mnist.hpp>
#include <span>

namespace {

lamina::Dataset<3> digits(lamina::Index count, std::uint64_t seed) {
  const lamina::DrawnDigits drawn = lamina::draw_digits(count, lamina::Rng{seed});
  const std::span pixels(drawn.images.data(), static_cast<std::size_t>(drawn.images.size()));
  return lamina::Dataset(pixels, lamina::Shape{28, 28, 1}, drawn.labels);
}

}  // namespace

int main(int, char** arguments) { lamina::write_mnist(arguments[1], digits(1280, 1), digits(320, 2)); }
