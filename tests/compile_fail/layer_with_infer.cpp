// A layer with a name of earlier versions.
// first: a layer.s `infer` is called `forward_inference` now
#include <lamina/lamina.hpp>

using namespace lamina;

struct Mine {
  static constexpr std::string_view name = "Mine";
  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;
  Shape<2> output_shape(const Shape<2>& in) const { return in; }
  template <typename T>
  None initialize(const Shape<2>&, Rng) const {
    return {};
  }
  template <typename T>
  void forward(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    y = x;
  }
  template <typename T>
  void backward(const None&, const Tensor<T, 2>&, const Tensor<T, 2>&, const Tensor<T, 2>& dy, None&, Tensor<T, 2>* dx,
                None&) const {
    if (dx) *dx = dy;
  }
#ifdef CONTROL
  template <typename T>
  void forward_inference(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    y = x;
  }
#else
  template <typename T>
  void infer(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    y = x;
  }
#endif
};

int main() {
  Model model{Mine{}, Shape{28}, Rng{1}};
}
