// A layer that draws takes a Context; it was handed a key in its workspace once.
// expect: let forward take a const Context& as its last argument
#include <lamina/layers/elementwise.hpp>
#include <lamina/models/model.hpp>

using namespace lamina;

struct GaussianNoise {
  static constexpr std::string_view name = "GaussianNoise";
  template <typename>
  using Parameters = None;
  template <AnyTensor X>
  struct Workspace {
#ifndef CONTROL
    int key = 0;
#endif
  };
  Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  None initialize(const Shape<2>&, Rng) const {
    return {};
  }
  template <typename T>
  void forward(const None&, const Tensor<T, 2>& x, Workspace<Tensor<T, 2>>&, Tensor<T, 2>& y, const Context& context) const {
    y = x + x.constant(static_cast<T>(context.sample(0).uniform()));
  }
  template <typename T>
  void backward(const None&, const Tensor<T, 2>&, const Tensor<T, 2>&, const Tensor<T, 2>& dy, Workspace<Tensor<T, 2>>&,
                Tensor<T, 2>* dx, None&) const {
    if (dx) *dx = dy;
  }
};

int main() { return static_cast<int>(Model{GaussianNoise{}, Shape{3}, Rng{1}}.parameter_count()); }
